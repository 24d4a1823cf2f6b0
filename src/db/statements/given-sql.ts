/**
 * Rows that a statement brings along, as JSON or found by itself, said to the planner to be few. It cannot see how many
 * they are and takes hundreds for granted; before statistics exist, or in a plan that was made when the table was
 * empty, it then reads the whole table for them. The condition is true of every row; of an equality that it knows
 * nothing about the planner expects one row in two hundred, and the plan that follows is right for one and for a
 * thousand: each goes down the index of its id.
 */
export const FEW_NAME = 'few'
export const FEW = { [FEW_NAME]: 1 } as const
export const FEW_COLUMN = `${FEW_NAME} integer`
export const ARE_FEW = `${FEW_NAME} = 1`
