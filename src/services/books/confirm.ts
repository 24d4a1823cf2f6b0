import type { Candidate } from '../../db/books'
import type { Store, StoredWithdrawal } from '../../db/store'
import { endToEndIdOf, payoutKeyOf } from '../../domain/identifiers'
import { isLess, sameAmount, sum } from '../../domain/money'
import type { DifferenceKind } from '../../domain/questions'
import { withdrawalNamedBy } from '../../domain/reconciliation'
import { redactText } from '../../domain/redaction'
import { isPaid, isWorking } from '../../domain/states'
import { describeError } from '../../errors'
import type { Exchange, Hold, ListedCredit } from '../../ports/exchange'
import type { LookupOutcome, PaymentProvider } from '../../ports/payment-provider'
import type { PayoutAsked, ProviderCalls } from '../payouts/provider-calls'
import { isWithProvider, queryForRetired } from '../steps/old-keys'
import { journalled, queryFor } from '../steps/payout-facts'
import { holdIds } from '../steps/step'

export interface ConfirmDeps {
  readonly store: Pick<Store, 'findWithdrawal' | 'readJournal' | 'listRetiredPayouts'>
  readonly exchange: Pick<Exchange, 'findAllHolds' | 'listCredits'>
  readonly providers: readonly PaymentProvider[]
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly providerCalls: Pick<ProviderCalls, 'lookup'>
}

export type Confirmed =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'difference'; readonly as: DifferenceKind; readonly detail: Record<string, unknown> }

const AGREES: Confirmed = { kind: 'agrees' }
const unknown = (why: string): Confirmed => ({ kind: 'unknown', why })

/**
 * Lists are a moment old, and reach back only so far: what did not match is asked for by its name before a person is.
 * Only what is still so then is a difference.
 */
export async function confirm(deps: ConfirmDeps, { kind, subject, facts }: Candidate): Promise<Confirmed> {
  switch (kind) {
    case 'burn_without_row':
      return burnWithoutRow(deps, subject, facts)
    case 'payout_without_row':
      return { kind: 'difference', as: kind, detail: { ...facts, ours: null } }
    case 'credited_twice':
      return creditedTwice(deps, subject, facts)
    case 'paid_twice':
      // Where a person has brought it says nothing of a second payment.
      return withAnyRow(deps, subject, (row) =>
        Promise.resolve({ kind: 'difference', as: kind, detail: { ...facts, ours: ourSide(row) } }),
      )
    case 'paid_under_retired_key':
      return withAnyRow(deps, subject, (row) => underRetiredKey(deps, row, facts))
    case 'row_without_burn':
    case 'burn_state_differs':
      return withRow(deps, subject, (row) => atExchange(deps, row, facts))
    case 'payout_missing':
    case 'paid_after_release':
      return withRow(deps, subject, (row) => atProvider(deps, row))
    case 'amount_differs':
      return withRow(deps, subject, async (row) => {
        const exchange = await atExchange(deps, row, facts)
        return exchange.kind === 'agrees' && facts.provider !== undefined ? atProvider(deps, row) : exchange
      })
    default:
      return unknown(`this version does not know what ${kind} is`)
  }
}

/** A worker has it in hand, and may move it. One that has ended is only looked at: where that moves it, its version tells. */
const isMoving = ({ leased, state }: StoredWithdrawal): boolean => leased && isWorking(state)

type Look = (row: StoredWithdrawal) => Promise<Confirmed>
const withRow = (deps: ConfirmDeps, id: string, look: Look): Promise<Confirmed> =>
  withAnyRow(deps, id, async (row) => {
    const last = (await deps.store.readJournal(id)).filter(({ from, to }) => from !== to).at(-1)
    // A person has brought it here, with evidence: that is the explanation.
    return last?.actor.startsWith('operator:') ? AGREES : look(row)
  })

async function withAnyRow({ store }: ConfirmDeps, id: string, look: Look): Promise<Confirmed> {
  const row = await store.findWithdrawal(id)
  // Somebody works on it: it is not where it was.
  if (!row || isMoving(row)) return AGREES
  const found = await look(row)
  if (found.kind !== 'difference') return found
  // It has moved on while the others were asked.
  return (await store.findWithdrawal(id))?.version === row.version ? found : AGREES
}

