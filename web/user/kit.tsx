import React, { useLayoutEffect, useMemo, useRef, useState } from 'react'

import { createClient } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { WithdrawPage } from './page'
import { languageFor } from './texts'
import { useWordsOf, WordsContext } from './words'

/** What a kit's page hands to a remote component; the rest of it is not ours. */
export interface KitProps {
  readonly currency?: string
  /** Where plugins are served; ends in `/api` where the site uses it. */
  readonly plugin_url?: string
  readonly token?: string
  readonly activeLanguage?: string
  readonly user?: {
    readonly id?: number
    readonly settings?: { readonly language?: string }
  }
  readonly titleSection?: React.ReactNode
}

const BASE_PATH = '/plugins/bank/withdrawal'
/** Put in by the build: style.css, of which every rule begins at our own root. */
declare const BW_STYLE: string

/** In place of the kit's own form. */
// eslint-disable-next-line no-restricted-exports -- the kit's loader takes the default export, and no other
export default function BankWithdrawal(props: KitProps) {
  const { currency, plugin_url: url = '', token = '', activeLanguage, user, titleSection } = props
  const client = useMemo(
    () => createClient({ base: `${url.replace(/\/+$/, '')}${BASE_PATH}`, token }),
    [url, token],
  )
  const language = languageFor([activeLanguage, user?.settings?.language, ...navigator.languages])
  const words = useWordsOf(language)
  const root = useRef<HTMLDivElement>(null)
  const [theme, setTheme] = useState<'light' | 'dark'>('light')
  useLayoutEffect(() => setTheme(themeAround(root.current)), [])
  return (
    <WordsContext.Provider value={words}>
      <ClientContext.Provider value={client}>
        <style dangerouslySetInnerHTML={{ __html: BW_STYLE }} />
        {titleSection}
        <div className="bw" ref={root} data-theme={theme} lang={language}>
          <WithdrawPage owner={String(user?.id ?? token.slice(-16))} currency={currency} />
        </div>
      </ClientContext.Provider>
    </WordsContext.Provider>
  )
}

/** A kit has themes of its own, whatever the system is set to: we are as dark as what we lie on. */
function themeAround(place: Element | null): 'light' | 'dark' {
  for (let at = place?.parentElement ?? null; at !== null; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? []).map(
      Number,
    )
    if (red === undefined || green === undefined || blue === undefined || alpha < 0.5) continue
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light'
  }
  return 'light'
}
