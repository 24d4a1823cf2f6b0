import type { Destination } from './destination'

/** Stands where a payee's own words were. */
export const PAYEE_MARK = '[payee]'
/** Shorter ones are in half of all words. */
const LENGTH_MIN = 3

/**
 * A text that a person typed, without what these payees are called and where they are paid: as it is stored with them,
 * in any case, with any spaces and signs in between, with or without accents, and a name also with its last word first.
 */
export function withoutPayees(text: string, payees: readonly Destination[]): string {
  const letters = plainly(text)
  // An expression takes milliseconds to make, and an operator may speak of a hundred withdrawals at once.
  const words = [...new Set(payees.flatMap(wordsOf))].filter((word) => letters.includes(plainly(word)))
  return words
    .sort((a, b) => b.length - a.length)
    .reduce((cleaned, word) => cleaned.replace(anyWriting(word), PAYEE_MARK), text.normalize('NFC'))
}

function wordsOf(payee: Destination): readonly string[] {
  const values =
    payee.method === 'PAYPAL'
      ? [payee.paypalId]
      : [payee.iban, ...turned(payee.accountHolder), ...addressOf(payee.details ?? {})]
  return values.map((value) => bare(value ?? '')).filter((word) => word.length >= LENGTH_MIN)
}

/** A country is everybody's. */
const addressOf = ({ country: _everybodys, ...rest }: Readonly<Record<string, string>>) => Object.values(rest)

function turned(name: string | undefined): readonly (string | undefined)[] {
  const parts = (name ?? '').trim().split(/\s+/)
  return [name, [parts.at(-1), ...parts.slice(0, -1)].join(' ')]
}

/** The letters and digits alone, alike in each case: what is not in it in this writing is in it in none. */
const plainly = (value: string): string => lettersOf(value.normalize('NFKD')).toLowerCase().toUpperCase()
const bare = (value: string): string => lettersOf(value.normalize('NFC'))
const lettersOf = (value: string): string => value.replace(/[^\p{L}\p{N}]/gu, '')

/** As a word or several, never in the middle of one. Few signs in between, so that the work stays that of the text. */
function anyWriting(word: string): RegExp {
  const letters = [...word].map((letter) => {
    const plain = letter.normalize('NFD').replace(/\p{M}/gu, '')
    return plain === letter ? letter : `(?:${letter}|${plain})`
  })
  return new RegExp(`(?<![\\p{L}\\p{N}])${letters.join('[^\\p{L}\\p{N}]{0,3}')}(?![\\p{L}\\p{N}])`, 'giu')
}