async function burnWithoutRow(
  deps: ConfirmDeps,
  subject: string,
  facts: Candidate['facts'],
): Promise<Confirmed> {
  if (await deps.store.findWithdrawal(subject)) return AGREES
  const listed = facts.exchange as { id: string; userId: number | null; amount: string; currency: string }
  let burnState = facts.burnState
  if (listed.userId !== null) {
    const ids = [...new Set([subject, listed.id])]
    const search = await deps.exchange.findAllHolds({ userId: listed.userId, ids })
    if (search.kind === 'unknown') return unknown(search.why)
    const taken = search.holds.filter(({ state }) => state !== 'released')
    if (taken.length === 0) return AGREES
    burnState = (taken.find(({ id }) => id === listed.id) ?? taken[0])?.state
  }
  const provider = await whoPaid(deps, { id: subject, currency: listed.currency, amount: listed.amount })
  return { kind: 'difference', as: 'burn_without_row', detail: { ...facts, burnState, ours: null, provider } }
}

/** What each provider says of the payout that a withdrawal of this id would have had. */
export async function whoPaid(
  { providers, providerCalls }: Pick<ConfirmDeps, 'providers' | 'providerCalls'>,
  { id, currency, amount }: { id: string; currency: string; amount: string },
): Promise<Record<string, Record<string, unknown>>> {
  const key = payoutKeyOf(id)
  const names = { key, orderKey: key, endToEndId: endToEndIdOf(id), reference: null, orderReference: null }
  const query: PayoutAsked = { ...names, currency, amount, payer: null }
  const said: Record<string, Record<string, unknown>> = {}
  for (const provider of providers.filter(({ capabilities }) => capabilities.lookup === 'by_key'))
    said[provider.name] = journalled(await providerCalls.lookup(provider, query))
  return said
}

async function creditedTwice(
  { store, exchange }: ConfirmDeps,
  subject: string,
  facts: Candidate['facts'],
): Promise<Confirmed> {
  const row = await store.findWithdrawal(subject)
  const isBack = row?.state === 'returning' || row?.state === 'returned'
  // What came back may be known by now.
  if ((row && isMoving(row)) || (isBack && sameAmount(String(facts.credited), row.returnedAmount ?? '0')))
    return AGREES
  let credits: readonly ListedCredit[]
  try {
    credits = await listedAgain(exchange, subject, facts.exchange as readonly Seen[])
  } catch (error) {
    return unknown(redactText(describeError(error).message).slice(0, 200))
  }
  const credited = sum(credits.map(({ amount }) => amount))
  if (!isLess(isBack ? (row.returnedAmount ?? '0') : '0', credited)) return AGREES
  return {
    kind: 'difference',
    as: 'credited_twice',
    detail: {
      ...{ ...facts, credited, credits: credits.length },
      ours: row && { ...ourSide(row), returnedAmount: isBack ? row.returnedAmount : null },
    },
  }
}

interface Seen {
  readonly currency: string
  readonly at: string
}

/** A list may tell of one twice: those of each moment at which one was seen, asked for by themselves. @throws As `listCredits`. */
async function listedAgain(
  exchange: ConfirmDeps['exchange'],
  subject: string,
  seen: readonly Seen[],
): Promise<readonly ListedCredit[]> {
  const moments = new Map(seen.map(({ currency, at }) => [`${currency} ${Date.parse(at)}`, currency]))
  const found: ListedCredit[] = []
  for (const [name, currency] of moments) {
    const ms = Number(name.split(' ')[1])
    const listed = await exchange.listCredits({ currency, since: new Date(ms), until: new Date(ms + 1) })
    found.push(
      ...listed.filter(
        ({ id, settled, description }) => settled && withdrawalNamedBy(id, description) === subject,
      ),
    )
  }
  return found
}

/** A list tells of one that was given up for another: the same question as the watch asks, for as long as it looks. */
async function underRetiredKey(
  { store, providerNamed, providerCalls }: ConfirmDeps,
  row: StoredWithdrawal,
  { retiredKey }: Candidate['facts'],
): Promise<Confirmed> {
  const old = (await store.listRetiredPayouts(row.id)).find(({ payoutKey }) => payoutKey === retiredKey)
  const provider = old && providerNamed(old.provider)
  if (!old || !provider) return unknown('the provider of a payout that was given up is not configured')
  const outcome = await providerCalls.lookup(provider, queryForRetired(row, old))
  if (outcome.kind === 'unknown' || outcome.kind === 'deferred') return unknown(outcome.why)
  if (!isWithProvider(outcome)) return AGREES
  const detail = { ...journalled(outcome), retiredKey, retiredEndToEndId: old.endToEndId, ours: ourSide(row) }
  return { kind: 'difference', as: 'paid_under_retired_key', detail }
}

