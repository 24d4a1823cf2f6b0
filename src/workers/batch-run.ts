import type { ReadyGroup, Store, StoredWithdrawal } from '../db/store'
import { sliceIntoBatches } from '../domain/batch'
import { errorFields } from '../errors'
import type { BatchGroupResult, Meter } from '../ports/meter'
import type { PaymentProvider } from '../ports/payment-provider'
import { inParallel } from '../runtime/parallel'
import type { BatchSender, SentBatch } from '../services/batches/send'
import type { Lease } from './lease'
import { LeasedRows } from './leased-rows'
import { createPreparation, type PreparationDeps } from './prepare-batch'
import { createSendInParts } from './send-in-parts'

export interface BatchRunDeps extends PreparationDeps {
  readonly store: Store
  readonly sender: BatchSender
  /** Takes one claimed withdrawal as far as it goes; for a provider that takes no batches. */
  readonly drive: (row: StoredWithdrawal, lease: Lease) => Promise<StoredWithdrawal>
  readonly newLease: () => Lease
  readonly meter: Pick<Meter, 'batchGroup' | 'batch'>
  readonly settings: PreparationDeps['settings'] & { readonly leaseSeconds: number }
}

/** What a run did for one provider and currency. */
export interface GroupRun {
  readonly provider: string
  readonly currency: string
  readonly batches: readonly SentBatch[]
  /** Payouts sent one by one, to a provider that takes no batches. */
  readonly singles: number
  /** Why nothing was sent. */
  readonly waiting?: string
}

/**
 * Sends everything that is due: one call per provider, currency and batch limit. Several processes may do it at the
 * same moment; each payout is in the hands of one.
 */
export interface BatchRuns {
  /** A run that is still going on is joined. Never throws: what goes wrong is logged and comes back. */
  run(provider?: string): Promise<readonly GroupRun[]>
  /** Ends after the batch in hand; nothing runs afterwards. */
  stop(): Promise<void>
}

export function createBatchRuns(deps: BatchRunDeps): BatchRuns {
  const { store, logger, settings } = deps
  let stopping = false
  const runGroup = createGroupRun(deps, () => stopping)
  const running = new Map<string, Promise<readonly GroupRun[]>>()

  async function runAll(provider?: string): Promise<readonly GroupRun[]> {
    await store.doubtAbandonedBatches(2 * settings.leaseSeconds)
    const runs: GroupRun[] = []
    for (const group of await store.readyGroups(provider)) {
      if (stopping) break
      const run = await runGroup(group).catch((error: unknown) => {
        logger.error('batch.run_failed', {
          provider: group.provider,
          currency: group.currency,
          ...errorFields(error),
        })
        return { ...empty(group), waiting: FAILED }
      })
      count(run, deps.meter)
      runs.push(run)
    }
    return runs
  }

  return {
    run(provider) {
      const name = provider ?? ''
      const earlier = running.get(name)
      if (earlier) return earlier
      // An operator's "run now" may come in while the plugin stops.
      if (stopping) return Promise.resolve([])
      const run = runAll(provider)
        .catch((error: unknown) => {
          logger.error('batch.run_failed', errorFields(error))
          return []
        })
        .finally(() => running.delete(name))
      running.set(name, run)
      return run
    },
    async stop() {
      stopping = true
      await Promise.allSettled(running.values())
    },
  }
}

const FAILED = 'it failed; see the log'

function count(
  { provider, currency, batches, singles, waiting }: GroupRun,
  meter: Pick<Meter, 'batchGroup' | 'batch'>,
): void {
  const wasSent = batches.length > 0 || singles > 0
  const result: BatchGroupResult =
    waiting === FAILED ? 'failed' : waiting !== undefined ? 'waiting' : wasSent ? 'sent' : 'nothing'
  meter.batchGroup({ provider, currency, result })
  for (const { outcome, itemCount } of batches) meter.batch({ provider, currency, outcome, itemCount })
}

/** All that is due of one provider and currency. */
function createGroupRun(
  deps: BatchRunDeps,
  isStopping: () => boolean,
): (group: ReadyGroup) => Promise<GroupRun> {
  const { store, stepDeps } = deps
  const sendAsBatches = createBatchSending(deps, isStopping)

  return async (group) => {
    const provider = stepDeps.providerNamed(group.provider)
    if (!provider) return { ...empty(group), waiting: 'this provider is not configured' }
    const { batch } = provider.capabilities
    const limit = batch?.maxItems ?? deps.settings.concurrency
    // Enough for what was due at the start, and for the parts of refused batches. Whatever a provider answers, a run
    // ends; what is left waits for the next one.
    const roundsMax = Math.ceil(group.count / limit) + (batch ? ISOLATING_ROUNDS : 0)
    const run = { ...empty(group), batches: [] as SentBatch[] }
    let dryRounds = 0
    for (let round = 0; round < roundsMax && !isStopping(); round++) {
      const closed = await stepDeps.gate.closedFor(provider.name)
      if (closed) {
        await store.noteWaiting(group, closed)
        return { ...run, waiting: closed.reasonCode }
      }
      const lease = deps.newLease()
      const rows = await store.claimReady(group, lease, limit)
      if (rows.length === 0) break
      // What may be with the provider as an order of its own is asked for as that order, never as part of another.
      const isSingle = ({ payoutDoubtAt }: StoredWithdrawal) => !batch || payoutDoubtAt !== null
      const singles = rows.filter(isSingle)
      await inParallel(singles, deps.settings.concurrency, (row) => deps.drive(row, lease))
      run.singles += singles.length
      const others = rows.filter((row) => !isSingle(row))
      const waiting = await sendAsBatches({ provider, currency: group.currency }, others, lease, run.batches)
      if (waiting === null) dryRounds = 0
      else if (waiting !== NOBODY_FITS || ++dryRounds >= DRY_ROUNDS_MAX) {
        if (waiting === NOBODY_FITS) await store.noteWaiting(group, SHORT)
        return { ...run, waiting: waiting === NOBODY_FITS ? SHORT.reasonCode : waiting }
      }
    }
    return dryRounds > 0 ? { ...run, waiting: SHORT.reasonCode } : run
  }
}

