import type { LookupOutcome, PayoutItem } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand, demandKind, outcomeOf, wordOf } from './demands'

export const TAKEN = ['accepted', 'settled'] as const
/** What may be said where it is open whether the bank has it; the first two only where the provider found out. */
export const OPEN = ['accepted', 'settled', 'unknown'] as const

export const isTaken = ({ kind }: LookupOutcome): boolean => (TAKEN as readonly string[]).includes(kind)

export const sent = async (bench: Bench, item: PayoutItem) =>
  outcomeOf(await bench.submit(bench.order(item)), item)

/** Asks with the reference that `outcome` told, as the engine does. */
export const lookedUp = (bench: Bench, item: PayoutItem, outcome: LookupOutcome) =>
  bench.lookup(item, { reference: 'reference' in outcome ? outcome.reference : undefined })

/** For rules that need a payout the bank has. */
export async function takenPayout(
  bench: Bench,
  changes: Partial<PayoutItem> = {},
): Promise<{ item: PayoutItem; reference: string | undefined }> {
  const item = await bench.arranged('accept', bench.item(changes))
  const outcome = await sent(bench, item)
  demand(
    isTaken(outcome),
    `it needs a payout that was handed in, and the outcome was ${wordOf(outcome)}: repair submit.accepts first`,
  )
  return { item, reference: 'reference' in outcome ? outcome.reference : undefined }
}

/** A look-up after a fault may know less than the bank does, never the contrary. */
export async function demandTruth(
  bench: Bench,
  item: PayoutItem,
  outcome: LookupOutcome,
  isBooked: boolean,
): Promise<void> {
  const { capabilities } = bench.provider()
  if (capabilities.lookup === 'none') return
  const found = await lookedUp(bench, item, outcome)
  if (!isBooked)
    return demandKind(found, ['not_found', 'unknown', 'deferred'], 'the bank has nothing, and was asked')
  demandFindable(found)
}

/**
 * Of a payout that the bank has, and would show. How early it is asked is no excuse for a "not found" that is called
 * conclusive: what is not found now, by its key, is not found later either, and then it is paid again or given back.
 */
export function demandFindable(found: LookupOutcome): void {
  demandKind(found, [...OPEN, 'not_found'], 'the bank has the payout, and was asked')
  const isTrusted = found.kind === 'not_found' && found.conclusive
  demand(!isTrusted, `the bank has the payout and shows it, and a look-up said ${wordOf(found)}`)
}
