import { parseAmount } from '../../domain/money'
import { errorFields } from '../../errors'
import type { Clock, Randomness } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type {
  LookupOutcome,
  PayoutItem,
  PayoutOrder,
  PayoutQuery,
  SubmitOutcome,
} from '../../ports/payment-provider'
import { heardBy } from '../shared/heard'
import { type HttpAnswer, type HttpClient, type HttpRequest, NoAnswerError } from '../shared/http-client'
import type { Sending, SendLog } from '../shared/send-log'
import { type Asked, bodyOf, factsOf, isOurs, matches, refusalOf } from './answer'
import { authHeaders, type Secrets } from './auth'
import type { RestConfiguration } from './configuration'
import { textAt, valueAt, withValueAt } from './pointer'
import { fillPath, fillTemplate, fillText, type TemplateValues, valuesOf } from './template'

export interface PayoutDeps {
  readonly configuration: RestConfiguration
  readonly secrets: Secrets
  readonly http: HttpClient
  readonly sends: SendLog
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
}

/** A key is not used up to the last minute of its life. */
const KEY_LIFETIME_USED = 0.8

/** The API has answered, or was not asked. */
const unknown = (why: string): Extract<SubmitOutcome, { kind: 'unknown' }> => ({
  kind: 'unknown',
  why,
  wasHeard: true,
})
const answeredWith = (status: number, why: string): Extract<SubmitOutcome, { kind: 'unknown' }> => ({
  kind: 'unknown',
  why,
  ...heardBy(status),
})

export async function submitPayout(order: PayoutOrder, deps: PayoutDeps): Promise<SubmitOutcome> {
  const { configuration, sends, clock, logger } = deps
  const [item] = order.items
  if (!item || order.items.length !== 1) return unknown('One payout is sent at a time.')
  const sending = await sends.begin(order.key)
  if (!sending) return unknown('The same payout is being sent by somebody else.')
  const keyAgeMs = clock.now().getTime() - sending.firstSentAt.getTime()
  // Without a life of its own the key protects from nothing: then only what is proven absent is sent again.
  if (sending.isRepeat && keyAgeMs >= configuration.keyLifetimeMs * KEY_LIFETIME_USED)
    return unknown('Its key may have been forgotten.')
  if (!canBeWritten(item, configuration)) return notSent(sending)
  try {
    const answer = await send(submitRequest(order.key, item, sending, configuration), deps)
    if (answer.status >= 200 && answer.status <= 299)
      return taken(answer, askedOf(item, configuration), sending, deps)
    return await refused(answer, sending, deps)
  } catch (error) {
    logger.warn('rest.submit_unanswered', errorFields(error))
    const reachedNobody = error instanceof NoAnswerError && error.reached === 'no'
    if (reachedNobody && !sending.isRepeat && (await sending.refused(false)))
      return { kind: 'deferred', why: 'provider_unavailable', status: 'not reachable' }
    throw error
  }
}

/**
 * Whether its amount goes into a request as it is. The configuration may be another one than when the payout was taken in:
 * written with fewer decimals now, it would be rounded, and another amount be paid.
 */
function canBeWritten({ currency, amount }: PayoutItem, { currencies }: RestConfiguration): boolean {
  const rules = Object.hasOwn(currencies, currency) ? currencies[currency] : undefined
  return rules?.decimals !== undefined && 'amount' in parseAmount(amount, rules.decimals)
}

async function notSent(sending: Sending): Promise<SubmitOutcome> {
  const outcome = { kind: 'deferred', why: 'provider_unavailable', status: 'NOT_SENT_AMOUNT' } as const
  if (!sending.isRepeat && (await sending.refused(false))) return outcome
  return unknown('Its amount cannot be written any more as it was.')
}

function submitRequest(
  orderKey: string,
  item: PayoutItem,
  { attempt }: Sending,
  { submit, idempotency, currencies }: RestConfiguration,
): HttpRequest {
  const values = valuesOf(item, currencies[item.currency]?.decimals)
  const idempotencyKey = attempt === 1 ? orderKey : `${orderKey}-${attempt}`
  const filled = fillTemplate(submit.body, values)
  const body = idempotency.in === 'body' ? withValueAt(filled, idempotency.at, idempotencyKey) : filled
  return {
    method: submit.method,
    path: fillPath(submit.path, values),
    body: JSON.stringify(body),
    ...(idempotency.in === 'header' && { headers: { [idempotency.at]: idempotencyKey } }),
  }
}

