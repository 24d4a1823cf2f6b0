import { add, isLess, sameAmount, subtract, sum } from '../../domain/money'
import type { BookingSaid, Fact, Order, OrderSaid, StatusSaid, UnclearSaid } from './ledger'
import type { Source } from './reader/report'
import { isDuplicateReason } from './reasons'

/** Which payments the bookings of a whole file stand for. An amount that is neither stands for none of them. */
export type Coverage = 'none' | 'all' | 'unrejected'

/** What the bank has said about a file as a whole, worked out once for all of its payments. */
export interface OrderView {
  readonly coverage: Coverage
  readonly rejected: OrderSaid['rejected']
  /** Each different status, with the reports that gave it: a file may be reported on thousands of times. */
  readonly statuses: readonly { readonly status: StatusSaid; readonly reportIds: ReadonlySet<string> }[]
  readonly lastStatus: StatusSaid | null
  /** What the bank said of the file after it had rejected it, as far as that goes on with it. */
  readonly sinceRejected: StatusSaid | null
  /** When it last rejected the file, where the report says when it was written. */
  readonly rejectedAt: string | null
  readonly unclear: readonly UnclearSaid[]
  readonly voidedAt: string | null
}

export function viewOf({ total }: Pick<Order, 'total'>, said: OrderSaid): OrderView {
  const statuses = new Map<string, { status: StatusSaid; reportIds: Set<string> }>()
  const all = said.facts.filter(isStatus)
  for (const status of all) {
    const words = [status.status, ...status.reasons].join(' ')
    const known = statuses.get(words)
    if (known) known.reportIds.add(status.reportId)
    else statuses.set(words, { status, reportIds: new Set([status.reportId]) })
  }
  return {
    coverage: coverageOf(total, said),
    rejected: said.rejected,
    statuses: [...statuses.values()],
    lastStatus: all.at(-1) ?? null,
    sinceRejected: sinceRejected(all),
    rejectedAt:
      all
        .filter(isRejection)
        .map(({ writtenAt = '' }) => writtenAt)
        .sort()
        .at(-1) || null,
    unclear: said.facts.filter((fact) => fact.kind === 'unclear'),
    voidedAt: said.voidedAt ?? null,
  }
}

function coverageOf(total: string, said: OrderSaid): Coverage {
  const booked = mostOf(bookings(said.facts, 'debit'))
  if (booked === null) return 'none'
  if (sameAmount(booked, total)) return 'all'
  const unrejected = subtract(total, sum(Object.values(said.rejected)))
  return sameAmount(booked, unrejected) ? 'unrejected' : 'none'
}

/** What counts of a payment's file: in one report, what is said of the payment goes before what is said of its file. */
export function fileStatuses({ statuses }: OrderView, own: readonly StatusSaid[]): readonly StatusSaid[] {
  const ownIds = [...new Set(own.map(({ reportId }) => reportId))]
  const isElsewhere = (reportIds: ReadonlySet<string>) =>
    reportIds.size > ownIds.filter((id) => reportIds.has(id)).length
  return statuses.filter(({ reportIds }) => isElsewhere(reportIds)).map(({ status }) => status)
}

/** The same booking comes in several kinds of report, so each kind is added up alone. null when there is none. */
export function mostOf(found: readonly BookingSaid[]): string | null {
  if (found.length === 0) return null
  const totals = new Map<Source, string>()
  for (const { source, amount } of found) totals.set(source, add(totals.get(source) ?? '0', amount))
  return [...totals.values()].reduce((most, total) => (isLess(most, total) ? total : most))
}

const REJECTED = ['RJCT', 'CANC']
export const isDuplicateRefusal = ({ status, reasons }: StatusSaid): boolean =>
  REJECTED.includes(status) && isDuplicateReason(reasons)
/** The bank has refused it, and not because it has it already. */
export const isRejection = (fact: Fact): boolean =>
  isStatus(fact) && REJECTED.includes(fact.status) && !isDuplicateRefusal(fact)
/** Of a part of a file it says nothing about which, and a refused repetition nothing about what is repeated. */
export const goesOn = (said: StatusSaid): boolean => !REJECTED.includes(said.status) && said.status !== 'PART'

/**
 * The bank's last word on what it has rejected, where that is another one: it may have been handed in again. Reports are
 * read in any order, so their own times count where all have one.
 */
export function sinceRejected(said: readonly StatusSaid[]): StatusSaid | null {
  const isTimed = said.every(({ writtenAt }) => writtenAt !== undefined)
  const inOrder = isTimed
    ? [...said].sort((a, b) => Date.parse(a.writtenAt ?? '') - Date.parse(b.writtenAt ?? ''))
    : said
  const words = inOrder.filter((each) => isRejection(each) || goesOn(each))
  const last = words.at(-1)
  return last && goesOn(last) && words.some(isRejection) ? last : null
}

export const isStatus = (fact: Fact): fact is StatusSaid => fact.kind === 'status'
export const bookings = (facts: readonly Fact[], kind: BookingSaid['kind']): readonly BookingSaid[] =>
  facts.filter((fact): fact is BookingSaid => fact.kind === kind)
