import { fingerprint } from '../../domain/identifiers'
import { DeadlineError } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { PayoutOrder, PayoutOutcome, SubmitOutcome } from '../../ports/payment-provider'
import { mapFew } from '../../runtime/parallel'
import { executionDate } from './calendar'
import { centsOf, payoutProblems } from './check'
import { claimAll } from './claims'
import { isMade, type Ledger, type Order } from './ledger'
import { messageIdOf } from './message-id'
import { paymentFile, totalOf } from './pain001'
import type { SepaSettings } from './settings'
import type { StoredFiles } from './stored-files'

interface OrdersDeps {
  readonly ledger: Ledger
  readonly files: StoredFiles
  readonly clock: Clock
  readonly settings: SepaSettings
}

/** The order as it is in the documents, or why there is none. */
export type Making = { made: Order } | { refused: SubmitOutcome }

/**
 * Makes orders. Nothing before `makeOrder` has an effect and nothing after it can fail the order, so a crash at any
 * point leaves either no order or the whole of it, and asking again with the same key finds out which.
 */
export function createOrders({ ledger, files, clock, settings }: OrdersDeps) {
  async function make(order: PayoutOrder): Promise<Making> {
    const startedMs = clock.monotonicMs()
    const known = await ledger.order(order.key)
    if (known) return knownOrder(known, order)
    const refused = oddOrder(order, settings) ?? (await unpayable(order))
    if (refused) return { refused }

    const messageId = messageIdOf(order.key)
    const owner = await ledger.claimMessageId(messageId, order.key)
    if (owner !== order.key) return { refused: unknown('its message id belongs to another order') }
    const draft = await write(order, messageId)
    if (!(await claimAll(ledger, order)))
      return { refused: unknown('some of its payouts are already in another file') }

    // The engine has given up on us by now and may be deciding what to do: an order must not appear behind its back.
    if (clock.monotonicMs() - startedMs > settings.timeoutMs)
      throw new DeadlineError('making the payment file took too long; nothing was made')
    if (await ledger.makeOrder(draft)) return { made: draft }
    const rival = await ledger.order(order.key)
    return rival ? knownOrder(rival, order) : { refused: unknown('its document cannot be read') }
  }

  /** The file and everything that is needed later, stored; no order yet. */
  async function write(order: PayoutOrder, messageId: string): Promise<Order> {
    const now = clock.now()
    const plan = { messageId, createdAt: now, executionDate: executionDate(now, settings) }
    const file = await files.save(paymentFile(order.items, plan, settings))
    const payments = order.items.map(({ key, endToEndId, amount }) => ({ key, endToEndId, amount }))
    await ledger.savePayments(file.sha256, payments)
    return {
      key: order.key,
      messageId,
      fingerprint: fingerprintOf(order),
      currency: order.currency,
      total: totalOf(order.items),
      itemCount: order.items.length,
      createdAt: now.toISOString(),
      executionDate: plan.executionDate,
      handOver: settings.handOver,
      file,
    }
  }

  /** Items that cannot go into a file. They passed `check` once, so the settings or the rules have changed since. */
  async function unpayable(order: PayoutOrder): Promise<SubmitOutcome | null> {
    const bad = order.items.filter((item) => payoutProblems(item, settings).length > 0)
    if (bad.length === 0) return null
    const present = await mapFew(bad, ({ endToEndId }) => ledger.item(endToEndId))
    const orders = await mapFew(
      present.filter((item) => item !== null),
      ({ orderKey }) => ledger.order(orderKey),
    )
    if (orders.some(isMade)) return unknown('some of its payouts are already in another file')
    const declined: PayoutOutcome = { kind: 'declined', code: 'invalid_identifier', status: 'NOT_WRITABLE' }
    const items = Object.fromEntries(bad.map(({ key }) => [key, declined]))
    return { kind: 'deferred', why: 'batch_refused', status: 'NOT_WRITABLE', items }
  }

  return { make }
}

function knownOrder(known: Awaited<ReturnType<Ledger['order']>>, order: PayoutOrder): Making {
  if (!isMade(known)) return { refused: { kind: 'deferred', why: 'provider_unavailable', status: 'VOID' } }
  return known.fingerprint === fingerprintOf(order)
    ? { made: known }
    : { refused: unknown('its key already stands for a file with other payments') }
}

/** Orders no engine should ask for. Nothing is made of them. */
function oddOrder({ items, total, currency }: PayoutOrder, settings: SepaSettings): SubmitOutcome | null {
  const refuse = (status: string): SubmitOutcome => ({ kind: 'deferred', why: 'batch_refused', status })
  const isDistinct = (values: readonly string[]) => new Set(values).size === values.length
  if (items.length === 0 || items.length > settings.maxItems) return refuse('WRONG_NUMBER_OF_ITEMS')
  if (!isDistinct(items.map(({ key }) => key))) return refuse('REPEATED_KEY')
  if (!isDistinct(items.map(({ endToEndId }) => endToEndId))) return refuse('REPEATED_END_TO_END_ID')
  if (!items.every(({ endToEndId }) => /^[A-Za-z0-9]{1,35}$/.test(endToEndId))) return refuse('WRONG_ID')
  if (items.some(({ endToEndId }) => endToEndId.toUpperCase() === 'NOTPROVIDED')) return refuse('WRONG_ID')
  if (!items.every((item) => item.currency === currency)) return refuse('MIXED_CURRENCIES')
  if (centsOf(total) !== centsOf(totalOf(items))) return refuse('WRONG_TOTAL')
  return null
}

const unknown = (why: string): Extract<SubmitOutcome, { kind: 'unknown' }> => ({
  kind: 'unknown',
  why,
  wasHeard: true,
})

/** The same payments in another order of rows are the same file to make. */
const fingerprintOf = ({ currency, items }: PayoutOrder): string =>
  fingerprint({
    currency,
    items: [...items].sort((a, b) => (a.key < b.key ? -1 : 1)),
  })
