import { hashOf } from './chance'
import { kindsAt, type Passed } from './faults'
import { World } from './history'
import type { Knobs, ProviderKnobs } from './knobs'
import type { Mutant } from './process'

/**
 * Completeness in the small: every schedule of one withdrawal, or of a batch of two, with up to so many faults. A
 * history says which points it has passed; at every point behind its last fault every kind there is becomes one more
 * history. Durations are those of the fault's number: which moments there are, not which lengths, is walked.
 *
 * Left out, and counted, is only what cannot differ: who dies behind a reading dies before whatever comes next, and a
 * history in which a fault has changed no answer and no moment goes on as the one without it.
 */
export interface Setup {
  readonly name: string
  readonly where: (knobs: Knobs) => Knobs
}

export interface Walked {
  readonly setup: string
  /** By their number of faults: 0, 1, 2. */
  readonly histories: number[]
  /** Schedules that were not run, for they could not differ from one that was. */
  pruned: number
  /** The walk was ended before its end. */
  isCut: boolean
  readonly failed: { readonly schedule: string; readonly what: string }[]
}

const SEED = 1
const SECOND = 1_000
const CALM = { seconds: 30, quietMs: 24 * SECOND, lateMaxMs: 20 * SECOND }

const bank = (more: Partial<ProviderKnobs>): ProviderKnobs => ({
  ...{ lookup: 'by_key', keyLifetimeMs: 86_400_000, timeoutMs: 3 * SECOND, notFoundConclusiveAfterMs: 0 },
  ...{ lookupLagMs: 0, expectedMs: SECOND, returnWindowMs: 172_800_000, instantShare: 1, declinedShare: 0 },
  ...{ replay: 'outcome', batchItemsMax: null, tellsItems: true, badItem: 'declined_alone', badShare: 0 },
  ...{ knowsItemKeys: true, asksOrders: false, cancel: 'none', validatesFirst: false, goesBadShare: 0 },
  ...{ voidedShare: 0, lists: false },
  ...more,
})

const setup = (
  name: string,
  provider: Partial<ProviderKnobs>,
  wallet: Partial<Knobs['wallet']>,
  more: Partial<Knobs> = {},
): Setup => ({
  name,
  where: ({ rates }) => ({
    ...{ mode: 'immediate', batchEveryMs: 20 * SECOND, processes: 2, withdrawals: 1 },
    ...{ faultsUntilMs: 180 * SECOND, leaseSeconds: CALM.seconds, quietMs: CALM.quietMs },
    ...{ lateMaxMs: CALM.lateMaxMs, exchangeTimeoutMs: 3 * SECOND, waitMs: 0, pollMs: SECOND + 0.5 },
    ...{ concurrency: 2, doubtReviewMs: 600 * SECOND, clockSkewMs: 0 },
    wallet: { repeated: 'refused', declaredUnique: true, lookupLagMs: 0, balance: 20_000, ...wallet },
    providers: [bank(provider)],
    currencies: ['eur'],
    fees: { mode: 'deducted', networkFees: 'charged', flat: 100, share: 0 },
    ...{ isSealed: false, byFormShare: 0, storesEvents: false, strayLocksEveryMs: 600 * SECOND },
    ...{ float: null, isHeard: false, books: null },
    // None is drawn: the schedule says which.
    rates: Object.fromEntries(Object.keys(rates).map((name) => [name, 0])) as Knobs['rates'],
    ...more,
  }),
})

const BURNS_AGAIN = { repeated: 'burns_again', declaredUnique: false } as const
export const SETUPS: readonly Setup[] = [
  setup('found by its key', {}, {}),
  setup('asked for by sending again', { lookup: 'none' }, BURNS_AGAIN),
  setup('found by its reference, takes time', { lookup: 'by_reference', instantShare: 0 }, {}),
  setup(
    'a batch of two',
    { batchItemsMax: 10, tellsItems: false, instantShare: 0 },
    {},
    { mode: 'batch', withdrawals: 2 },
  ),
]

interface Run {
  readonly schedule: string
  readonly passed: readonly Passed[]
  readonly trace: number
  readonly broken: string | null
}

async function run(setup: Setup, schedule: string, mutant: Mutant | null): Promise<Run> {
  const world = new World({ seed: SEED, schedule, mutant, where: setup.where })
  const passed: Passed[] = []
  world.faults.passed = passed
  let trace = 0x811c9dc5
  world.around.note = (text) => {
    trace = hashOf(`${world.timeline.nowMs} ${text}`, trace)
  }
  await world.run()
  const [violation] = world.checks.violations
  const broken = violation ? `${violation.invariant}: ${violation.what}` : null
  return { schedule, passed, trace: (trace ^ world.timeline.trace) >>> 0, broken }
}

/** Not part of it: the quiet time is the assumption that this does not happen. */
const NOT_WALKED: ReadonlySet<string> = new Set(['zombie_send'])
const isWalked = ({ point }: Passed): boolean => !point.startsWith('plan.')

export interface WalkOptions {
  readonly setup: Setup
  readonly faultsMax: number
  readonly mutant?: Mutant | null
  readonly stopsAtFirst?: boolean
  /** Asked before every history. */
  readonly goesOn?: () => boolean
  /** Of `of` parts of the walk the `number`th: parts together are the whole. */
  readonly part?: { readonly number: number; readonly of: number }
}

export async function walk(options: WalkOptions): Promise<Walked> {
  const { setup, mutant = null } = options
  const walked: Walked = { setup: setup.name, histories: [], pruned: 0, isCut: false, failed: [] }
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    const first = await run(setup, '', mutant)
    count(walked, first, 0)
    await deepen(walked, options, first, 1)
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  return walked
}

function count(walked: Walked, { schedule, broken }: Run, faults: number): void {
  walked.histories[faults] = (walked.histories[faults] ?? 0) + 1
  if (broken !== null) walked.failed.push({ schedule, what: broken })
}

async function deepen(walked: Walked, options: WalkOptions, parent: Run, depth: number): Promise<void> {
  const { setup, faultsMax, mutant = null, goesOn, part, stopsAtFirst } = options
  if (depth > faultsMax || parent.broken !== null) return
  const seen = new Set<number>([parent.trace])
  let nth = 0
  for (const { at, kind, cannotDiffer } of continuations(parent)) {
    if (cannotDiffer) {
      walked.pruned++
      continue
    }
    if (depth === 1 && part && nth++ % part.of !== part.number) continue
    if (goesOn?.() === false || (stopsAtFirst === true && walked.failed.length > 0)) {
      walked.isCut = true
      return
    }
    const schedule = [parent.schedule, `${at.index}:${kind}`].filter((text) => text !== '').join()
    const child = await run(setup, schedule, mutant)
    count(walked, child, depth)
    if (depth === faultsMax) continue
    if (seen.has(child.trace)) walked.pruned += [...continuations(child)].length
    else await deepen(walked, options, child, depth + 1)
    seen.add(child.trace)
  }
}

function* continuations({
  schedule,
  passed,
}: Run): Iterable<{ at: Passed; kind: string; cannotDiffer: boolean }> {
  const last = schedule === '' ? -1 : Number(schedule.split(',').at(-1)?.split(':')[0])
  for (const at of passed) {
    if (at.index <= last || !isWalked(at)) continue
    for (const kind of kindsAt(at.point))
      if (!NOT_WALKED.has(kind))
        yield { at, kind, cannotDiffer: kind === 'crash_after' && at.point.endsWith('read') }
  }
}
