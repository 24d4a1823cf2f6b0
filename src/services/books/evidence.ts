import type { BooksStore, ChainedEntry } from '../../db/books'
import type {
  Approval,
  Batch,
  DifferenceWithHistory,
  RecordedAction,
  Store,
  StoredWithdrawal,
} from '../../db/store'
import type { TrailStore } from '../../db/trail'
import { batchKeyOf } from '../../domain/batch'
import { isKitSafeId } from '../../domain/identifiers'
import { readHead, type SignedHead } from '../../domain/trail-head'
import { AppError, TEXTS } from '../../errors'
import type { Exchange, Hold } from '../../ports/exchange'
import type { OutboxFile, PaymentProvider } from '../../ports/payment-provider'
import type { ProviderCalls } from '../payouts/provider-calls'
import { journalled, queryFor } from '../steps/payout-facts'
import { holdIds } from '../steps/step'

export interface EvidenceDeps {
  readonly store: Pick<
    Store,
    | ('findWithdrawal' | 'listDifferences' | 'listOperatorActions' | 'listApprovals' | 'findBatch')
    | ('listRetiredPayouts' | 'recordOperatorAction')
  >
  readonly books: Pick<BooksStore, 'now' | 'readChain'>
  readonly trail: Pick<TrailStore, 'listHeads'>
  readonly exchange: Pick<Exchange, 'findAllHolds'>
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly providerCalls: Pick<ProviderCalls, 'lookup'>
}

/** All there is about one withdrawal, with what both sides say of it at this moment. */
export interface Evidence {
  readonly madeAt: Date
  readonly row: StoredWithdrawal
  readonly chain: readonly ChainedEntry[]
  /** Signed heads over the days of its entries: who has them, or a copy of the log, can check those days. */
  readonly heads: readonly SignedHead[]
  readonly done: readonly RecordedAction[]
  readonly approvals: readonly Approval[]
  readonly differences: readonly DifferenceWithHistory[]
  readonly retired: Awaited<ReturnType<Store['listRetiredPayouts']>>
  readonly batch: Batch | null
  /** Files for the bank that it is in; null where they could not be read. */
  readonly files: readonly OutboxFile[] | null
  readonly exchangeSays: { readonly burns: readonly Hold[] } | { readonly unknown: string }
  readonly providerSays: Readonly<Record<string, unknown>>
}

/**
 * Puts together what an auditor asks for; nobody's account is in it. Who takes it and why is on record before it is
 * handed out.
 *
 * @throws {AppError} `withdrawal_not_found`.
 */
export type TakeEvidence = (id: string, taker: { actor: string; reason: string }) => Promise<Evidence>

const LISTED_MAX = 500

export const createTakeEvidence =
  (deps: EvidenceDeps): TakeEvidence =>
  async (id, { actor, reason }) => {
    const { store, books, trail, exchange, providerNamed, providerCalls } = deps
    const row = isKitSafeId(id) ? await store.findWithdrawal(id) : null
    if (!row) throw new AppError('withdrawal_not_found', TEXTS.withdrawalNotFound)
    await store.recordOperatorAction({ actor, action: 'evidence.taken', subject: id, reason, detail: {} })
    const provider = providerNamed(row.provider)
    const about = { withdrawalId: id, limit: LISTED_MAX }
    const proposals = { limit: LISTED_MAX, subjectKind: 'withdrawal', subject: id } as const
    const [chain, heads, done, waiting, decided, open, answered, retired, batch, files] = await Promise.all([
      books.readChain(id),
      trail.listHeads(),
      store.listOperatorActions({ subject: id, limit: LISTED_MAX }),
      store.listApprovals({ ...proposals, isOpen: true }),
      store.listApprovals({ ...proposals, isOpen: false }),
      store.listDifferences({ ...about, isOpen: true }),
      store.listDifferences({ ...about, isOpen: false }),
      store.listRetiredPayouts(id),
      row.batchId === null ? null : store.findBatch(row.batchId),
      filesOf(row, provider),
    ])
    const [exchangeSays, providerSays] = await Promise.all([
      exchange
        .findAllHolds({ userId: row.userId, ids: holdIds(row) })
        .then((found) => (found.kind === 'all' ? { burns: found.holds } : { unknown: found.why })),
      provider
        ? providerCalls.lookup(provider, queryFor(row)).then(journalled)
        : { kind: 'unknown', why: `the provider ${row.provider} is not configured` },
    ])
    return {
      madeAt: await books.now(),
      ...{ row, chain, done, retired, batch, files, exchangeSays, providerSays },
      heads: heads.filter((head) => isOver(head, chain)),
      approvals: [...waiting, ...decided],
      differences: [...open, ...answered],
    }
  }

function isOver(head: SignedHead, chain: readonly ChainedEntry[]): boolean {
  const read = readHead(head.content)
  if (!read) return false
  const [since, until] = [Date.parse(read.since ?? '1970-01-01T00:00:00Z'), Date.parse(read.until)]
  return chain.some(({ at }) => at.getTime() >= since && at.getTime() < until)
}

async function filesOf(
  row: StoredWithdrawal,
  provider: PaymentProvider | null,
): Promise<readonly OutboxFile[] | null> {
  if (!provider?.outbox) return []
  const keys = [row.payoutKey, ...(row.batchId === null ? [] : [batchKeyOf(row.batchId)])]
  const listed = await provider.outbox.list().catch(() => null)
  return listed?.filter(({ orderKey }) => keys.includes(orderKey)) ?? null
}
