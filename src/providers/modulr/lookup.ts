import { add, isZero } from '../../domain/money'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { LookupOutcome, OrderQuery, PayoutOutcome, PayoutQuery } from '../../ports/payment-provider'
import type { SendLog } from '../shared/send-log'
import { apiTime, fieldsOf, type ModulrApi, type Payment, textOf } from './api'
import { outcomeOf } from './outcome'
import { externalReference } from './payment-request'
import type { Returned, Returns } from './returns'
import { statusOf } from './statuses'

/**
 * A payment is made in the background after the request was answered, a full batch in minutes. Modulr promises no
 * time; before this much has passed "not found" is not taken for a no.
 */
export const NOT_FOUND_AFTER_MS = 10 * 60_000
const DAY_MS = 24 * 3_600_000
/** Clocks differ, and so do days. */
const SENT_MARGIN_MS = 2 * DAY_MS
/** Where the order is not in our books (a restored database): as far back as a payout could matter. */
const SEARCHED_BACK_MS = 400 * DAY_MS

export interface LookupDeps {
  readonly api: ModulrApi
  readonly sends: SendLog
  readonly returns: Returns
  readonly clock: Clock
  readonly logger: Logger
}

export async function lookupPayment(query: PayoutQuery, deps: LookupDeps): Promise<LookupOutcome> {
  const { api, sends } = deps
  const key = externalReference(query.key)
  if (query.reference !== null) {
    const known = await api.payments({ ids: query.reference })
    const payment = known.find(({ id }) => id === query.reference)
    if (payment)
      return payment.externalReference === key
        ? outcomeWithReturns(payment, query, deps)
        : { kind: 'unknown', why: 'The payment of this reference carries another key.', wasHeard: true }
  }
  const since = await searchedSince(query.orderKey, deps)
  const found = await api.payments({ externalReference: key, fromCreatedDate: since })
  // The filter is not documented to be exact.
  const ours = found.filter((payment) => payment.externalReference === key)
  const [payment] = ours
  if (payment) return ours.length === 1 ? outcomeWithReturns(payment, query, deps) : outcomeOfSeveral(ours)

  if (query.orderKey !== query.key) return notInBatch(query, deps)
  await sends.absent(query.orderKey, NOT_FOUND_AFTER_MS)
  return { kind: 'not_found', conclusive: true }
}

async function searchedSince(orderKey: string, { sends, clock }: LookupDeps): Promise<string> {
  const sent = await sends.find(orderKey)
  const from = sent ? sent.firstSentAt.getTime() - SENT_MARGIN_MS : clock.now().getTime() - SEARCHED_BACK_MS
  return apiTime(new Date(from))
}

async function outcomeWithReturns(
  payment: Payment,
  query: Pick<PayoutQuery, 'amount'>,
  { returns }: LookupDeps,
): Promise<LookupOutcome> {
  const outcome = outcomeOf(payment)
  if (outcome.kind !== 'settled') return outcome
  return afterReturns(payment, outcome, query.amount, (await returns.of([payment])).get(payment.id))
}

/** A payment called RETURNED whose credit is not booked yet came back whole. */
function afterReturns(
  payment: Payment,
  outcome: Of<'settled'>,
  amount: string,
  back: Returned | undefined,
): LookupOutcome {
  const { reference, transactionId } = outcome
  if (back) return { kind: 'returned', reference, transactionId, ...back }
  if (statusOf(payment.status)?.meaning !== 'returned') return outcome
  return {
    kind: 'returned',
    reference,
    transactionId,
    amount: payment.amount ?? amount,
    code: 'provider_declined',
  }
}

/**
 * One key, several payments: one that our account could not pay, and the next attempt; or somebody or something else made
 * them. All of them failed: declined, or free to leave again where that was never the payee's fault. More than one paid: their sum is reported, which is not the amount we ask for, so that a person looks at it.
 */
