import type { ReadyGroup, Store, StoredWithdrawal } from '../db/store'
import { sliceIntoBatches } from '../domain/batch'
import { errorFields } from '../errors'
import type { PaymentProvider } from '../ports/payment-provider'
import type { BatchSender, SentBatch } from '../services/batches/send'
import type { Lease } from './journey'
import { LeasedRows } from './leased-rows'
import { inParallel } from './parallel'
import { createPreparation, type PreparationDeps } from './prepare-batch'

export interface BatchRunDeps extends PreparationDeps {
  readonly store: Store
  readonly sender: BatchSender
  /** Takes one claimed withdrawal as far as it goes; for a provider that takes no batches. */
  readonly drive: (row: StoredWithdrawal, lease: Lease) => Promise<StoredWithdrawal>
  readonly newLease: () => Lease
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
  /** Ends after the batch in hand. */
  stop(): Promise<void>
}

/** A refused batch goes on in halves: 2 x log2(15,000) rounds isolate one. What is left then waits for the next run. */
const ROUNDS_MAX = 64

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
        return { ...empty(group), waiting: 'it failed; see the log' }
      })
      runs.push(run)
    }
    return runs
  }

  return {
    run(provider) {
      const name = provider ?? ''
      const earlier = running.get(name)
      if (earlier) return earlier
      stopping = false
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

/** All that is due of one provider and currency. */
function createGroupRun(
  deps: BatchRunDeps,
  isStopping: () => boolean,
): (group: ReadyGroup) => Promise<GroupRun> {
  const { store, stepDeps, settings } = deps
  const prepare = createPreparation(deps)

  async function sendAsBatches(
    provider: PaymentProvider,
    currency: string,
    rows: readonly StoredWithdrawal[],
    lease: Lease,
  ): Promise<SentBatch[]> {
    const held = new LeasedRows(deps, rows, lease)
    const sent: SentBatch[] = []
    for (const slice of sliceIntoBatches(rows, provider.capabilities.batch?.maxItems ?? 1)) {
      if (isStopping()) break
      const candidates = await prepare(slice, held, isStopping)
      await held.renew()
      const ours = candidates.filter(({ seen }) => held.has(seen.id))
      const batch =
        ours.length > 0 ? await deps.sender.send({ provider, currency }, ours, held.current()) : null
      if (batch) sent.push(batch)
      held.release(slice)
    }
    await giveBack(
      rows.filter(({ id }) => held.has(id)),
      lease,
    )
    return sent
  }

  /** A run that is stopped leaves nothing waiting for the end of its lease. */
  async function giveBack(rows: readonly StoredWithdrawal[], { owner }: Lease): Promise<void> {
    await inParallel(rows, settings.concurrency, ({ id, version }) =>
      store.postpone({ id, version, leaseOwner: owner }, 0, undefined),
    )
  }

  return async (group) => {
    const provider = stepDeps.providerNamed(group.provider)
    if (!provider) return { ...empty(group), waiting: 'this provider is not configured' }
    const batches: SentBatch[] = []
    let singles = 0
    const { batch } = provider.capabilities
    for (let round = 0; (round < ROUNDS_MAX || !batch) && !isStopping(); round++) {
      const closed = await stepDeps.gate.closedFor(provider.name)
      if (closed) return { ...empty(group), batches, singles, waiting: closed.reasonCode }
      const lease = deps.newLease()
      const rows = await store.claimReady(group, lease, batch?.maxItems ?? settings.concurrency)
      if (rows.length === 0) break
      if (batch) batches.push(...(await sendAsBatches(provider, group.currency, rows, lease)))
      else {
        await Promise.all(rows.map((row) => deps.drive(row, lease)))
        singles += rows.length
      }
    }
    return { ...empty(group), batches, singles }
  }
}

const empty = ({ provider, currency }: ReadyGroup): GroupRun => ({
  provider,
  currency,
  batches: [],
  singles: 0,
})
