import React, { useEffect, useLayoutEffect, useRef, useState } from 'react'

import { type ApiError } from '../shared/client'
import { useData } from '../shared/data'
import { type Attempt, newKey } from './attempt'
import { Form } from './form'
import { type Draft, draftFor, firstDraft } from './form-state'
import { History } from './history'
import type { Words } from './language'
import { Limits } from './limits'
import { Failure, Fetched, Notice, useLatest } from './parts'
import { Receipt, RecordView } from './record'
import { Review } from './review'
import { receiptKey } from './said'
import { SendingState } from './sending'
import type { Body, Options, Quote, Withdrawal } from './types'
import { type Sending, useAttempts } from './use-attempt'
import { useWayBack } from './use-way-back'
import { useWords } from './words'

interface PageProps {
  /** Whose page it is; an attempt is only gone on with for its owner. */
  readonly owner: string
  /** Where the page around it has chosen one. */
  readonly currency?: string | undefined
  /** No site around it: the browser's way back is its own. */
  readonly isAlone?: boolean
}

type View =
  | { readonly kind: 'form' }
  | { readonly kind: 'review'; readonly body: Body; readonly quote: Quote }
  /** `at`: when it was known to be so. */
  | { readonly kind: 'record' | 'receipt'; readonly record: Withdrawal; readonly at: Date }

const DEPTH: Readonly<Record<View['kind'], number>> = { form: 0, review: 1, record: 1, receipt: 2 }

export function WithdrawPage({ owner, currency, isAlone = false }: PageProps) {
  const { t } = useWords()
  const [version, setVersion] = useState(0)
  // The same list, asked for again.
  const options = useData<readonly Options[]>(`/options?${version}`)
  const known = useLatest(options.value)
  const changed = () => setVersion((before) => before + 1)
  const isOnline = useOnline()
  return (
    <div className="bw-page">
      {!isOnline && (
        <Notice tone="warn">
          <p>{t('offline.note')}</p>
        </Notice>
      )}
      <Fetched data={{ ...options, value: known }}>
        {(all) => {
          const offered =
            currency === undefined ? all : all.filter((one) => one.currency === currency.toLowerCase())
          const [first, ...others] = offered
          return first === undefined ? (
            <Notice tone="warn">
              <p>{t('page.nothing')}</p>
            </Notice>
          ) : (
            <Withdrawing {...{ owner, isAlone, version }} all={[first, ...others]} onChanged={changed} />
          )
        }}
      </Fetched>
    </div>
  )
}

interface WithdrawingProps {
  readonly owner: string
  readonly isAlone: boolean
  readonly all: readonly [Options, ...Options[]]
  readonly version: number
  readonly onChanged: () => void
}