async function atExchange(
  { exchange }: ConfirmDeps,
  row: StoredWithdrawal,
  facts: Candidate['facts'],
): Promise<Confirmed> {
  // Also under the names that the list has for it: what a person sent again does not know the one it was settled under.
  const listed = (facts.exchange ?? []) as readonly Pick<Hold, 'id'>[]
  const ids = [...new Set([...holdIds(row), ...listed.map(({ id }) => id)])]
  const search = await exchange.findAllHolds({ userId: row.userId, ids })
  if (search.kind === 'unknown') return unknown(search.why)
  const { holds } = search
  const taken = holds.filter(({ state }) => state !== 'released')
  const settled = taken.filter(({ state }) => state === 'settled')
  const detail = { state: row.state, ours: ourSide(row), exchange: holds.map(exchangeSide) }
  if (row.state === 'canceled')
    return settled.length === 0
      ? AGREES
      : { kind: 'difference', as: 'burn_state_differs', detail: { ...detail, burnState: 'settled' } }
  if (taken.length === 0) return { kind: 'difference', as: 'row_without_burn', detail }
  const [burnState, isAsItShould] = isPaid(row.state)
    ? (['pending', settled.length > 0 || row.state === 'settling'] as const)
    : (['settled', settled.length === 0] as const)
  if (!isAsItShould) return { kind: 'difference', as: 'burn_state_differs', detail: { ...detail, burnState } }
  return amountsDiffer(row, taken)
    ? {
        kind: 'difference',
        as: 'amount_differs',
        detail: { at: 'exchange', amount: taken.map(({ amount }) => amount).join(' + '), ...detail },
      }
    : AGREES
}

/** One burn, of this amount, of this user. */
function amountsDiffer(row: StoredWithdrawal, taken: readonly Hold[]): boolean {
  const [only] = taken
  const isForeign = only && only.userId !== null && only.userId !== row.userId
  return (
    taken.length > 1 ||
    !only ||
    isForeign === true ||
    only.currency !== row.currency ||
    !sameAmount(only.amount, row.amount)
  )
}

async function atProvider(deps: ConfirmDeps, row: StoredWithdrawal): Promise<Confirmed> {
  const provider = deps.providerNamed(row.provider)
  if (!provider) return unknown(`the provider ${row.provider} is not configured`)
  const outcome = await deps.providerCalls.lookup(provider, queryFor(row))
  const said = journalled(outcome)
  const detail = { ...said, state: row.state, said: outcome.kind, ours: ourSide(row), provider: said }
  if (row.state === 'canceled')
    return outcome.kind === 'settled' || outcome.kind === 'accepted'
      ? { kind: 'difference', as: 'paid_after_release', detail }
      : AGREES
  return judgePaid(row, outcome, detail)
}

function judgePaid(
  row: StoredWithdrawal,
  outcome: LookupOutcome,
  detail: Record<string, unknown>,
): Confirmed {
  switch (outcome.kind) {
    case 'settled':
      return outcome.amount !== undefined && !sameAmount(outcome.amount, row.payoutAmount)
        ? { kind: 'difference', as: 'amount_differs', detail: { ...detail, at: 'provider' } }
        : AGREES
    // It is with the provider; what came back, or never ends, is looked at elsewhere.
    case 'accepted':
    case 'returned':
      return AGREES
    case 'not_found':
      return outcome.conclusive
        ? { kind: 'difference', as: 'payout_missing', detail }
        : unknown('the provider cannot say for certain that it has no such payout')
    case 'declined':
    case 'voided':
      return { kind: 'difference', as: 'payout_missing', detail }
    case 'deferred':
    case 'unknown':
      return unknown(`the provider does not say what became of it: ${outcome.why}`)
  }
}

/** What the books say, without anybody's account. */
const ourSide = ({ state, amount, fee, payoutAmount, currency, userId, ...row }: StoredWithdrawal) => ({
  ...{ state, amount, fee, payoutAmount, currency, userId },
  createdAt: row.createdAt.toISOString(),
  stateSince: row.stateSince.toISOString(),
})

const exchangeSide = ({ id, state, amount, currency, userId }: Hold) => ({
  ...{ id, state, amount, currency, userId },
})
