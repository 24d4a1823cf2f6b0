/** What was asked for, and what was seen. */
export interface Goal {
  readonly what: string
  readonly goal: string
  readonly seen: string
  readonly isMet: boolean
}

export const goalLine = ({ what, goal, seen, isMet }: Goal): string =>
  `${isMet ? 'met  ' : 'short'}  ${what}: ${seen}; goal ${goal}`
