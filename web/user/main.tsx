import { render } from 'preact'
import React, { useMemo, useState } from 'react'

import { createClient } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { WithdrawPage } from './page'
import { findSession, forgetSession, ownBase, type Session } from './session'
import { SignIn } from './sign-in'
import { languageFor, LANGUAGES } from './texts'
import { useWords, useWordsOf, WordsContext } from './words'

/** The standalone server's page: a token is asked for, and kept until the tab is closed. */
function App() {
  const [language, setLanguage] = useState(() => languageFor(navigator.languages))
  const [session, setSession] = useState<Session | null>(findSession)
  const words = useWordsOf(language)
  document.documentElement.lang = language
  document.title = words.t('page.title')
  return (
    <WordsContext.Provider value={words}>
      <div className="bw bw-alone">
        <Bar
          {...{ language, setLanguage }}
          onLeave={
            session &&
            (() => {
              forgetSession()
              // What was fetched for one person is not left to the next.
              window.location.reload()
            })
          }
        />
        <main>{session ? <SignedIn session={session} /> : <SignIn onSignedIn={setSession} />}</main>
      </div>
    </WordsContext.Provider>
  )
}

function SignedIn({ session }: { session: Session }) {
  const { t } = useWords()
  const client = useMemo(() => createClient(session), [session])
  return (
    <ClientContext.Provider value={client}>
      <h1 className="bw-hidden">{t('signIn.title')}</h1>
      <WithdrawPage owner={session.owner} isAlone />
    </ClientContext.Provider>
  )
}

interface BarProps {
  readonly language: string
  readonly setLanguage: (language: string) => void
  readonly onLeave: (() => void) | null
}

function Bar({ language, setLanguage, onLeave }: BarProps) {
  const { t } = useWords()
  return (
    <header className="bw-bar">
      <span className="bw-brand">
        <span className="bw-mark" aria-hidden="true" />
        {t('page.title')}
      </span>
      <span className="bw-bar-end">
        <select
          aria-label="Language · Sprache · Idioma"
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value)}
        >
          {Object.keys(LANGUAGES).map((code) => (
            <option key={code} value={code}>
              {new Intl.DisplayNames([code], { type: 'language' }).of(code)}
            </option>
          ))}
        </select>
        {onLeave ? (
          <button type="button" className="bw-quiet" onClick={onLeave}>
            {t('signIn.out')}
          </button>
        ) : (
          <a href={`${ownBase()}/admin/?sandbox`}>{t('signIn.desk')}</a>
        )}
      </span>
    </header>
  )
}

const place = document.getElementById('page')
if (place) render(<App />, place)
