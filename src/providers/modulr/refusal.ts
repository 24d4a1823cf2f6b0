import type { DeclineCode } from '../../domain/reasons'
import type { PayoutItem, PayoutOrder, PayoutOutcome, SubmitOutcome } from '../../ports/payment-provider'
import type { HttpAnswer } from '../shared/http-client'
import { retryAfterMs } from '../shared/retry-after'
import { type Fields, fieldsOf, textOf } from './api'
import { isAboutFunds } from './own-account'

export interface Refusal {
  /** That nothing was taken of this one request. An earlier one may have come through all the same. */
  readonly isProven: boolean
  readonly keyIsUsedUp: boolean
  readonly outcome: SubmitOutcome
  /** Modulr's codes and field names, fit for a log. Its messages repeat account numbers. */
  readonly reasons: readonly string[]
}

/** Codes of a 400 that say that something went wrong on the way, or that it is there already. */
const UNPROVEN_CODES = ['CONNECTION', 'RETRY', 'RATELIMIT', 'DUPLICATE']

export function refusalOf(order: PayoutOrder, answer: HttpAnswer): Refusal {
  const complaints = complaintsOf(answer)
  const reasons = complaints.slice(0, 20).map(({ field, code }) => `${safe(field)}:${safe(code)}`)
  const atTheDoor = (outcome: PayoutOutcome): Refusal => ({
    isProven: true,
    keyIsUsedUp: false,
    outcome,
    reasons,
  })
  const wait = retryAfterMs(answer.headers)
  switch (answer.status) {
    case 400: {
      const isProven =
        complaints.length > 0 && complaints.every(({ code }) => !UNPROVEN_CODES.includes(String(code)))
      return { isProven, keyIsUsedUp: true, outcome: validationOutcome(order, complaints), reasons }
    }
    case 401:
      return atTheDoor({ kind: 'deferred', why: 'provider_unavailable', status: 'HTTP 401' })
    // Permissions, an address that is not on the list, a quota.
    case 403:
      return atTheDoor({ kind: 'deferred', why: 'provider_unavailable', status: 'HTTP 403' })
    case 429:
      return atTheDoor({
        kind: 'deferred',
        why: 'rate_limited',
        status: 'HTTP 429',
        ...(wait !== undefined && { retryAfterMs: wait }),
      })
    default:
      return { isProven: false, keyIsUsedUp: false, outcome: { kind: 'unknown', why: 'HTTP' }, reasons }
  }
}

const safe = (value: unknown): string =>
  (textOf(value) ?? '-').slice(0, 80).replace(/[^A-Za-z0-9_.[\]-]/g, '?')

function complaintsOf(answer: HttpAnswer): readonly Fields[] {
  try {
    const body = answer.json()
    return Array.isArray(body) ? body.map(fieldsOf) : []
  } catch {
    return []
  }
}

function validationOutcome(order: PayoutOrder, complaints: readonly Fields[]): SubmitOutcome {
  const items = faultsOfPayees(order, complaints)
  const [single] = order.items
  const why = complaints.some(isAboutOurFunds) ? 'insufficient_float' : 'provider_unavailable'
  if (order.items.length === 1 && single?.key === order.key)
    return items[single.key] ?? { kind: 'deferred', why, status: 'HTTP 400, not the payee' }
  // A batch that our account cannot pay waits as it is: a smaller one would only be refused, or pay some before others.
  const waits = why === 'insufficient_float' && Object.keys(items).length === 0
  return { kind: 'deferred', why: waits ? why : 'batch_refused', status: 'HTTP 400', items }
}

/** By item key. `payments[3].destination.iban` names the fourth item; a single payment's fields stand alone. */
function faultsOfPayees(order: PayoutOrder, complaints: readonly Fields[]): Record<string, PayoutOutcome> {
  const items: Record<string, PayoutOutcome> = {}
  for (const complaint of complaints) {
    const [, index, name = ''] = /^(?:payments\[(\d+)\]\.?)?(.*)$/.exec(textOf(complaint.field) ?? '') ?? []
    const item: PayoutItem | undefined = order.items[Number(index ?? 0)]
    const isNamed = index !== undefined || order.items.length === 1
    const code = isAboutOurFunds(complaint) ? null : payeeFault(name)
    if (item && isNamed && code) items[item.key] = { kind: 'declined', code, status: `400 ${safe(name)}` }
  }
  return items
}

const isAboutOurFunds = ({ field, message }: Fields): boolean =>
  !(textOf(field) ?? '').includes('destination') && isAboutFunds(textOf(message))

/** What is wrong with our own account, permissions or references is the operator's to repair, not the user's. */
function payeeFault(field: string): DeclineCode | null {
  if (/^destination\.(?:iban|accountNumber|sortCode|bic|type)$/.test(field)) return 'invalid_identifier'
  if (field.startsWith('destination')) return 'provider_declined'
  if (field === 'amount') return 'provider_declined'
  return null
}
