import { isLess, sameAmount } from '../../domain/money'
import type { LookupOutcome } from '../../ports/payment-provider'
import type { Fact, ItemRecord, StatusSaid, UnclearSaid } from './ledger'
import {
  bookings,
  fileStatuses,
  goesOn,
  isDuplicateRefusal,
  isRejection,
  isStatus,
  mostOf,
  type OrderView,
  sinceRejected,
} from './order-view'
import { declineCodeOf } from './reasons'
import type { SepaSettings } from './settings'

export interface Judgement {
  readonly outcome: LookupOutcome
  /** What only a person can answer: facts that no rule covers, or that cannot all be true. */
  readonly questions: readonly string[]
}

interface Evidence {
  readonly item: ItemRecord
  readonly view: OrderView
  readonly settleOn: SepaSettings['settleOn']
}

/** The file is made, and the bank has not said anything yet. */
export const UNHEARD = 'FILED'

/** The bank says that the money has left, whatever we make of it. */
const PAID = ['ACSC', 'ACCC']
/** An unclear fact that speaks against giving anything back: money may have left. */
const MAY_HAVE_LEFT = ['debit', 'reversal']

/**
 * What all that the bank has said makes of one payment. Pure. Money that moved outranks words about it, and a clear fact
 * decides whatever unclear ones stand beside it; those are questions to a person. Only where a clear fact would give
 * back what the others say is gone does nothing count, because a payment must never be given back when it was made.
 */
export function judge(evidence: Evidence): Judgement {
  const { item, view, settleOn } = evidence
  const found = readingOf(evidence)
  const { statuses, rejection, debit, returned, unclear } = found
  const last = statuses.own.at(-1) ?? (statuses.files.length > 0 ? view.lastStatus : null)
  const words = last === null ? UNHEARD : wordsOf(last)
  const unclearWords = unclear.map(({ why }) => why)
  const clear = (outcome: LookupOutcome, ...questions: readonly string[]): Judgement => ({
    outcome,
    questions: [...questions, ...unclearWords],
  })
  /** Not `unknown`: that the bank has it is the one thing these facts agree on, so it stays with the bank. */
  const against = (...questions: readonly string[]): Judgement => ({
    outcome: { kind: 'accepted', reference: item.endToEndId, status: `UNCLEAR: ${questions[0] ?? ''}` },
    questions,
  })

  const contradiction = contradictionOf(item, found)
  if (contradiction) return against(contradiction, ...unclearWords.filter((why) => why !== contradiction))
  const all = [...statuses.files, ...statuses.own]
  const isCalledSettled = all.some(({ status }) => settles(status, settleOn))
  // By a word alone it counts as paid, and what comes back would be credited: only against money that was seen to leave.
  if (returned !== null && debit === null && isCalledSettled)
    return against('the bank has sent it back, and has not booked that it was paid', ...unclearWords)
  if (returned !== null) {
    const { total, ...outcome } = returned
    const isMore = isLess(item.amount, total)
    const above = `the bank has sent ${total} EUR back, which is more than the ${item.amount} EUR that were sent`
    return clear({ kind: 'returned', ...outcome, reference: item.endToEndId }, ...(isMore ? [above] : []))
  }
  if (debit !== null) return clear(settled(item, 'BOOKED', debit), ...debitQuestions(item, found))
  if (rejection)
    return clear({
      kind: 'declined',
      code: declineCodeOf(rejection.reasons),
      reference: item.endToEndId,
      status: wordsOf(rejection),
    })
  if (isCalledSettled) return clear(settled(item, words))
  if (unclearWords.length > 0) return against(...unclearWords)
  // Only "we have that already": an earlier copy may be on its way, or the bank takes two payments for one.
  if (all.length > 0 && all.every(isDuplicateRefusal))
    return against('the bank has refused it as a repetition and has said nothing about a first copy')
  return clear({ kind: 'accepted', reference: item.endToEndId, status: words })
}

type Reading = ReturnType<typeof readingOf>

