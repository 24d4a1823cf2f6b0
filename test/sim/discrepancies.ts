import { isLess, sameAmount } from '../../src/domain/money'
import type { DifferenceKind } from '../../src/domain/questions'
import type { RetiredPayout } from '../../src/domain/withdrawal'
import type { LookupOutcome, PayoutQuery } from '../../src/ports/payment-provider'
import type { MemoryRow } from './memory-tables'
import type { Burn } from './wallet'

/** Where the books of the bank or of the exchange and our own row say different things, and which question is due. */
export interface Discrepancy {
  readonly what: string
  readonly owes: readonly DifferenceKind[]
}

export interface Evidence {
  readonly row: MemoryRow
  readonly burns: readonly Burn[]
  /** What its provider would say now; null where nobody can be asked, or nobody asks any more. */
  readonly told: LookupOutcome | null
  readonly retired: readonly { readonly payoutKey: string; readonly told: LookupOutcome | null }[]
}

/**
 * I10: what differs when nothing happens any more. Written from what the books say and not from what the program does;
 * a row that is frozen for a person has its question.
 */
export function discrepanciesOf(evidence: Evidence): readonly Discrepancy[] {
  return [...atTheBank(evidence), ...underOldKeys(evidence), ...atTheExchange(evidence)]
}

function atTheBank({ row, told }: Evidence): readonly Discrepancy[] {
  if (told === null) return []
  const isThere = told.kind === 'settled' || told.kind === 'accepted'
  if (told.kind === 'returned') return cameBack(row, told.amount)
  if (row.state === 'canceled' && isThere)
    return [{ what: `canceled, and the bank says ${told.kind}`, owes: ['paid_after_release'] }]
  if (row.state !== 'processed') return []
  if (told.kind === 'declined' || told.kind === 'voided')
    return [{ what: `processed, and the bank says ${told.kind}`, owes: ['declined_after_paid'] }]
  return isThere && isAnother(row, told)
    ? [{ what: 'processed, and the bank tells of another payment', owes: ['another_payout'] }]
    : []
}

function cameBack(row: MemoryRow, amount: string): readonly Discrepancy[] {
  if (row.state === 'processed') return [{ what: 'processed, and the bank says that it came back', owes: [] }]
  if (!isLess(row.returnedAmount ?? '0', amount)) return []
  if (row.state === 'canceled')
    return [{ what: 'canceled, paid, and come back', owes: ['returned_after_release'] }]
  return row.state === 'returned'
    ? [{ what: 'more came back than was credited', owes: ['returned_again'] }]
    : []
}

function isAnother(row: MemoryRow, told: LookupOutcome): boolean {
  const { reference, amount } = told as { reference?: string; amount?: string }
  if (amount !== undefined && !sameAmount(amount, row.payoutAmount)) return true
  return reference !== undefined && row.providerReference !== null && reference !== row.providerReference
}

function* underOldKeys({ retired }: Evidence): Iterable<Discrepancy> {
  for (const { payoutKey, told } of retired)
    if (told !== null && ['settled', 'accepted', 'returned'].includes(told.kind))
      yield { what: `${payoutKey} was given up, and the bank has it`, owes: ['paid_under_retired_key'] }
}

function* atTheExchange({ row, burns }: Evidence): Iterable<Discrepancy> {
  const taken = burns.filter(({ state }) => state !== 'released')
  const settled = taken.filter(({ state }) => state === 'settled')
  const isMore = row.state === 'canceled' ? taken.length > 0 : taken.length > Math.max(1, settled.length)
  const isFinal = ['canceled', 'processed', 'returned'].includes(row.state)
  if (isFinal && (isMore || settled.length > 1))
    yield { what: `${row.state}, and ${taken.length} burns take or lock money`, owes: ['orphan_hold'] }
}

/** How the provider is asked about it; written here once more, for the program's own may be what is wrong. */
export const queryOf = (row: MemoryRow, orderKey: string, orderReference: string | null): PayoutQuery => ({
  ...{ key: row.payoutKey, orderKey, reference: row.providerReference, endToEndId: row.endToEndId },
  ...{ orderReference, currency: row.currency, amount: row.payoutAmount },
})

export const queryOfRetired = (row: MemoryRow, old: Omit<RetiredPayout, 'readAt'>): PayoutQuery => ({
  ...{ key: old.payoutKey, orderKey: old.orderKey, reference: old.providerReference },
  ...{ endToEndId: old.endToEndId, orderReference: old.orderReference },
  ...{ currency: row.currency, amount: row.payoutAmount },
})
