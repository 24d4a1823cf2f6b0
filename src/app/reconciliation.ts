import type { BooksStore, ReconciliationRun } from '../db/books'
import type { NoticeStore } from '../db/notices'
import { createPayoutProofs, type PayoutProofs } from '../services/books/proofs'
import { createReconcile } from '../services/books/reconcile'
import { createHeadSigner, PROOF_PURPOSE } from '../services/trail-heads'
import type { Job } from '../workers/schedule'
import type { Engine } from './engine'
import type { Ground } from './ground'

/** One piece of work at a time in this process; the lease keeps it to one in all of them. */
export interface Reconciliation {
  /** As `Reconcile.work`; whoever comes while it works waits for the same. */
  work(): Promise<ReconciliationRun | null>
  /** Begins it, and waits for nothing. */
  poke(): void
  /** Resolves when what is in hand has come to rest. */
  stop(): Promise<void>
}

export function createReconciliation({
  engine,
  books,
  exchange,
  providers,
  store,
  logger,
  config,
}: Ground & { readonly engine: Engine; readonly books: BooksStore }): Reconciliation {
  const reconcile = createReconcile({
    ...{ books, exchange, store, logger },
    providers: providers.all,
    providerNamed: providers.named,
    providerCalls: engine.stepDeps.providerCalls,
    newLease: engine.runner.newLease,
    days: config.reconcileDays,
  })
  let running: Promise<ReconciliationRun | null> | null = null
  const work = (): Promise<ReconciliationRun | null> => {
    running ??= reconcile.work().finally(() => {
      running = null
    })
    return running
  }
  return {
    work,
    poke: () => void work(),
    async stop() {
      reconcile.stop()
      await running
    },
  }
}

export const proofsOf = ({
  books,
  notices,
  config,
  logger,
}: Pick<Ground, 'config' | 'logger'> & {
  readonly books: BooksStore
  readonly notices: NoticeStore
}): PayoutProofs =>
  createPayoutProofs({
    ...{ books, notices, logger },
    signer: createHeadSigner(config.encryptionKeys, config.hashKey, PROOF_PURPOSE),
  })

/**
 * What is due is looked for once a minute: a day that is over, a run that waits, one whose instance is gone. A day's
 * proof is closed an hour after its end, or at the next look.
 */
export const bookJobs = ({
  reconciliation,
  proofs,
}: {
  readonly reconciliation: Reconciliation
  readonly proofs: PayoutProofs
}): readonly Job[] => [
  { name: 'reconciliation', expression: '* * * * *', timezone: 'UTC', run: reconciliation.work },
  { name: 'payout proofs', expression: '25 * * * *', timezone: 'UTC', run: proofs.close },
]
