import type { StateChange } from '../../src/db/store'
import { sealOf } from '../../src/domain/batch'
import { canonicalJson } from '../../src/domain/identifiers'
import { isLess, sameAmount, sum } from '../../src/domain/money'
import { isFinal, mayBeMovedByPerson, mayMove } from '../../src/domain/states'
import type { JournalEntry } from '../../src/domain/withdrawal'
import type { PayoutOrder } from '../../src/ports/payment-provider'
import type { Bank, Payout } from './bank'
import { type Excuse, type Invariant, isExcused } from './exclusions'
import type { MemoryRow, MemoryTables } from './memory-tables'
import { type Burn, creditedFor, type Wallet } from './wallet'

export interface Violation {
  readonly invariant: Invariant
  readonly withdrawalId: string
  readonly what: string
  readonly atMs: number
}

/** What a client was told. */
export interface Acknowledged {
  readonly withdrawalId: string
  readonly userId: number
  readonly amount: string
  readonly iban: string
}

export interface Books {
  readonly store: MemoryTables
  readonly wallet: Wallet
  readonly bank: Bank
  readonly acknowledged: readonly Acknowledged[]
  /** Calls to wallet and bank for each withdrawal. */
  readonly calls: ReadonlyMap<string, number>
  /** What a person is asked about a withdrawal while work on it goes on. */
  readonly asked: (withdrawalId: string) => readonly string[]
  readonly nowMs: () => number
}

/** No withdrawal needs more, whatever goes wrong in ten minutes; a loop without a pause does. */
const CALLS_MAX = 400

/** Finds what must never be, at the moment it happens and at the end. */
export class Checks {
  readonly violations: Violation[] = []
  readonly excuses = new Map<string, Set<Excuse>>()
  private readonly heads = new Map<string, JournalEntry>()

  constructor(
    private readonly books: () => Books,
    private readonly onViolation: () => void,
  ) {}

  excuse(withdrawalId: string, excuse: Excuse): void {
    const held = this.excuses.get(withdrawalId) ?? new Set()
    this.excuses.set(withdrawalId, held.add(excuse))
  }

  /** I6: dense, unbroken, along the table; and a worker writes only what it holds. */
  appended(
    entry: JournalEntry,
    before: MemoryRow | null,
    after: MemoryRow,
    change: StateChange | null,
  ): void {
    const { withdrawalId, seq, from, to } = entry
    const fail = (what: string) => this.report('I6 journal chain', withdrawalId, what)
    const last = this.heads.get(withdrawalId)
    this.heads.set(withdrawalId, entry)
    if (seq !== (last?.seq ?? 0) + 1 || seq !== after.version) fail(`number ${seq} follows ${last?.seq}`)
    if (from !== (last?.to ?? null))
      fail(`${entry.event} starts in ${from}, the last one ended in ${last?.to}`)
    if (!isLegal(entry)) fail(`${from} does not lead to ${to}`)
    if (change && before) this.heldBy(before, change, after)
  }

  private heldBy(before: MemoryRow, { leaseOwner, event }: StateChange, after: MemoryRow): void {
    if (leaseOwner === null) return
    const isHeld = before.leaseUntil !== null && before.leaseUntil > after.updatedAt
    if (before.leaseOwner !== leaseOwner || !isHeld)
      this.report('I6 journal chain', after.id, `${event} by a worker without the lease`)
  }

  /** I13 when an order arrives, however late: what was frozen is what is sent, each time. */
  ordered(order: PayoutOrder, earlier: PayoutOrder | null): void {
    const fail = (what: string) => this.report('I13 batch integrity', '', `${order.key}: ${what}`)
    const amounts = sum(order.items.map(({ amount }) => amount))
    if (!sameAmount(order.total, amounts)) fail(`the total is ${order.total}, the items come to ${amounts}`)
    const text = ({ items }: PayoutOrder) => canonicalJson(items)
    if (earlier && text(earlier) !== text(order)) fail('sent again with another content')
    const { store } = this.books()
    const batch = [...store.batches.values()].find(({ batchKey }) => batchKey === order.key)
    if (!batch) return
    const rows = batch.members.flatMap((id) => store.rows.get(id) ?? [])
    const keys = rows.map(({ payoutKey }) => payoutKey)
    if (keys.join() !== order.items.map(({ key }) => key).join()) fail('the items are not the frozen members')
    if (sealOf(rows).payloadHash !== batch.payloadHash || !sameAmount(batch.total, order.total))
      fail('the content is not what was frozen')
  }

