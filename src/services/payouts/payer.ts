import { sha256 } from '../../domain/digest'
import type { PaymentProvider } from '../../ports/payment-provider'

/** Enough to tell accounts apart; the whole would only be longer in every row. */
const HASH_LENGTH = 32

type Payers = Pick<PaymentProvider, 'name' | 'payer'>

/**
 * What is kept of the account that pays now: nobody reads a number of it. null where the provider names none.
 *
 * @throws {Error} It names one in no words: nothing may leave that could not be told from what another account has.
 */
export function payerOf(provider: Payers, currency: string): string | null {
  const named: unknown = provider.payer?.(currency) ?? null
  if (named !== null && typeof named !== 'string')
    throw new Error(`Provider ${provider.name} names the account that pays by what is no text.`)
  return named === null ? null : sha256(`${provider.name}\n${named}`).slice(0, HASH_LENGTH)
}

/** A payout, and what was kept of the account that it was sent through; null where nobody kept it. */
export interface SentThrough {
  readonly payer: string | null
  readonly currency: string
}

/**
 * Whether another account is set now than the one it was sent through. That one proves that it never had it: who is asked
 * there all the same pays twice, or gives back what is paid.
 */
export const isAnotherPayer = (provider: Payers, { payer, currency }: SentThrough): boolean =>
  payer !== null && payer !== payerOf(provider, currency)
