import { sameAmount } from '../../domain/money'
import type { LookupOutcome } from '../../ports/payment-provider'
import { inTurns } from '../shared/in-turns'
import type { ItemAnswer } from './answers'
import type { Listing } from './listing'
import { ownFaultOf } from './own-account'
import { declineCodeOf, isFinished, meaningOf, returnCodeOf } from './statuses'

/** The payout as we know it. Without an amount where only its batch was asked for; the engine compares it then. */
export interface Asked {
  readonly key: string
  readonly currency: string
  readonly amount?: string
}

const unknown = (why: string): LookupOutcome => ({ kind: 'unknown', why, wasHeard: true })

/** What one payout item of PayPal's says about one payout of ours. */
export function itemOutcome(item: ItemAnswer, asked: Asked): LookupOutcome {
  const { itemId: reference, key, money, status, transactionId, error } = item
  if (key !== asked.key) return unknown('the payout item at PayPal belongs to another payout')
  if (status === null) return { kind: 'accepted', reference }
  const meaning = meaningOf(status)
  if (meaning === 'open') return { kind: 'accepted', reference, status }
  if (money?.currency !== asked.currency) return unknown('PayPal reports another currency')
  if (meaning === 'paid')
    return {
      kind: 'settled',
      reference,
      transactionId: transactionId ?? reference,
      amount: money.amount,
      status,
    }
  // A paid amount that differs is for the engine to see; one that was not paid or came back would be given to the user.
  if (asked.amount !== undefined && !sameAmount(money.amount, asked.amount))
    return unknown('PayPal reports another amount')
  if (meaning === 'not_paid') {
    const why = ownFaultOf(error)
    return why === null
      ? { kind: 'declined', code: declineCodeOf(error), reference, status }
      : { kind: 'voided', why, status: `${status} ${error}` }
  }
  return {
    kind: 'returned',
    reference,
    ...(transactionId !== null && { transactionId }),
    amount: money.amount,
    code: returnCodeOf(status, error),
  }
}

/** What a batch says about one of its payouts. */
export function outcomeIn(listing: Listing, asked: Asked): LookupOutcome {
  const [item, ...more] = listing.byKey.get(asked.key) ?? []
  if (more.length > 0) return unknown('the batch at PayPal lists this payout more than once')
  return item ? itemOutcome(item, asked) : absent(listing)
}

/** What a batch says about each payout that it lists, by our key. */
export async function outcomesIn(listing: Listing, currency: string): Promise<Record<string, LookupOutcome>> {
  const outcomes: [string, LookupOutcome][] = []
  await inTurns(listing.byKey.keys(), (key) => outcomes.push([key, outcomeIn(listing, { key, currency })]))
  return Object.fromEntries(outcomes)
}

/**
 * PayPal took the batch, with this payout in it, and does not list it. While it is working on the batch that is no
 * news. Of a batch it has denied it says that nothing was processed. Of one that is done, the absence counts only when
 * the list is complete and its sum is the total that was booked, so that this payout's money is not part of it.
 */
function absent({ header, isComplete, addsUp }: Listing): LookupOutcome {
  const status = header.status ?? undefined
  if (!isFinished(header.status) || !isComplete) return { kind: 'accepted', ...(status && { status }) }
  // Nothing of it was processed, and nothing is said against the payee.
  if (header.status === 'DENIED') return { kind: 'voided', why: 'provider_unavailable', status: 'DENIED' }
  return addsUp
    ? { kind: 'not_found', conclusive: true }
    : unknown('the finished batch does not list this payout, and its total does not add up')
}
