import React, { useState } from 'react'

import { Field } from '../shared/ui'
import { keepSession, type Session } from './session'
import { useWords } from './words'

const SANDBOX_USERS: readonly (readonly [id: number, name: string])[] = [
  [1, 'Ada Lovelace'],
  [2, 'Grace Hopper'],
]

export function SignIn({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const { t } = useWords()
  const [token, setToken] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    const given = token.trim().replace(/^Bearer\s+/i, '')
    if (/^[\w.~+/=-]{8,}$/.test(given)) onSignedIn(keepSession(given))
    else setProblem(t('signIn.tokenBad'))
  }
  const enter = (id: number) => {
    fetch(`/sandbox/user-token/${id}`, { method: 'POST' })
      .then(async (answer) => {
        const body = (await answer.json()) as { token?: string; message?: string }
        if (body.token !== undefined) onSignedIn(keepSession(body.token))
        else setProblem(body.message ?? t('signIn.noAnswer'))
      })
      .catch(() => setProblem(t('signIn.noAnswer')))
  }
  return (
    <section className="bw-card bw-gate" aria-labelledby="bw-sign-in">
      <h1 id="bw-sign-in">{t('signIn.title')}</h1>
      <p>{t('signIn.sandbox')}</p>
      <div className="bw-stack">
        {SANDBOX_USERS.map(([id, name]) => (
          <button key={id} type="button" className="bw-primary bw-big" onClick={() => enter(id)}>
            {t('signIn.as', { id, name })}
          </button>
        ))}
      </div>
      <p className="bw-or">{t('signIn.or')}</p>
      <form onSubmit={submit} className="bw-form" noValidate>
        <Field label={t('signIn.token')} hint={t('signIn.tokenHint')} error={problem}>
          {(attributes) => (
            <input
              {...attributes}
              type="password"
              autoComplete="off"
              spellCheck={false}
              value={token}
              aria-invalid={problem !== null}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit">{t('signIn.enter')}</button>
      </form>
    </section>
  )
}
