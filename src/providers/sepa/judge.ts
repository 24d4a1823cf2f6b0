import { add, isLess, sameAmount, subtract, sum } from '../../domain/money'
import type { LookupOutcome } from '../../ports/payment-provider'
import type { BookingSaid, Fact, ItemRecord, Order, OrderSaid, StatusSaid } from './ledger'
import type { Source } from './reader/report'
import { declineCodeOf, isDuplicateReason } from './reasons'
import type { SepaSettings } from './settings'

export interface Judgement {
  readonly outcome: LookupOutcome
  /** Facts that cannot all be true, for the operator. */
  readonly contradiction: string | null
}

interface Evidence {
  readonly item: ItemRecord
  readonly order: Pick<Order, 'total'>
  readonly said: OrderSaid
  readonly settleOn: SepaSettings['settleOn']
}

/** The file is made, and the bank has not said anything yet. */
export const UNHEARD = 'FILED'

const REJECTED = ['RJCT', 'CANC']
/** The bank says that the money has left, whatever we make of it. */
const PAID = ['ACSC', 'ACCC']

/**
 * What all that the bank has said makes of one payment. Pure. Only facts that leave no other reading release or settle
 * anything; facts against each other decide nothing, because a payment must be neither given back when it
 * was made nor called made when it was not.
 */
export function judge({ item, order, said, settleOn }: Evidence): Judgement {
  const statuses = statusesOf(item, said)
  const rejection = statuses.find((status) => isRejection(status))
  const debit = debitOf(item, order, said)
  const isPaid = debit !== null || statuses.some(({ status }) => PAID.includes(status))
  const returned = returnedOf(item)
  /** Not `unknown`: that the bank has it is the one thing these facts agree on, so it stays with the bank. */
  const against = (why: string): Judgement => ({
    outcome: { kind: 'accepted', reference: item.endToEndId, status: `UNCLEAR: ${why}` },
    contradiction: why,
  })
  const words = statuses.at(-1)
  const last = words === undefined ? UNHEARD : wordsOf(words)

  const unclear = [...item.facts, ...said.facts].find((fact) => fact.kind === 'unclear')
  if (unclear) return against(unclear.why)
  if (returned !== null) {
    const isWhole = !isLess(returned.amount, item.amount)
    if (rejection && !isWhole) return against('the bank has rejected it and sent only a part of it back')
    return { outcome: { kind: 'returned', ...returned, reference: item.endToEndId }, contradiction: null }
  }
  if (rejection && isPaid) return against('the bank has rejected it, and has also said that it was paid')
  if (rejection)
    return sure({
      kind: 'declined',
      code: declineCodeOf(rejection.reasons),
      reference: item.endToEndId,
      status: wordsOf(rejection),
    })
  if (debit !== null) {
    const isRepeated = mostBooked(item) > 1
    const contradiction = isRepeated ? 'the bank has booked it more than once' : null
    return { outcome: settled(item, 'BOOKED', debit), contradiction }
  }
  if (statuses.some(({ status }) => settles(status, settleOn))) return sure(settled(item, last))
  // Only "we have that already": an earlier copy may be on its way, or the bank takes two payments for one.
  if (statuses.length > 0 && statuses.every(isDuplicateRefusal))
    return against('the bank has refused it as a repetition and has said nothing about a first copy')
  return sure({ kind: 'accepted', reference: item.endToEndId, status: last })
}

const sure = (outcome: LookupOutcome): Judgement => ({ outcome, contradiction: null })

/**
 * The end-to-end id is the one reference that is ours alone and that both ends see; a bank's own booking reference may
 * stand for a whole batch.
 */
const settled = (item: ItemRecord, status: string, amount = item.amount): LookupOutcome => ({
  kind: 'settled',
  reference: item.endToEndId,
  transactionId: item.endToEndId,
  amount,
  status,
})

const settles = (status: string, settleOn: SepaSettings['settleOn']): boolean =>
  (settleOn === 'acsc' && PAID.includes(status)) || (settleOn === 'accc' && status === 'ACCC')

const isDuplicateRefusal = ({ status, reasons }: StatusSaid): boolean =>
  REJECTED.includes(status) && isDuplicateReason(reasons)
/** The bank has refused it, and not because it has it already. */
export const isRejection = (fact: Fact): boolean =>
  isStatus(fact) && REJECTED.includes(fact.status) && !isDuplicateRefusal(fact)
const wordsOf = ({ status, reasons }: StatusSaid): string => [status, ...reasons.slice(0, 3)].join(' ')

/** In one report, what is said of a payment goes before what is said of its whole file. */
function statusesOf(item: ItemRecord, said: OrderSaid): readonly StatusSaid[] {
  const own = item.facts.filter(isStatus)
  const reports = new Set(own.map(({ reportId }) => reportId))
  return [...said.facts.filter(isStatus).filter(({ reportId }) => !reports.has(reportId)), ...own]
}

/** What was booked for the payment: by itself, or within a booking of its whole file. */
function debitOf(item: ItemRecord, order: Pick<Order, 'total'>, said: OrderSaid): string | null {
  const own = bookings(item.facts, 'debit')
  const fits = own.find(({ amount }) => sameAmount(amount, item.amount)) ?? own[0]
  if (fits) return fits.amount
  const coverage = coverageOf(order, said)
  const isLeftOut = coverage === 'unrejected' && Object.hasOwn(said.rejected, item.endToEndId)
  return coverage === 'none' || isLeftOut ? null : item.amount
}

/** How often one kind of report has it. */
function mostBooked(item: ItemRecord): number {
  const sources = bookings(item.facts, 'debit').map(({ source }) => source)
  return Math.max(0, ...sources.map((source) => sources.filter((other) => other === source).length))
}

export type Coverage = 'none' | 'all' | 'unrejected'

/** Which payments the bookings of a whole file stand for. An amount that is neither stands for none of them. */
export function coverageOf({ total }: Pick<Order, 'total'>, said: OrderSaid): Coverage {
  const booked = mostOf(bookings(said.facts, 'debit'))
  if (booked === null) return 'none'
  if (sameAmount(booked, total)) return 'all'
  const unrejected = subtract(total, sum(Object.values(said.rejected)))
  return sameAmount(booked, unrejected) ? 'unrejected' : 'none'
}

/** Never more than was sent: a statement that is delivered twice must not credit anybody twice. */
function returnedOf(item: ItemRecord) {
  const found = bookings(item.facts, 'return')
  const amount = mostOf(found)
  if (amount === null) return null
  return {
    amount: isLess(item.amount, amount) ? item.amount : amount,
    code: declineCodeOf(found.flatMap(({ reasons }) => reasons)),
  }
}

/** The same booking comes in a notification and again in the statement, so each kind of report is added up alone. */
function mostOf(found: readonly BookingSaid[]): string | null {
  if (found.length === 0) return null
  const totals = new Map<Source, string>()
  for (const { source, amount } of found) totals.set(source, add(totals.get(source) ?? '0', amount))
  return [...totals.values()].reduce((most, total) => (isLess(most, total) ? total : most))
}

const isStatus = (fact: Fact): fact is StatusSaid => fact.kind === 'status'
const bookings = (facts: readonly Fact[], kind: BookingSaid['kind']): readonly BookingSaid[] =>
  facts.filter((fact): fact is BookingSaid => fact.kind === kind)
