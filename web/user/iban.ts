import { countrySpecs, electronicFormatIBAN, friendlyFormatIBAN, isValidBIC, isValidIBAN } from 'ibantools'

import type { Words } from './language'

export interface IbanState {
  /** Empty until there is something to say. */
  readonly text: string
  readonly isValid: boolean
  /** It cannot become right by typing on. */
  readonly isWrong: boolean
}

/** What can be said of an IBAN while it is being typed. */
export function ibanState(typed: string, { t, country }: Pick<Words, 't' | 'country'>): IbanState {
  const iban = plainIban(typed)
  const said = (text: string, kind: 'right' | 'wrong' | 'open') => ({
    ...{ text, isValid: kind === 'right', isWrong: kind === 'wrong' },
  })
  if (iban.length < 2) return said('', 'open')
  const code = iban.slice(0, 2)
  const length = lengthIn(code)
  if (length === null) return said(t('form.ibanCountry'), 'wrong')
  const name = country(code)
  if (iban.length < length)
    return said(t('form.ibanShort', { country: name, count: length - iban.length }), 'open')
  if (iban.length > length) return said(t('form.ibanLong', { country: name, length }), 'wrong')
  return isValidIBAN(iban)
    ? said(t('form.ibanGood', { country: name }), 'right')
    : said(t('form.ibanCheck'), 'wrong')
}

const lengthIn = (code: string): number | null =>
  Object.entries(countrySpecs).find(([known]) => known === code)?.[1].chars ?? null

export const plainIban = (typed: string): string => electronicFormatIBAN(typed) ?? ''
/** In groups of four where it is one: a masked one, and another country's own number, are left as they are. */
export const shownIban = (account: string): string =>
  /^[A-Z]{2}\d{2}[A-Z0-9]{6,30}$/.test(account) ? (friendlyFormatIBAN(account) ?? account) : account
/** What stands for an account that was erased, or lost with its row: words of the server's, in no reader's language. */
const NOT_STORED: readonly string[] = ['', 'erased', 'not known: its row was lost']
export const isStored = (account: string): boolean => !NOT_STORED.includes(account)
export const isBic = (typed: string): boolean => isValidBIC(typed.replace(/\s/g, '').toUpperCase())

/** As much as one needs to know one's own account by. */
export const endOf = (account: string): string => account.slice(-4)
