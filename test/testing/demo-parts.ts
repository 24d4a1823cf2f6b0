import type {
  ListedPayout,
  LookupOutcome,
  PayoutItem,
  PayoutOutcome,
  PayoutProblem,
  ProviderCapabilities,
  ProviderHost,
} from '../../src/ports/payment-provider'
import { createHttpClient, type HttpAnswer } from '../../src/providers/shared/http-client'
import { amountProblems } from '../../src/providers/shared/item-checks'
import { createSendLog } from '../../src/providers/shared/send-log'
import { KEY_LIFETIME_MS, TOKEN } from './demo-bank'
import { type Wrong, wrongAmount } from './demo-wrong'

/** A payout as the demo bank shows it. */
export interface Payout {
  readonly id: string
  readonly key: string
  readonly status: string
  readonly amount: string
  readonly currency: string
  /** In lists only. */
  readonly at?: string
}

const TIMEOUT_MS = 250
/** Whoever reads everything has the time to: a deadline, on a slow machine, would hide what is wrong with it. */
const timeoutOf = (wrong: Wrong | null): number => (wrong === 'reads_everything' ? 20_000 : TIMEOUT_MS)
const YEAR_MS = 365 * 24 * 3_600_000

export const unknown = (why: string) => ({ kind: 'unknown', why }) as const

export const capabilitiesOf = (wrong: Wrong | null): ProviderCapabilities => ({
  methods: ['BANK'],
  currencies: { eur: { min: '1', max: '50000' } },
  batch: { maxItems: 100 },
  keyLifetimeMs: wrong === 'key_lifetime_of_ten_years' ? 10 * YEAR_MS : KEY_LIFETIME_MS,
  lookup: 'by_key',
  notFoundConclusiveAfterMs: wrong === 'not_found_too_early' ? 0 : 60_000,
  returnWindowMs: 86_400_000,
  expectedMs: 60_000,
  destinationFields: { BANK: ['iban', 'account_holder'] },
  timeoutMs: timeoutOf(wrong),
})

export function problemsOf(
  item: PayoutItem,
  capabilities: ProviderCapabilities,
  wrong: Wrong | null,
): PayoutProblem[] {
  const { destination, amount } = item
  const isBank = destination.method === 'BANK'
  return [
    ...amountProblems(item, capabilities).filter(
      ({ field }) =>
        !(field === 'amount' && wrong === 'three_decimals' && /\.\d{3}$/.test(amount)) &&
        !(field === 'currency' && wrong === 'any_currency'),
    ),
    ...(isBank ? [] : [{ field: 'method', message: 'only bank accounts' }]),
    ...(isBank && !destination.accountHolder
      ? [{ field: 'account_holder', message: 'account_holder is required' }]
      : []),
  ]
}

/** What one payout that the bank shows says. `asked`: the amount that we asked for, where it is known. */
export function outcomeFrom(
  { id: reference, status, amount: shown }: Payout,
  wrong: Wrong | null,
  asked?: string,
): Exclude<PayoutOutcome, { kind: 'deferred' }> | Extract<LookupOutcome, { kind: 'returned' }> {
  if (typeof reference !== 'string') return unknown('no id')
  const amount = wrongAmount(wrong, shown, asked)
  switch (wrong === 'pending_is_settled' && status === 'PENDING' ? 'PAID' : status) {
    case 'PAID':
      return {
        kind: 'settled',
        reference,
        transactionId: reference,
        status,
        ...(amount !== undefined && { amount }),
      }
    case 'PENDING':
    case 'HELD':
      return { kind: 'accepted', reference, status }
    case 'REJECTED':
      return { kind: 'declined', code: 'account_closed', reference, status }
    case 'STOPPED':
      return { kind: 'declined', code: 'provider_declined', reference, status }
    case 'RETURNED':
      return {
        kind: 'returned',
        reference,
        amount: wrong === 'full_amount_returned' ? (asked ?? shown) : shown,
        code: 'account_closed',
      }
    default:
      if (wrong === 'unknown_status_is_settled')
        return { kind: 'settled', reference, transactionId: reference }
      if (wrong === 'unknown_status_is_declined')
        return { kind: 'declined', code: 'provider_declined', reference }
      return { kind: 'accepted', reference, status }
  }
}

