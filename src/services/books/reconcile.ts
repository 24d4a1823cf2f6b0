import type { BooksStore, Candidate, Cleared, ReconciliationRun } from '../../db/books'
import { isRefused } from '../../db/connect/database'
import type { Store } from '../../db/store'
import { type DifferenceKind, factOf } from '../../domain/questions'
import {
  afterRows,
  DAY,
  MAY_BE_MOVING_MS,
  problemsOf,
  readWhole,
  type ReconciliationPlace,
  slotOf,
  within,
} from '../../domain/reconciliation'
import { errorFields } from '../../errors'
import type { Logger } from '../../ports/logger'
import { inParallel } from '../../runtime/parallel'
import {
  type CollectDeps,
  collectNext,
  createWindows,
  failed,
  findSources,
  type Turn,
  whyOf,
  type Windows,
} from './collect'
import { confirm, type ConfirmDeps, type Confirmed } from './confirm'

export interface ReconcileDeps
  extends Omit<CollectDeps, 'exchange' | 'providerCalls'>, Omit<ConfirmDeps, 'exchange' | 'providerCalls'> {
  readonly exchange: CollectDeps['exchange'] & ConfirmDeps['exchange']
  readonly providerCalls: CollectDeps['providerCalls'] & ConfirmDeps['providerCalls']
  readonly books: BooksStore
  readonly store: ConfirmDeps['store'] & Pick<Store, 'openDifference'>
  readonly newLease: () => { readonly owner: string; readonly seconds: number }
  readonly logger: Logger
  /** How far back each day's run looks; 0 where nobody is to look by itself. */
  readonly days: number
}

/** Holds the exchange's burns, our rows and the providers' payouts against each other. */
export interface Reconcile {
  /**
   * Asks for the day's run where it is due, and works on what is asked for until it ends or has to wait.
   *
   * @returns The run that it worked on; null where nothing was to be done. Never rejects: what goes wrong is logged.
   */
  work(): Promise<ReconciliationRun | null>
  /** Takes no further step: what was done is kept, and whoever comes next goes on. */
  stop(): void
}

const ITEMS_A_SLICE = 20_000
const CLEARED_AT_ONCE = 50_000
const CONFIRMED_AT_ONCE = 50
const CONFIRMED_MAX = 2_000
const CONFIRM_WIDTH = 4

export function createReconcile(deps: ReconcileDeps): Reconcile {
  const { books, logger, newLease, days } = deps

  async function askForTheDay(): Promise<void> {
    if (days === 0) return
    const { slot, until } = slotOf(await books.now())
    const asked = await books.ask({
      ...{ slot, until, since: new Date(until.getTime() - days * DAY) },
      ...{ askedBy: 'schedule', reason: 'each day' },
    })
    if (asked) logger.info('reconciliation.asked', { runId: asked.id, slot })
  }

  let isStopped = false
  return {
    stop: () => void (isStopped = true),
    async work() {
      if (isStopped) return null
      const windows = createWindows(deps)
      try {
        await askForTheDay()
        const lease = newLease()
        const claimed = await books.claim(lease)
        if (!claimed) return null
        let run: ReconciliationRun = claimed
        while (run.state === 'running') {
          if (isStopped) return await letGo(books, run)
          const turn = await takeTurn({ ...deps, windows }, run, lease.seconds)
          if (turn === null) return null
          run = turn.run
          if (turn.waits) return run
        }
        await clear(books)
        return run
      } catch (error) {
        // The lease ends by itself, and it goes on from where it was.
        logger.warn('reconciliation.failed', errorFields(error))
        return null
      } finally {
        await windows.rest()
      }
    },
  }
}

async function clear(books: BooksStore): Promise<void> {
  let cleared: Cleared | null = { runId: '0', nth: '0' }
  while (cleared) cleared = await books.clear(cleared, CLEARED_AT_ONCE)
}

const letGo = (books: BooksStore, run: ReconciliationRun): Promise<ReconciliationRun | null> =>
  books.advance(run, { place: run.place, againInMs: 0 })

async function takeTurn(
  deps: ReconcileDeps & { readonly windows: Windows },
  run: ReconciliationRun,
  keepSeconds: number,
): Promise<Turn> {
  const { place } = run
  switch (place.phase) {
    case 'sources':
      return findSources(deps, run, keepSeconds)
    case 'collect': {
      const source = place.sources.find(({ isDone }) => !isDone)
      if (source) return collectNext(deps, run, source, keepSeconds)
      await deps.books.analyse()
      return on(deps, run, { ...place, phase: 'items' }, keepSeconds)
    }
    case 'items':
      return matchItemsOf(deps, run, keepSeconds)
    case 'rows':
      return matchRowsOf(deps, run, keepSeconds)
    case 'credits':
      return creditsOf(deps, run, keepSeconds)
    case 'confirm':
      return confirmNext(deps, run, keepSeconds)
  }
}

async function on(
  { books }: ReconcileDeps,
  run: ReconciliationRun,
  place: ReconciliationPlace,
  keepSeconds: number,
  candidates: readonly Candidate[] = [],
): Promise<Turn> {
  const written = await books.advance(run, { place, keepSeconds, candidates })
  return written && { run: written, waits: false }
}

/** What cannot be read is waited out, a few times, and then said: never tried for ever. */
async function reading<Read>(
  { books }: ReconcileDeps,
  run: ReconciliationRun,
  place: ReconciliationPlace,
  [what, read]: readonly [what: string, read: () => Promise<Read>],
): Promise<{ readonly read: Read } | { readonly turn: Turn }> {
  try {
    return { read: await read() }
  } catch (error) {
    const failures = place.failures + 1
    return { turn: await failed(books, run, { ...place, failures }, `${what}: ${whyOf(error)}`) }
  }
}

