import { createContext, useContext, useMemo } from 'react'

import { type Words, wordsOf } from './language'

export const WordsContext = createContext<Words>(wordsOf('en'))
export const useWords = (): Words => useContext(WordsContext)
export const useWordsOf = (language: string): Words =>
  useMemo(() => {
    const locale = navigator.languages.find((name) => name.split('-')[0] === language)
    return wordsOf(language, locale ?? language)
  }, [language])
