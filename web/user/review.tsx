import React, { useState } from 'react'

import { type ApiError } from '../shared/client'
import { Fact, Field } from '../shared/ui'
import { less } from './amount'
import { endOf } from './iban'
import type { Words } from './language'
import { Failure } from './parts'
import type { Body, Options, Quote } from './types'
import { useWords } from './words'

interface ReviewProps {
  readonly options: Options
  readonly body: Body
  readonly quote: Quote
  readonly error: ApiError | null
  readonly onConfirm: (code: string) => void
  readonly onBack: () => void
}

/** What is confirmed, to the cent and to the day, as the exchange would accept it this moment. */
export function Review({ options, body, quote, error, onConfirm, onBack }: ReviewProps) {
  const words = useWords()
  const { t, money, when, until } = words
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const shown = (amount: number) => money(amount, quote.currency)
  const confirm = (event: React.FormEvent) => {
    event.preventDefault()
    const given = code.replace(/\s/g, '')
    if (options.otp_required && !/^\d{6,8}$/.test(given)) return setProblem(t('review.codeBad'))
    setProblem(null)
    onConfirm(options.otp_required ? given : '')
  }
  return (
    <form onSubmit={confirm} noValidate className="bw-form">
      <dl className="bw-lines">
        <Fact name={t('review.gets')}>
          <strong className="bw-figure">{shown(quote.payout_amount)}</strong>
        </Fact>
        <Fact name={t('review.to')}>
          <bdi>{targetText(options, body, words)}</bdi>
        </Fact>
        <Fact name={t('review.fee')}>{quote.fee === 0 ? t('review.noFee') : shown(quote.fee)}</Fact>
        <Fact name={t('review.leaves')}>{shown(quote.leaves_balance)}</Fact>
        <Fact name={t('review.after')}>{shown(less(options.available, quote.leaves_balance))}</Fact>
        <Fact name={t('review.by')}>{when(quote.arrives_by)}</Fact>
      </dl>
      {quote.arrives_by_if_new !== undefined && (
        <p className="bw-note">
          {t('review.byNew', {
            hours: options.new_account_waits_hours ?? 0,
            when: until(quote.arrives_by_if_new),
          })}
        </p>
      )}
      {options.otp_required && (
        <Field label={t('review.code')} hint={t('review.codeHint')} error={problem}>
          {(attributes) => (
            <input
              {...attributes}
              inputMode="numeric"
              autoComplete="one-time-code"
              dir="ltr"
              maxLength={9}
              value={code}
              aria-invalid={problem !== null}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      {error && <Failure error={error} />}
      <div className="bw-actions">
        <button type="submit" className="bw-primary bw-big">
          {t('review.confirm', { amount: shown(quote.amount) })}
        </button>
        <button type="button" onClick={onBack}>
          {t('review.back')}
        </button>
      </div>
    </form>
  )
}

/** Whose account, where, and its last characters: enough to see that it is the right one. */
function targetText(options: Options, body: Body, { t, country }: Words): string {
  if ('paypal_id' in body) return body.paypal_id
  if ('bank_id' in body) {
    const stored = options.accounts.find(({ id }) => id === body.bank_id)
    const of = [stored?.account_holder, stored?.bank, stored?.country && country(stored.country)]
    return [...of, stored && t('review.ending', { end: endOf(stored.account) })].filter(Boolean).join(', ')
  }
  const { account_holder: holder, bank, iban = '' } = body.bank_account
  return [holder, bank, country(iban.slice(0, 2)), t('review.ending', { end: endOf(iban) })]
    .filter(Boolean)
    .join(', ')
}
