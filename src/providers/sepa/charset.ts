/**
 * Texts as banks take them. The characters every SEPA bank must take, and how others are best written with them:
 * European Payments Council, EPC217-08 (best practices for the SEPA Latin character set), in rules of our own.
 */

/**
 * What a bank that takes UTF-8 can pass on: the letters of the languages of SEPA (Latin with Extended-A and the Romanian
 * ones, Greek, Cyrillic) and the signs of a keyboard. Everything else no bank has to know, pictures least of all.
 */
const EPC_UTF8 =
  /^[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0218-\u021b\u0386\u0388-\u03ce\u0400-\u045f\u0490\u0491]$/

export type Charset = 'sepa-latin' | 'utf8'

const SEPA_LATIN = /^[A-Za-z0-9/\-?:().,'+ ]$/

/** Letters that no decomposition turns into plain ones, and those that a language writes with two. */
const LETTERS = pairs(
  'ä ae ö oe ü ue Ä Ae Ö Oe Ü Ue ß ss ẞ SS æ ae Æ AE œ oe Œ OE ø o Ø O ł l Ł L đ d Đ D ð d Ð D þ th Þ TH ' +
    'ħ h Ħ H ı i ĸ k ŋ n Ŋ N ŧ t Ŧ T ŀ l Ŀ L ĳ ij Ĳ IJ',
)
/** Modern Greek (ELOT 743), letter by letter. */
const GREEK = pairs(
  'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o',
)
/** Bulgarian (the 2009 law on transliteration), with the letters of Serbian and Macedonian names. */
const CYRILLIC = pairs(
  'а a б b в v г g д d е e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh ' +
    'щ sht ъ a ь y ю yu я ya ђ dj ѓ gj ѕ dz ј j љ lj њ nj ћ c ќ kj џ dz ы y э e ё e і i ї yi є ye',
)
const SIGNS = pairs(
  "& + € E @ (at) _ - ! . # . $ . % . * . = . ^ . ; , < ( > ) [ ( ] ) { ( } ) \\ / | / ~ - ` ' \" ' ’ ' ‘ ' ‚ , “ ' ” ' „ ' « ' » ' – - — - ‐ - ‑ - − - … ... ´ ' º o ª a № No",
)

function pairs(text: string): ReadonlyMap<string, string> {
  const words = text.split(' ')
  return new Map(words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : [])))
}

/** "Ж" becomes "Zh": a capital of one letter stays one capital. */
const titled = (latin: string): string => latin.slice(0, 1).toUpperCase() + latin.slice(1)

/** @returns null for a character that has no Latin form we know. */
function latinOf(character: string): string | null {
  if (SEPA_LATIN.test(character)) return character
  const known = LETTERS.get(character) ?? SIGNS.get(character)
  if (known !== undefined) return known
  const lower = character.toLowerCase()
  const letter = GREEK.get(lower) ?? CYRILLIC.get(lower)
  if (letter !== undefined) return lower === character ? letter : titled(letter)
  const plain = character.normalize('NFD').replace(/\p{M}/gu, '')
  if (plain === '') return ''
  return plain === character ? null : latinOfEach(plain)
}

function latinOfEach(text: string): string | null {
  const parts = [...text].map(latinOf)
  return parts.includes(null) ? null : parts.join('')
}

/** The one pair of Greek letters that is in half of all Greek names: Papadopoulos. */
const withGreekU = (text: string, charset: Charset): string =>
  charset === 'utf8' ? text : text.replace(/(?<=[οΟ])[υύ]/gu, 'u').replace(/(?<=[οΟ])[ΥΎ]/gu, 'U')

// Control characters, halves of a pair, invisible ones, and code points nobody has been given.
const NEVER = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Default_Ignorable_Code_Point}\ufffd]/gu
const squeezed = (text: string): string => text.replace(/\s+/gu, ' ').trim()

/**
 * A text as it goes into the file: cleaned, in the bank's characters, cut to `lengthMax` characters afterwards.
 *
 * @param instead Stands for every character without a Latin form; null: such a text cannot be written.
 * @returns null when it cannot be written.
 */
export function bankText(
  text: string,
  lengthMax: number,
  charset: Charset,
  instead: string | null,
): string | null {
  const cleaned = squeezed(text.normalize('NFC').replace(/\s/gu, ' ').replace(NEVER, ''))
  const characters = [...withGreekU(cleaned, charset)].map((character) =>
    charset === 'utf8' && EPC_UTF8.test(character) ? character : (latinOf(character) ?? instead),
  )
  if (characters.includes(null)) return null
  return [...squeezed(characters.join(''))].slice(0, lengthMax).join('').trim()
}
