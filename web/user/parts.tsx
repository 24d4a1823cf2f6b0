import React, { useRef, useState } from 'react'

import type { ApiError } from '../shared/client'
import type { Data } from '../shared/data'
import type { Tone } from '../shared/tone'
import { failureOf, shortKey } from './said'
import type { TextKey } from './texts'
import type { Withdrawal } from './types'
import { useWords } from './words'

interface NoticeProps {
  readonly tone?: Tone
  readonly title?: string
  readonly children: React.ReactNode
}

/** What has to be read; what is bad is said at once to whoever reads with their ears. */
export const Notice = ({ tone = 'info', title, children }: NoticeProps) => (
  <div className={`bw-notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
    {title !== undefined && <p className="bw-notice-title">{title}</p>}
    {children}
  </div>
)

/** Words of others, in whatever language they are: they are marked as theirs, and nobody takes that language for ours. */
export function Quoted({ by, text }: { by: TextKey; text: string }) {
  const { t } = useWords()
  return (
    <p>
      {t(by)}{' '}
      <q lang="" dir="auto">
        {text}
      </q>
    </p>
  )
}

export function Failure({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  const { t } = useWords()
  const { key, by } = failureOf(error, navigator.onLine)
  const tone = error.status === 429 || (error.status === 0 && !navigator.onLine) ? 'warn' : 'bad'
  return (
    <Notice tone={tone}>
      <p>{t(key)}</p>
      {by !== null && <Quoted by={by} text={error.message} />}
      {error.requestId !== undefined && (
        <p className="bw-note">{t('page.request', { id: error.requestId })}</p>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t('page.retry')}
        </button>
      )}
    </Notice>
  )
}

/** Something that is fetched: not there yet, slow, failed (with what was known), and there. */
export function Fetched<Result>({
  data,
  children,
}: {
  data: Data<Result>
  children: (value: Result) => React.ReactNode
}) {
  const { t } = useWords()
  const { value, error, isSlow, reload } = data
  return (
    <React.Fragment>
      {error && <Failure error={error} onRetry={reload} />}
      {isSlow && !error && (
        <Notice>
          <p>{t('page.slow')}</p>
        </Notice>
      )}
      {value !== null ? children(value) : !error && <Skeleton text={t('page.loading')} />}
    </React.Fragment>
  )
}

const Skeleton = ({ text }: { text: string }) => (
  <div className="bw-skeleton" role="status">
    <span className="bw-hidden">{text}</span>
    <i />
    <i />
    <i />
  </div>
)

export const toneOf = (stage: string): Tone => {
  if (stage === 'completed') return 'good'
  if (stage === 'canceled' || stage === 'returned' || stage === 'canceling') return 'plain'
  return stage === 'returning' || stage === 'being_checked' || stage === 'confirming' ? 'warn' : 'info'
}

export function StageBadge({ stage }: { stage: string }) {
  const { t } = useWords()
  return <span className={`bw-badge ${toneOf(stage)}`}>{t(shortKey(stage))}</span>
}

/** An id that is read in part and copied whole. */
export function CopyId({ value }: { value: string }) {
  const { t } = useWords()
  const [isCopied, setCopied] = useState(false)
  const copy = () => {
    void navigator.clipboard?.writeText(value).then(() => {
      setCopied(true)
      setTimeout(() => setCopied(false), 1_500)
    })
  }
  return (
    <span className="bw-id">
      <code>{value}</code>
      <button type="button" className="bw-small" onClick={copy} aria-label={`${t('record.copy')}: ${value}`}>
        {isCopied ? t('record.copied') : t('record.copy')}
      </button>
    </span>
  )
}

/** What was there last, while something newer is awaited. */
export function useLatest<Value>(value: Value | null): Value | null {
  const latest = useRef<Value | null>(value)
  if (value !== null) latest.current = value
  return latest.current
}

export const accountOf = ({ iban, paypal_id }: Withdrawal): string => iban ?? paypal_id ?? ''
export const isOver = ({ status, stage }: Withdrawal): boolean =>
  status !== 'pending' && stage !== 'returning'
/** Nothing has left for the account, nor will: what the user has asked for was not had. */
export const isUnpaid = ({ stage }: Withdrawal): boolean => stage === 'canceled' || stage === 'canceling'
export const netOf = ({ amount, payout_amount }: Withdrawal): number => payout_amount ?? amount
