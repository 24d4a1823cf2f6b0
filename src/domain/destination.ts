/** Where the money goes. Field names in JSON are the client's (`account_holder`); here they are ours. */

export const METHODS = ['BANK', 'PAYPAL'] as const
export type Method = (typeof METHODS)[number]

export interface BankDestination {
  readonly method: 'BANK'
  readonly iban: string
  readonly bank?: string
  readonly swift?: string
  readonly accountHolder?: string
  /** Further fields of the account that a provider may ask for, by their JSON name (`country`, `town` ...). */
  readonly details?: Readonly<Record<string, string>>
  /** Id of the account stored on the exchange's user, when the destination was chosen that way. */
  readonly accountId?: string
}

export interface PaypalDestination {
  readonly method: 'PAYPAL'
  readonly paypalId: string
}

export type Destination = BankDestination | PaypalDestination

/** Extra fields of `bank_account` that travel to the provider as they are. */
export const BANK_DETAIL_FIELDS = [
  'country',
  'town',
  'postcode',
  'street',
  'building',
  'account_number',
  'sort_code',
  'routing_number',
] as const

/** 140 is the longest party name any rail we know takes (ISO 20022 Max140Text). */
const TEXT_LENGTH_MAX = 140
// Control characters, halves of a pair, the invisible or direction-changing ones that make one text look like
// another, and the one that stands for bytes nobody could read.
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffd]/u

/**
 * Cleans a line of text a person typed.
 *
 * @param lengthMax In characters, once it is clean; four times as many may be given.
 * @returns null when it is empty, too long, or holds characters that cannot be seen.
 */
export function cleanText(value: unknown, lengthMax = TEXT_LENGTH_MAX): string | null {
  if (typeof value !== 'string' || lengthOf(value) > lengthMax * 4) return null
  const text = value.normalize('NFC').trim()
  if (UNPRINTABLE.test(text)) return null
  const collapsed = text.replace(/\s+/g, ' ')
  return collapsed.length > 0 && lengthOf(collapsed) <= lengthMax ? collapsed : null
}

/** In characters, as databases and schemas count them: JavaScript counts one of many alphabets as two. */
const lengthOf = (text: string): number => [...text].length

/**
 * An account identifier without its spaces, in upper case. Only its alphabet is checked here: whether an IBAN
 * can be paid to is the provider's word.
 *
 * @returns null when it holds anything but letters and digits (a Cyrillic look-alike, say).
 */
export function cleanAccountIdentifier(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 64) return null
  const text = value.normalize('NFKC').replace(/ /g, '')
  // Before the change of case, which makes plain letters of a few that are none: "ß" becomes "SS".
  return /^[A-Za-z0-9]{4,40}$/.test(text) ? text.toUpperCase() : null
}

/**
 * Enough of an identifier for its owner to recognise it, too little to pay to: never more than a third of it, and never
 * half of a character, which no database takes.
 */
export function maskIdentifier(value: string): string {
  const characters = [...value]
  const first = (count: number) => characters.slice(0, count).join('')
  const last = (count: number) => characters.slice(characters.length - count).join('')
  const shownMax = Math.floor(characters.length / 3)
  // The last label of the host, behind the sign that says what it is; a handle has nothing in front of its own.
  const ending = /^.+(@)(?:.*?)((?:\.[A-Za-z]{1,4})?)$/.exec(value)
  if (ending && shownMax >= 2) {
    const tail = (ending[2] ?? '').slice(-(shownMax - 2) || value.length)
    return `${first(1)}…@…${tail}`
  }
  const head = Math.min(2, Math.floor(shownMax / 2))
  const tail = Math.min(4, shownMax - head)
  return `${first(head)}…${last(tail)}`
}

/** What operators, lists and logs may see of a destination. */
export const maskDestination = (destination: Destination): string =>
  maskIdentifier(destination.method === 'BANK' ? destination.iban : destination.paypalId)

/** The part that decides whether two destinations are the same account, whatever the name beside it. */
export const accountIdentity = (destination: Destination): string =>
  destination.method === 'BANK' ? `BANK:${destination.iban}` : `PAYPAL:${destination.paypalId.toLowerCase()}`

/** What stands where a user's details were. Opens with no key, and is no destination. */
export const ERASED = 'erased'
