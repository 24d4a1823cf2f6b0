import type { RowSlice } from '../../src/db/books/matching'
import { sameAmount, sum } from '../../src/domain/money'
import type { ReconciliationItem } from '../../src/domain/reconciliation'
import { isPaid, isUnsent, type State, wasSent } from '../../src/domain/states'
import type { MemoryRow, MemoryTables } from './memory-tables'

export interface StagedItem extends ReconciliationItem {
  readonly nth: number
}

export interface FoundCandidate {
  readonly kind: string
  readonly subject: string
  readonly facts: Readonly<Record<string, unknown>>
}

const isTaken = (state: State): boolean => wasSent(state) || (isUnsent(state) && state !== 'requested')
const isPaidByNow = (state: State): boolean => isPaid(state) && state !== 'settling'
const isUnpaidYet = (state: State): boolean =>
  state === 'canceled' || (isUnsent(state) && state !== 'requested') || (wasSent(state) && !isPaid(state))

const side = ({ id, state, amount, currency, userId, at }: StagedItem) => ({
  ...{ id, state, amount, currency, userId, at },
})
/** Of a row only what somebody has said. */
function sideSaid(item: StagedItem) {
  const { userId, ...said } = side(item)
  return userId === null ? said : { ...said, userId }
}
const countOf = (items: readonly StagedItem[], state: string): number =>
  items.filter((item) => item.state === state).length

/** What src/db/books/matching.ts does by joins, one after the other. */
export function* itemsThatDoNotMatch(
  tables: MemoryTables,
  slice: readonly StagedItem[],
  all: readonly StagedItem[],
  since: Date,
): Iterable<FoundCandidate> {
  for (const item of slice) {
    const isSince = Date.parse(item.at) >= since.getTime()
    const { kind, ref: subject, isOurs, state, id, fee } = item
    if (kind === 'hold' && isOurs && state !== 'released' && isSince && !tables.rows.has(subject))
      yield {
        ...{ kind: 'burn_without_row', subject },
        facts: { burnId: id, burnState: state, fee, exchange: side(item) },
      }
    if (kind === 'payout') yield* payoutsThatDoNotMatch(tables, item, all, isSince)
  }
}

function* payoutsThatDoNotMatch(
  { rows, retired }: MemoryTables,
  item: StagedItem,
  all: readonly StagedItem[],
  isSince: boolean,
): Iterable<FoundCandidate> {
  const { ref: subject, state, id, source } = item
  const isMade = (state === 'open' || state === 'paid') && isSince
  const row = [...rows.values()].find(({ payoutKey }) => payoutKey === subject)
  const old = retired.get(subject)
  if (isMade && !row && !old)
    yield {
      ...{ kind: 'payout_without_row', subject },
      facts: { payoutProvider: source, reference: id, provider: side(item) },
    }
  if (isMade && old?.provider === source)
    yield {
      ...{ kind: 'paid_under_retired_key', subject: old.withdrawalId },
      facts: { retiredKey: subject, reference: id, provider: side(item) },
    }
  const paid = all.filter(
    (one) => one.kind === 'payout' && one.ref === subject && one.source === source && one.state === 'paid',
  )
  const references = [...new Set(paid.map((one) => one.id))].sort()
  if (state === 'paid' && row && references.length > 1)
    yield { kind: 'paid_twice', subject: row.id, facts: { payoutProvider: source, references } }
}

export function rowsOf({ rows }: MemoryTables, { since, until }: RowSlice): readonly MemoryRow[] {
  const isMeant = (at: Date): boolean => at.getTime() >= since.getTime() && at.getTime() < until.getTime()
  return [...rows.values()].filter(({ stateSince }) => isMeant(stateSince))
}

/** Our rows that moved last in this time. */
export function* rowsThatDoNotMatch(
  found: readonly MemoryRow[],
  all: readonly StagedItem[],
  { currencies, providers }: RowSlice,
): Iterable<FoundCandidate> {
  for (const row of found) {
    const burns = all.filter(
      ({ kind, ref }) => kind === 'hold' && (ref === row.id || ref === row.settledBurnId),
    )
    const payouts = all.filter(
      ({ kind, ref, source }) => kind === 'payout' && ref === row.payoutKey && source === row.provider,
    )
    const facts = {
      ...(burns.length > 0 && { exchange: burns.map(sideSaid) }),
      ...(payouts.length > 0 && { provider: payouts.map(sideSaid) }),
    }
    for (const kind of judged(row, burns, payouts, { currencies, providers }))
      yield { kind, subject: row.id, facts }
  }
}

function* judged(
  row: MemoryRow,
  burns: readonly StagedItem[],
  payouts: readonly StagedItem[],
  { currencies, providers }: Pick<RowSlice, 'currencies' | 'providers'>,
): Iterable<string> {
  const [settled, pending] = [countOf(burns, 'settled'), countOf(burns, 'pending')]
  const { made, isPaid: isPaidThere, differs } = atProvider(row, payouts)
  const isRead = currencies.includes(row.currency)
  if (isTaken(row.state) && row.heldAt !== null && isRead && settled + pending === 0) yield 'row_without_burn'
  if (isElsewhere(row, settled, pending)) yield 'burn_state_differs'
  const isOther = settled + pending > 0 && isAnother(row, burns)
  if (isOther || differs) yield 'amount_differs'
  if (row.state === 'processed' && providers.includes(row.provider) && made === 0) yield 'payout_missing'
  if (row.state === 'canceled' && isPaidThere) yield 'paid_after_release'
}

const isElsewhere = ({ state }: MemoryRow, settled: number, pending: number): boolean =>
  (isPaidByNow(state) && settled === 0 && pending > 0) || (isUnpaidYet(state) && settled > 0)

function atProvider(row: MemoryRow, payouts: readonly StagedItem[]) {
  const paid = payouts.filter(({ state }) => state === 'paid')
  const differs = paid.some(
    ({ currency, amount }) => currency !== row.currency || !sameAmount(amount, row.payoutAmount),
  )
  return { made: payouts.filter(({ state }) => state !== 'failed').length, isPaid: paid.length > 0, differs }
}

/** Not one burn's worth of this user, in this currency. */
function isAnother(row: MemoryRow, burns: readonly StagedItem[]): boolean {
  const taken = burns.filter(({ state }) => state !== 'released')
  const isForeign = taken.some(
    ({ currency, userId }) => currency !== row.currency || (userId !== null && userId !== row.userId),
  )
  return isForeign || !sameAmount(sum(taken.map(({ amount }) => amount)), row.amount)
}

/** Credits that are more than what came back. */
export function* creditsThatDoNotMatch(
  { rows }: MemoryTables,
  all: readonly StagedItem[],
): Iterable<FoundCandidate> {
  const credits = all.filter(({ kind, isOurs }) => kind === 'credit' && isOurs)
  for (const subject of new Set(credits.map(({ ref }) => ref))) {
    const found = credits.filter(({ ref }) => ref === subject)
    const settled = found.filter(({ state }) => state === 'settled')
    const row = rows.get(subject)
    const isBack = row?.state === 'returning' || row?.state === 'returned'
    const credited = sum(settled.map(({ amount }) => amount))
    if (settled.length === 0 || Number(credited) <= Number((isBack && row.returnedAmount) || 0)) continue
    const currency = found
      .map((one) => one.currency)
      .sort()
      .at(-1)
    const facts = { credited, credits: found.length, currency, exchange: found.map(side) }
    yield { kind: 'credited_twice', subject, facts }
  }
}
