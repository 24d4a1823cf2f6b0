import type { DeclineCode } from '../../domain/reasons'
import type { DeferReason, PayoutOrder, SubmitOutcome } from '../../ports/payment-provider'
import { heardBy } from '../shared/heard'
import type { HttpAnswer } from '../shared/http-client'
import { retryAfterMs } from '../shared/retry-after'
import { batchIdInLink, type ErrorAnswer, readCreated, readError } from './answers'
import { ownFaultOf } from './own-account'

/** What the answer to a create says. */
export type CreateAnswer =
  | { kind: 'created'; batchId: string }
  /** The key is taken: this very order was received before. `batchId` is null where PayPal did not say by what. */
  | { kind: 'taken'; batchId: string | null }
  /** This request created nothing. Whether an earlier one did is another matter. */
  | { kind: 'refused'; outcome: SubmitOutcome }
  | { kind: 'unknown'; why: string; wasHeard?: true }

export function readCreateAnswer(answer: HttpAnswer, order: PayoutOrder): CreateAnswer {
  const { status } = answer
  if (status >= 200 && status < 300) return created(answer, order.key)
  const error = status >= 400 && status < 500 ? readError(parsed(answer)) : null
  if (status === 429)
    return deferred('rate_limited', error?.name ?? 'RATE_LIMIT_REACHED', retryAfterMs(answer.headers))
  // 408, 409, 425, 5xx and redirects, whatever they say: PayPal may have the order all the same.
  if (![400, 401, 402, 403, 422].includes(status))
    return { kind: 'unknown', why: `PayPal answered ${status}`, ...heardBy(status) }
  // A 401 to a new token, and a 403, come before anything is looked at.
  if (status === 401 || status === 403)
    return deferred('provider_unavailable', error?.name ?? `HTTP_${status}`)
  if (!error)
    return { kind: 'unknown', why: `PayPal answered ${status} without a reason`, ...heardBy(status) }
  return named(error, status, order)
}

function created(answer: HttpAnswer, key: string): CreateAnswer {
  const header = readCreated(parsed(answer))
  if (header.batchId === null)
    return { kind: 'unknown', why: `PayPal answered ${answer.status} without a batch id` }
  if (header.key !== null && header.key !== key)
    return { kind: 'unknown', why: 'PayPal answered with the batch of another order', wasHeard: true }
  return { kind: 'created', batchId: header.batchId }
}

function named(error: ErrorAnswer, status: number, order: PayoutOrder): CreateAnswer {
  const taken = takenKey(error)
  if (taken) return taken
  const why = ownFaultOf(error.name)
  if (why !== null) return deferred(why, error.name)
  if (error.name === 'VALIDATION_ERROR' || error.name === 'INVALID_REQUEST') return invalid(error, order)
  return { kind: 'unknown', why: `PayPal answered ${status} ${error.name}`, ...heardBy(status) }
}

/**
 * Everything that speaks of our batch id is read as "taken", whatever its words: the texts have changed before, and
 * a repetition that is taken for a refusal would be paid a second time under a new key.
 */
function takenKey({ name, details }: ErrorAnswer): CreateAnswer | null {
  const aboutKey = details.filter(({ field }) => /sender_?batch_?id/i.test(field))
  const speaksOfIt = aboutKey.length > 0 || /DUPLICATE/.test(name)
  if (!speaksOfIt) return null
  const links = (aboutKey.length > 0 ? aboutKey : details).flatMap((detail) => detail.links)
  const ids = new Set(links.flatMap((href) => batchIdInLink(href) ?? []))
  const [batchId] = ids
  return { kind: 'taken', batchId: ids.size === 1 && batchId !== undefined ? batchId : null }
}

/** Validation is all or nothing: one bad item, and nothing of the batch is paid. */
function invalid({ name, details }: ErrorAnswer, order: PayoutOrder): CreateAnswer {
  const faults = details.map(({ field }) => faultIn(field, order))
  const items = Object.fromEntries(
    faults.flatMap((fault) =>
      fault ? [[fault.key, { kind: 'declined', code: fault.code, status: name } as const]] : [],
    ),
  )
  const outcome = { kind: 'deferred', why: 'batch_refused', status: name } as const
  const isNamed = Object.keys(items).length > 0
  return { kind: 'refused', outcome: isNamed ? { ...outcome, items } : outcome }
}

function faultIn(field: string, order: PayoutOrder): { key: string; code: DeclineCode } | null {
  // `items[3].receiver` in live answers, `/items/3/receiver` where they follow the specification's JSON pointers.
  const found = /^\$?[./]?items(?:\[(\d{1,5})\]|[./](\d{1,5}))(?:[./]([a-z_]+))?/i.exec(field)
  const item = found ? order.items[Number(found[1] ?? found[2])] : undefined
  if (!item) return null
  const part = found?.[3]?.toLowerCase() ?? ''
  const isReceiver = part === 'receiver' || part === 'recipient_type'
  // A note, a key or a wallet is what we made of the payout: no fault of whom it is for.
  if (!isReceiver && part !== 'amount' && part !== '') return null
  return { key: item.key, code: isReceiver ? 'invalid_identifier' : 'provider_declined' }
}

const deferred = (why: DeferReason, status: string, waitMs?: number): CreateAnswer => ({
  kind: 'refused',
  outcome: { kind: 'deferred', why, status, ...(waitMs !== undefined && { retryAfterMs: waitMs }) },
})

function parsed(answer: HttpAnswer): unknown {
  try {
    return answer.json()
  } catch {
    return null
  }
}
