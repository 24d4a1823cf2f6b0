import React, { useContext, useEffect, useRef, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { Dialog, Fact } from '../shared/ui'
import { isStored, shownIban } from './iban'
import { accountOf, CopyId, Failure, isOver, isUnpaid, netOf, Notice, toneOf } from './parts'
import { actKey, failureOf, getsKey, nowKey, reasonKey, stageKey } from './said'
import type { TextKey } from './texts'
import type { Step, Withdrawal } from './types'
import { isPassing, useRecord } from './use-record'
import { useWords } from './words'

interface RecordProps {
  readonly first: Withdrawal
  /** When that was known to be so. */
  readonly firstAt: Date
  readonly onReceipt: (record: Withdrawal, at: Date) => void
  readonly onAnother: () => void
  /** It has ended, or has been canceled: lists and balances are old. */
  readonly onChanged: () => void
}

/** One withdrawal as it goes on: what happens now, how it went, and what can be done. */
export function RecordView({ first, firstAt, onReceipt, onAnother, onChanged }: RecordProps) {
  const { t, time } = useWords()
  const { record, error, at, show, look } = useRecord(first, firstAt)
  const over = isOver(record)
  const wasOver = useRef(over)
  useEffect(() => {
    if (over && !wasOver.current) onChanged()
    wasOver.current = over
  }, [over, onChanged])
  return (
    <div className="bw-stack">
      <Now record={record} isFollowed={!over && (error === null || isPassing(error))} />
      {error && (
        <Notice tone="warn">
          {isPassing(error) ? (
            <p>{t('now.noAnswer', { when: time(at) })}</p>
          ) : (
            <p>
              {t(failureOf(error, navigator.onLine).key)} {t('now.known', { when: time(at) })}
            </p>
          )}
          <button type="button" onClick={look}>
            {t('page.retry')}
          </button>
        </Notice>
      )}
      <Steps record={record} />
      <Details record={record} />
      <div className="bw-actions">
        {record.cancelable && (
          <Cancel
            record={record}
            onDone={(canceled) => {
              show({ ...record, ...canceled })
              look()
              onChanged()
            }}
          />
        )}
        <button type="button" onClick={() => onReceipt(record, at)}>
          {t('record.receipt')}
        </button>
        <button type="button" className={isOver(record) ? 'bw-primary' : ''} onClick={onAnother}>
          {t('record.another')}
        </button>
      </div>
    </div>
  )
}

/** Where the reason says all that the stage would say. */
const SAID_BY_REASON = ['confirming', 'queued']

function Now({ record, isFollowed }: { record: Withdrawal; isFollowed: boolean }) {
  const { t, until: untilText } = useWords()
  const { stage, reason_code: code, eta } = record
  const over = isOver(record)
  const act = actKey(code, over)
  const until = stage === 'confirming' || stage === 'sending' ? 'now.until' : 'now.expected'
  return (
    <div className={`bw-now ${toneOf(stage)}`} role="status">
      <p className="bw-now-stage">{t(stageKeyAt(stage, record.timeline?.length ?? 1))}</p>
      {code !== undefined && <p>{t(reasonKey(code))}</p>}
      {(code === undefined || !SAID_BY_REASON.includes(stage)) && <p>{t(nowKey(stage))}</p>}
      {eta !== undefined && <p className="bw-strong">{t(until, { when: untilText(eta) })}</p>}
      {act !== null && <p>{t(act)}</p>}
      {isFollowed && <p className="bw-note">{t('now.live')}</p>}
    </div>
  )
}

/** What comes back to the queue is not accepted a second time. */
const stageKeyAt = (stage: string, steps: number): TextKey =>
  stage === 'queued' && steps > 1 ? 'stage.waits' : stageKey(stage)

/** What has been, oldest first, and the end that is expected. */
function Steps({ record }: { record: Withdrawal }) {
  const { t, time, until } = useWords()
  const { eta } = record
  const steps: readonly Step[] = record.timeline ?? [{ stage: record.stage, at: record.updated_at }]
  return (
    <section aria-label={t('record.timeline')}>
      <h3>{t('record.timeline')}</h3>
      <ol className="bw-steps">
        {steps.map(({ stage, at }, place) => {
          const isLast = place === steps.length - 1
          return (
            <li
              key={`${stage}${place}`}
              className={isLast ? `current ${toneOf(stage)}` : 'done'}
              aria-current={isLast ? 'step' : undefined}
            >
              <p>{t(stageKeyAt(stage, place + 1))}</p>
              <p className="bw-note">
                <time dateTime={at}>{time(at)}</time>
              </p>
            </li>
          )
        })}
        {record.status === 'pending' && record.stage !== 'canceling' && (
          <li className="ahead">
            <p>{t('stage.completed')}</p>
            {eta !== undefined && <p className="bw-note">{t('now.expected', { when: until(eta) })}</p>}
          </li>
        )}
      </ol>
    </section>
  )
}

export function Details({ record }: { record: Withdrawal }) {
  const { t, money, time, country } = useWords()
  const shown = (amount: number) => money(amount, record.currency)
  const account = accountOf(record)
  return (
    <section aria-label={t('record.details')}>
      <h3>{t('record.details')}</h3>
      <dl className="bw-lines">
        <Fact name={t(getsKey(record.stage))}>{shown(netOf(record))}</Fact>
        {!isUnpaid(record) && (
          <Fact name={t('review.fee')}>{record.fee === 0 ? t('review.noFee') : shown(record.fee)}</Fact>
        )}
        <Fact name={t('record.account')}>
          <bdi>{isStored(account) ? shownIban(account) : t('record.notStored')}</bdi>
          {record.account_holder !== undefined && <span className="bw-block">{record.account_holder}</span>}
          {record.method === 'BANK' && /^[A-Z]{2}\d/.test(account) && (
            <span className="bw-block bw-note">{country(account.slice(0, 2))}</span>
          )}
        </Fact>
        <Fact name={t('record.asked')}>{time(record.created_at)}</Fact>
        {record.provider_transaction_id !== undefined && (
          <Fact name={t('record.reference')}>
            <CopyId value={record.provider_transaction_id} />
          </Fact>
        )}
        <Fact name={t('record.number')}>
          <CopyId value={record.id} />
        </Fact>
      </dl>
    </section>
  )
}

function Cancel({ record, onDone }: { record: Withdrawal; onDone: (record: Withdrawal) => void }) {
  const { t, money } = useWords()
  const client = useContext(ClientContext)
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const cancel = () => {
    if (isBusy) return
    setBusy(true)
    setError(null)
    client.post<Withdrawal>(`/${encodeURIComponent(record.id)}/cancel`, {}).then(
      (canceled) => {
        setBusy(false)
        setOpen(false)
        onDone(canceled)
      },
      (thrown: unknown) => {
        setBusy(false)
        setError(asApiError(thrown))
      },
    )
  }
  return (
    <React.Fragment>
      <button type="button" className="bw-danger" onClick={() => setOpen(true)}>
        {t('record.cancel')}
      </button>
      {isOpen && (
        <Dialog title={t('record.cancelTitle')} onClose={() => setOpen(false)}>
          <p>{t('record.cancelText', { amount: money(record.amount, record.currency) })}</p>
          {error && <Failure error={error} />}
          <div className="bw-actions">
            <button type="button" className="bw-danger" aria-disabled={isBusy} onClick={cancel}>
              {t('record.cancelYes')}
            </button>
            <button type="button" onClick={() => setOpen(false)}>
              {t('record.cancelNo')}
            </button>
          </div>
        </Dialog>
      )}
    </React.Fragment>
  )
}

interface ReceiptProps {
  readonly record: Withdrawal
  /** When it was known to be so: the page may have had no answer since. */
  readonly at: Date
  readonly onBack: () => void
}

/** On paper, or as a PDF: it says what is known of it now, and when that was. */
export function Receipt({ record, at, onBack }: ReceiptProps) {
  const { t, money, time } = useWords()
  return (
    <div className="bw-stack bw-receipt">
      <dl className="bw-lines">
        <Fact name={t('history.amount')}>
          <strong className="bw-figure">{money(record.amount, record.currency)}</strong>
        </Fact>
        <Fact name={t('receipt.state')}>{t(stageKeyAt(record.stage, record.timeline?.length ?? 1))}</Fact>
        {record.reason_code !== undefined && (
          <Fact name={t('receipt.reason')}>{t(reasonKey(record.reason_code))}</Fact>
        )}
        <Fact name={t('receipt.by')}>{record.provider}</Fact>
      </dl>
      <Details record={record} />
      <p className="bw-note">{t('receipt.at', { when: time(at) })}</p>
      <div className="bw-actions bw-unprinted">
        <button type="button" className="bw-primary" onClick={() => window.print()}>
          {t('receipt.print')}
        </button>
        <button type="button" onClick={onBack}>
          {t('receipt.back')}
        </button>
      </div>
    </div>
  )
}
