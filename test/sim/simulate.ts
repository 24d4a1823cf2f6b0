import type { History } from './history'
import { runHistory } from './history'
import type { Mutant } from './process'

/** What many histories came to. */
export interface Figures {
  readonly firstSeed: number
  histories: number
  withdrawals: number
  crashes: number
  events: number
  virtualHours: number
  readonly faults: Map<string, number>
  readonly states: Map<string, number>
  /** Withdrawals for which a promise could not be kept by anybody, by the reason; see exclusions.ts. */
  readonly excused: Map<string, number>
  readonly failed: History[]
}

export interface SimulateOptions {
  readonly firstSeed: number
  readonly histories: number
  readonly mutant?: Mutant | null
  /** Ends at the first history that breaks a promise. */
  readonly stopsAtFirst?: boolean
}

export async function simulate({
  firstSeed,
  histories,
  mutant,
  stopsAtFirst,
}: SimulateOptions): Promise<Figures> {
  const figures: Figures = {
    ...{ firstSeed, histories: 0, withdrawals: 0, crashes: 0, events: 0, virtualHours: 0 },
    ...{ faults: new Map(), states: new Map(), excused: new Map(), failed: [] },
  }
  for (let seed = firstSeed; seed < firstSeed + histories; seed++) {
    const history = await runHistory({ seed, mutant: mutant ?? null })
    count(figures, history)
    if (history.violations.length === 0) continue
    figures.failed.push(history)
    if (stopsAtFirst) break
  }
  return figures
}

function count(figures: Figures, history: History): void {
  const add = (to: Map<string, number>, names: readonly string[]) => {
    for (const name of names) to.set(name, (to.get(name) ?? 0) + 1)
  }
  figures.histories++
  figures.withdrawals += history.states.length
  figures.crashes += history.crashes
  figures.events += history.events
  figures.virtualHours += history.virtualMs / 3_600_000
  add(figures.faults, history.faults)
  add(figures.states, history.states)
  add(figures.excused, history.excuses)
}

/** What a person needs to see it again. */
export const describeFailure = ({ seed, schedule, violations }: History): string =>
  [
    ...violations.map(
      ({ invariant, withdrawalId, what, atMs }) =>
        `${invariant}: ${what} (${withdrawalId}, ${Math.round(atMs / 1_000)} s)`,
    ),
    `npm run sim -- --seed ${seed} --schedule ${schedule === '' ? 'none' : schedule}`,
  ].join('\n  ')

/** Figures as another process tells them. */
export type Told = Omit<Figures, 'faults' | 'states' | 'excused'> &
  Record<'faults' | 'states' | 'excused', readonly (readonly [string, number])[]>

export const toldOf = ({ faults, states, excused, ...figures }: Figures): Told => ({
  ...figures,
  ...{ faults: [...faults], states: [...states], excused: [...excused] },
})

export const heardOf = ({ faults, states, excused, ...figures }: Told): Figures => ({
  ...figures,
  ...{ faults: new Map(faults), states: new Map(states), excused: new Map(excused) },
})