  /** I1 and I3 at the moment the money leaves. */
  executed(payout: Payout): void {
    const { store, wallet, bank } = this.books()
    const { withdrawalId, item } = payout
    const times = bank.payoutsOf(withdrawalId).reduce((sum, { executions }) => sum + executions, 0)
    if (times > 1) this.report('I1 at most one payout', withdrawalId, `paid ${times} times`)
    const row = store.rows.get(withdrawalId)
    const isOurs =
      row !== undefined &&
      sameAmount(row.payoutAmount, item.amount) &&
      row.currency === item.currency &&
      row.destination === `plain:${JSON.stringify(item.destination)}`
    if (!isOurs && row?.destination !== POISONED)
      this.report('I1 at most one payout', withdrawalId, 'what was paid is not what was asked for')
    if (!wallet.burnsFor(withdrawalId).some(({ state }) => state !== 'released'))
      this.report('I3 settled exactly when paid', withdrawalId, 'paid while nothing was locked')
  }

  /** I3 at the moment the balance is given back: nobody decides so while the money is gone, but others. */
  released({ withdrawalId, changedByOthers }: Burn): void {
    const isPaid = this.books()
      .bank.payoutsOf(withdrawalId)
      .some(({ state }) => state === 'paid')
    if (isPaid && !changedByOthers)
      this.report(
        'I3 settled exactly when paid',
        withdrawalId,
        'the balance was given back although it was paid',
      )
  }

  /** I10: what staff of the exchange said is not overwritten. */
  wiped({ withdrawalId }: Burn): void {
    this.report('I10 no silent discrepancy', withdrawalId, 'the hold of the exchange was taken away')
  }

  /** I5 at the moment of the answer. */
  answered({ withdrawalId, userId, amount, iban }: Acknowledged): void {
    const row = this.books().store.rows.get(withdrawalId)
    const isStored =
      row !== undefined &&
      row.userId === userId &&
      row.amount === amount &&
      (row.destination.includes(iban) || row.destination === POISONED)
    if (!isStored)
      this.report('I5 acknowledged is durable', withdrawalId, 'the answered withdrawal is not stored so')
  }

  idempotent(isSame: boolean, withdrawalId: string, what: string): void {
    if (!isSame) this.report('I14 idempotent requests', withdrawalId, what)
  }

  /** Everything that has to be true when nothing happens any more. */
  atRest(isAtRest: boolean): void {
    const { store, wallet, acknowledged } = this.books()
    for (const row of store.rows.values()) {
      const goesOn = row.state === 'in_doubt' && this.isQuestion(row.id)
      const rests = isFinal(row.state) || row.state === 'in_review' || row.state === 'conflict'
      if (!rests && !goesOn)
        this.report(
          'I7 liveness',
          row.id,
          `${row.state} (${row.reasonCode}), next look ${row.nextRunAt?.toISOString()}`,
        )
      else this.one(row)
    }
    if (!isAtRest) this.report('I7 liveness', '', 'the world does not come to rest')
    for (const answer of acknowledged) this.answered(answer)
    this.strangers()
    for (const { available, locked, settled, credited } of wallet.allBalances())
      if (available + locked + settled !== wallet.knobs.balance + credited || available < 0 || locked < 0)
        this.report('I9 conservation', '', 'the wallet does not add up')
  }

  /** Nobody could say, and somebody was asked. */
  private isQuestion = (withdrawalId: string): boolean =>
    this.books()
      .asked(withdrawalId)
      .some((kind) => kind === 'unresolved' || kind === 'vanished')

  /** Every burn and every payout is a withdrawal's. */
  private strangers(): void {
    const { store, wallet, bank } = this.books()
    for (const { withdrawalId } of wallet.burns)
      if (!store.rows.has(withdrawalId))
        this.report('I2 at most one burn', withdrawalId, 'a burn without a row')
    for (const { withdrawalId, executions } of bank.payouts)
      if (executions > 0 && !store.rows.has(withdrawalId))
        this.report('I1 at most one payout', withdrawalId, 'a payout without a row')
    for (const { id } of wallet.credits)
      if (store.rows.get(creditedFor(id))?.state !== 'returned')
        this.report('I15 a return is credited once', creditedFor(id), 'credited, and it is not returned')
  }

  private one(row: MemoryRow): void {
    const { wallet, bank, calls } = this.books()
    const burns = wallet.burnsFor(row.id)
    const payouts = bank.payoutsOf(row.id).filter(({ executions }) => executions > 0)
    if (burns.length > 1) this.report('I2 at most one burn', row.id, `${burns.length} burns`)
    const made = calls.get(row.id) ?? 0
    if (made > CALLS_MAX) this.report('I12 bounded calls', row.id, `${made} calls`)
    if (row.state === 'processed') this.paid(row, burns, payouts)
    if (row.state === 'canceled') this.notPaid(row, burns, payouts)
    if (row.state === 'returned') this.cameBack(row, burns, payouts)
    if (row.state === 'conflict' || row.state === 'in_review' || row.state === 'in_doubt')
      this.question(row, burns, payouts)
  }

