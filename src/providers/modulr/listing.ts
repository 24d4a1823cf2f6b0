import { isPayoutKey } from '../../domain/identifiers'
import type { ListedPayout, LookupOutcome, PayoutPage, PayoutRange } from '../../ports/payment-provider'
import {
  apiTime,
  fieldsOf,
  type ModulrApi,
  type Payment,
  readApiTime,
  textOf,
  UnexpectedAnswerError,
} from './api'
import { outcomeOf } from './outcome'
import type { SourceAccounts } from './payment-request'
import type { Returns } from './returns'
import { statusOf } from './statuses'

export interface ListingDeps {
  readonly api: ModulrApi
  readonly returns: Returns
  readonly accounts: SourceAccounts
}

/** Longer than any day's list: an API that has no last page is not read for ever. */
const PAGES_MAX = 10_000
const SECOND_MS = 1_000

/**
 * The payments out of our accounts that carry keys of ours and were made in a time, account by account. In the order in
 * which they were made, so that what is made meanwhile does not push one from a page that is still to be read to one
 * that was.
 */
export async function listPayments(
  { since, until, cursor }: PayoutRange,
  { api, returns, accounts }: ListingDeps,
): Promise<PayoutPage> {
  const ids = Object.values(accounts).sort()
  const place = cursor === null ? { account: ids[0], page: 0 } : readPlace(cursor)
  // The account of an older configuration: its pages begin anew with those of this one.
  const index = ids.findIndex((id) => id === place.account)
  const sourceAccountId = ids[index]
  if (sourceAccountId === undefined) throw new Error('The account that was being listed is not configured.')
  const { payments, isLast } = await api.paymentPage(
    {
      ...{ sourceAccountId, type: 'PAYOUT', sortField: 'createdDate', sortOrder: 'asc' },
      // Both ends are included, and told in whole seconds.
      fromCreatedDate: apiTime(since),
      toCreatedDate: apiTime(new Date(until.getTime() + SECOND_MS)),
    },
    place.page,
  )
  const ours = payments.filter(({ externalReference }) => isPayoutKey(externalReference))
  const back = await returns.of(ours)
  const after = ids[index + 1]
  const next = isLast ? after && `0/${after}` : `${place.page + 1}/${sourceAccountId}`
  return {
    payouts: ours.map((payment) => listed(payment, back.has(payment.id))),
    next: next ?? null,
  }
}

function readPlace(cursor: string): { account: string | undefined; page: number } {
  const [, page, account] = /^(\d{1,5})\/(.+)$/.exec(cursor) ?? []
  if (Number(page) >= PAGES_MAX) throw new Error(`There are more than ${PAGES_MAX} pages of payments.`)
  return { account, page: Number(page) }
}

const STATES: Readonly<Partial<Record<LookupOutcome['kind'], ListedPayout['state']>>> = {
  settled: 'paid',
  declined: 'failed',
  voided: 'failed',
}

/** @throws {UnexpectedAnswerError} It lacks what it is compared by. */
function listed(payment: Payment, isBack: boolean): ListedPayout {
  const { id, externalReference: key, amount, details, createdDate, status } = payment
  const currency = textOf(fieldsOf(details).currency)
  const at = readApiTime(createdDate)
  if (amount === null || currency === null || at === null)
    throw new UnexpectedAnswerError('Modulr listed a payment without its amount, currency or time.')
  const isReturned = isBack || statusOf(status)?.meaning === 'returned'
  const state = isReturned ? 'returned' : (STATES[outcomeOf(payment).kind] ?? 'open')
  return { key, reference: id, currency: currency.toLowerCase(), amount, state, at: at.toISOString() }
}
