import type { PaymentProvider, PayoutOutcome } from '../src/ports/payment-provider'

export interface InstantProvider extends PaymentProvider {
  /** What it was asked, and how many payouts it made; none twice. */
  calls(): { submits: number; lookups: number; payouts: number; repeated: number }
}

/** A bank that has paid everything when it answers: at once, or after `latencyMs`. */
export function instantProvider({ latencyMs = 0, maxItems = 1_000 } = {}): InstantProvider {
  const paid = new Set<string>()
  const counts = { submits: 0, lookups: 0, repeated: 0 }
  const after = <Answer>(answer: () => Answer): Promise<Answer> =>
    latencyMs === 0
      ? Promise.resolve(answer())
      : new Promise((resolve) => {
          setTimeout(() => resolve(answer()), latencyMs)
        })
  const settled = (key: string): PayoutOutcome => ({ kind: 'settled', reference: key, transactionId: key })

  return {
    name: 'instant',
    capabilities: {
      methods: ['BANK'],
      currencies: 'any',
      batch: { maxItems },
      keyLifetimeMs: 30 * 86_400_000,
      lookup: 'by_key',
      notFoundConclusiveAfterMs: 0,
      returnWindowMs: 2 * 86_400_000,
      expectedMs: 1,
      destinationFields: { BANK: ['iban'] },
      timeoutMs: 5_000,
    },
    check: () => [],
    submit: ({ key, items }) =>
      after(() => {
        counts.submits++
        for (const item of items) {
          if (paid.has(item.key)) counts.repeated++
          paid.add(item.key)
        }
        const [only] = items
        if (items.length === 1 && only) return settled(only.key)
        return {
          kind: 'accepted' as const,
          reference: key,
          items: Object.fromEntries(items.map((item) => [item.key, settled(item.key)])),
        }
      }),
    lookup: ({ key }) =>
      after(() => {
        counts.lookups++
        return paid.has(key) ? settled(key) : { kind: 'not_found' as const, conclusive: true }
      }),
    calls: () => ({ ...counts, payouts: paid.size }),
  }
}
