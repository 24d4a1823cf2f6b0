import React, { useContext, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { amountText, sumText } from '../shared/format'
import { Dialog, ErrorNote, Field, Money } from '../shared/ui'
import { isOldNow } from './staleness'
import type { Withdrawal } from './types'

/** Decisions that are the same for many: each is held against its own version on the server. */
const DECISIONS: readonly {
  readonly action: string
  readonly title: string
  readonly from: readonly string[]
  readonly money: string
}[] = [
  {
    action: 'approve',
    title: 'Let them go on',
    from: ['in_review'],
    money: 'The balances stay locked. The payouts leave now or with the next batch.',
  },
  {
    action: 'reject',
    title: 'Give them back',
    from: ['requested', 'in_review', 'ready'],
    money: 'The users have their balances back. The payouts are never made.',
  },
  {
    action: 'hold',
    title: 'Hold them',
    from: ['ready', 'in_doubt', 'settling', 'releasing', 'returning'],
    money: 'Nothing is sent, or sent again, and no balance moves, until a person lets each go on.',
  },
  {
    action: 'retry',
    title: 'Look at them now',
    from: ['requested', 'ready', 'submitted', 'in_doubt', 'settling', 'releasing', 'returning'],
    money: 'What is due is done now; nothing else changes.',
  },
]

interface Result {
  readonly id: string
  readonly ok: boolean
  readonly message?: string
  /** Only proposed: another operator has to confirm it. */
  readonly approval?: unknown
}

export function BulkBar({ picked, onDone }: { picked: readonly Withdrawal[]; onDone: () => void }) {
  /** With the rows as they were seen then. */
  const [asking, setAsking] = useState<Pick<DialogProps, 'picked' | 'decision'> | null>(null)
  if (picked.length === 0) return <p className="note bulk">Choose several to decide about them together.</p>
  return (
    <div className="bulk">
      <strong>{picked.length} chosen</strong>
      {totalsOf(picked).map(({ currency, amount }) => (
        <Money key={currency} amount={amount} currency={currency} />
      ))}
      <span className="bulk-actions">
        {DECISIONS.map((one) => (
          <button
            key={one.action}
            type="button"
            disabled={!picked.every(({ state }) => one.from.includes(state))}
            onClick={() => setAsking({ picked, decision: one })}
          >
            {one.title}
          </button>
        ))}
      </span>
      <span className="note">What is grey cannot be done with all of them.</span>
      {asking && (
        <BulkDialog
          {...asking}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null)
            onDone()
          }}
        />
      )}
    </div>
  )
}

const totalsOf = (rows: readonly Withdrawal[]) =>
  [...new Set(rows.map(({ currency }) => currency))].map((currency) => ({
    currency,
    amount: sumText(rows.filter((row) => row.currency === currency).map(({ amount }) => amount)),
  }))

interface DialogProps {
  readonly picked: readonly Withdrawal[]
  readonly decision: (typeof DECISIONS)[number]
  readonly onClose: () => void
  readonly onDone: () => void
}

function BulkDialog({ picked, decision, onClose, onDone }: DialogProps) {
  const client = useContext(ClientContext)
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const [error, setError] = useState<ApiError | null>(null)
  const [results, setResults] = useState<readonly Result[] | null>(null)
  const [isSending, setSending] = useState(false)
  const totals = totalsOf(picked)
  const close = isOldNow(error) ? onDone : onClose
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (isSending) return
    setSending(true)
    setError(null)
    client
      .post<{ data: readonly Result[] }>(`/admin/withdrawals/bulk/${decision.action}`, {
        reason,
        totals: Object.fromEntries(
          totals.map(({ currency }) => [currency, plainNumber(typed[currency] ?? '')]),
        ),
        items: picked.map(({ id, version }) => ({ id, version })),
      })
      .then(
        ({ data }) => setResults(data),
        (thrown: unknown) => setError(asApiError(thrown)),
      )
      .finally(() => setSending(false))
  }
  if (results) return <Results results={results} title={decision.title} onClose={onDone} />
  return (
    <Dialog title={`${decision.title}: ${picked.length}`} onClose={close}>
      <form onSubmit={submit}>
        <p>{decision.money}</p>
        {error && <ErrorNote error={error} />}
        {totals.map(({ currency, amount }) => (
          <Field
            key={currency}
            label={`Type the sum in ${currency.toUpperCase()}`}
            hint={`${amountText(amount, currency)} ${currency.toUpperCase()}: what is decided about is what you have seen.`}
          >
            {(attributes) => (
              <input
                {...attributes}
                required
                inputMode="decimal"
                autoComplete="off"
                value={typed[currency] ?? ''}
                onInput={(event) => setTyped({ ...typed, [currency]: event.currentTarget.value })}
              />
            )}
          </Field>
        ))}
        <Field label="Reason" hint="Kept with your name, for each.">
          {(attributes) => (
            <input
              {...attributes}
              required
              maxLength={500}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        <div className="dialog-actions">
          <button type="button" onClick={close}>
            Leave them as they are
          </button>
          <button type="submit" className="primary" disabled={isSending}>
            {isSending ? 'Working …' : decision.title}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** As people type sums: with their groups. */
const plainNumber = (text: string): string => text.replace(/[\s,’']/g, '')

function Results({
  results,
  title,
  onClose,
}: {
  results: readonly Result[]
  title: string
  onClose: () => void
}) {
  const failed = results.filter(({ ok }) => !ok)
  const proposed = results.filter(({ ok, approval }) => ok && approval !== undefined)
  return (
    <Dialog title={title} onClose={onClose}>
      <p role="status">
        Done with {results.length - failed.length - proposed.length} of {results.length}.
        {proposed.length > 0 &&
          ` ${proposed.length} are above the ceiling and only proposed: they stand on the control page until another operator has confirmed them.`}
      </p>
      {failed.length > 0 && (
        <ul className="stack">
          {failed.map(({ id, message }) => (
            <li key={id}>
              <code>{id}</code>: {message}
            </li>
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        <button type="button" className="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
