import { errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { PayoutItem, PayoutOrder, SubmitOutcome } from '../../ports/payment-provider'
import { heardBy } from '../shared/heard'
import { type HttpAnswer, NoAnswerError } from '../shared/http-client'
import type { Sending, SendLog } from '../shared/send-log'
import { fieldsOf, type ModulrApi, readPayment, textOf } from './api'
import { outcomeOf } from './outcome'
import { batchRequest, externalReference, paymentRequest, type SourceAccounts } from './payment-request'
import { refusalOf } from './refusal'
import { nonceOf } from './signature'

export const HOUR_MS = 3_600_000
/** Modulr repeats its answer to a nonce this long; afterwards it takes the nonce for a new one, and pays again. */
export const NONCE_LIFETIME_MS = 48 * HOUR_MS
/** Well before that. What is still in doubt then is only looked up. */
const RESEND_UNTIL_MS = 40 * HOUR_MS

export interface SubmitDeps {
  readonly api: ModulrApi
  readonly sends: SendLog
  readonly accounts: SourceAccounts
  readonly clock: Clock
  readonly logger: Logger
}

/** Modulr has answered, or was not asked. */
const unknown = (why: string): SubmitOutcome => ({ kind: 'unknown', why, wasHeard: true })

/** One payment, or a batch of them, under the nonce of the order. */
export async function submitOrder(order: PayoutOrder, deps: SubmitDeps): Promise<SubmitOutcome> {
  const { api, sends, accounts, clock, logger } = deps
  const [single] = order.items
  const isSingle = order.items.length === 1 && single?.key === order.key
  const written = () => (isSingle ? paymentRequest(single, accounts) : batchRequest(order, accounts))
  const body = Object.hasOwn(accounts, order.currency) ? JSON.stringify(written()) : null

  const sending = await sends.begin(order.key)
  if (!sending) return unknown('The same order is being sent by somebody else.')
  if (body === null) return await withoutAccount(sending)
  if (sending.isRepeat && clock.now().getTime() - sending.firstSentAt.getTime() > RESEND_UNTIL_MS)
    return unknown('Its nonce is too old to be sent again.')
  try {
    const path = isSingle ? '/payments' : '/batchpayments'
    const answer = await api.post(path, body, nonceOf(order.key, sending.attempt))
    if (answer.status < 200 || answer.status > 299) return await refused(order, answer, sending, deps)
    return isSingle ? await takenPayment(answer, single, sending) : takenBatch(answer)
  } catch (error) {
    logger.warn('modulr.submit_unanswered', errorFields(error))
    return await unanswered(error, sending)
  }
}

/** The configuration may be another one than when an earlier request left. */
async function withoutAccount(sending: Sending): Promise<SubmitOutcome> {
  const status = 'no account in this currency'
  if (!sending.isRepeat && (await sending.refused(false)))
    return { kind: 'deferred', why: 'provider_unavailable', status }
  return unknown('There is no account any more to send it from as before.')
}

/** Where it is proven that nothing was sent, and no earlier request is open, the payout is free to be sent again. */
async function unanswered(error: unknown, sending: Sending): Promise<SubmitOutcome> {
  const reachedNobody = error instanceof NoAnswerError && error.reached === 'no'
  if (reachedNobody && !sending.isRepeat && (await sending.refused(false)))
    return { kind: 'deferred', why: 'provider_unavailable', status: 'not reachable' }
  throw error
}

/** A payment that Modulr has made, and may have refused in the same moment. */
async function takenPayment(
  answer: HttpAnswer,
  { key }: PayoutItem,
  sending: Sending,
): Promise<SubmitOutcome> {
  const payment = readPayment(answer.json())
  if (payment.externalReference !== externalReference(key))
    return unknown('Modulr answered with the payment of another key.')
  const outcome = outcomeOf(payment)
  if (outcome.kind !== 'voided' && outcome.kind !== 'declined') return outcome
  // What an earlier request has made is found by a look-up, and only there.
  if (sending.isRepeat) return { kind: 'accepted', reference: payment.id, status: payment.status }
  if (outcome.kind === 'declined') return outcome
  return (await sending.refused(true))
    ? { kind: 'deferred', why: outcome.why ?? 'provider_unavailable', status: payment.status }
    : unknown('The same order is being sent by somebody else.')
}

function takenBatch(answer: HttpAnswer): SubmitOutcome {
  const { id, status } = fieldsOf(answer.json())
  const reference = textOf(id)
  const word = textOf(status)
  if (reference === null) return unknown('Modulr answered without the id of the batch.')
  // What became of the payments in it is asked one by one.
  if (word === 'REJECTED' || word === 'CANCELLED') return unknown(`The batch is ${word}.`)
  return { kind: 'accepted', reference, status: word ?? 'ACCEPTED' }
}

async function refused(
  order: PayoutOrder,
  answer: HttpAnswer,
  sending: Sending,
  { logger }: SubmitDeps,
): Promise<SubmitOutcome> {
  const refusal = refusalOf(order, answer)
  logger.warn('modulr.submit_refused', {
    httpStatus: answer.status,
    reasons: refusal.reasons,
    proven: refusal.isProven,
  })
  if (!refusal.isProven || sending.isRepeat)
    return { kind: 'unknown', why: `Modulr answered ${answer.status}.`, ...heardBy(answer.status) }
  if (!(await sending.refused(refusal.keyIsUsedUp)))
    return unknown('The same order is being sent by somebody else.')
  return refusal.outcome
}
