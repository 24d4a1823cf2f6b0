import { createHash } from 'node:crypto'

/** 35 is the format's limit; the payment block's id takes three of it for "-P1". */
const LENGTH_MAX = 32
const SUFFIX = /-P1$/

/**
 * The message id of an order: its key where that fits, else a hash of it. The same for ever, so that a file that is
 * made again, by whoever, is the same message to the bank.
 */
export function messageIdOf(orderKey: string): string {
  const plain = orderKey.replace(/-/g, '').toUpperCase()
  if (/^[A-Z0-9]+$/.test(plain) && plain.length <= LENGTH_MAX) return plain
  return `BW${createHash('sha256').update(orderKey).digest('hex').slice(0, 30).toUpperCase()}`
}

export const messageIdOfPayments = (paymentInformationId: string): string =>
  paymentInformationId.replace(SUFFIX, '')