function taken(
  answer: HttpAnswer,
  asked: Asked,
  { isRepeat }: Sending,
  { configuration }: PayoutDeps,
): SubmitOutcome {
  const payout = bodyOf(answer)
  const facts = factsOf(payout, { ...asked, isAnswerToSubmit: true }, configuration.answers)
  const reference = textAt(payout, configuration.answers.at.reference)
  // Paid and back already, or dropped for a fault of our account: the look-up says so. Without one, sending it again is
  // the look-up.
  const isForLookup =
    facts.kind === 'returned' ||
    facts.kind === 'voided' ||
    (facts.kind === 'declined' && isRepeat && configuration.lookup !== null)
  if (!isForLookup) return facts
  return reference === null ? unknown('The answer holds no reference.') : { kind: 'accepted', reference }
}

async function refused(
  answer: HttpAnswer,
  sending: Sending,
  { configuration, logger }: PayoutDeps,
): Promise<SubmitOutcome> {
  const outcome = refusalOf(answer, configuration.answers.errors)
  const isProven = outcome !== null && !sending.isRepeat
  logger.warn('rest.submit_refused', { httpStatus: answer.status, proven: isProven })
  if (!isProven) return answeredWith(answer.status, `It was answered with HTTP ${answer.status}.`)
  return (await sending.refused(configuration.idempotency.newAfterRefusal))
    ? outcome
    : unknown('The same payout is being sent by somebody else.')
}

export async function lookupPayout(query: PayoutQuery, deps: PayoutDeps): Promise<LookupOutcome> {
  const { lookup, answers, currencies } = deps.configuration
  if (!lookup || (lookup.by === 'reference' && query.reference === null))
    return { kind: 'not_found', conclusive: false }
  const values: TemplateValues = {
    key: query.key,
    end_to_end_id: query.endToEndId,
    reference: query.reference,
  }
  const path = fillPath(lookup.path, values)
  const answer = await send({ method: 'GET', path, query: filledQuery(lookup.query, values) }, deps)
  if (answers.notFound?.match && matches(answers.notFound.match, answer)) return notFound(query, deps)
  if (answer.status === 404) return { kind: 'not_found', conclusive: false }
  if (answer.status !== 200)
    return answeredWith(answer.status, `The look-up was answered with HTTP ${answer.status}.`)
  const decimals = currencies[query.currency]?.decimals ?? 2
  const asked = { ...query, decimals, reference: lookup.by === 'reference' ? query.reference : null }
  return lookup.items === null
    ? factsOf(bodyOf(answer), asked, answers)
    : fromList(valueAt(bodyOf(answer), lookup.items), asked, query, deps)
}

async function fromList(
  list: unknown,
  asked: Asked,
  query: PayoutQuery,
  deps: PayoutDeps,
): Promise<LookupOutcome> {
  const { answers } = deps.configuration
  if (!Array.isArray(list)) return { kind: 'unknown', why: 'The look-up was answered without its list.' }
  const ours = list.filter((payout: unknown) => isOurs(payout, asked, answers.at.key))
  if (ours.length > 1) return unknown('The look-up shows several payouts of this key.')
  if (ours.length === 1) return factsOf(ours[0], asked, answers)
  // Others are in the list: it is cut off or not filtered, and ours may be on another page of it.
  const isEmpty = list.length === 0
  return isEmpty && answers.notFound?.emptyList
    ? notFound(query, deps)
    : { kind: 'not_found', conclusive: false }
}

async function notFound(query: PayoutQuery, { configuration, sends }: PayoutDeps): Promise<LookupOutcome> {
  if (configuration.lookup?.by !== 'key') return { kind: 'not_found', conclusive: false }
  await sends.absent(query.orderKey, configuration.notFoundAfterMs)
  return { kind: 'not_found', conclusive: true }
}

export const filledQuery = (
  query: Readonly<Record<string, string>>,
  values: TemplateValues,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).map(([name, template]) => [name, String(fillText(template, values) ?? '')]),
  )

const askedOf = (item: PayoutItem, { currencies }: RestConfiguration): Asked => ({
  ...item,
  decimals: currencies[item.currency]?.decimals ?? 2,
})

/** @throws {NoAnswerError} */
export function send(request: HttpRequest, deps: PayoutDeps): Promise<HttpAnswer> {
  const { configuration, secrets, http } = deps
  const search = new URLSearchParams(request.query).toString()
  const below = new URL(configuration.baseUrl).pathname.replace(/\/$/, '') + request.path
  const signable = {
    method: request.method,
    path: search === '' ? below : `${below}?${search}`,
    body: request.body ?? '',
  }
  const headers = {
    ...configuration.headers,
    ...request.headers,
    ...authHeaders(configuration.auth, secrets, signable, deps),
  }
  return http.request({ ...request, headers })
}
