import { BANK_DETAIL_FIELDS } from '../../domain/destination'
import { decimalsOf, toFixedDecimals, toJsonNumber, toMinorUnits } from '../../domain/money'
import type { PayoutItem } from '../../ports/payment-provider'

/** Everything a template can name, as `{name}`. Nothing secret, and nothing that changes when a request is repeated. */
export const PLACEHOLDERS = [
  'key',
  'end_to_end_id',
  'currency',
  'currency_lower',
  'amount',
  'amount_fixed',
  'amount_number',
  'amount_minor',
  'statement_text',
  'method',
  'iban',
  'swift',
  'bank',
  'account_holder',
  'paypal_id',
  ...BANK_DETAIL_FIELDS,
] as const
export const AMOUNT_PLACEHOLDERS = ['amount', 'amount_fixed', 'amount_number', 'amount_minor'] as const

/** By placeholder; null where this payout has no such thing. */
export type TemplateValues = Readonly<Record<string, string | number | null>>

/** Also `{IBAN}` and `{amount2}`, which are none: a payee would read them as they stand. */
const PLACEHOLDER = /\{([A-Za-z0-9_]+)\}/g

/** The names a template uses, known or not. */
export function placeholdersIn(template: unknown): string[] {
  if (typeof template === 'string') return [...template.matchAll(PLACEHOLDER)].map(([, name]) => String(name))
  if (typeof template !== 'object' || template === null) return []
  return Object.values(template).flatMap(placeholdersIn)
}

/**
 * Fills a JSON template as a value, never as text: whatever a name or a reference holds stays inside its string. A
 * text that is one placeholder takes its type; a member that names something this payout has not is left out.
 *
 * @returns undefined when the whole is to be left out.
 */
export function fillTemplate(template: unknown, values: TemplateValues): unknown {
  if (typeof template === 'string') return fillText(template, values)
  if (Array.isArray(template))
    return template.map((each) => fillTemplate(each, values)).filter((each) => each !== undefined)
  if (typeof template !== 'object' || template === null) return template
  const filled = Object.entries(template).map(([name, each]) => [name, fillTemplate(each, values)] as const)
  return Object.fromEntries(filled.filter(([, each]) => each !== undefined))
}

/** @returns undefined when it names something that is not there. */
export function fillText(template: string, values: TemplateValues): string | number | undefined {
  const names = placeholdersIn(template)
  if (names.some((name) => (values[name] ?? null) === null)) return undefined
  const [only] = names
  if (only !== undefined && template === `{${only}}`) return values[only] ?? undefined
  return template.replace(PLACEHOLDER, (_match, name: string) => String(values[name]))
}

/** The parts of an address are escaped: a key cannot lead to another address. */
export const fillPath = (template: string, values: TemplateValues): string =>
  template.replace(PLACEHOLDER, (_match, name: string) => encodeURIComponent(String(values[name] ?? '')))

export function valuesOf(item: PayoutItem, decimals: number = decimalsOf(item.currency)): TemplateValues {
  const { destination, amount, currency } = item
  const isBank = destination.method === 'BANK'
  const details = isBank ? (destination.details ?? {}) : {}
  return {
    key: item.key,
    end_to_end_id: item.endToEndId,
    currency: currency.toUpperCase(),
    currency_lower: currency,
    amount,
    amount_fixed: toFixedDecimals(amount, decimals),
    amount_number: toJsonNumber(amount),
    amount_minor: Number(toMinorUnits(amount, decimals)),
    statement_text: item.statementText,
    method: destination.method,
    iban: isBank && destination.iban !== '' ? destination.iban : null,
    swift: isBank ? (destination.swift ?? null) : null,
    bank: isBank ? (destination.bank ?? null) : null,
    account_holder: isBank ? (destination.accountHolder ?? null) : null,
    paypal_id: isBank ? null : destination.paypalId,
    ...Object.fromEntries(BANK_DETAIL_FIELDS.map((name) => [name, details[name] ?? null])),
  }
}
