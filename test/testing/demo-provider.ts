import type {
  LookupOutcome,
  PaymentProvider,
  PayoutItem,
  PayoutOutcome,
  PayoutQuery,
  ProviderHost,
} from '../../src/ports/payment-provider'
import { createHttpClient, type HttpAnswer, NoAnswerError } from '../../src/providers/shared/http-client'
import { amountProblems } from '../../src/providers/shared/item-checks'
import type { ConformanceSubject } from '../../src/testing'
import { type DemoBank, startDemoBank, TOKEN } from './demo-bank'

/** Ways of being wrong that cost money or give somebody away. */
export type Wrong =
  | 'new_key_per_submit'
  | 'key_per_process'
  | 'timeout_is_declined'
  | '500_is_declined'
  | '500_is_deferred'
  | '409_is_declined'
  | '2xx_is_settled'
  | 'unknown_status_is_declined'
  | 'unknown_status_is_settled'
  | 'follows_redirects'
  | 'leaks_the_iban_in_errors'
  | 'leaks_the_token_in_logs'
  | 'leaks_the_name_in_outcomes'
  | 'not_found_too_early'
  | 'lookup_500_is_not_found'
  | 'three_decimals'
  | 'any_currency'
  | 'check_asks_the_bank'
  | 'no_deadline'
  | 'reads_everything'
  | 'batch_all_accepted'

interface Payout {
  readonly id: string
  readonly key: string
  readonly status: string
  readonly amount: string
}