/** What was said of one payment, sorted by what it may prove. */
function readingOf({ item, view }: Evidence) {
  const own = item.facts.filter(isStatus)
  const statuses = { own, files: fileStatuses(view, own) }
  const all = [...statuses.files, ...own]
  return {
    statuses,
    rejection: all.find((status) => isRejection(status)),
    since: sinceOf(own, view),
    isCalledPaid: all.some(({ status }) => PAID.includes(status)),
    debit: debitOf(item, view),
    returned: returnedOf(item),
    unclear: [...item.facts.filter(isUnclear), ...view.unclear],
  }
}

/** What the bank has said since it rejected the payment, by itself or with its file. */
function sinceOf(own: readonly StatusSaid[], { sinceRejected: ofFile, rejectedAt }: OrderView) {
  if (own.some(isRejection)) return sinceRejected(own)
  const afterFile = own.filter(
    (said) =>
      goesOn(said) && rejectedAt !== null && said.writtenAt !== undefined && said.writtenAt > rejectedAt,
  )
  return afterFile.at(-1) ?? ofFile
}

/** Why nothing may be given back, although the bank has said what would be enough for that. */
function contradictionOf(
  item: ItemRecord,
  { rejection, since, isCalledPaid, debit, returned, unclear }: Reading,
): string | null {
  const reversal = unclear.find((fact) => fact.about === 'reversal' && !isReturnedAfter(item, fact))
  if (returned !== null) {
    if (rejection && debit === null && isLess(returned.amount, item.amount))
      return 'the bank has rejected it and sent only a part of it back'
    return reversal?.why ?? null
  }
  if (!rejection) return null
  if (debit !== null) return reversal?.why ?? null
  if (isCalledPaid) return 'the bank has rejected it, and has also said that it was paid'
  if (since) return `the bank has rejected it, and has said ${since.status} of it since`
  return unclear.find(({ about }) => MAY_HAVE_LEFT.includes(about))?.why ?? null
}

/** Money that came back once more, after it had left again. */
function isReturnedAfter({ facts }: ItemRecord, reversal: UnclearSaid): boolean {
  const later = facts.slice(facts.indexOf(reversal) + 1)
  return bookings(later, 'return').some(
    ({ date }) => date === null || reversal.date === null || date >= reversal.date,
  )
}

function debitQuestions(item: ItemRecord, { rejection }: Reading): readonly string[] {
  const isRepeated = mostBooked(item) > 1
  return [
    ...(rejection ? ['the bank has rejected it, and has also booked it; it counts as paid'] : []),
    ...(isRepeated ? ['the bank has booked it more than once'] : []),
  ]
}

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

const wordsOf = ({ status, reasons }: StatusSaid): string => [status, ...reasons.slice(0, 3)].join(' ')
const isUnclear = (fact: Fact): fact is UnclearSaid => fact.kind === 'unclear'

/** What was booked for the payment: by itself, or within a booking of its whole file. */
function debitOf(item: ItemRecord, { coverage, rejected }: OrderView): string | null {
  const own = bookings(item.facts, 'debit')
  const fits = own.find(({ amount }) => sameAmount(amount, item.amount)) ?? own[0]
  if (fits) return fits.amount
  const isLeftOut = coverage === 'unrejected' && Object.hasOwn(rejected, item.endToEndId)
  return coverage === 'none' || isLeftOut ? null : item.amount
}

/** How often one kind of report has it. */
function mostBooked(item: ItemRecord): number {
  const sources = bookings(item.facts, 'debit').map(({ source }) => source)
  return Math.max(0, ...sources.map((source) => sources.filter((other) => other === source).length))
}

/** Never more than was sent: a statement that is delivered twice must not credit anybody twice. `total` is as told. */
function returnedOf(item: ItemRecord) {
  const found = bookings(item.facts, 'return')
  const total = mostOf(found)
  if (total === null) return null
  return {
    total,
    amount: isLess(item.amount, total) ? item.amount : total,
    code: declineCodeOf(found.flatMap(({ reasons }) => reasons)),
  }
}
