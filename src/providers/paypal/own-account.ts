import type { DeferReason } from '../../ports/payment-provider'

/**
 * What PayPal calls faults of the account that pays: of a whole request, and of a single payout. The payee has nothing to
 * do with them, so nobody's withdrawal is canceled for one.
 */
const OWN_FAULTS: Readonly<Record<string, DeferReason>> = {
  INSUFFICIENT_FUNDS: 'insufficient_float',
  NEGATIVE_BALANCE: 'insufficient_float',
  AUTHORIZATION_ERROR: 'provider_unavailable',
  NOT_AUTHORIZED: 'provider_unavailable',
  REQUIRED_SCOPE_MISSING: 'provider_unavailable',
  PERMISSION_DENIED: 'provider_unavailable',
  SENDER_RESTRICTED: 'provider_unavailable',
  SENDER_EMAIL_UNCONFIRMED: 'provider_unavailable',
  SENDER_ACCOUNT_UNVERIFIED: 'provider_unavailable',
  SENDER_ACCOUNT_LOCKED: 'provider_unavailable',
  SENDER_STATE_RESTRICTED: 'provider_unavailable',
  SENDING_LIMIT_EXCEEDED: 'provider_unavailable',
  SPENDING_LIMIT_EXCEEDED: 'provider_unavailable',
  ACCOUNT_RESTRICTED: 'provider_unavailable',
  USER_COUNTRY_NOT_ALLOWED: 'provider_unavailable',
  NON_HOLDING_CURRENCY: 'provider_unavailable',
}

/** @returns null where it is not known to be ours. */
export function ownFaultOf(name: string | null): DeferReason | null {
  if (name === null) return null
  if (Object.hasOwn(OWN_FAULTS, name)) return OWN_FAULTS[name] ?? null
  return name.startsWith('SENDER_') ? 'provider_unavailable' : null
}
