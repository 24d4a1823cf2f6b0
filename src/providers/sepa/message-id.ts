import { createHash } from 'node:crypto'

/** 35 is the format's limit; the payment block's id takes three of it for "-P1". */
const LENGTH_MAX = 32
const SUFFIX = /-P1$/
/** A prefix and a UUID, as the engine's keys are. */
const WITH_UUID = /^[A-Z]{2}-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/**
 * The message id of an order: its key where that fits, the digits of its UUID, or else a hash of it. The same for ever,
 * so that a file that is made again, by whoever, is the same message to the bank.
 */
export function messageIdOf(orderKey: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(orderKey) && orderKey.length <= LENGTH_MAX && !SUFFIX.test(orderKey))
    return orderKey
  const uuid = WITH_UUID.exec(orderKey)?.[1]
  if (uuid !== undefined) return uuid.replace(/-/g, '').toUpperCase()
  return createHash('sha256').update(orderKey).digest('hex').slice(0, LENGTH_MAX).toUpperCase()
}

export const messageIdOfPayments = (paymentInformationId: string): string =>
  paymentInformationId.replace(SUFFIX, '')
