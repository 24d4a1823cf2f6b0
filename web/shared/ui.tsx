import React, { createContext, useContext, useEffect, useLayoutEffect, useRef, useState } from 'react'

import type { ApiError } from './client'
import type { Data } from './data'
import { amountText, shortDuration, timeText, type Zone } from './format'
import type { Tone } from './tone'

export const ZoneContext = createContext<Zone>('local')

/** A heading that the page's name is read from, and where the keyboard starts after a change of page. */
export function PageHead({ title, children }: { title: string; children?: React.ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Withdrawals desk`
  }, [title])
  return (
    <header className="page-head">
      <h1 tabIndex={-1}>{title}</h1>
      {children && <div className="page-actions">{children}</div>}
    </header>
  )
}

export function Card(props: {
  title: string
  note?: React.ReactNode
  children: React.ReactNode
  wide?: boolean
}) {
  const { title, note, children, wide = false } = props
  return (
    <section className={wide ? 'card wide' : 'card'} aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        {note && <div className="note">{note}</div>}
      </div>
      {children}
    </section>
  )
}

export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: React.ReactNode }) => (
  <span className={`badge ${tone}`}>{children}</span>
)

export const Money = ({ amount, currency }: { amount: string | number; currency: string }) => (
  <span className="money">
    {amountText(amount, currency)} <span className="currency">{currency.toUpperCase()}</span>
  </span>
)

/** In the viewer's zone, or in UTC where that was chosen; the other one is read with the pointer on it. */
export function Time({ at, isFull = false }: { at: string; isFull?: boolean }) {
  const zone = useContext(ZoneContext)
  const other: Zone = zone === 'utc' ? 'local' : 'utc'
  return (
    <time dateTime={at} title={timeText(at, other, 'full')}>
      {timeText(at, zone, isFull ? 'full' : 'short')}
    </time>
  )
}

/** How long ago, for what somebody waits for. */
export function Age({ since, now }: { since: string; now: number }) {
  const zone = useContext(ZoneContext)
  const seconds = Math.max(0, (now - Date.parse(since)) / 1_000)
  const tone = seconds > 86_400 ? 'bad' : seconds > 4 * 3_600 ? 'warn' : 'plain'
  return (
    <time dateTime={since} title={timeText(since, zone, 'full')} className={`age ${tone}`}>
      {shortDuration(seconds)}
    </time>
  )
}

export const Empty = ({ title, children }: { title: string; children?: React.ReactNode }) => (
  <div className="empty">
    <p className="empty-title">{title}</p>
    {children && <p>{children}</p>}
  </div>
)

interface ErrorNoteProps {
  readonly error: ApiError
  /** What was known before it is still shown. */
  readonly isStale?: boolean
  readonly onRetry?: () => void
}

export function ErrorNote({ error, isStale = false, onRetry }: ErrorNoteProps) {
  return (
    <div className="notice bad" role="alert">
      <p>
        {error.message}
        {isStale && ' What is shown was known last.'}
      </p>
      {error.requestId !== undefined && (
        <p className="note">
          For whoever looks into it: <code>{error.requestId}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}

/** The four faces of something that is fetched: not there yet, slow, failed (with what was known), and there. */
export function Loaded<Result>({
  data,
  children,
}: {
  data: Data<Result>
  children: (value: Result) => React.ReactNode
}) {
  const { value, error, isSlow, reload } = data
  return (
    <React.Fragment>
      {error && <ErrorNote error={error} isStale={value !== null} onRetry={reload} />}
      {isSlow && (
        <p className="notice" role="status">
          This takes longer than usual. It goes on being tried for half a minute.
        </p>
      )}
      {value !== null ? children(value) : !error && <Skeleton />}
    </React.Fragment>
  )
}

const Skeleton = () => (
  <div className="skeleton" role="status">
    <span className="hidden">Loading …</span>
    <i />
    <i />
    <i />
  </div>
)

/** A line of a list of facts. */
export const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: React.ReactNode
}

/**
 * The browser's own dialog: it keeps the keyboard inside and gives the focus back. The browser may close it without
 * asking the page first (a second Escape, a back gesture), so that its end is heard and not its wish.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const heard = useRef(onClose)
  heard.current = onClose
  useLayoutEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    const onEnd = () => heard.current()
    dialog.addEventListener('close', onEnd)
    dialog.showModal()
    return () => {
      dialog.removeEventListener('close', onEnd)
      dialog.close()
    }
  }, [])
  return (
    <dialog ref={ref} aria-labelledby="dialog-title">
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  )
}

interface FieldProps {
  readonly label: string
  readonly hint?: React.ReactNode
  readonly error?: string | null
  readonly children: (attributes: { id: string; 'aria-describedby'?: string }) => React.ReactNode
}

let fields = 0

/** A label, what it means, and what is wrong with it, tied to the control. */
export function Field({ label, hint, error, children }: FieldProps) {
  const [id] = useState(() => `field-${++fields}`)
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, ...(described !== '' && { 'aria-describedby': described }) })}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}

/** A table that scrolls inside its own frame, so that the page never does. */
export function Table({
  label,
  head,
  children,
}: {
  label: string
  head: readonly string[]
  children: React.ReactNode
}) {
  return (
    <div className="table" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th
                key={name}
                scope="col"
                className={/^(Amount|Total|Fee|Items|Count)$/.test(name) ? 'number' : ''}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** An id that is read in part and copied whole. */
export function Id({ value }: { value: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => {
    void navigator.clipboard?.writeText(value).then(() => {
      setCopied(true)
      setTimeout(() => setCopied(false), 1_500)
    })
  }
  return (
    <span className="id">
      <code>{value}</code>
      <button type="button" className="copy" onClick={copy} aria-label={`Copy ${value}`}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </span>
  )
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Ages move on without anybody asking the server. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