function Withdrawing({ owner, isAlone, all, version, onChanged }: WithdrawingProps) {
  const { t, money, time } = useWords()
  const [kept, setView] = useState<View>({ kind: 'form' })
  const [chosen, setChosen] = useState(all[0].currency)
  const options = all.find(({ currency }) => currency === chosen) ?? all[0]
  // A site around us may have gone on to another currency, and one may be offered no longer.
  const isOther = kept.kind === 'review' && kept.body.currency !== options.currency
  const view: View = isOther ? { kind: 'form' } : kept
  const [typed, setDraft] = useState<Draft>(() => firstDraft(options))
  const draft = draftFor(options, typed)
  const [error, setError] = useState<ApiError | null>(null)
  const [note, setNote] = useState<string | null>(null)
  const show = (next: View, said: string | null = null) => {
    setError(null)
    setNote(said)
    setView(next)
  }
  const goBackTo = (depth: number) => {
    if (depth === 0) show({ kind: 'form' })
    else if (view.kind === 'receipt') show({ ...view, kind: 'record' })
  }
  useWayBack(DEPTH[view.kind], goBackTo, isAlone)
  const attempts = useAttempts(owner, {
    onAccepted(record) {
      setDraft(firstDraft(options))
      show({ kind: 'record', record, at: new Date() })
      onChanged()
    },
    onRefused(refusal, isResumed) {
      // What was confirmed on a page that is not shown any more is to be seen once more before it is sent again.
      if (isResumed || view.kind !== 'review') show({ kind: 'form' }, t('unknown.not'))
      // Nor is what was shown true any longer: it is asked for anew.
      else if (refusal.code === 'quote_changed') show({ kind: 'form' })
      if (!isResumed) setError(refusal)
      onChanged()
    },
  })
  const { sending } = attempts
  const aboutAttempt = ({ amount, body, startedAt }: Attempt) => ({
    amount: money(amount, body.currency),
    when: time(startedAt),
  })
  const stop = (attempt: Attempt) => {
    attempts.stop()
    show({ kind: 'form' }, t('unknown.stopped', aboutAttempt(attempt)))
    onChanged()
  }
  const confirm = ({ body, quote }: Extract<View, { kind: 'review' }>, code: string) => {
    setError(null)
    const startedAt = new Date().toISOString()
    const expected = {
      expected_payout_amount: quote.payout_amount,
      expected_leaves_balance: quote.leaves_balance,
    }
    attempts.send({ key: newKey(), body, expected, amount: quote.amount, startedAt, owner }, code)
  }
  const step = sending.kind === 'none' ? view.kind : sending.kind
  const title = titleOf(sending, view, useWords())
  return (
    <div className="bw-grid">
      <section className="bw-card bw-main" aria-labelledby="bw-title">
        <Heading key={view.kind === 'record' ? view.record.id : step} text={title} />
        {note !== null && (
          <Notice tone="warn">
            <p>{note}</p>
          </Notice>
        )}
        {attempts.old && view.kind === 'form' && (
          <Notice tone="warn">
            <p>{t('unknown.old', aboutAttempt(attempts.old))}</p>
          </Notice>
        )}
        {error && sending.kind === 'none' && view.kind === 'form' && <Failure error={error} />}
        {sending.kind !== 'none' ? (
          <SendingState sending={sending} onAgain={attempts.again} onStop={() => stop(sending.attempt)} />
        ) : view.kind === 'form' ? (
          <Form
            {...{ all, options, draft }}
            onDraft={setDraft}
            onCurrency={(currency) => {
              const next = all.find((one) => one.currency === currency) ?? options
              setChosen(next.currency)
              setDraft(draftFor(next, draft))
            }}
            onReviewed={(body, quote) => show({ kind: 'review', body, quote })}
          />
        ) : view.kind === 'review' ? (
          <Review
            {...{ options, error }}
            body={view.body}
            quote={view.quote}
            onConfirm={(code) => confirm(view, code)}
            onBack={() => show({ kind: 'form' })}
          />
        ) : view.kind === 'record' ? (
          <RecordView
            key={view.record.id}
            first={view.record}
            firstAt={view.at}
            onReceipt={(record, at) => show({ kind: 'receipt', record, at })}
            onAnother={() => show({ kind: 'form' })}
            onChanged={onChanged}
          />
        ) : (
          <Receipt record={view.record} at={view.at} onBack={() => show({ ...view, kind: 'record' })} />
        )}
      </section>
      <div className="bw-side">
        <Limits options={options} />
        <History version={version} onOpen={(record, at) => show({ kind: 'record', record, at })} />
      </div>
    </div>
  )
}

function titleOf(sending: Sending, view: View, { t, money }: Words): string {
  if (sending.kind === 'sending') return t('sending.title')
  if (sending.kind === 'unknown') return t(sending.isNotYet ? 'unknown.titleNotYet' : 'unknown.title')
  if (view.kind === 'review') return t('review.title')
  if (view.kind === 'receipt') return t(receiptKey(view.record.stage))
  if (view.kind === 'record')
    return t('record.title', { amount: money(view.record.amount, view.record.currency) })
  return t('page.title')
}

/** Whoever reads with their ears hears where they have come to, and the next tab key starts there. */
function Heading({ text }: { text: string }) {
  const place = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    // Not when the page is opened: the page around it has a beginning of its own.
    if (hasBeenShown) place.current?.focus()
    hasBeenShown = true
  }, [])
  return (
    <h2 id="bw-title" ref={place} tabIndex={-1}>
      {text}
    </h2>
  )
}

let hasBeenShown = false

function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return isOnline
}