  private paid(row: MemoryRow, [burn]: readonly Burn[], [payout]: readonly Payout[]): void {
    const fail = (what: string) => this.report('I3 settled exactly when paid', row.id, what)
    if (burn?.state !== 'settled') fail(`processed, and the burn is ${burn?.state}`)
    if (!payout) return fail('processed, and nobody was paid')
    if (payout.state !== 'paid') fail(`processed, and the payout is ${payout.state}`)
    if (!sameAmount(payout.amount, row.payoutAmount))
      this.report('I9 conservation', row.id, `processed, and ${payout.amount} was paid`)
  }

  private cameBack(row: MemoryRow, [burn]: readonly Burn[], [payout]: readonly Payout[]): void {
    const fail = (what: string) => this.report('I15 a return is credited once', row.id, what)
    if (burn?.state !== 'settled') fail(`returned, and the burn is ${burn?.state}`)
    if (payout?.state !== 'returned') fail(`returned, and the payout is ${payout?.state}`)
    const credits = this.books().wallet.creditsFor(row.id)
    if (credits.length !== 1) fail(`credited ${credits.length} times`)
    if (!credits.every(({ amount }) => payout && sameAmount(amount, payout.amount)))
      fail('what was credited is not what came back')
  }

  private notPaid(row: MemoryRow, burns: readonly Burn[], [payout]: readonly Payout[]): void {
    const fail = (what: string) => this.report('I3 settled exactly when paid', row.id, what)
    if (burns.some(({ state }) => state === 'settled')) fail('canceled, and the burn is settled')
    if (payout && payout.state !== 'returned') fail('canceled, and somebody was paid')
    if (burns.some(({ state }) => state === 'pending'))
      this.report('I4 no orphan lock', row.id, 'canceled, and the balance is still locked')
  }

  /** A person is only asked where there is something to ask. */
  private question(row: MemoryRow, [burn]: readonly Burn[], [payout]: readonly Payout[]): void {
    const lied = this.books()
      .bank.payoutsOf(row.id)
      .some(({ lied }) => lied !== null)
    const earned: Readonly<Record<string, boolean>> = {
      destination_unreadable: row.destination === POISONED,
      hold_changed: burn?.changedByOthers === true,
      hold_missing: burn === undefined,
      hold_mismatch: false,
      paid_but_released: payout !== undefined && burn?.state === 'released' && burn.changedByOthers,
      released_but_settled: payout === undefined && burn?.state === 'settled' && burn.changedByOthers,
      amount_mismatch: payout !== undefined && isLess(payout.amount, row.payoutAmount),
      // Nobody could say: that is what a person is for. A payout that nobody can be asked about stays a question too.
      unresolved: true,
      // Somebody has told it to wait, here or there.
      held_by_operator: true,
      held_by_exchange: true,
      refused_alone: this.books().bank.knobs.badItem === 'refuses_all',
      vanished: lied || this.wasPutInDoubt(row.id),
      duplicate_reference: false,
      credit_refused: payout?.state === 'returned' && this.books().wallet.creditsFor(row.id).length === 0,
      credit_mismatch: false,
    }
    if (earned[row.reasonCode ?? ''] !== true)
      this.report('I8 a question is earned', row.id, `${row.state} for ${row.reasonCode} without cause`)
  }

  /** By a person, who asked to look up what had been taken, at a provider that may not be asked. */
  private wasPutInDoubt = (id: string): boolean =>
    (this.books().store.journal.get(id) ?? []).some(
      ({ actor, to }) => actor.startsWith('operator') && to === 'in_doubt',
    )

  private report(invariant: Invariant, withdrawalId: string, what: string): void {
    const asked = this.books().asked(withdrawalId)
    if (isExcused(this.excuses.get(withdrawalId), invariant, (kind) => asked.includes(kind))) return
    this.violations.push({ invariant, withdrawalId, what, atMs: this.books().nowMs() })
    this.onViolation()
  }
}

const isLegal = ({ actor, from, to }: JournalEntry): boolean =>
  from === null || mayMove(from, to) || (actor.startsWith('operator') && mayBeMovedByPerson(from, to))

/** A destination that somebody has damaged in the table. */
export const POISONED = 'plain:{'
