import type { PayoutOutcome, SubmitOutcome } from '../../ports/payment-provider'
import type { Sending, SendLog } from './send-log'

/**
 * Sends an order, and believes what is said against it only while no earlier request of the same order may have been
 * taken: a refusal speaks of one request. What `send` throws stays thrown, and makes the next send a repetition.
 *
 * @param send Makes the one call. `declined` and `deferred` mean that this request took nothing.
 */
export async function guardedSend(
  sends: SendLog,
  orderKey: string,
  send: (sending: Sending) => Promise<SubmitOutcome>,
): Promise<SubmitOutcome> {
  const sending = await sends.begin(orderKey)
  if (!sending) return unknown('the same order is being sent by somebody else')
  const outcome = await send(sending)
  if (sending.isRepeat) return withoutRefusals(outcome)
  if (!isRefusal(outcome)) return outcome
  return (await sending.refused(false))
    ? outcome
    : unknown('the same order was sent by somebody else meanwhile')
}

function withoutRefusals(outcome: SubmitOutcome): SubmitOutcome {
  if (isRefusal(outcome))
    return unknown('a repetition was refused, which says nothing about the first request')
  if (!outcome.items) return outcome
  const items = Object.entries(outcome.items).map(
    ([key, item]) => [key, isRefusal(item) ? unknown('refused in a repetition') : item] as const,
  )
  return { ...outcome, items: Object.fromEntries(items) }
}

const isRefusal = ({ kind }: PayoutOutcome): boolean => kind === 'declined' || kind === 'deferred'
const unknown = (why: string) => ({ kind: 'unknown', why, wasHeard: true }) as const
