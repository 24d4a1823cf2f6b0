import React, { useContext, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { Dialog, ErrorNote, Field, Money } from '../shared/ui'
import { isOldNow, isTooLate } from './staleness'
import type { PossibleAction, WithdrawalDetail } from './types'
import { stateLabel } from './words'

interface Props {
  readonly row: WithdrawalDetail
  readonly action: PossibleAction
  readonly onClose: () => void
  /** It was done, or somebody else was first: what is shown is old. */
  readonly onDone: () => void
}

/** What a decision does to the money stands above the button that makes it. */
export function DecideDialog({ row, action, onClose, onDone }: Props) {
  const client = useContext(ClientContext)
  const [reason, setReason] = useState('')
  const [evidence, setEvidence] = useState('')
  const [transaction, setTransaction] = useState('')
  const [error, setError] = useState<ApiError | null>(null)
  const [isSending, setSending] = useState(false)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    // A second click while the first is on its way is the same click.
    if (isSending) return
    setSending(true)
    setError(null)
    client
      .post(`/admin/withdrawals/${encodeURIComponent(row.id)}/${action.action}`, {
        ...{ reason, version: row.version },
        ...(action.to !== undefined && { to: action.to }),
        ...(evidence.trim() !== '' && { evidence }),
        ...(transaction.trim() !== '' && { transaction_id: transaction.trim() }),
      })
      .then(onDone, (thrown: unknown) => {
        setSending(false)
        setError(asApiError(thrown))
      })
  }
  const isLate = isTooLate(error)
  const close = isOldNow(error) ? onDone : onClose
  return (
    <Dialog title={action.title} onClose={close}>
      <form onSubmit={submit}>
        <p>
          <Money amount={row.amount} currency={row.currency} /> of user {row.user_id} to {row.destination},
          now “{stateLabel(row.state)}”.
        </p>
        <dl className="consequences">
          <div>
            <dt>The lock on the user’s balance</dt>
            <dd>{action.burn}</dd>
          </div>
          <div>
            <dt>The payout</dt>
            <dd>{action.payout}</dd>
          </div>
        </dl>
        {action.needs_second && (
          <p className="notice warn">
            This is above the ceiling: it is only proposed, and done when another operator has confirmed it.
          </p>
        )}
        {error && <ErrorNote error={error} />}
        <TextField
          label="Reason"
          hint="Kept in the journal with your name."
          value={reason}
          onChange={setReason}
          isRequired
        />
        {action.evidence !== 'none' && (
          <TextField
            label="Evidence"
            hint="What proves it: a page of a statement, a ticket of the bank’s. Account numbers are taken out."
            value={evidence}
            onChange={setEvidence}
            isRequired={action.evidence === 'note'}
          />
        )}
        {action.evidence === 'transaction' && (
          <TextField
            label="The bank’s transaction id"
            hint={
              row.provider_transaction_id === undefined
                ? 'Its reference of the executed payment.'
                : `Known already: ${row.provider_transaction_id}. Fill this in only to correct it.`
            }
            value={transaction}
            onChange={setTransaction}
            isRequired={row.provider_transaction_id === undefined}
          />
        )}
        <div className="dialog-actions">
          <button type="button" onClick={close}>
            {isLate ? 'Show it as it is now' : 'Leave it as it is'}
          </button>
          <button type="submit" className="primary" disabled={isSending || isLate}>
            {isSending ? 'Working …' : action.needs_second ? `Propose: ${action.title}` : action.title}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface TextProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly isRequired: boolean
}

export const TextField = ({ label, hint, value, onChange, isRequired }: TextProps) => (
  <Field label={label} hint={hint}>
    {(attributes) => (
      <input
        {...attributes}
        required={isRequired}
        maxLength={500}
        autoComplete="off"
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    )}
  </Field>
)
