import type { ReconciliationRun } from '../../src/db/books'
import type { DifferenceKind } from '../../src/domain/questions'
import { MAY_BE_MOVING_MS } from '../../src/domain/reconciliation'
import type { PayoutItem } from '../../src/ports/payment-provider'
import type { Bank, Payout } from './bank'
import { Chance } from './chance'
import type { World } from './history'
import type { MemoryRow } from './memory-tables'
import { EPOCH_MS } from './timeline'

/** Something that does not match, and what has to be asked about it by the end of the next run that saw everything. */
interface Planted {
  readonly kind: DifferenceKind
  /** What is asked about: a withdrawal, or of a payout without one its key. */
  readonly subject: string
  readonly atMs: number
  /** The row as it was then; null where there is none. */
  readonly row: MemoryRow | null
  /** Whose list has to be read for it; null where it is the exchange's. */
  readonly bank: string | null
  isFound: boolean
}

const MINUTE = 60_000
/** What was planted shows in a list by then, whatever lags. */
const SHOWN_MS = 4 * MINUTE
/** Clocks of databases step, and a run reaches only as far as the one it is asked on. */
const STEPPED_MS = 5 * MINUTE

type Plant = (planter: Planter, row: MemoryRow) => DifferenceKind | null

/** Changes of others behind the back of a withdrawal that was paid. */
const PLANTS: readonly Plant[] = [
  function withoutBurn({ world: { wallet } }, { id }) {
    const at = wallet.burns.findIndex((burn) => burn.withdrawalId === id && burn.state === 'settled')
    if (at < 0 || wallet.burnsFor(id).length > 1) return null
    wallet.burns.splice(at, 1)
    return 'row_without_burn'
  },
  function burnOpenAgain({ world: { wallet } }, { id }) {
    const [burn, ...others] = wallet.burnsFor(id)
    if (burn?.state !== 'settled' || others.length > 0) return null
    const balance = wallet.balanceOf(burn.userId, burn.currency)
    balance.settled -= burn.cents
    balance.locked += burn.cents
    Object.assign(burn, { state: 'pending', id, onHold: true, isPlanted: true })
    return 'burn_state_differs'
  },
  function anotherAmount({ world: { wallet } }, { id }) {
    const [burn, ...others] = wallet.burnsFor(id)
    if (burn?.state !== 'settled' || others.length > 0) return null
    Object.assign(burn, { amount: (Number(burn.amount) + 1).toFixed(2) })
    return 'amount_differs'
  },
  function payoutLost({ world }, row) {
    const bank = world.bankOf(row)
    const [payout, ...others] = bank.payoutsOf(row.id)
    if (!payout || others.length > 0 || !isListed(world, row)) return null
    if (bank.knobs.lookup === 'by_reference' && row.providerReference === null) return null
    bank.lose(payout)
    return 'payout_missing'
  },
  function paidTwice({ world }, row) {
    const bank = world.bankOf(row)
    const [payout, ...others] = bank.payoutsOf(row.id)
    if (payout?.state !== 'paid' || payout.key !== row.payoutKey || others.length > 0) return null
    if (!isListed(world, row)) return null
    bank.plant(payout.item, 'paid')
    return 'paid_twice'
  },
  function creditedByHand({ world: { wallet } }, { id, userId, currency, payoutAmount: amount }) {
    wallet.plantCredit({
      ...{ id: `${id}-return`, userId, currency, amount },
      description: `Withdrawal ${id} came back`,
    })
    return 'credited_twice'
  },
]

const isListed = (world: World, row: MemoryRow): boolean => {
  const { lists, lookup } = world.bankOf(row).knobs
  return lists && lookup !== 'none'
}

function pay(payout: Payout): void {
  if (payout.state === 'pending')
    Object.assign(payout, { state: 'paid', stateBefore: 'pending', executions: 1 })
}

/** Plants what does not match, and asks of each run whether it has found it. */
export class Planter {
  readonly planted: Planted[] = []
  private readonly asked = new Map<string, number>()
  private readonly odd = new Set<string>()
  private readonly chance: Chance
  private ghosts = 0

  constructor(
    readonly world: World,
    seed: number,
  ) {
    this.chance = new Chance(seed ^ 0x7137449)
  }

  /** Decides when. */
  plan(): void {
    const { knobs, timeline } = this.world
    for (let n = 0; n < (knobs.books?.plants ?? 0); n++) {
      const isDuring = this.chance.isLucky(0.4)
      const ms = isDuring
        ? this.chance.fraction() * knobs.faultsUntilMs
        : knobs.faultsUntilMs + this.chance.between(20, 30) * MINUTE
      timeline.at(ms, null, 'plant', () =>
        isDuring || this.chance.isLucky(0.4) ? this.ghost() : this.change(),
      )
    }
  }

  /** A withdrawal of which only the others know: its row was lost. */
  private ghost(): void {
    const { wallet, banks, knobs } = this.world
    const id = `lost-${String(++this.ghosts).padStart(6, '0')}`
    const currency = this.chance.pick(knobs.currencies)
    const amount = `${this.chance.between(1, 99)}.25`
    const what = this.chance.pick(['pending', 'pending', 'settled', 'none'] as const)
    const bank = this.chance.pick(banks)
    const payout =
      what !== 'none' && this.chance.isLucky(0.4) ? null : this.ghostPayout(bank, { id, currency, amount })
    // It is made final under the number of the payment.
    const settledAs = what === 'settled' ? (payout?.transactionId ?? `T-${id}`) : null
    if (what !== 'none' && wallet.plantBurn({ id, userId: 3, currency, amount }, settledAs))
      this.note('burn_without_row', id, null)
  }