const LISTED = 'What was listed could not be held against our own rows'

async function matchItemsOf(deps: ReconcileDeps, run: ReconciliationRun, keepSeconds: number): Promise<Turn> {
  const { place, since, id: runId } = run
  const { afterItem } = place
  const matched = await reading(deps, run, place, [
    LISTED,
    async () => {
      const last = await deps.books.lastOf(runId, afterItem, ITEMS_A_SLICE)
      return last === null
        ? null
        : { last, candidates: await deps.books.matchItems({ runId, since, afterItem, last }) }
    },
  ])
  if ('turn' in matched) return matched.turn
  if (matched.read === null)
    return on(deps, run, { ...place, phase: 'rows', rowsAt: since.toISOString() }, keepSeconds)
  const { last, candidates } = matched.read
  return on(deps, run, { ...place, afterItem: last, failures: 0 }, keepSeconds, candidates)
}

async function creditsOf(deps: ReconcileDeps, run: ReconciliationRun, keepSeconds: number): Promise<Turn> {
  const { place, id } = run
  const matched = await reading(deps, run, place, [LISTED, () => deps.books.matchCredits(id)])
  if ('turn' in matched) return matched.turn
  return on(deps, run, { ...place, phase: 'confirm' }, keepSeconds, matched.read)
}

async function matchRowsOf(deps: ReconcileDeps, run: ReconciliationRun, keepSeconds: number): Promise<Turn> {
  const { place } = run
  const since = new Date(place.rowsAt ?? run.since)
  // What may be moving still is looked at by the next run.
  const end = new Date(Math.min(run.until.getTime(), run.askedAt.getTime() - MAY_BE_MOVING_MS))
  if (since >= end) return on(deps, run, { ...place, phase: 'credits' }, keepSeconds)
  const until = new Date(Math.min(since.getTime() + place.rowsWindowMs, end.getTime()))
  const slice = {
    ...{ runId: run.id, since, until },
    ...{ currencies: readWhole(place, 'hold'), providers: readWhole(place, 'payout') },
  }
  const shorter = { ...place, rowsWindowMs: within(place.rowsWindowMs / 2) }
  const matched = await reading(deps, run, shorter, [
    'Our own rows could not be read',
    () => deps.books.matchRows(slice),
  ])
  if ('turn' in matched) return matched.turn
  const { rows, candidates } = matched.read
  return on(deps, run, afterRows(place, until, rows), keepSeconds, candidates)
}

async function confirmNext(deps: ReconcileDeps, run: ReconciliationRun, keepSeconds: number): Promise<Turn> {
  const { books } = deps
  const verdicts = await books.verdicts(run.id)
  const done = verdicts.reduce((sum, { count }) => sum + count, 0)
  const candidates = done >= CONFIRMED_MAX ? [] : await books.next(run.id, CONFIRMED_AT_ONCE)
  if (candidates.length === 0) return end(deps, run, verdicts)
  await inParallel(candidates, CONFIRM_WIDTH, async (candidate) => {
    await books.judge(run.id, candidate, await confirmOne(deps, run, candidate))
  })
  return on(deps, run, run.place, keepSeconds)
}

/** One that the database refuses keeps no other from being asked: it stands in the run as one that nobody could judge. */
async function confirmOne(
  deps: ReconcileDeps,
  run: ReconciliationRun,
  candidate: Candidate,
): Promise<Confirmed['kind']> {
  const { kind, subject } = candidate
  try {
    const found = await confirm(deps, candidate)
    if (found.kind === 'difference') await raise(deps, run, subject, found.as, found.detail)
    return found.kind
  } catch (error) {
    if (!isRefused(error)) throw error
    deps.logger.error('reconciliation.refused', { runId: run.id, kind, subject, ...errorFields(error) })
    return 'unknown'
  }
}

async function raise(
  { store, logger }: ReconcileDeps,
  run: ReconciliationRun,
  withdrawalId: string,
  kind: DifferenceKind,
  seen: Record<string, unknown>,
): Promise<void> {
  const detail = { ...seen, run: run.id }
  if (await store.openDifference({ kind, withdrawalId, fact: factOf(kind, detail), detail }))
    logger.error('difference.opened', { withdrawalId, kind, runId: run.id })
}

async function end(
  { books, logger }: ReconcileDeps,
  run: ReconciliationRun,
  verdicts: Awaited<ReturnType<BooksStore['verdicts']>>,
): Promise<Turn> {
  const unclear = verdicts.filter(({ verdict }) => verdict === 'unknown')
  const left = (await books.count(run.id)) - verdicts.reduce((sum, { count }) => sum + count, 0)
  const problems = [
    ...run.place.problems,
    ...unclear.map(({ kind, count }) => `${count} that may be ${kind}: nobody could say for certain.`),
    ...(left > 0
      ? [`${left} more that do not match were not looked at: answer what is open and run it again.`]
      : []),
  ]
  const found = Object.fromEntries(
    verdicts.filter(({ verdict }) => verdict === 'difference').map(({ kind, count }) => [kind, count]),
  )
  const place = { ...run.place, problems, found }
  const state = problemsOf(place).length === 0 ? 'complete' : 'incomplete'
  const ended = await books.end(run, { place, state })
  if (ended) logger.info('reconciliation.ended', { runId: run.id, state, found, problems: problemsOf(place) })
  return ended && { run: ended, waits: false }
}
