import React from 'react'

import { Field } from '../shared/ui'
import { fieldsOf, newMethods, newTarget, type Problems } from './form-state'
import { ibanState } from './iban'
import { Notice } from './parts'
import { keyOr } from './texts'
import type { Account, MethodOptions, Options } from './types'
import { useWords } from './words'

interface TargetsProps {
  readonly options: Options
  readonly target: string | null
  readonly problem: string | undefined
  readonly onTarget: (target: string) => void
}

/** The user's accounts, those that wait to be verified among them, and where it is let, another one. */
export function Targets({ options, target, problem, onTarget }: TargetsProps) {
  const { t } = useWords()
  const kinds = newMethods(options)
  if (options.accounts.length === 0 && kinds.length === 0)
    return (
      <Notice tone="warn">
        <p>{t('form.noAccounts')}</p>
      </Notice>
    )
  if (options.accounts.length === 0 && kinds.length === 1) return null
  const radio = (value: string, isOff: boolean) => (
    <input
      type="radio"
      name="bw-target"
      value={value}
      checked={target === value}
      disabled={isOff}
      aria-invalid={problem !== undefined && !isOff}
      onChange={() => onTarget(value)}
    />
  )
  return (
    <fieldset className="bw-targets">
      <legend>{t('form.destination')}</legend>
      {options.accounts.map((account) => (
        <label key={account.id} className={account.verified ? 'bw-choice' : 'bw-choice off'}>
          {radio(account.id, !account.verified)}
          <AccountText account={account} />
        </label>
      ))}
      {kinds.map((method) => (
        <label key={method} className="bw-choice">
          {radio(newTarget(method), false)}
          <span>{t(method === 'BANK' ? 'form.another' : 'form.paypal')}</span>
        </label>
      ))}
      {problem !== undefined && <p className="field-error">{problem}</p>}
    </fieldset>
  )
}

function AccountText({ account }: { account: Account }) {
  const { t, country } = useWords()
  const about = [account.account_holder, account.country && country(account.country)].filter(Boolean)
  return (
    <span>
      <span className="bw-strong">
        {account.bank !== undefined && `${account.bank} `}
        <bdi>{account.account}</bdi>
      </span>
      <span className="bw-note bw-block">{account.verified ? about.join(' · ') : t('form.unverified')}</span>
    </span>
  )
}

const LABELS: Readonly<Record<string, string>> = {
  account_holder: 'form.holder',
  iban: 'form.iban',
  bank: 'form.bank',
  swift: 'form.swift',
  paypal_id: 'form.paypalId',
}

interface FieldsProps {
  readonly method: MethodOptions
  readonly values: Readonly<Record<string, string>>
  readonly problems: Problems
  readonly onChange: (name: string, value: string) => void
}

/** What the provider needs of a new account. The account number is judged with every letter. */
export function DestinationFields({ method, values, problems, onChange }: FieldsProps) {
  const words = useWords()
  const { t } = words
  const field = (name: string) => {
    const key = keyOr(LABELS[name] ?? '', null)
    const value = values[name] ?? ''
    const iban = name === 'iban' ? ibanState(value, words) : null
    // A mistake is said as soon as no further letter can mend it.
    const problem = problems[name] ?? (iban?.isWrong ? iban.text : undefined)
    const hint =
      name === 'account_holder'
        ? t('form.holderHint')
        : name === 'iban'
          ? ibanHint(iban?.text ?? '')
          : undefined
    return (
      <Field
        key={name}
        label={key === null ? plainName(name) : t(key)}
        hint={problem === undefined ? hint : undefined}
        error={problem ?? null}
      >
        {(attributes) => (
          <input
            {...attributes}
            value={value}
            dir={name === 'iban' || name === 'swift' ? 'ltr' : 'auto'}
            autoComplete={name === 'account_holder' ? 'name' : 'off'}
            spellCheck={false}
            autoCapitalize={name === 'iban' || name === 'swift' ? 'characters' : undefined}
            inputMode={name === 'paypal_id' ? 'email' : undefined}
            aria-required={method.required_fields.includes(name)}
            aria-invalid={problem !== undefined}
            className={iban?.isValid ? 'bw-right' : undefined}
            onChange={(event) => onChange(name, event.currentTarget.value)}
          />
        )}
      </Field>
    )
  }
  const ibanHint = (said: string) => <span aria-live="polite">{said === '' ? t('form.ibanHint') : said}</span>
  return <div className="bw-fields">{fieldsOf(method).map(field)}</div>
}

/** What an exchange's own provider asks for has the name that it gave it. */
const plainName = (name: string): string => {
  const text = name.replace(/_/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
