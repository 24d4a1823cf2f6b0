export interface RequestItem {
  readonly sender_item_id: string
  readonly recipient_type: string
  readonly receiver: string
  readonly amount: { readonly currency: string; readonly value: string }
}

export interface RequestBody {
  readonly sender_batch_header: { readonly sender_batch_id: string; readonly email_subject: string }
  readonly items: readonly RequestItem[]
}

export interface FakeItem {
  readonly id: string
  readonly key: string
  readonly request: RequestItem
  /** What a test has decided; otherwise the receiver and the time decide. */
  status?: string
  error?: string
  /** What PayPal says it paid, where that is another amount. */
  shownAmount?: string | undefined
  /** Left out of the listing. */
  isHidden?: boolean
}

export interface FakeBatch {
  readonly id: string
  /** Not ours, where a test says so. */
  key: string
  readonly subject: string
  readonly currency: string
  total: string
  readonly items: FakeItem[]
  readonly createdAtMs: number
  status?: string
}

export function newBatch({ sender_batch_header, items }: RequestBody, id: string, nowMs: number): FakeBatch {
  const total = items.reduce((units, { amount }) => units + Math.round(Number(amount.value) * 100), 0)
  return {
    id,
    key: sender_batch_header.sender_batch_id,
    subject: sender_batch_header.email_subject,
    currency: items[0]?.amount.currency ?? '',
    total: (total / 100).toFixed(2),
    items: items.map((request, index) => ({
      id: `${id}I${index}`,
      key: request.sender_item_id,
      request,
    })),
    createdAtMs: nowMs,
  }
}

/** As in PayPal's sandbox: about 20 seconds of work, and 30 days for a receiver without an account. */
const WORK_MS = 20_000
const CLAIM_MS = 30 * 24 * 3_600_000

interface Statuses {
  readonly batch: string
  readonly status: string
  readonly error?: string
}

export function statusesOf(batch: FakeBatch, item: FakeItem | undefined, nowMs: number): Statuses {
  const ageMs = nowMs - batch.createdAtMs
  const done = batch.status ?? (ageMs < WORK_MS ? 'PROCESSING' : 'SUCCESS')
  if (item?.status !== undefined)
    return { batch: done, status: item.status, ...(item.error && { error: item.error }) }
  if (done === 'DENIED') return { batch: done, status: 'FAILED', error: item?.error ?? 'UNDEFINED' }
  if (ageMs < WORK_MS) return { batch: done, status: 'PENDING' }
  const receiver = item?.request.receiver ?? ''
  if (receiver.startsWith('nobody'))
    return {
      batch: done,
      status: ageMs < CLAIM_MS ? 'UNCLAIMED' : 'RETURNED',
      error: 'RECEIVER_UNREGISTERED',
    }
  if (receiver.startsWith('locked'))
    return { batch: done, status: 'FAILED', error: 'RECEIVER_ACCOUNT_LOCKED' }
  return { batch: done, status: 'SUCCESS' }
}
