import { inspect } from 'node:util'

import type { PaymentProvider, ProviderHost } from '../../ports/payment-provider'
import { systemClock, systemRandomness } from '../../runtime/clock'
import { memoryDocuments } from '../memory-documents'

/** What a provider has let out of its hands: nothing of the payee or of the secrets may be in it. */
export interface Evidence {
  readonly outcomes: string[]
  readonly errors: string[]
  readonly logs: string[]
}

export function createHost(evidence: Evidence): ProviderHost {
  const log = (event: string, fields?: Record<string, unknown>) => {
    evidence.logs.push(`${event} ${inspect(fields, { depth: 8 })}`)
  }
  return {
    documents: memoryDocuments(),
    clock: systemClock,
    random: systemRandomness,
    logger: { debug: log, info: log, warn: log, error: log },
  }
}

/** Notes what is answered and thrown, before the engine redacts the one and turns the other into `unknown`. */
export function recording(provider: PaymentProvider, evidence: Evidence): PaymentProvider {
  const noting = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async function noted(...args: Args): Promise<Result> {
      try {
        const result = await call.apply(provider, args)
        evidence.outcomes.push(inspect(result, { depth: 8 }))
        return result
      } catch (error) {
        evidence.errors.push(inspect(error, { depth: 8 }))
        throw error
      }
    }
  const { lookupOrder, cancel, listPayouts } = provider
  const noted: Partial<PaymentProvider> = {
    submit: noting(provider.submit),
    lookup: noting(provider.lookup),
    ...(lookupOrder && { lookupOrder: noting(lookupOrder) }),
    ...(cancel && { cancel: noting(cancel) }),
    ...(listPayouts && { listPayouts: noting(listPayouts) }),
  }
  // All else is the provider's own: one that is an object of a class keeps in itself what `open` gave it.
  return new Proxy({} as PaymentProvider, {
    get(_target, name) {
      if (Object.hasOwn(noted, name)) return noted[name as keyof PaymentProvider]
      const own: unknown = Reflect.get(provider, name)
      return typeof own === 'function' ? (own.bind(provider) as unknown) : own
    },
  })
}
