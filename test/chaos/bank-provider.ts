import type {
  LookupOutcome,
  PaymentProvider,
  PayoutItem,
  PayoutOutcome,
  SubmitOutcome,
} from '../../src/ports/payment-provider'
import { TIMING } from './timing'

interface ShownPayout {
  readonly key: string
  readonly reference: string
  readonly transactionId: string
  readonly amount: string
  readonly status: 'open' | 'paid' | 'declined'
}

/** A provider that speaks HTTP to the bank process. Whatever goes wrong on the way is thrown, and so unknown. */
export function bankProvider(url: string): PaymentProvider {
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      signal: AbortSignal.timeout(TIMING.callTimeoutMs),
      headers: { 'content-type': 'application/json' },
    })
    if (response.status !== 200) throw new Error(`The bank answered ${response.status}.`)
    return response.json()
  }

  return {
    name: 'chaos-bank',
    capabilities: {
      methods: ['BANK'],
      currencies: 'any',
      batch: { maxItems: 500 },
      keyLifetimeMs: 24 * 3_600_000,
      lookup: 'by_key',
      notFoundConclusiveAfterMs: TIMING.notFoundConclusiveAfterMs,
      returnWindowMs: 0,
      expectedMs: 500,
      destinationFields: { BANK: ['iban'] },
      timeoutMs: TIMING.callTimeoutMs,
    },
    check: () => [],
    async submit({ key, currency, items }): Promise<SubmitOutcome> {
      const body = JSON.stringify({ key, currency, items: items.map(toItem) })
      const { payouts } = (await ask('/orders', { method: 'POST', body })) as { payouts: ShownPayout[] }
      const outcomes = payouts.map((payout) => [payout.key, outcomeOf(payout)] as const)
      const [first] = outcomes
      if (!first || outcomes.length !== items.length) throw new Error('The bank left payouts out.')
      return items.length === 1
        ? first[1]
        : { kind: 'accepted', reference: `order-${key}`, items: Object.fromEntries(outcomes) }
    },
    async lookup({ key }): Promise<LookupOutcome> {
      const { payout } = (await ask(`/payouts?key=${key}`)) as { payout: ShownPayout | null }
      return payout ? outcomeOf(payout) : { kind: 'not_found', conclusive: true }
    },
  }
}

const toItem = ({ key, amount, destination }: PayoutItem) => ({
  key,
  amount,
  iban: destination.method === 'BANK' ? destination.iban : '',
})

function outcomeOf({ reference, transactionId, amount, status }: ShownPayout): PayoutOutcome {
  if (status === 'paid') return { kind: 'settled', reference, transactionId, amount, status }
  if (status === 'open') return { kind: 'accepted', reference, status }
  return { kind: 'declined', code: 'account_closed', reference, status }
}