/** Talks to the bank, and remembers what was sent. */
export function demoCalls(url: string, wrong: Wrong | null) {
  const client = createHttpClient({
    baseUrl: url,
    timeoutMs: wrong === 'no_deadline' ? 30_000 : timeoutOf(wrong),
    ...(wrong === 'reads_everything' && { maxAnswerBytes: 100_000_000 }),
  })
  const headers = { authorization: `Bearer ${TOKEN}` }
  let opened: ProviderHost | null = null
  const host = (): ProviderHost => {
    if (!opened) throw new Error('not opened')
    return opened
  }

  async function call(
    method: 'GET' | 'POST',
    path: string,
    more: { key?: string; body?: unknown; query?: Readonly<Record<string, string>> } = {},
  ) {
    const text = more.body === undefined ? undefined : JSON.stringify(more.body)
    if (wrong === 'leaks_the_token_in_logs') opened?.logger.debug('demo.request', { headers })
    if (wrong === 'follows_redirects' && method === 'POST') return fetched(url + path, text ?? '')
    return client.request({
      ...{ method, path, headers },
      ...(more.key !== undefined && { query: { key: more.key } }),
      ...(more.query && { query: more.query }),
      ...(text !== undefined && { body: text }),
    })
  }
  const fetched = async (address: string, body: string): Promise<HttpAnswer> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const got = await fetch(address, { method: 'POST', headers, body, signal })
    const text = await got.text()
    if (text.length > 1_000_000) throw new Error('too large')
    return { status: got.status, headers: {}, text, json: () => JSON.parse(text) as unknown }
  }

  return {
    host,
    call,
    sends: () => createSendLog(host().documents, host().clock),
    open(given: ProviderHost) {
      opened = given
      return Promise.resolve()
    },
    close() {
      client.close()
      return Promise.resolve()
    },
    /** What an answer other than success says of a payout call. */
    refused: (answer: HttpAnswer, item: PayoutItem) => refusalOf(answer, item, wrong),
  }
}

function refusalOf(
  { status, text }: HttpAnswer,
  { destination }: PayoutItem,
  wrong: Wrong | null,
): PayoutOutcome {
  const { iban, accountHolder = '' } = destination.method === 'BANK' ? destination : { iban: '' }
  if (status === 429) return { kind: 'deferred', why: 'rate_limited' }
  if (status === 401 || status === 403)
    return {
      kind: 'deferred',
      why: 'provider_unavailable',
      ...(wrong === 'half_an_iban_in_a_status' && { status: `not paid to ${iban.slice(0, 11)}...` }),
    }
  if (wrong === '500_is_declined' && status === 500) return { kind: 'declined', code: 'provider_declined' }
  if (wrong === '500_is_deferred' && status === 500) return { kind: 'deferred', why: 'provider_unavailable' }
  if (wrong === '409_is_declined' && status === 409) return { kind: 'declined', code: 'duplicate_business' }
  if (wrong === 'leaks_the_iban_in_errors') throw new Error(`bank said ${text}`)
  if (wrong === 'leaks_the_name_in_outcomes') return unknown(`could not pay ${accountHolder}`)
  return unknown(`HTTP ${status}`)
}

type ListedAs = Pick<ListedPayout, 'key' | 'currency' | 'amount'> & {
  readonly id: string
  readonly at?: string
}

export const listedAs = (
  { id: reference, key, currency, amount, at = new Date().toISOString() }: ListedAs,
  state: ListedPayout['state'],
): ListedPayout => ({ ...{ key, reference, amount, state, at }, currency: currency.toLowerCase() })

/** A word that nobody knows is no end. */
export const listedFrom = (payout: Payout): ListedPayout => listedAs(payout, LISTED[payout.status] ?? 'open')

const LISTED: Readonly<Record<string, ListedPayout['state']>> = {
  PAID: 'paid',
  REJECTED: 'failed',
  STOPPED: 'failed',
  RETURNED: 'returned',
}
