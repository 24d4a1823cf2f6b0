import { amountProblem, readAmount } from './amount'
import { ibanState, isBic, plainIban } from './iban'
import type { Words } from './language'
import type { Body, Destination, Method, MethodOptions, Options } from './types'

/** What has been typed and chosen. `target`: a stored account's id, or a new account by its method. */
export interface Draft {
  readonly currency: string
  readonly target: string | null
  readonly amount: string
  readonly fields: Readonly<Record<string, string>>
}

const NEW: Readonly<Record<Method, string>> = { BANK: 'new-bank', PAYPAL: 'new-paypal' }
export const newTarget = (method: Method): string => NEW[method]

/** The kinds of new account that may be typed in. */
export const newMethods = ({ destinations, methods }: Options): readonly Method[] =>
  destinations === 'stored' ? [] : methods.map(({ method }) => method)

export function firstDraft(options: Options): Draft {
  const first = options.accounts.find(({ verified }) => verified)?.id
  const [kind] = newMethods(options)
  const only = kind !== undefined && newMethods(options).length === 1 ? newTarget(kind) : null
  return { currency: options.currency, target: first ?? only, amount: '', fields: {} }
}

/** Of what was typed for another currency the amount is left: accounts and ways are each currency's own. */
export const draftFor = (options: Options, draft: Draft): Draft =>
  draft.currency === options.currency ? draft : { ...firstDraft(options), amount: draft.amount }

export function methodOf(options: Options, { target }: Draft): MethodOptions | null {
  const stored = options.accounts.find(({ id }) => id === target)?.method
  const method = stored ?? (Object.keys(NEW) as Method[]).find((kind) => NEW[kind] === target)
  return options.methods.find((known) => known.method === method) ?? null
}

/** Asked for a bank account, whatever its provider needs: banks compare the name. */
const ASKED_ALWAYS = ['account_holder', 'iban']

export function fieldsOf({ method, required_fields: required }: MethodOptions): readonly string[] {
  if (method === 'PAYPAL') return ['paypal_id']
  return [...ASKED_ALWAYS, ...required.filter((name) => !ASKED_ALWAYS.includes(name))]
}

export type Problems = Readonly<Record<string, string>>

export function problemsOf(options: Options, draft: Draft, words: Words): Problems {
  const method = methodOf(options, draft)
  if (!method) return { target: words.t('form.choose') }
  const isNew = draft.target === newTarget(method.method)
  const fields = isNew
    ? fieldsOf(method).flatMap((name) => {
        const problem = fieldProblem(method, name, draft.fields[name] ?? '', words)
        return problem === null ? [] : [[name, problem] as const]
      })
    : []
  const amount = amountProblem({ typed: draft.amount, options, method }, words)
  return { ...Object.fromEntries(fields), ...(amount !== null && { amount }) }
}

function fieldProblem(method: MethodOptions, name: string, value: string, words: Words): string | null {
  const { t } = words
  const isRequired = method.required_fields.includes(name)
  if (value.trim() === '') return isRequired ? t('form.field') : null
  if (name === 'iban') {
    const { isValid, text } = ibanState(value, words)
    return isValid ? null : text || t('form.field')
  }
  if (name === 'swift') return isBic(value) ? null : t('form.swiftBad')
  if (name === 'paypal_id') return /^\S+@\S+\.\S+$/.test(value.trim()) ? null : t('form.paypalBad')
  return null
}

/** @throws The draft has problems. */
export function bodyOf(options: Options, draft: Draft): Body {
  const method = methodOf(options, draft)
  const amount = readAmount(draft.amount)
  if (!method || amount === null || draft.target === null) throw new Error('The form is not filled in.')
  return { currency: options.currency, amount, ...destinationOf(method, draft, draft.target) }
}

function destinationOf(method: MethodOptions, { fields }: Draft, target: string): Destination {
  if (target !== newTarget(method.method)) return { bank_id: target }
  if (method.method === 'PAYPAL') return { paypal_id: (fields.paypal_id ?? '').trim() }
  const given = fieldsOf(method).flatMap((name) => {
    const value = name === 'iban' ? plainIban(fields[name] ?? '') : (fields[name] ?? '').trim()
    return value === '' ? [] : [[name, value] as const]
  })
  return { bank_account: Object.fromEntries(given) }
}
