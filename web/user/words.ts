import { createContext, useContext, useMemo } from 'react'

import type { ApiError } from '../shared/client'
import { type Words, wordsOf } from './language'
import { keyOr } from './texts'

export const WordsContext = createContext<Words>(wordsOf('en'))
export const useWords = (): Words => useContext(WordsContext)
export const useWordsOf = (language: string): Words =>
  useMemo(() => {
    const locale = navigator.languages.find((name) => name.split('-')[0] === language)
    return wordsOf(language, locale ?? language)
  }, [language])

/** What the exchange says itself, about its rules or for the moment, is passed on as it is. */
const AS_SAID = ['withdrawal_refused', 'withdrawals_stopped', 'destination_refused']

export function errorText({ t }: Words, error: ApiError): string {
  if (error.status === 0 && !navigator.onLine) return t('error.offline')
  if (AS_SAID.includes(error.code)) return error.message
  const key = keyOr(`error.${error.code}`, null)
  if (key !== null) return t(key)
  return error.status >= 500 || error.message === '' ? t('error.internal_error') : error.message
}
