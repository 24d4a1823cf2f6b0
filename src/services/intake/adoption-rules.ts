import type { Hold, PendingHold } from '../../ports/exchange'

/** A pending burn that the exchange's own form for fiat withdrawals has made, and nobody has touched since. */
export interface ExchangeWithdrawal extends PendingHold {
  readonly userId: number
  /** The id of the user's bank account. */
  readonly address: string
}

/** The kit's request id, which it makes the burn's id (uuid 4). Ours are of version 7, those of others anything. */
const KIT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Nobody has decided over it, begun to deal with it, or stopped it. */
export const isUntouched = ({ state, processing, waiting, onHold }: Hold): boolean =>
  state === 'pending' && !processing && !waiting && !onHold

/**
 * All marks at once: other plugins, P2P and operators burn too. Whether the address is an account of that user is for
 * the user's record to say.
 */
export const isExchangeWithdrawal = (hold: PendingHold): hold is ExchangeWithdrawal =>
  isUntouched(hold) &&
  (hold.type === null || hold.type === 'withdrawal') &&
  hold.userId !== null &&
  hold.address !== null &&
  KIT_ID.test(hold.id) &&
  hold.description?.startsWith('withdrawal to ') === true
