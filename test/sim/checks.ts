import type { StateChange } from '../../src/db/store'
import { sealOf } from '../../src/domain/batch'
import { canonicalJson } from '../../src/domain/identifiers'
import { sameAmount, sum } from '../../src/domain/money'
import type { DifferenceKind } from '../../src/domain/questions'
import { isFinal, mayBeMovedByPerson, mayMove } from '../../src/domain/states'
import type { JournalEntry } from '../../src/domain/withdrawal'
import type { PayoutOrder } from '../../src/ports/payment-provider'
import type { Bank, Payout } from './bank'
import { type Excuse, excuseFor, type Invariant } from './exclusions'
import type { MemoryRow, MemoryTables } from './memory-tables'
import { isEarnedReason } from './questions-earned'
import { type Balance, type Burn, type Credit, creditedFor, type Wallet } from './wallet'

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
  readonly currency: string
  readonly amount: string
  readonly iban: string
}

/** Every book there is, and what persons were asked. */
export interface Books {
  readonly store: MemoryTables
  readonly wallet: Wallet
  readonly banks: readonly Bank[]
  readonly bankOf: (row: Pick<MemoryRow, 'provider'>) => Bank
  readonly payoutsOf: (withdrawalId: string) => readonly Payout[]
  readonly acknowledged: readonly Acknowledged[]
  /** What a person is asked about a withdrawal while work on it goes on. */
  readonly asked: (withdrawalId: string) => readonly string[]
  readonly wasAsked: (withdrawalId: string, kind: DifferenceKind) => boolean
  /** Of the account that a row is to be paid to; null where it cannot be read. */
  readonly ibanOf: (row: MemoryRow) => string | null
  readonly nowMs: () => number
  /** How far the database's clock is ahead of `nowMs`. */
  readonly aheadMs: () => number
}

/** A promise that was lost, and for which somebody has to be asked. */
export interface Debt {
  readonly withdrawalId: string
  readonly excuse: Excuse
  readonly invariant: Invariant
  readonly what: string
}

/** No withdrawal needs more, whatever goes wrong in ten minutes; a loop without a pause does. */
const CALLS_MAX = 400
/** Nor more than these within so long: whatever is repeated is repeated after a pause. */
const BURST = { calls: 40, withinMs: 10_000 }

/** Finds what must never be, at the moment it happens. What only the end can show is in checks-at-rest.ts. */
export class Checks {
  readonly violations: Violation[] = []
  readonly excuses = new Map<string, Set<Excuse>>()
  readonly debts: Debt[] = []
  private readonly heads = new Map<string, JournalEntry>()
  /** Since when what was lost is in the books again. */
  readonly takenIn = new Map<string, number>()
  private readonly calls = new Map<string, { total: number; recent: number[] }>()

  constructor(
    readonly books: () => Books,
    private readonly onViolation: () => void,
  ) {}

  excuse(withdrawalId: string, excuse: Excuse): void {
    const held = this.excuses.get(withdrawalId) ?? new Set()
    this.excuses.set(withdrawalId, held.add(excuse))
  }

