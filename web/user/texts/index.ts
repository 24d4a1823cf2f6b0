import { de } from './de'
import { en, type TextKey, type Texts } from './en'
import { es } from './es'

export type { TextKey, Texts } from './en'

/** By the two letters that browsers and exchanges call a language by. */
export const LANGUAGES: Readonly<Record<string, Texts>> = { en, de, es }

/** The first of the wished languages that there is; English where there is none. */
export const languageFor = (wished: readonly (string | null | undefined)[]): string =>
  wished
    .map((name) => (name ?? '').toLowerCase().split(/[-_]/)[0] ?? '')
    .find((name) => Object.keys(LANGUAGES).includes(name)) ?? 'en'

export const textsOf = (language: string): Texts => LANGUAGES[language] ?? en

/** What `{name}` stands for is put in its place; nothing in it is read as markup. */
export const filled = (text: string, values: Readonly<Record<string, string | number>> = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))

const KEYS: ReadonlySet<string> = new Set(Object.keys(en))
const has = (key: string): key is TextKey => KEYS.has(key)
export const keyOr = <Other extends TextKey | null>(key: string, other: Other): TextKey | Other =>
  has(key) ? key : other