/** Halving a batch of 15,000 until one is alone takes 15 rounds; finding a handful of them, a few times that. */
const ISOLATING_ROUNDS = 64

/** None of those in hand fits what the account can pay; smaller ones may be behind them. */
const NOBODY_FITS = 'nobody fits'
/** With nothing left in an account, a queue of any length is not looked through. */
const DRY_ROUNDS_MAX = 10
const SHORT = { reasonCode: 'insufficient_float', untilResumed: false } as const

/** @returns Why nothing more is sent for now; null to go on. What was sent is added to `sent`. */
type BatchSending = (
  group: { provider: PaymentProvider; currency: string },
  rows: readonly StoredWithdrawal[],
  lease: Lease,
  sent: SentBatch[],
) => Promise<string | null>

/** What one worker has claimed, in as many batches as it takes. */
function createBatchSending(deps: BatchRunDeps, isStopping: () => boolean): BatchSending {
  const { store, stepDeps, settings } = deps
  const prepare = createPreparation(deps)
  const sendInParts = createSendInParts(deps)

  /** What was not sent is there for the next run at once, not at the end of its lease. */
  async function giveBack(rows: readonly StoredWithdrawal[], { owner }: Lease): Promise<void> {
    await inParallel(rows, settings.concurrency, ({ id, version }) =>
      store.postpone({ id, version, leaseOwner: owner }, 0, undefined),
    )
  }

  /** The others stay behind until the next run, and know why. */
  async function thoseThatFit(
    { provider: { name: provider }, currency }: { provider: PaymentProvider; currency: string },
    rows: readonly StoredWithdrawal[],
    held: LeasedRows,
  ): Promise<readonly StoredWithdrawal[]> {
    if (rows.length === 0) return rows
    const payouts = rows.map(({ id, payoutAmount: amount, method, createdAt }) => ({
      id,
      amount,
      method,
      createdAt,
    }))
    const { leaves, waitMs } = await stepDeps.float.admit({ provider, currency }, payouts, true)
    const behind = rows.filter(({ id }) => !leaves.has(id))
    const { owner: leaseOwner } = held.current()
    held.release(behind)
    await inParallel(behind, settings.concurrency, ({ id, version }) =>
      store.postpone({ id, version, leaseOwner }, waitMs, SHORT.reasonCode),
    )
    return rows.filter(({ id }) => leaves.has(id))
  }

  async function sendSlice(
    group: { provider: PaymentProvider; currency: string },
    slice: readonly StoredWithdrawal[],
    held: LeasedRows,
    sent: SentBatch[],
  ): Promise<string | null> {
    const candidates = await prepare(slice, held, isStopping)
    // The statement that freezes them looks at each lease itself, and renews it.
    await held.renewInTime()
    // Marking thousands of burns takes minutes; who pauses a provider meanwhile means these too.
    const closed = await stepDeps.gate.closedFor(group.provider.name)
    if (closed) return closed.reasonCode
    const there = candidates.filter(({ seen }) => held.has(seen.id))
    const fitting = await thoseThatFit(
      group,
      there.map(({ seen }) => seen),
      held,
    )
    const ours = there.filter(({ seen }) => fitting.includes(seen))
    if (ours.length === 0) return null
    return sendInParts(group, ours, held, sent)
  }

  return async (group, rows, lease, sent) => {
    const held = new LeasedRows(deps, rows, lease)
    try {
      const fitting = await thoseThatFit(group, rows, held)
      if (fitting.length === 0 && rows.length > 0) return NOBODY_FITS
      for (const slice of sliceIntoBatches(fitting, group.provider.capabilities.batch?.maxItems ?? 1)) {
        if (isStopping()) break
        const waiting = await sendSlice(group, slice, held, sent)
        if (waiting !== null) return waiting
      }
      return null
    } finally {
      await giveBack(
        rows.filter(({ id }) => held.has(id)),
        lease,
      )
    }
  }
}

const empty = ({ provider, currency }: ReadyGroup): GroupRun => ({
  provider,
  currency,
  batches: [],
  singles: 0,
})
