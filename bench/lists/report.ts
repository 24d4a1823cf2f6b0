import type { Goal } from '../goals'
import { fixed, type Spread } from '../numbers'

/** Milliseconds of all rounds: of the whole way, through the pool and back, the rows parsed. */
export interface ListFigure extends Spread {
  readonly what: string
  /** What the server took of it; runs that were kept before it was measured have none. */
  readonly inDatabase?: Spread
  /** Milliseconds, of the server's time; null where the figure is there to be compared with. */
  readonly goal: number | null
}

/** What a goal is held against. */
const held = (figure: ListFigure): Spread => figure.inDatabase ?? figure

export function listTable(figures: readonly ListFigure[]): string[] {
  const isTimed = figures.some(({ inDatabase }) => inDatabase !== undefined)
  const goalOf = ({ goal }: ListFigure) => (goal === null ? '-' : `<= ${goal}`)
  if (!isTimed)
    return [
      '| list | ms: median (min to max) | goal |',
      '|---|---|---|',
      ...figures.map((figure) => `| ${figure.what} | ${fixed(figure, 2)} | ${goalOf(figure)} |`),
    ]
  return [
    '| list | in the database, ms: median (min to max) | goal | the whole way, ms |',
    '|---|---|---|---|',
    ...figures.map(
      (figure) => `| ${figure.what} | ${fixed(held(figure), 2)} | ${goalOf(figure)} | ${fixed(figure, 2)} |`,
    ),
  ]
}

export const listGoals = (figures: readonly ListFigure[]): Goal[] =>
  figures.flatMap((figure) => {
    const { what, goal, inDatabase } = figure
    const { median } = held(figure)
    const where = inDatabase ? 'ms in the database' : 'ms'
    return goal === null
      ? []
      : [
          {
            what: `list, ${what}, ${where}`,
            goal: `<= ${goal}`,
            seen: median.toFixed(2),
            isMet: median <= goal,
          },
        ]
  })

/** The same for a terminal. */
export function printLists(figures: readonly ListFigure[]): void {
  const ms = (value: number) => value.toFixed(2).padStart(9)
  console.log(`${'in the database, then the whole way: median, min, max'.padEnd(44)}`)
  for (const figure of figures) {
    const { what, goal } = figure
    const { median, min, max } = held(figure)
    const said = goal === null ? '' : `<= ${goal} ${median <= goal ? 'met' : 'SHORT'}`
    const whole = [figure.median, figure.min, figure.max].map(ms).join('')
    console.log(`${what.padEnd(44)}${ms(median)}${ms(min)}${ms(max)}  ${said.padEnd(12)}${whole}`)
  }
}