  private ghostPayout(
    bank: Bank,
    { id, currency, amount }: { id: string; currency: string; amount: string },
  ): Payout {
    const item: PayoutItem = {
      ...{ key: `BW-${id}`, endToEndId: id.toUpperCase(), amount, currency, statementText: '' },
      destination: { method: 'BANK', iban: 'lost' },
    }
    const state = this.chance.pick(['paid', 'paid', 'pending', 'declined'] as const)
    const payout = bank.plant(item, state)
    if (state === 'pending')
      this.world.timeline.after(90 * MINUTE, null, 'lost payout paid', () => pay(payout))
    if (bank.knobs.lists && state !== 'declined') this.note('payout_without_row', item.key, null, bank.name)
    return payout
  }

  private change(): void {
    const { world } = this
    const isCalm = ({ id, state, stateSince, version }: MemoryRow): boolean => {
      const journal = world.store.tables.journal.get(id) ?? []
      const byPerson = journal.some(({ actor }) => actor.startsWith('operator'))
      const isOld = world.ownMs(stateSince.getTime()) - EPOCH_MS < world.timeline.nowMs - MINUTE
      return state === 'processed' && version > 1 && isOld && !byPerson
    }
    const rows = [...world.store.tables.rows.values()].filter(isCalm)
    const row = rows.length > 0 ? this.chance.pick(rows) : null
    const isClean = row && !world.checks.excuses.has(row.id) && world.wallet.creditsFor(row.id).length === 0
    if (!row || !isClean) return
    const kind = this.chance.pick(PLANTS)(this, row)
    if (kind === null) return
    world.checks.excuse(row.id, 'planted')
    const isAtBank = kind === 'payout_missing' || kind === 'paid_twice'
    this.note(kind, row.id, row, isAtBank ? row.provider : null)
  }

  private note(
    kind: DifferenceKind,
    subject: string,
    row: MemoryRow | null,
    bank: string | null = null,
  ): void {
    const atMs = this.world.timeline.nowMs
    this.planted.push({ kind, subject, atMs, row, bank, isFound: false })
  }

  askedFor(runId: string): void {
    this.asked.set(runId, this.world.timeline.nowMs)
  }

  /** One of the lists of the run that goes on was not what it should be. */
  readOdd(): void {
    for (const runId of this.asked.keys()) this.odd.add(runId)
  }

  /** I18: whoever has seen everything has found everything. */
  ended(run: ReconciliationRun): void {
    const isHidden = run.place.sources.some(({ problem }) => problem !== null)
    if (run.state === 'complete' && isHidden)
      this.fail('', `the run ${run.id} calls itself complete, and could not read a list`)
    const askedAtMs = this.asked.get(run.id) ?? 0
    const isWhole = run.state === 'complete' && !this.odd.has(run.id)
    for (const one of this.planted) {
      one.isFound ||= this.isAsked(one)
      // A process that is started without a provider cannot ask it.
      const isRead = one.bank === null || run.place.sources.some(({ name }) => name === one.bank)
      if (isWhole && isRead && !one.isFound && this.isWithin(one, run, askedAtMs))
        this.fail(one.subject, `${one.kind} was not found by the run ${run.id}`)
    }
  }

  /** At rest: nothing is left that nobody was asked about, and every run has come to its end. */
  checkAtRest(): void {
    for (const run of this.world.books?.runs ?? [])
      if (run.state === 'running') this.fail('', `the run ${run.id} has not ended`)
    for (const one of this.planted)
      if (!one.isFound && !this.isAsked(one) && this.isLeft(one))
        this.fail(one.subject, `${one.kind} was never found`)
  }

  private fail(subject: string, what: string): void {
    this.world.checks.report('I18 the books are held against each other', subject, what)
  }

  private isAsked = ({ kind, subject }: Planted): boolean => this.world.checks.books().wasAsked(subject, kind)

  /** It is as it was planted, and nobody has explained it. */
  private isLeft({ kind, subject, row }: Planted): boolean {
    const { rows } = this.world.store.tables
    if (kind === 'burn_without_row') return !rows.has(subject)
    if (kind === 'payout_without_row')
      return ![...rows.values()].some(({ payoutKey }) => payoutKey === subject)
    return row !== null && rows.get(row.id)?.version === row.version
  }

  private isWithin(
    planted: Planted,
    { since, until, askedAt }: ReconciliationRun,
    askedAtMs: number,
  ): boolean {
    const { atMs, row } = planted
    if (atMs + SHOWN_MS > askedAtMs || !this.isLeft(planted)) return false
    if (row === null)
      return EPOCH_MS + atMs < until.getTime() - STEPPED_MS && EPOCH_MS + atMs >= since.getTime()
    const lastMs = Math.min(until.getTime(), askedAt.getTime() - MAY_BE_MOVING_MS)
    return row.stateSince.getTime() < lastMs && row.stateSince >= since
  }
}
