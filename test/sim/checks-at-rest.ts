import { sameAmount } from '../../src/domain/money'
import { isFinal } from '../../src/domain/states'
import type { LookupOutcome, PayoutQuery } from '../../src/ports/payment-provider'
import type { Payout } from './bank'
import { type Books, type Checks } from './checks'
import { discrepanciesOf, type Evidence, queryOf, queryOfRetired } from './discrepancies'
import { excusesFor, isPaidOff } from './exclusions'
import type { MemoryRow } from './memory-tables'
import { isEarnedReason } from './questions-earned'
import { type Burn, creditedFor } from './wallet'

/** Everything that has to be true when nothing happens any more. */
export function checkAtRest(checks: Checks, isAtRest: boolean): void {
  const books = checks.books()
  if (!isAtRest) checks.report('I7 liveness', '', 'the world does not come to rest')
  for (const row of books.store.rows.values()) {
    if (restsOrIsAsked(row, books)) checkRow(checks, row)
    else
      checks.report(
        'I7 liveness',
        row.id,
        `${row.state} (${row.reasonCode}), next look ${row.nextRunAt?.toISOString()}`,
      )
  }
  for (const answer of books.acknowledged) checks.answered(answer)
  checkStrangers(checks)
  checkSums(checks)
  for (const balance of books.wallet.allBalances()) checks.balanced(balance)
  checkDebts(checks)
}

/** It has ended, or a person has it: frozen, or asked about while the looks go on. */
export function restsOrIsAsked({ id, state }: MemoryRow, { asked }: Books): boolean {
  if (isFinal(state) || state === 'in_review' || state === 'conflict') return true
  return state === 'in_doubt' && asked(id).some((kind) => kind === 'unresolved' || kind === 'vanished')
}

/** Every burn, every payout and every credit is a withdrawal's. */
function checkStrangers(checks: Checks): void {
  const { store, wallet, banks } = checks.books()
  for (const { withdrawalId, form, state, isPlanted } of wallet.burns) {
    if (store.rows.has(withdrawalId) || isPlanted) continue
    if (form === null) checks.report('I2 at most one burn', withdrawalId, 'a burn without a row')
    else if (state === 'pending') checks.report('I7 liveness', withdrawalId, 'it was never adopted')
  }
  for (const { withdrawalId, executions, orderReference } of banks.flatMap(({ payouts }) => payouts))
    // Whose order it is nobody knows: planted, and no payout of ours.
    if (orderReference !== null && executions > 0 && !store.rows.has(withdrawalId))
      checks.report('I1 at most one payout', withdrawalId, 'a payout without a row')
  for (const { id } of wallet.credits) {
    const row = store.rows.get(creditedFor(id))
    if (row?.state !== 'returned' && !isHeldInBetween(row))
      checks.report("I2' a return is credited once", creditedFor(id), 'credited, and it is not returned')
  }
}

/** An operator took it away from the looks after the credit was asked for. It is found when he lets go. */
const isHeldInBetween = (row: MemoryRow | undefined): boolean =>
  row?.state === 'conflict' && row.reasonCode === 'held_by_operator' && row.creditDoubtAt !== null

function checkRow(checks: Checks, row: MemoryRow): void {
  const { wallet, payoutsOf } = checks.books()
  const burns = wallet.burnsFor(row.id)
  const executed = payoutsOf(row.id).filter(({ executions }) => executions > 0)
  // The one that it stands for, where there are others under keys that were given up.
  const own = executed.filter(({ key }) => key === row.payoutKey)
  const payouts = own.length > 0 ? own : executed
  if (burns.length > 1) checks.report('I2 at most one burn', row.id, `${burns.length} burns`)
  if (row.state === 'processed') checkPaid(checks, row, burns, payouts)
  if (row.state === 'canceled') checkNotPaid(checks, row, burns, payouts)
  if (row.state === 'returned') checkCameBack(checks, row, burns, payouts)
  const isQuestion = row.state === 'conflict' || row.state === 'in_review' || row.state === 'in_doubt'
  if (isQuestion && !isEarnedReason(row, checks.books()))
    checks.report('I8 a question is earned', row.id, `${row.state} for ${row.reasonCode} without cause`)
  checkDiscrepancies(checks, row)
}

function checkPaid(
  checks: Checks,
  row: MemoryRow,
  [burn]: readonly Burn[],
  [payout]: readonly Payout[],
): void {
  const fail = (what: string) => checks.report('I3 settled exactly when paid', row.id, what)
  if (burn?.state !== 'settled') fail(`processed, and the burn is ${burn?.state}`)
  if (!payout) return fail('processed, and nobody was paid')
  if (payout.state !== 'paid') fail(`processed, and the payout is ${payout.state}`)
  if (!sameAmount(payout.amount, row.payoutAmount))
    checks.report('I9 conservation', row.id, `processed, and ${payout.amount} was paid`)
}

