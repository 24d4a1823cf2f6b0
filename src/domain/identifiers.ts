import { sha256 } from './digest'

/**
 * A kit puts transaction ids unescaped into a query string, so an id with any other character would break its
 * filters and its signature. Everything we send to a kit as an id keeps to this alphabet.
 */
const KIT_SAFE = /^[A-Za-z0-9_-]{1,64}$/

export const isKitSafeId = (value: unknown): value is string =>
  typeof value === 'string' && KIT_SAFE.test(value)

/** A kit's symbol of a currency, as it is stored: in lower case. */
export const CURRENCY_SYMBOL = /^[a-z0-9_-]{2,20}$/
const CURRENCY_IN_ANY_CASE = new RegExp(CURRENCY_SYMBOL.source, 'i')

/** As a client may write it, in any case. */
export const isCurrencySymbol = (value: unknown): value is string =>
  typeof value === 'string' && CURRENCY_IN_ANY_CASE.test(value)

/** What a client may use as an `Idempotency-Key`. */
export const isIdempotencyKey = (value: string): boolean => /^[\x21-\x7e]{1,255}$/.test(value)

/** The key a provider knows a payout by, for the whole life of the withdrawal: every resend is the same payout. */
export const payoutKeyOf = (withdrawalId: string): string => `BW-${withdrawalId}`

/**
 * When a process gave out an id, by its own clock: ids carry it (UUID version 7, RFC 9562, section 5.7).
 *
 * @returns null for an id that was not made by one, as a burn's that was taken in.
 */
export function givenOutAtMs(id: string): number | null {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id) ?? []
  return high === undefined || low === undefined ? null : Number.parseInt(high + low, 16)
}

/** Whether a key that others list is one of ours. */
export const isPayoutKey = (value: unknown): value is string =>
  typeof value === 'string' && /^BW-[A-Za-z0-9_-]{1,64}$/.test(value)

/** Travels to the beneficiary's bank: at most 35 characters of A-Z and 0-9 (ISO 20022 EndToEndId). */
export const endToEndIdOf = (withdrawalId: string): string =>
  withdrawalId
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase()
    .slice(0, 35)

/**
 * Same meaning, same fingerprint: object keys are sorted, absent values left out. Decides whether a repeated
 * idempotency key carries the same request.
 */
export function fingerprint(value: unknown): string {
  return sha256(canonicalJson(value))
}

export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  let members = ''
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (member === undefined) continue
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}
