import { createContext, useContext, useMemo } from 'react'

import type { ApiError } from '../shared/client'
import { type Words, wordsOf } from './language'
import { errorKey } from './said'

export const WordsContext = createContext<Words>(wordsOf('en'))
export const useWords = (): Words => useContext(WordsContext)
export const useWordsOf = (language: string): Words =>
  useMemo(() => {
    const locale = navigator.languages.find((name) => name.split('-')[0] === language)
    return wordsOf(language, locale ?? language)
  }, [language])

export function errorText({ t }: Words, error: ApiError): string {
  if (error.status === 0 && !navigator.onLine) return t('error.offline')
  const key = errorKey(error.code)
  // What the exchange and the bank say of their own rules is passed on in their words, behind ours.
  if (key !== null) return t(key, { said: error.message })
  return error.status >= 500 || error.message === '' ? t('error.internal_error') : error.message
}