function checkCameBack(
  checks: Checks,
  row: MemoryRow,
  [burn]: readonly Burn[],
  [payout]: readonly Payout[],
): void {
  const fail = (what: string) => checks.report("I2' a return is credited once", row.id, what)
  if (burn?.state !== 'settled') fail(`returned, and the burn is ${burn?.state}`)
  if (payout?.state !== 'returned') fail(`returned, and the payout is ${payout?.state}`)
  const credits = checks.books().wallet.creditsFor(row.id)
  if (credits.length !== 1) fail(`credited ${credits.length} times`)
  if (!credits.every(({ amount }) => row.returnedAmount !== null && sameAmount(amount, row.returnedAmount)))
    fail('what was credited is not what we wrote down as come back')
}

function checkNotPaid(
  checks: Checks,
  row: MemoryRow,
  burns: readonly Burn[],
  [payout]: readonly Payout[],
): void {
  const fail = (what: string) => checks.report('I3 settled exactly when paid', row.id, what)
  if (burns.some(({ state }) => state === 'settled')) fail('canceled, and the burn is settled')
  if (payout && payout.state !== 'returned') fail('canceled, and somebody was paid')
  if (burns.some(({ state }) => state === 'pending'))
    checks.report('I4 no orphan lock', row.id, 'canceled, and the balance is still locked')
}

/** I9 over all: what was settled is what was paid and is gone, in each currency; a broken one is somebody's excuse. */
function checkSums(checks: Checks): void {
  const { store, wallet, payoutsOf } = checks.books()
  for (const row of store.rows.values()) {
    if (row.state !== 'processed' && row.state !== 'returned' && row.state !== 'canceled') continue
    const paid = sumOf(payoutsOf(row.id).map(({ amount, executions }) => Number(amount) * executions))
    const back = sumOf(payoutsOf(row.id).map(({ returned }) => Number(returned)))
    const settled = wallet.burnsFor(row.id).filter(({ state }) => state === 'settled').length
    const credited = sumOf(wallet.creditsFor(row.id).map(({ amount }) => Number(amount)))
    const given = settled * Number(row.payoutAmount) - credited
    if (Math.abs(paid - back - given) > 0.001 && row.state !== 'canceled')
      checks.report('I9 conservation', row.id, `the user gave ${given}, and ${paid - back} has left`)
  }
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)

/** I10: a difference between the books that nobody was asked about. */
export function checkDiscrepancies(checks: Checks, row: MemoryRow): void {
  const books = checks.books()
  if (row.state === 'conflict' || row.state === 'in_review') return
  for (const { what, owes } of discrepanciesOf(evidenceOf(row, books)))
    if (!owes.some((kind) => books.wasAsked(row.id, kind)))
      checks.report('I10 no silent discrepancy', row.id, `${what}, and nobody was asked`)
}

function evidenceOf(row: MemoryRow, books: Books): Evidence {
  const { store, wallet } = books
  const batch = row.batchId === null ? undefined : store.batches.get(row.batchId)
  const query = queryOf(row, batch?.batchKey ?? row.payoutKey, batch?.providerReference ?? null)
  const retired = [...store.retired.values()].filter(({ withdrawalId }) => withdrawalId === row.id)
  return {
    row,
    burns: wallet.burnsFor(row.id),
    told: isWatched(row, books) ? askedNow(row, query, books) : null,
    retired: retired.map((old) => ({
      payoutKey: old.payoutKey,
      told: askedNow(row, queryOfRetired(row, old), books),
    })),
  }
}

/** Whether anybody looks at the payout after the end: where it can still change, and where it was sent. */
const isWatched = (row: MemoryRow, { bankOf }: Books): boolean =>
  row.payoutStartedAt !== null && (row.state === 'canceled' || bankOf(row).knobs.returnWindowMs > 0)

function askedNow(row: MemoryRow, query: PayoutQuery, { bankOf }: Books): LookupOutcome | null {
  const bank = bankOf(row)
  return bank.knobs.lookup === 'none' ? null : bank.lookup(query)
}

/** Where a promise could not be kept, a person was asked: unless nobody can say, or everything has come right since. */
function checkDebts(checks: Checks): void {
  const books = checks.books()
  for (const { withdrawalId, excuse, invariant, what } of checks.debts) {
    const row = books.store.rows.get(withdrawalId)
    if (!row || row.state === 'conflict' || row.state === 'in_review') continue
    const mayBe = excusesFor(checks.excuses.get(withdrawalId), invariant)
    if (mayBe.some((one) => isPaidOff(one, (kind) => books.wasAsked(withdrawalId, kind)))) continue
    const evidence = evidenceOf(row, books)
    const isKnowable = evidence.told !== null && evidence.told.kind !== 'unknown'
    const isStillSo = discrepanciesOf(evidence).length > 0
    if (isKnowable && isStillSo)
      checks.report(
        'I10 no silent discrepancy',
        withdrawalId,
        `${excuse} cost ${invariant} (${what}), unasked`,
      )
  }
}
