import { sameAmount } from '../../domain/money'
import type { PayoutOrder, SubmitOutcome } from '../../ports/payment-provider'
import { NoAnswerError } from '../shared/http-client'
import type { Deadline, PaypalApi } from './api'
import { type CreateAnswer, readCreateAnswer } from './create-answer'
import { createRequestBody, faultOf, type Mail, orderFingerprint } from './create-request'
import { type Listing, readListing } from './listing'
import type { Orders } from './orders'
import type { Problem } from './receiver'
import { NoTokenError } from './tokens'

export interface SubmitDeps {
  readonly api: PaypalApi
  readonly orders: Orders
  readonly mail: Mail
  readonly problemsOf: (item: PayoutOrder['items'][number]) => readonly Problem[]
}

/** PayPal has answered, or was not asked. */
const unknown = (why: string): SubmitOutcome => ({ kind: 'unknown', why, wasHeard: true })

/**
 * Sends an order. Sending it again is the only way to ask for it: PayPal refuses a key that it knows, and says which
 * batch has it.
 */
export async function submit(order: PayoutOrder, deps: SubmitDeps): Promise<SubmitOutcome> {
  const fault = faultOf(order)
  if (fault !== null) return { kind: 'deferred', why: 'batch_refused', status: `NOT_SENT_${fault}` }

  const { api, orders } = deps
  const beginning = await orders.begin(order.key, orderFingerprint(order))
  if (beginning.kind === 'other_order') return unknown('this key was used for other payouts before')
  if (beginning.kind === 'sent') return accepted(order, beginning.batchId)
  const { inDoubt, send } = beginning

  const until = api.deadline()
  // In doubt even a hopeless order is sent: only PayPal's answer says what became of the earlier one.
  const answer = (inDoubt ? null : hopeless(order, deps)) ?? (await create(order, deps, until))
  switch (answer.kind) {
    case 'created':
      await orders.accepted(order.key, answer.batchId)
      return accepted(order, answer.batchId)
    case 'taken':
      return adopt(order, answer.batchId, deps, until)
    case 'refused':
      if (inDoubt) return unknown('PayPal refused the repetition, which says nothing about the first request')
      await orders.refused(order.key, send)
      return answer.outcome
    case 'unknown':
      return answer
  }
}

/** Items PayPal is known to refuse, and all others with them. */
function hopeless(order: PayoutOrder, { problemsOf }: SubmitDeps): CreateAnswer | null {
  const items = Object.fromEntries(
    order.items.flatMap((item) => {
      const [problem] = problemsOf(item)
      return problem ? [[item.key, { kind: 'declined', code: problem.code } as const]] : []
    }),
  )
  if (Object.keys(items).length === 0) return null
  const outcome = { kind: 'deferred', why: 'batch_refused', status: 'NOT_SENT', items } as const
  return { kind: 'refused', outcome }
}

async function create(order: PayoutOrder, { api, mail }: SubmitDeps, until: Deadline): Promise<CreateAnswer> {
  try {
    const body = createRequestBody(order, mail)
    const answer = await api.call({ method: 'POST', path: '/v1/payments/payouts', body }, until)
    return readCreateAnswer(answer, order)
  } catch (error) {
    if (error instanceof NoTokenError) return notSent(error)
    if (!(error instanceof NoAnswerError)) throw error
    return error.reached === 'no'
      ? notSent({ why: 'provider_unavailable', status: error.code ?? 'NO_CONNECTION' })
      : { kind: 'unknown', why: error.message }
  }
}

const notSent = ({
  why,
  status,
  retryAfterMs,
}: Pick<NoTokenError, 'why' | 'status' | 'retryAfterMs'>): CreateAnswer => ({
  kind: 'refused',
  outcome: { kind: 'deferred', why, status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
})

/** The batch's id is the order's reference; the items have none before PayPal lists them. */
const accepted = (order: PayoutOrder, batchId: string): SubmitOutcome => ({
  kind: 'accepted',
  reference: batchId,
  items: Object.fromEntries(order.items.map(({ key }) => [key, { kind: 'accepted' } as const])),
})

/** Takes the batch that has our key for ours, unless it cannot be. */
async function adopt(
  order: PayoutOrder,
  batchId: string | null,
  { api, orders }: SubmitDeps,
  until: Deadline,
): Promise<SubmitOutcome> {
  if (batchId === null) return unknown('PayPal knows the key, and did not say by which batch')
  const listing = await readListing(api, batchId, until)
  if (!listing) return unknown('PayPal knows the key, and does not show its batch yet')
  const difference = differenceOf(order, listing)
  if (difference !== null) return unknown(`the batch at PayPal that has this key is not ours: ${difference}`)
  await orders.accepted(order.key, batchId)
  return accepted(order, batchId)
}

/** @returns What shows that the batch is another one's, or null. Items PayPal does not list yet show nothing. */
function differenceOf(order: PayoutOrder, { header, items, isComplete }: Listing): string | null {
  if (header.key !== order.key) return 'it has another key'
  if (!header.amount && !isComplete) return 'it shows neither its total nor its items'
  if (header.amount && header.amount.currency !== order.currency) return 'it is in another currency'
  if (header.amount && !sameAmount(header.amount.amount, order.total)) return 'it has another total'
  if (items.length > order.items.length) return 'it has more items'
  if (isComplete && items.length > 0 && items.length < order.items.length) return 'it has fewer items'
  const ours = new Map(order.items.map((item) => [item.key, item]))
  const isOurs = (item: Listing['items'][number]): boolean => {
    const own = item.key === null ? undefined : ours.get(item.key)
    return (
      own !== undefined &&
      (item.money === null ||
        (item.money.currency === own.currency && sameAmount(item.money.amount, own.amount)))
    )
  }
  return items.every(isOurs) ? null : 'it has other items'
}