function outcomeOfSeveral(payments: readonly Payment[]): LookupOutcome {
  const outcomes = payments.map(outcomeOf)
  const alive = outcomes.filter(({ kind }) => kind !== 'declined' && kind !== 'voided')
  const [first] = alive
  const declined = outcomes.find(({ kind }) => kind === 'declined')
  if (!first) return declined ?? outcomes[0] ?? { kind: 'unknown', why: 'Modulr shows no payment.' }
  const paid = alive.filter((outcome): outcome is Of<'settled'> => outcome.kind === 'settled')
  const [firstPaid] = paid
  const sum = paid.reduce((total, { amount }) => add(total, amount ?? '0'), '0')
  if (firstPaid && paid.length > 1 && !isZero(sum)) return { ...firstPaid, amount: sum }
  return alive.length === 1
    ? first
    : { kind: 'unknown', why: 'Modulr shows several payments of this key.', wasHeard: true }
}

type Of<Kind extends PayoutOutcome['kind']> = Extract<PayoutOutcome, { kind: Kind }>

/** A batch that Modulr has, and whose payment is not there yet, is still being worked through. */
async function notInBatch(query: PayoutQuery, deps: LookupDeps): Promise<LookupOutcome> {
  const batch = await findBatch(query.orderKey, query.orderReference, deps)
  if (!batch) {
    await deps.sends.absent(query.orderKey, NOT_FOUND_AFTER_MS)
    return { kind: 'not_found', conclusive: true }
  }
  const isOver = batch.status === 'REJECTED' || batch.status === 'CANCELLED'
  return isOver
    ? { kind: 'not_found', conclusive: true }
    : { kind: 'accepted', status: `batch ${batch.status}` }
}

async function findBatch(
  orderKey: string,
  orderReference: string | null,
  deps: LookupDeps,
): Promise<{ id: string; status: string } | null> {
  const reference = externalReference(orderKey)
  const since = (await searchedSince(orderKey, deps)).slice(0, 10)
  const found = await deps.api.list('/batchpayments', {
    externalReference: reference,
    fromCreatedDate: since,
  })
  const batch = found.find(
    ({ id, externalReference: name }) =>
      name === reference && (orderReference === null || id === orderReference),
  )
  return batch ? { id: String(batch.id), status: textOf(batch.status) ?? 'ACCEPTED' } : null
}

/** All payments of a batch by item key, at 500 a page. */
export async function lookupBatch(
  query: OrderQuery,
  deps: LookupDeps,
): Promise<Record<string, LookupOutcome>> {
  const batchId =
    query.orderReference ?? (await findBatch(query.orderKey, query.orderReference, deps))?.id ?? null
  if (batchId === null) return {}
  const since = await searchedSince(query.orderKey, deps)
  const payments = await deps.api.payments({ batchPaymentId: batchId, fromCreatedDate: since })
  const back = await deps.returns.of(payments)
  const keys = payments.map(({ externalReference: key }) => key)
  const seen = new Set<string>()
  const repeated = new Set(keys.filter((key) => seen.size === seen.add(key).size))
  const outcomes: Record<string, LookupOutcome> = {}
  for (const payment of payments) {
    const key = payment.externalReference
    // What cannot be told from the list is looked up alone: several payments of a key, a hashed key, an unknown amount.
    const isAlone = repeated.has(key) || key === '' || key.startsWith('H-')
    if (isAlone || (payment.amount === null && statusOf(payment.status)?.meaning === 'returned')) continue
    const outcome = outcomeOf(payment)
    outcomes[key] =
      outcome.kind === 'settled'
        ? afterReturns(payment, outcome, payment.amount ?? '0', back.get(payment.id))
        : outcome
  }
  return outcomes
}

/** What the accounts hold. @throws Nothing is known. */
export async function readBalances(api: ModulrApi, accounts: Readonly<Record<string, string>>) {
  const balances: { currency: string; available: string }[] = []
  for (const [currency, id] of Object.entries(accounts)) {
    const { availableBalance, balance } = fieldsOf(await api.get(`/accounts/${encodeURIComponent(id)}`))
    const available = textOf(availableBalance) ?? textOf(balance)
    if (available === null) throw new Error('Modulr answered an account without its balance.')
    balances.push({ currency, available })
  }
  return balances
}
