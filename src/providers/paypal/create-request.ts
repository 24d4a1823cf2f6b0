import { fingerprint } from '../../domain/identifiers'
import { sameAmount, sum, toFixedDecimals } from '../../domain/money'
import type { PayoutItem, PayoutOrder } from '../../ports/payment-provider'
import { paypalDecimals } from './currencies'
import { receiverOf } from './receiver'

export const ITEMS_MAX = 15_000
const BATCH_KEY_LENGTH_MAX = 256
const ITEM_KEY_LENGTH_MAX = 63
/** Of the note; beyond ASCII PayPal takes 1,000 characters instead of 4,000. */
const NOTE_LENGTH_MAX = 1_000

export interface Mail {
  readonly subject: string
  readonly message: string
}

/** The body of POST /v1/payments/payouts. The order has been checked; the same order is the same bytes. */
export const createRequestBody = (order: PayoutOrder, mail: Mail): string =>
  JSON.stringify({
    sender_batch_header: {
      // The only key PayPal honours: `PayPal-Request-Id` does not keep it from paying a second time.
      sender_batch_id: order.key,
      email_subject: mail.subject,
      ...(mail.message !== '' && { email_message: mail.message }),
    },
    items: order.items.map((item) => requestItem(item)),
  })

function requestItem({ key, amount, currency, destination, statementText }: PayoutItem) {
  const receiver = destination.method === 'PAYPAL' ? receiverOf(destination.paypalId) : null
  if (!receiver) throw new Error(`Payout ${key} has no PayPal account to pay to. Nothing was sent.`)
  return {
    sender_item_id: key,
    recipient_type: receiver.type,
    receiver: receiver.value,
    recipient_wallet: 'PAYPAL',
    amount: {
      currency: currency.toUpperCase(),
      value: toFixedDecimals(amount, paypalDecimals(currency)),
    },
    ...(statementText !== '' && { note: statementText.slice(0, NOTE_LENGTH_MAX) }),
  }
}

/** @returns What makes the order one that PayPal could not keep apart from another, or null. */
export function faultOf({ key, currency, total, items }: PayoutOrder): string | null {
  if (items.length === 0 || items.length > ITEMS_MAX) return 'ITEM_COUNT'
  if (!isKey(key, BATCH_KEY_LENGTH_MAX)) return 'ORDER_KEY'
  if (!items.every((item) => isKey(item.key, ITEM_KEY_LENGTH_MAX))) return 'ITEM_KEY'
  // PayPal pays two items of one key, and both.
  if (new Set(items.map((item) => item.key)).size !== items.length) return 'ITEM_KEY_REPEATED'
  if (items.some((item) => item.currency !== currency)) return 'MIXED_CURRENCIES'
  return sameAmount(sum(items.map((item) => item.amount)), total) ? null : 'TOTAL'
}

const isKey = (key: string, lengthMax: number): boolean =>
  /^[\x21-\x7e]+$/.test(key) && key.length <= lengthMax

/** What makes two orders the same payouts, whatever the wording of the mails. */
export const orderFingerprint = ({ key, currency, items }: PayoutOrder): string =>
  fingerprint({
    key,
    currency,
    items: items.map(({ key: itemKey, amount, destination }) => [itemKey, amount, destination]),
  })