/** A small provider as one should be, or wrong in one way. */
export function demoProvider(url: string, wrong: Wrong | null = null): PaymentProvider {
  const timeoutMs = 250
  const client = createHttpClient({
    baseUrl: url,
    timeoutMs: wrong === 'no_deadline' ? 30_000 : timeoutMs,
    ...(wrong === 'reads_everything' && { maxAnswerBytes: 100_000_000, timeoutMs: 5_000 }),
  })
  let host: ProviderHost | null = null
  const instance = Math.floor(performance.now() * 1_000)
  const headers = { authorization: `Bearer ${TOKEN}` }

  async function call(method: 'GET' | 'POST', path: string, more: { key?: string; body?: unknown } = {}) {
    const text = more.body === undefined ? undefined : JSON.stringify(more.body)
    if (wrong === 'leaks_the_token_in_logs') host?.logger.debug('demo.request', { headers })
    if (wrong === 'follows_redirects' && method === 'POST') return fetched(url + path, text ?? '')
    return client.request({
      ...{ method, path, headers },
      ...(more.key !== undefined && { query: { key: more.key } }),
      ...(text !== undefined && { body: text }),
    })
  }
  const fetched = async (address: string, body: string): Promise<HttpAnswer> => {
    const got = await fetch(address, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await got.text()
    if (text.length > 1_000_000) throw new Error('too large')
    return { status: got.status, headers: {}, text, json: () => JSON.parse(text) as unknown }
  }

  function keyOf({ key }: PayoutItem): string {
    if (wrong === 'new_key_per_submit') return `${key}-${host?.random.newId()}`
    return wrong === 'key_per_process' ? `${key}-${instance}` : key
  }

  const paymentOf = (item: PayoutItem) => ({
    key: keyOf(item),
    amount: item.amount,
    iban: item.destination.method === 'BANK' ? item.destination.iban : '',
    name: item.destination.method === 'BANK' ? item.destination.accountHolder : '',
  })

  function outcomeFrom(payout: Payout | undefined): PayoutOutcome & LookupOutcome {
    if (!payout || typeof payout.id !== 'string') return { kind: 'unknown', why: 'no id' }
    const { id: reference, status } = payout
    if (status === 'PAID') return { kind: 'settled', reference, transactionId: reference, status }
    if (status === 'PENDING') return { kind: 'accepted', reference, status }
    if (status === 'REJECTED') return { kind: 'declined', code: 'account_closed', reference, status }
    if (wrong === 'unknown_status_is_settled') return { kind: 'settled', reference, transactionId: reference }
    if (wrong === 'unknown_status_is_declined')
      return { kind: 'declined', code: 'provider_declined', reference }
    return { kind: 'accepted', reference, status }
  }

  function refused(answer: HttpAnswer, item: PayoutItem): PayoutOutcome {
    const { status } = answer
    if (status === 429) return { kind: 'deferred', why: 'rate_limited' }
    if (status === 401 || status === 403) return { kind: 'deferred', why: 'provider_unavailable' }
    if (wrong === '500_is_declined' && status === 500) return { kind: 'declined', code: 'provider_declined' }
    if (wrong === '500_is_deferred' && status === 500)
      return { kind: 'deferred', why: 'provider_unavailable' }
    if (wrong === '409_is_declined' && status === 409) return { kind: 'declined', code: 'duplicate_business' }
    if (wrong === 'leaks_the_iban_in_errors') throw new Error(`bank said ${answer.text}`)
    if (wrong === 'leaks_the_name_in_outcomes' && item.destination.method === 'BANK')
      return { kind: 'unknown', why: `could not pay ${item.destination.accountHolder}` }
    return { kind: 'unknown', why: `HTTP ${status}` }
  }

  async function post(path: string, body: unknown, item: PayoutItem): Promise<HttpAnswer | PayoutOutcome> {
    try {
      const answer = await call('POST', path, { body })
      if (wrong === '2xx_is_settled' && answer.status < 300)
        return { kind: 'settled', reference: item.key, transactionId: item.key }
      return answer.status === 201 || answer.status === 200 ? answer : refused(answer, item)
    } catch (error) {
      if (wrong === 'timeout_is_declined') return { kind: 'declined', code: 'provider_declined' }
      if (error instanceof NoAnswerError && error.reached === 'no')
        return { kind: 'deferred', why: 'provider_unavailable' }
      throw error
    }
  }

  async function found(query: PayoutQuery): Promise<LookupOutcome> {
    const answer = await call('GET', '/payouts', { key: query.key })
    if (answer.status === 500 && wrong === 'lookup_500_is_not_found')
      return { kind: 'not_found', conclusive: true }
    if (answer.status !== 200) return { kind: 'unknown', why: `HTTP ${answer.status}` }
    const { payouts } = answer.json() as { payouts: Payout[] }
    const [payout] = payouts
    if (payout?.status === 'RETURNED')
      return { kind: 'returned', reference: payout.id, amount: payout.amount, code: 'account_closed' }
    return payout ? outcomeFrom(payout) : { kind: 'not_found', conclusive: true }
  }

  const capabilities = {
    methods: ['BANK'],
    currencies: { eur: { min: '1', max: '50000' } },
    batch: { maxItems: 100 },
    keyLifetimeMs: 86_400_000,
    lookup: 'by_key',
    notFoundConclusiveAfterMs: wrong === 'not_found_too_early' ? 0 : 60_000,
    returnWindowMs: 86_400_000,
    expectedMs: 60_000,
    destinationFields: { BANK: ['iban', 'account_holder'] },
    timeoutMs,
  } as const
  return {
    name: 'demo',
    capabilities,
    open(given) {
      host = given
      return Promise.resolve()
    },
    close() {
      client.close()
      return Promise.resolve()
    },
    check(item) {
      if (wrong === 'check_asks_the_bank') void call('GET', '/payouts', { key: 'x' }).catch(() => {})
      const holder = item.destination.method === 'BANK' ? item.destination.accountHolder : undefined
      const isBank = item.destination.method === 'BANK'
      return [
        ...amountProblems(item, capabilities).filter(
          ({ field }) =>
            !(field === 'amount' && wrong === 'three_decimals' && /\.\d{3}$/.test(item.amount)) &&
            !(field === 'currency' && wrong === 'any_currency'),
        ),
        ...(isBank ? [] : [{ field: 'method', message: 'only bank accounts' }]),
        ...(isBank && !holder ? [{ field: 'account_holder', message: 'account_holder is required' }] : []),
      ]
    },
    async submit({ items }) {
      const [first] = items
      if (!first) throw new Error('empty order')
      if (items.length === 1) {
        const answer = await post('/payouts', paymentOf(first), first)
        return 'kind' in answer ? answer : outcomeFrom(answer.json() as Payout)
      }
      const answer = await post('/batches', { payments: items.map(paymentOf) }, first)
      if ('kind' in answer) return answer
      const { payouts } = answer.json() as { payouts: Payout[] }
      const outcomes = payouts.map((payout) => [payout.key, outcomeFrom(payout)] as const)
      return {
        kind: 'accepted',
        ...(wrong !== 'batch_all_accepted' && { items: Object.fromEntries(outcomes) }),
      }
    },
    lookup: found,
  }
}

export const PAYOUT = {
  currency: 'eur',
  amount: '10.50',
  destination: { method: 'BANK', iban: 'DE89370400440532013000', accountHolder: 'Canary Holdername' },
} as const

export async function demoSubject(
  wrong: Wrong | null = null,
): Promise<ConformanceSubject & { readonly bank: DemoBank }> {
  const bank = await startDemoBank()
  return {
    bank,
    createProvider: () => demoProvider(bank.url, wrong),
    api: bank.api,
    payout: PAYOUT,
    unpayable: [{ destination: { method: 'BANK', iban: 'DE89370400440532013000' }, field: 'account_holder' }],
    secrets: [TOKEN],
    close: () => bank.close(),
  }
}
