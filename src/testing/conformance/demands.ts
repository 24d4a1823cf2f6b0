import { sameAmount } from '../../domain/money'
import type { LookupOutcome, PayoutItem, PayoutOutcome, SubmitOutcome } from '../../ports/payment-provider'
import type { Bench } from './bench'
import type { Booked } from './subject'
import { RuleBroken } from './verdicts'

/** What was said of this one payout. */
export const outcomeOf = (outcome: SubmitOutcome, { key }: PayoutItem): PayoutOutcome =>
  outcome.items?.[key] ?? outcome

/** The outcome in one word and the provider's own, for a report; its texts may hold what must not be shown. */
export const wordOf = (outcome: LookupOutcome): string =>
  outcome.kind === 'not_found' ? `not_found (conclusive: ${outcome.conclusive})` : outcome.kind

export function demand(holds: boolean, why: string): asserts holds {
  if (!holds) throw new RuleBroken(why)
}

export function demandKind(
  outcome: LookupOutcome,
  may: readonly LookupOutcome['kind'][],
  after: string,
): void {
  demand(
    may.includes(outcome.kind),
    `${after}: it said ${wordOf(outcome)}, and may only say ${may.join(' or ')}`,
  )
}

/** The bank has nothing under the payout's key: nobody has been paid, and nobody will be. */
export async function demandNothingBooked(bench: Bench, item: PayoutItem, after: string): Promise<void> {
  const booked = await bench.booked(item)
  demand(
    booked.length === 0,
    `${after}: the bank has ${booked.length} payouts under the key, and must have none`,
  )
}

/** The bank has this very payout under its key, once: this amount, in this currency, to this account. */
export async function demandBookedOnce(bench: Bench, item: PayoutItem, after: string): Promise<void> {
  const booked = await bench.booked(item)
  const [only] = booked
  demand(
    only !== undefined && booked.length === 1,
    `${after}: the bank has ${booked.length} payouts under the key, and must have 1`,
  )
  demandSamePayout(only, item, after)
}

export function demandSamePayout(booked: Booked, item: PayoutItem, after: string): void {
  const { amount, currency, destination } = item
  const account = destination.method === 'BANK' ? destination.iban : destination.paypalId
  demand(
    booked.currency.toLowerCase() === currency,
    `${after}: the bank pays ${booked.currency.slice(0, 10)} instead of ${currency}`,
  )
  demand(
    sameAmount(booked.amount, amount),
    `${after}: the bank pays ${booked.amount.slice(0, 40)} instead of ${amount}`,
  )
  demand(plain(booked.account) === plain(account), `${after}: the bank pays to another account`)
}

const plain = (account: string): string => account.replace(/\s/g, '').toUpperCase()

/** An amount that is told is the one that the payout has, or that has come back of it. */
export function demandToldAmount(outcome: LookupOutcome, amount: string): void {
  const told = outcome.kind === 'settled' || outcome.kind === 'returned' ? outcome.amount : undefined
  demand(
    told === undefined || sameAmount(told, amount),
    `the payout is ${outcome.kind} with ${amount}, and ${told} was told`,
  )
}
