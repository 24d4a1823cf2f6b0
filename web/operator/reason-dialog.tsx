import React, { useContext, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { Dialog, ErrorNote } from '../shared/ui'
import { TextField } from './decide'
import { isOldNow, isTooLate } from './staleness'

interface Props {
  readonly title: string
  /** Where it is sent; the reason goes with `body`. */
  readonly path?: string
  readonly body?: Readonly<Record<string, unknown>>
  /** Instead of sending it there. */
  readonly send?: (reason: string) => Promise<unknown>
  /** What is mostly said, for whoever has nothing else to say. */
  readonly usual?: string
  /** What it does to the money. */
  readonly children: React.ReactNode
  readonly fields?: React.ReactNode
  readonly label?: string
  readonly verb: string
  readonly leave?: string
  readonly isDanger?: boolean
  readonly onClose: () => void
  /** It was done, or proposed and read. */
  readonly onDone: () => void
  /** What is shown is not what is: it has to be asked for again. As `onDone` when left out. */
  readonly onOld?: () => void
}

/** Says what a decision does, asks for a reason, and says so where another person has to confirm it first. */
export function ReasonDialog(props: Props) {
  const { title, path = '', body, children, fields, onClose, onDone, onOld = onDone } = props
  const { label = 'Reason', verb, leave = 'Leave it as it is', isDanger = false } = props
  const client = useContext(ClientContext)
  const { usual = '', send = (why: string) => client.post(path, { ...body, reason: why }) } = props
  const [reason, setReason] = useState(usual)
  const [error, setError] = useState<ApiError | null>(null)
  const [isSending, setSending] = useState(false)
  const [isProposed, setProposed] = useState(false)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    // A second click while the first is on its way is the same click.
    if (isSending) return
    setSending(true)
    setError(null)
    send(reason).then(
      (answer) => (isOnlyProposed(answer) ? setProposed(true) : onDone()),
      (thrown: unknown) => {
        setSending(false)
        setError(asApiError(thrown))
      },
    )
  }
  const isLate = isTooLate(error)
  const close = isOldNow(error) ? onOld : onClose
  if (isProposed) return <Proposed title={title} onClose={onDone} />
  return (
    <Dialog title={title} onClose={close}>
      <form onSubmit={submit}>
        {children}
        {error && <ErrorNote error={error} />}
        {fields}
        <TextField label={label} hint="Kept with your name." value={reason} onChange={setReason} isRequired />
        <div className="dialog-actions">
          <button type="button" onClick={close}>
            {isLate ? 'Show it as it is now' : leave}
          </button>
          <button type="submit" className={isDanger ? 'danger' : 'primary'} disabled={isSending || isLate}>
            {isSending ? 'Working …' : verb}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const isOnlyProposed = (answer: unknown): boolean =>
  ((answer ?? {}) as { approval?: unknown }).approval !== undefined

const Proposed = ({ title, onClose }: { title: string; onClose: () => void }) => (
  <Dialog title={`Proposed: ${title}`} onClose={onClose}>
    <p role="status">
      Nothing has changed yet. It stands on the control page until another operator has confirmed it.
    </p>
    <div className="dialog-actions">
      <button type="button" className="primary" onClick={onClose}>
        Close
      </button>
    </div>
  </Dialog>
)
