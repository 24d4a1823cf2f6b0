import React, { useState } from 'react'

import { isSandbox, keepSession, ownsSession, type Session } from '../shared/session'
import { Field } from '../shared/ui'

/** Where there is no panel around that knows who looks: a token is asked for, and kept until the tab is closed. */
export function SignIn({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [token, setToken] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  if (!ownsSession())
    return (
      <main className="gate">
        <h1>Nobody is signed in</h1>
        <p>Sign in to the operator panel, and open this page again.</p>
      </main>
    )
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    const given = token.trim().replace(/^Bearer\s+/i, '')
    if (/^[\w.~+/=-]{8,}$/.test(given)) onSignedIn(keepSession(given))
    else setProblem('This is not a token. Copy all of it, without the quotes around it.')
  }
  const enterSandbox = () => {
    fetch('/sandbox/operator-token', { method: 'POST' })
      .then(async (answer) => {
        const body = (await answer.json()) as { token?: string; message?: string }
        if (body.token !== undefined) onSignedIn(keepSession(body.token))
        else setProblem(body.message ?? 'The server gave no token.')
      })
      .catch(() => setProblem('The server did not answer. Is it still running?'))
  }
  return (
    <main className="gate">
      <h1>Withdrawals desk</h1>
      {isSandbox() && (
        <React.Fragment>
          <p>This is the sandbox: play money, a bank that is not one, and nothing you can break.</p>
          <button type="button" className="primary big" onClick={enterSandbox}>
            Enter as the sandbox’s operator
          </button>
          <p className="or">or</p>
        </React.Fragment>
      )}
      <form onSubmit={submit}>
        <Field
          label="Operator’s token"
          hint="The exchange’s own, of an account with an operator’s role. It is kept until this tab is closed."
          error={problem}
        >
          {(attributes) => (
            <input
              {...attributes}
              type="password"
              autoComplete="off"
              spellCheck={false}
              value={token}
              aria-invalid={problem !== null}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" className={isSandbox() ? '' : 'primary'}>
          Sign in
        </button>
      </form>
    </main>
  )
}
