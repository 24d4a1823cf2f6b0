import React, { useContext, useRef, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { Fact, Field } from '../shared/ui'
import { amountProblem, mostOf, netOf, readAmount, typedAs } from './amount'
import { DestinationFields, Targets } from './destination'
import { bodyOf, type Draft, methodOf, newTarget, type Problems, problemsOf } from './form-state'
import { Failure, Notice, Quoted } from './parts'
import type { Body, MethodOptions, Options, Quote } from './types'
import { useWords } from './words'

interface FormProps {
  readonly all: readonly Options[]
  readonly options: Options
  readonly draft: Draft
  readonly onDraft: (draft: Draft) => void
  readonly onCurrency: (currency: string) => void
  readonly onReviewed: (body: Body, quote: Quote) => void
}

/** Where to and how much; what it costs and brings is shown while it is typed, and asked for before it is confirmed. */
export function Form({ all, options, draft, onDraft, onCurrency, onReviewed }: FormProps) {
  const words = useWords()
  const { t, money } = words
  const client = useContext(ClientContext)
  const [isChecked, setChecked] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const method = methodOf(options, draft)
  const problems: Problems = isChecked ? problemsOf(options, draft, words) : {}
  const review = (event: React.FormEvent) => {
    event.preventDefault()
    if (isAsking) return
    setChecked(true)
    if (!method || Object.keys(problemsOf(options, draft, words)).length > 0) {
      // After the problems are drawn: the first one that is wrong is where the keyboard goes.
      setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), 0)
      return
    }
    const body = bodyOf(options, draft)
    const query = new URLSearchParams({ currency: body.currency, amount: body.amount, method: method.method })
    setAsking(true)
    setError(null)
    client.get<Quote>(`/quote?${query.toString()}`).then(
      (quote) => onReviewed(body, quote),
      (thrown: unknown) => {
        setAsking(false)
        setError(asApiError(thrown))
      },
    )
  }
  if (options.stopped !== undefined)
    return (
      <Notice tone="warn" title={t('form.stopped')}>
        <Quoted by="said.exchange" text={options.stopped} />
      </Notice>
    )
  const change = (more: Partial<Draft>) => onDraft({ ...draft, ...more })
  return (
    <form ref={form} onSubmit={review} noValidate className="bw-form">
      <p className="bw-balance">
        {t('form.available', { amount: money(options.available, options.currency) })}
      </p>
      {all.length > 1 && (
        <Field label={t('form.currency')}>
          {(attributes) => (
            <select
              {...attributes}
              value={options.currency}
              onChange={(event) => onCurrency(event.currentTarget.value)}
            >
              {all.map(({ currency, name }) => (
                <option key={currency} value={currency}>{`${name} (${currency.toUpperCase()})`}</option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Targets
        options={options}
        target={draft.target}
        problem={problems.target}
        onTarget={(target) => change({ target })}
      />
      {method && draft.target === newTarget(method.method) && (
        <DestinationFields
          method={method}
          values={draft.fields}
          problems={problems}
          onChange={(name, value) => change({ fields: { ...draft.fields, [name]: value } })}
        />
      )}
      <AmountField {...{ options, method, draft, problems, change }} />
      {error && <Failure error={error} />}
      <button type="submit" className="bw-primary bw-big" aria-disabled={isAsking}>
        {isAsking ? t('form.reviewing') : t('form.review')}
      </button>
    </form>
  )
}

interface AmountProps {
  readonly options: Options
  readonly method: MethodOptions | null
  readonly draft: Draft
  readonly problems: Problems
  readonly change: (more: Partial<Draft>) => void
}

function AmountField({ options, method, draft, problems, change }: AmountProps) {
  const words = useWords()
  const { t, money } = words
  const most = method ? mostOf(options, method) : 0
  const bounds = method && method.min !== null && method.max !== null
  const hint = bounds
    ? t('form.between', {
        min: money(method.min ?? 0, options.currency),
        max: money(method.max ?? 0, options.currency),
      })
    : undefined
  return (
    <React.Fragment>
      <Field label={t('form.amount')} hint={hint} error={problems.amount ?? null}>
        {(attributes) => (
          <div className="bw-amount">
            <input
              {...attributes}
              inputMode="decimal"
              autoComplete="off"
              dir="ltr"
              value={draft.amount}
              aria-invalid={problems.amount !== undefined}
              onChange={(event) => change({ amount: event.currentTarget.value })}
            />
            <span className="bw-currency" aria-hidden="true">
              {options.currency.toUpperCase()}
            </span>
            {method && most > 0 && (
              <button
                type="button"
                className="bw-small"
                onClick={() => change({ amount: typedAs(most, words) })}
              >
                {t('form.all')}
              </button>
            )}
          </div>
        )}
      </Field>
      {method && <Preview options={options} method={method} typed={draft.amount} />}
    </React.Fragment>
  )
}

/** What it would be, by what the page knows; the exchange is asked before anything is confirmed. */
function Preview({ options, method, typed }: { options: Options; method: MethodOptions; typed: string }) {
  const words = useWords()
  const { t, money, when } = words
  if (typed === '' || amountProblem({ typed, options, method }, words) !== null) return null
  const net = netOf(method, readAmount(typed) ?? '0')
  return (
    <dl className="bw-lines bw-preview" aria-live="polite">
      <Fact name={t('review.gets')}>{money(net, options.currency)}</Fact>
      <Fact name={t('review.fee')}>
        {method.fee === 0 ? t('review.noFee') : money(method.fee, options.currency)}
      </Fact>
      <Fact name={t('review.by')}>{when(method.arrives_by)}</Fact>
    </dl>
  )
}
