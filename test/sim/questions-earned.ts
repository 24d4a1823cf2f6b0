import { isLess, sameAmount } from '../../src/domain/money'
import type { DifferenceKind } from '../../src/domain/questions'
import { isPaid, type State } from '../../src/domain/states'
import type { Payout } from './bank'
import type { Books } from './checks'
import type { MemoryRow } from './memory-tables'

/** I8: whether there is something to ask a person about, by what really happened. */
export function isEarnedReason(row: MemoryRow, books: Books): boolean {
  const { wallet, payoutsOf, bankOf } = books
  const [burn] = wallet.burnsFor(row.id)
  const all = payoutsOf(row.id)
  const payout = all.find(({ executions }) => executions > 0)
  const lied = all.some(({ lied }) => lied !== null)
  const earned: Readonly<Record<string, () => boolean>> = {
    destination_unreadable: () => books.ibanOf(row) === null,
    // Damaged after it was paid, it is found out by the first look that moves money again.
    row_changed: () => books.ibanOf(row) === null,
    row_lost: () => (books.store.journal.get(row.id) ?? [])[0]?.event === 'withdrawal.taken_in',
    hold_changed: () =>
      burn?.changedByOthers === true || (burn?.state === 'released' && wasMoved(row.id, books)),
    // Taken in with a burn that was final, and sent again or given back: the name that it has is not known any more.
    hold_missing: () =>
      burn === undefined || (burn.isPlanted && burn.id !== row.id && burn.id !== row.settledBurnId),
    paid_but_released: () =>
      (payout !== undefined || lied) && burn?.state === 'released' && burn.changedByOthers,
    // It was to be given back, since nothing was paid, or all of it came back; staff had settled it meanwhile.
    released_but_settled: () =>
      all.every(({ executions, state }) => executions === 0 || state === 'returned') &&
      burn?.state === 'settled' &&
      burn.changedByOthers,
    amount_mismatch: () => all.some(({ amount, item }) => isLess(amount, item.amount)),
    // Nobody could say: that is what a person is for. A payout that nobody can be asked about stays a question too.
    unresolved: () => true,
    // Somebody has told it to wait, here or there.
    held_by_operator: () => true,
    held_by_exchange: () => true,
    refused_alone: () => bankOf(row).knobs.badItem === 'refuses_all' || bankOf(row).knobs.validatesFirst,
    vanished: () => lied || wasPutInDoubt(row.id, books),
    credit_refused: () =>
      all.some(({ state }) => state === 'returned') && wallet.creditsFor(row.id).length === 0,
    // A look-up may show what was true a moment ago: dropped by now, and still on its way then.
    paid_under_retired_key: () =>
      all.some(
        ({ key, state, stateBefore }) =>
          key !== row.payoutKey && [state, stateBefore].some((was) => was === 'pending' || was === 'paid'),
      ),
  }
  return earned[row.reasonCode ?? '']?.() === true
}

/** Held by a person while it was being given back, it may be let go of when it was. */
const wasMoved = (id: string, { store }: Books): boolean =>
  (store.journal.get(id) ?? []).some(({ actor }) => actor.startsWith('operator'))

/** By a person, who asked to look up what had been taken, at a provider that may not be asked. */
const wasPutInDoubt = (id: string, { store }: Books): boolean =>
  (store.journal.get(id) ?? []).some(({ actor, to }) => actor.startsWith('operator') && to === 'in_doubt')

/** The same for what a person is asked while work goes on, at the moment it is put. */
export function isEarnedQuestion(
  { kind, detail }: { kind: DifferenceKind; detail: unknown },
  row: MemoryRow,
  books: Books,
): boolean {
  const { wallet, payoutsOf } = books
  const payouts = payoutsOf(row.id)
  const burns = wallet.burnsFor(row.id)
  // A look-up may show what was true a moment ago.
  const was = (...states: readonly string[]) =>
    payouts.some(({ state, stateBefore }) => states.includes(state) || states.includes(stateBefore))
  const always = () => true
  const never = () => false
  const earned: Readonly<Record<DifferenceKind, () => boolean>> = {
    paid_after_release: () => was('pending', 'paid'),
    returned_after_release: () => was('returned'),
    returned_again: () => was('returned'),
    declined_after_paid: () => was('declined', 'voided'),
    another_payout: () => payouts.length > 1 || payouts.some(({ lied }) => lied === 'odd_amount'),
    paid_under_retired_key: () => payouts.some(({ key }) => key !== row.payoutKey) || row.retiredPayouts > 0,
    orphan_hold: () => wallet.burnsFor(row.id).length > 0,
    row_changed: () => books.ibanOf(row) === null,
    held_by_exchange: () => wallet.burnsFor(row.id).some(({ heldSinceMs }) => heldSinceMs > 0),
    ...{ key_missing: never, unclear_bank_fact: never, payer_changed: never },
    ...{ burn_without_row: never, payout_without_row: never },
    row_without_burn: () => burns.every(({ state }) => state === 'released'),
    burn_state_differs: () =>
      burns.some(({ state }) => state === 'settled') !== isPaid((detail as { state: State }).state),
    amount_differs: () =>
      burns.filter(({ state }) => state !== 'released').length !== 1 ||
      burns.some(({ amount }) => !sameAmount(amount, row.amount)) ||
      payouts.some(({ amount }) => !sameAmount(amount, row.payoutAmount)),
    // By a clock that was set ahead what was paid a moment ago is old enough for its bank to know it.
    payout_missing: () =>
      !payouts.some(({ key, ...payout }) => key === row.payoutKey && isThere(payout)) ||
      (books.aheadMs() > 0 &&
        payouts.some(({ takenAtMs }) => books.nowMs() - takenAtMs < books.bankOf(row).knobs.lookupLagMs)),
    paid_twice: () =>
      payouts.filter(({ key, state }) => key === row.payoutKey && state === 'paid').length > 1,
    credited_twice: () => isCreditedTooMuch(row.id, row.returnedAmount, books),
    ...{ overdue: always, stuck: always, unresolved: always, vanished: always },
  }
  return earned[kind]()
}

/** The same for what has no row here: a burn, a payout, or a credit. */
export function isEarnedAboutNoRow(
  kind: DifferenceKind,
  subject: string,
  { wallet, banks, store }: Books,
): boolean {
  if (kind === 'burn_without_row') return wallet.burnsFor(subject).some(({ state }) => state !== 'released')
  if (kind === 'credited_twice') return wallet.creditsFor(subject).length > 0
  if (kind !== 'payout_without_row' || [...store.rows.values()].some((row) => row.payoutKey === subject))
    return false
  // What a bank says it has is a question, whether or not it does.
  return banks.some(
    ({ payouts, invented }) => invented.has(subject) || payouts.some(({ key }) => key === subject),
  )
}

/** A look-up may show what was true a moment ago. */
const isThere = ({ state, stateBefore }: Pick<Payout, 'state' | 'stateBefore'>): boolean =>
  [state, stateBefore].every((was) => was !== 'declined' && was !== 'voided')

function isCreditedTooMuch(id: string, returned: string | null, { wallet }: Books): boolean {
  const credited = wallet.creditsFor(id).reduce((sum, { cents }) => sum + cents, 0)
  return credited > Math.round(Number(returned ?? 0) * 100)
}