  /** I6: dense, unbroken, along the table; and a worker writes only what it holds. I8: a question is earned when put. */
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
    if (entry.event === 'withdrawal.taken_in') this.tookIn(entry)
    if (from !== to) this.entered(after)
  }

  private tookIn({ withdrawalId, to }: JournalEntry): void {
    this.takenIn.set(withdrawalId, this.books().nowMs())
    if (to !== 'conflict')
      this.report(
        'I19 what was taken in is not paid',
        withdrawalId,
        `taken in as ${to}, and nobody decided so`,
      )
  }

  private heldBy(before: MemoryRow, { leaseOwner, event }: StateChange, after: MemoryRow): void {
    if (leaseOwner === null) return
    const isHeld = before.leaseUntil !== null && before.leaseUntil > after.updatedAt
    if (before.leaseOwner !== leaseOwner || !isHeld)
      this.report('I6 journal chain', after.id, `${event} by a worker without the lease`)
  }

  /** What has to be true of the money in the moment in which a row comes to be where it is. */
  private entered(row: MemoryRow): void {
    const { wallet, payoutsOf } = this.books()
    const { id, state } = row
    const burns = wallet.burnsFor(id)
    const isPaid = payoutsOf(id).some((payout) => payout.state === 'paid')
    if (state === 'submitting') this.sending(id)
    if (state === 'conflict' || state === 'in_review')
      if (!isEarnedReason(row, this.books()))
        this.report('I8 a question is earned', id, `${state} for ${row.reasonCode} without cause`)
    if (state === 'processed' && !burns.some((burn) => burn.state === 'settled'))
      this.report('I3 settled exactly when paid', id, 'processed, and no burn is settled')
    if (state === 'canceled' && isPaid)
      this.report('I3 settled exactly when paid', id, 'canceled, and somebody was paid')
    const isLocked = burns.length > 0 && burns.every((burn) => burn.state === 'pending')
    if (state === 'canceled' && row.heldAt !== null && isLocked)
      this.report('I4 no orphan lock', id, 'canceled, and the lock that was confirmed is still there')
    if (state === 'returned') this.credited(id)
  }

  private sending(id: string): void {
    if (this.books().store.isStopped)
      this.report('I16 stopped is stopped', id, 'a payout was begun while everything is stopped')
    if (this.takenIn.has(id))
      this.report('I19 what was taken in is not paid', id, 'it is sent, and nobody knows where it was to go')
  }

  private credited(id: string): void {
    const credits = this.books().wallet.creditsFor(id).length
    if (credits !== 1)
      this.report("I2' a return is credited once", id, `returned, and credited ${credits} times`)
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
    if (rows.some(({ retiredPayouts }) => retiredPayouts > 0)) return
    if (keys.join() !== order.items.map(({ key }) => key).join()) fail('the items are not the frozen members')
    if (sealOf(rows).payloadHash !== batch.payloadHash || !sameAmount(batch.total, order.total))
      fail('the content is not what was frozen')
  }

  /** I1, I3 and I9 at the moment the money leaves. */
  executed(payout: Payout): void {
    const { store, wallet, payoutsOf, ibanOf, acknowledged } = this.books()
    const { withdrawalId, item } = payout
    const times = payoutsOf(withdrawalId).reduce((sum, { executions }) => sum + executions, 0)
    if (times > 1) this.report('I1 at most one payout', withdrawalId, `paid ${times} times`)
    const row = store.rows.get(withdrawalId)
    const told = acknowledged.find((answer) => answer.withdrawalId === withdrawalId)
    const { iban } = item.destination as { iban?: string }
    const wanted = told?.iban ?? (row ? ibanOf(row) : null)
    const isOurs =
      row !== undefined && sameAmount(row.payoutAmount, item.amount) && row.currency === item.currency
    if (!isOurs || (wanted !== null && wanted !== iban))
      this.report('I1 at most one payout', withdrawalId, 'what was paid is not what was asked for')
    if (payout.takenAtMs > (this.takenIn.get(withdrawalId) ?? Infinity))
      this.report('I19 what was taken in is not paid', withdrawalId, 'it was sent after it was taken in')
    const burn = wallet.burnsFor(withdrawalId).find(({ state }) => state !== 'released')
    if (!burn) this.report('I3 settled exactly when paid', withdrawalId, 'paid while nothing was locked')
    else if (burn.currency !== item.currency || Number(burn.amount) < Number(item.amount))
      this.report(
        'I9 conservation',
        withdrawalId,
        `${item.amount} was paid of ${burn.amount} that were locked`,
      )
  }

  /** I2 and I9 at the moment a lock lands: one, of what it costs and no more. */
  locked({ withdrawalId, cents, isPlanted }: Burn): void {
    const { store, wallet } = this.books()
    const burns = wallet.burnsFor(withdrawalId).length
    const row = store.rows.get(withdrawalId)
    const fee = row && row.payoutAmount === row.amount ? Number(row.fee) : 0
    if (row && Math.round((Number(row.amount) + fee) * 100) !== cents)
      this.report('I9 conservation', withdrawalId, `${cents} cents were locked for ${row.amount} and ${fee}`)
    if (burns > 1) this.report('I2 at most one burn', withdrawalId, `${burns} burns`)
    if (!store.rows.has(withdrawalId) && !isPlanted)
      this.report('I2 at most one burn', withdrawalId, 'a burn without a row')
  }

  /** I2' at the moment the user is credited: once, of what really came back, and no more of it. */
  minted({ id, amount, currency }: Credit): void {
    const { wallet, payoutsOf, store } = this.books()
    const withdrawalId = creditedFor(id)
    const fail = (what: string) => this.report("I2' a return is credited once", withdrawalId, what)
    const times = wallet.creditsFor(withdrawalId).length
    if (times > 1) fail(`credited ${times} times`)
    const back = payoutsOf(withdrawalId).find(({ state }) => state === 'returned')
    if (!back) return fail('credited, and nothing came back')
    if (Number(amount) > Number(back.returned)) fail(`credited ${amount}, and ${back.returned} came back`)
    if (currency !== store.rows.get(withdrawalId)?.currency) fail(`credited in ${currency}`)
  }

  /** I9 at every change of a balance. */
  balanced({ available, locked, settled, credited, opening }: Balance): void {
    if (available + locked + settled !== opening + credited || available < 0 || locked < 0)
      this.report('I9 conservation', '', 'the wallet does not add up')
  }

  /** I3 at the moment the balance is given back: nobody decides so while the money is gone, but others. */
  released({ withdrawalId, changedByOthers }: Burn): void {
    const isPaid = this.books()
      .payoutsOf(withdrawalId)
      .some(({ state }) => state === 'paid')
    const isSpare = this.books()
      .wallet.burnsFor(withdrawalId)
      .some(({ state }) => state === 'settled')
    if (isPaid && !changedByOthers && !isSpare)
      this.report(
        'I3 settled exactly when paid',
        withdrawalId,
        'the balance was given back although it was paid',
      )
  }

  /** I18: what has no row is a question, and nobody's to decide but a person's. */
  decided({ withdrawalId, isPlanted, changedByOthers, state }: Burn): void {
    if (isPlanted && !changedByOthers && !this.books().store.rows.has(withdrawalId))
      this.report(
        'I18 the books are held against each other',
        withdrawalId,
        `${state} although the books do not have it`,
      )
  }

  /** I10: what staff of the exchange said is not overwritten. */
  wiped({ withdrawalId }: Burn): void {
    this.report('I10 no silent discrepancy', withdrawalId, 'the hold of the exchange was taken away')
  }

  /** I12 at every call: few in all, and never many at once. */
  called(withdrawalId: string): void {
    const nowMs = this.books().nowMs()
    const made = this.calls.get(withdrawalId) ?? { total: 0, recent: [] }
    this.calls.set(withdrawalId, made)
    made.total++
    const since = made.recent[made.total % BURST.calls]
    made.recent[made.total % BURST.calls] = nowMs
    if (since !== undefined) {
      if (nowMs - since < BURST.withinMs)
        this.report('I12 bounded calls', withdrawalId, `${BURST.calls} calls within ${nowMs - since} ms`)
    }
    if (made.total === CALLS_MAX + 1) this.report('I12 bounded calls', withdrawalId, `${made.total} calls`)
  }

  /** I5 at the moment of the answer. */
  answered({ withdrawalId, userId, amount, currency, iban }: Acknowledged): void {
    const { store, ibanOf } = this.books()
    const row = store.rows.get(withdrawalId)
    const found = row && ibanOf(row)
    const isStored =
      row?.userId === userId &&
      row.amount === amount &&
      row.currency === currency &&
      (found === iban || found === null)
    if (!isStored)
      this.report('I5 acknowledged is durable', withdrawalId, 'the answered withdrawal is not stored so')
  }

  idempotent(isSame: boolean, withdrawalId: string, what: string): void {
    if (!isSame) this.report('I14 idempotent requests', withdrawalId, what)
  }

  /** I15: no account stands where it was not put on purpose. */
  leaked(where: string, withdrawalId = ''): void {
    this.report('I15 secrecy', withdrawalId, `an account can be read in ${where}`)
  }

  report(invariant: Invariant, withdrawalId: string, what: string): void {
    const excuse = excuseFor(this.excuses.get(withdrawalId), invariant)
    if (excuse !== null) return void this.debts.push({ withdrawalId, excuse, invariant, what })
    this.violations.push({ invariant, withdrawalId, what, atMs: this.books().nowMs() })
    this.onViolation()
  }
}

const isLegal = ({ actor, from, to }: JournalEntry): boolean =>
  from === null || mayMove(from, to) || (actor.startsWith('operator') && mayBeMovedByPerson(from, to))

/** Nothing is left to do for a worker. */
export const isEnded = ({ state }: Pick<MemoryRow, 'state'>): boolean => isFinal(state)
