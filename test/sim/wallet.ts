import { sameAmount, toMinorUnits } from '../../src/domain/money'
import type {
  CreditOutcome,
  CreditRequest,
  CreditSearch,
  Exchange,
  ExchangeCurrency,
  Hold,
  HoldList,
  HoldOutcome,
  HoldRequest,
  HoldSearch,
  ListedCredit,
  ListedHold,
  ListRange,
  PendingHold,
  StoredBankAccount,
} from '../../src/ports/exchange'
import type { Edges } from './edges'
import type { WalletKnobs } from './knobs'
import type { Listed } from './lists'
import { EPOCH_MS } from './timeline'

/** A burn as the wallet keeps it. */
export interface Burn {
  /** Who asked for it; the transaction id changes when it is settled. */
  readonly withdrawalId: string
  readonly userId: number
  readonly currency: string
  readonly amount: string
  readonly cents: number
  readonly placedAtMs: number
  id: string
  state: Hold['state']
  processing: boolean
  /** What the exchange's own form has written down; null for a burn of ours. */
  readonly form: { readonly address: string; readonly description: string; readonly fee: string } | null
  /** Staff of the exchange have stopped it. */
  onHold: boolean
  waiting: boolean
  heldSinceMs: number
  /** Of a withdrawal that has no row. */
  readonly isPlanted: boolean
  /** Somebody other than the plugin decided over it. */
  changedByOthers: boolean
}

/** A mint as the wallet keeps it. */
export interface Credit extends CreditRequest {
  readonly cents: number
  readonly placedAtMs: number
}

export interface Balance {
  readonly opening: number
  available: number
  locked: number
  settled: number
  credited: number
}

/** What users can withdraw. */
export const SYMBOLS = ['eur', 'usd'] as const
const CURRENCIES: readonly ExchangeCurrency[] = SYMBOLS.map((symbol) => ({
  ...{ symbol, fullName: symbol, isFiat: true, withdrawalsAllowed: true },
  ...{ min: null, max: null, increment: null, fee: '0', accountTypes: null },
}))

const ORDER = ['settled', 'pending', 'released'] as const

const inCents = (amount: string): number => Number(toMinorUnits(amount, 2))

export interface WalletEvents {
  onLocked(burn: Burn): void
  onReleased(burn: Burn): void
  onMinted(credit: Credit): void
  onBalance(balance: Balance): void
  /** Our mark has taken away what staff of the exchange had put there. */
  onWiped(burn: Burn): void
  /** It was made final or given back, by whomever. */
  onDecided(burn: Burn): void
}

/** The books of the exchange: the truth about what is locked, settled and given back. */
export class Wallet {
  readonly burns: Burn[] = []
  readonly credits: Credit[] = []
  /** Withdrawals whose lock was delivered twice, and the second delivery, the one that is heard, refused. */
  readonly refusedTwice = new Set<string>()
  private readonly balances = new Map<string, Balance>()

  constructor(
    readonly knobs: WalletKnobs,
    private readonly nowMs: () => number,
    private readonly events: WalletEvents,
  ) {}

  balanceOf(userId: number, currency: string): Balance {
    const name = `${userId} ${currency}`
    const opening = this.knobs.balance
    const held = this.balances.get(name) ?? {
      opening,
      available: opening,
      locked: 0,
      settled: 0,
      credited: 0,
    }
    this.balances.set(name, held)
    return held
  }

  allBalances = (): readonly Balance[] => [...this.balances.values()]
  burnsFor = (withdrawalId: string): readonly Burn[] =>
    this.burns.filter((burn) => burn.withdrawalId === withdrawalId)
  creditsFor = (withdrawalId: string): readonly Credit[] =>
    this.credits.filter(({ id }) => creditedFor(id) === withdrawalId)

  place({ id, userId, currency, amount, fee }: HoldRequest): HoldOutcome {
    const earlier = this.burns.find((burn) => burn.id === id)
    if (earlier && this.knobs.repeated === 'refused') {
      this.refusedTwice.add(id)
      return { kind: 'refused', why: 'other', message: 'Transaction with this id already exists' }
    }
    if (earlier && this.knobs.repeated === 'answers_the_first') return { kind: 'done', hold: toHold(earlier) }
    const burn = this.lock({ id, userId, currency, amount }, inCents(amount) + inCents(fee), null)
    if (!burn) return { kind: 'refused', why: 'balance', message: 'User balance is lower than amount' }
    return { kind: 'done', hold: toHold(burn) }
  }

  /** A user withdraws by the exchange's own form, which the exchange leaves to a person to pay. */
  placeByForm(
    hold: Pick<Burn, 'id' | 'userId' | 'currency' | 'amount'>,
    form: NonNullable<Burn['form']>,
    isCharged: boolean,
  ): Burn | null {
    return this.lock(hold, inCents(hold.amount) + (isCharged ? inCents(form.fee) : 0), form)
  }

  private lock(
    { id, userId, currency, amount }: Pick<Burn, 'id' | 'userId' | 'currency' | 'amount'>,
    cents: number,
    form: Burn['form'],
    isPlanted = false,
  ): Burn | null {
    const balance = this.balanceOf(userId, currency)
    if (balance.available < cents) return null
    balance.available -= cents
    balance.locked += cents
    const burn: Burn = {
      ...{ withdrawalId: id, id, userId, currency, amount, cents, placedAtMs: this.nowMs(), form },
      ...{
        state: 'pending',
        processing: false,
        onHold: false,
        waiting: false,
        heldSinceMs: 0,
        changedByOthers: false,
        isPlanted,
      },
    }
    this.burns.push(burn)
    this.events.onBalance(balance)
    this.events.onLocked(burn)
    return burn
  }

  placeCredit(credit: CreditRequest): CreditOutcome {
    const isKnown = this.credits.some(({ id }) => id === credit.id)
    if (isKnown && this.knobs.repeated === 'refused')
      return { kind: 'refused', message: 'Transaction with this id already exists' }
    if (isKnown && this.knobs.repeated === 'answers_the_first') return { kind: 'done' }
    const cents = inCents(credit.amount)
    const balance = this.balanceOf(credit.userId, credit.currency)
    balance.available += cents
    balance.credited += cents
    const made = { ...credit, cents, placedAtMs: this.nowMs() }
    this.credits.push(made)
    this.events.onBalance(balance)
    this.events.onMinted(made)
    return { kind: 'done' }
  }

  findCredit({ userId, id }: { userId: number; id: string }): CreditSearch {
    const visibleUntilMs = this.nowMs() - this.knobs.lookupLagMs
    const credit = this.credits.find(
      (made) => made.id === id && made.userId === userId && made.placedAtMs <= visibleUntilMs,
    )
    if (!credit) return { kind: 'absent' }
    return { kind: 'found', amount: credit.amount, currency: credit.currency, settled: true }
  }

  find(userId: number, ids: readonly string[]): HoldSearch {
    const visibleUntilMs = this.nowMs() - this.knobs.lookupLagMs
    for (const id of ids) {
      const burns = this.burns.filter(
        (held) => held.id === id && held.userId === userId && held.placedAtMs <= visibleUntilMs,
      )
      // Of several with one id the one that took money speaks, as the adapter has it.
      const burn = ORDER.flatMap((state) => burns.filter((held) => held.state === state))[0]
      if (burn) return { kind: 'found', hold: toHold(burn) }
    }
    return { kind: 'absent' }
  }

  findAll(userId: number, ids: readonly string[]): HoldList {
    const visibleUntilMs = this.nowMs() - this.knobs.lookupLagMs
    const holds = this.burns.filter(
      (held) => ids.includes(held.id) && held.userId === userId && held.placedAtMs <= visibleUntilMs,
    )
    return { kind: 'all', holds: holds.map(toHold) }
  }

  listPending(currency: string): readonly PendingHold[] {
    const visibleUntilMs = this.nowMs() - this.knobs.lookupLagMs
    return this.burns
      .filter((burn) => burn.state === 'pending' && burn.currency === currency)
      .filter(({ placedAtMs }) => placedAtMs <= visibleUntilMs)
      .map(({ form, ...burn }) => ({
        ...toHold({ form, ...burn }),
        ...{ createdAt: null, address: null, description: null, fee: '0', ...form },
        type: form === null ? null : 'withdrawal',
      }))
  }

  /** Ours, whether or not it was asked for by us: by when it was made, as far as it shows. */
  listHolds({ currency, since, until }: ListRange): readonly ListedHold[] {
    const visibleUntilMs = this.nowMs() - this.knobs.lookupLagMs
    return this.burns
      .filter((burn) => burn.currency === currency && burn.placedAtMs <= visibleUntilMs)
      .filter(({ placedAtMs }) => isWithin(placedAtMs, since, until))
      .map((burn) => ({
        ...{ ...toHold(burn), address: null, fee: '0', type: null },
        createdAt: new Date(EPOCH_MS + burn.placedAtMs),
        description: burn.form ? null : `Withdrawal ${burn.withdrawalId} to bank account`,
      }))
  }

  listCredits({ currency, since, until }: ListRange): readonly ListedCredit[] {
    const visibleUntilMs = this.nowMs() - this.knobs.lookupLagMs
    return this.credits
      .filter((credit) => credit.currency === currency && credit.placedAtMs <= visibleUntilMs)
      .filter(({ placedAtMs }) => isWithin(placedAtMs, since, until))
      .map(({ id, userId, amount, description, placedAtMs }) => ({
        ...{ id, userId, currency, amount, description, settled: true },
        createdAt: new Date(EPOCH_MS + placedAtMs),
      }))
  }

  /** Somebody at the exchange credits by hand, whoever is told of it. */
  plantCredit(credit: CreditRequest): void {
    const cents = inCents(credit.amount)
    const balance = this.balanceOf(credit.userId, credit.currency)
    balance.available += cents
    balance.credited += cents
    this.credits.push({ ...credit, cents, placedAtMs: this.nowMs() })
  }

  /** A burn of a withdrawal whose row was lost. */
  plantBurn(
    hold: Pick<Burn, 'id' | 'userId' | 'currency' | 'amount'>,
    settledAs: string | null,
  ): Burn | null {
    const burn = this.lock(hold, inCents(hold.amount), null, true)
    if (!burn || settledAs === null) return burn
    burn.changedByOthers = true
    this.move(burn, 'settled')
    burn.id = settledAs
    return burn
  }

  markProcessing = (id: string): HoldOutcome =>
    this.update(id, (burn) => {
      if (burn.onHold || burn.waiting) this.events.onWiped(burn)
      // The exchange's update is absolute.
      Object.assign(burn, { processing: true, onHold: false, waiting: false })
    })

  settle = (id: string, newId: string): HoldOutcome =>
    this.update(id, (burn) => {
      this.move(burn, 'settled')
      burn.id = newId
    })

  release = (id: string): HoldOutcome => this.update(id, (burn) => this.move(burn, 'released'))

  /** An operator of the exchange decides over a burn that is not ours alone. */
  decideElsewhere(burn: Burn, state: 'settled' | 'released'): void {
    burn.changedByOthers = true
    this.move(burn, state)
  }

  private update(id: string, change: (burn: Burn) => void): HoldOutcome {
    const burns = this.burns.filter((held) => held.id === id)
    const burn = burns.find(({ state }) => state === 'pending') ?? burns[0]
    if (!burn) return { kind: 'refused', why: 'other', message: 'Withdrawal not found' }
    if (burn.state !== 'pending')
      return { kind: 'refused', why: 'other', message: 'Withdrawal is already processed' }
    change(burn)
    return { kind: 'done', hold: toHold(burn) }
  }

  private move(burn: Burn, state: 'settled' | 'released'): void {
    const balance = this.balanceOf(burn.userId, burn.currency)
    balance.locked -= burn.cents
    balance[state === 'settled' ? 'settled' : 'available'] += burn.cents
    burn.state = state
    this.events.onBalance(balance)
    this.events.onDecided(burn)
    if (state === 'released') this.events.onReleased(burn)
  }
}

const isWithin = (ms: number, since: Date, until: Date): boolean =>
  EPOCH_MS + ms >= since.getTime() && EPOCH_MS + ms < until.getTime()

const toHold = ({ id, userId, currency, amount, state, processing, waiting, onHold }: Burn): Hold => ({
  ...{ id, userId, currency, amount, state, processing, waiting, onHold },
})

/** The withdrawal whose money came back. */
export const creditedFor = (creditId: string): string => creditId.replace(/-return$/, '')

export const isSameBurn = (burn: Burn, amount: string): boolean => sameAmount(burn.amount, amount)

const inventedHold = (name: string, { currency, since }: ListRange): ListedHold => ({
  ...{ id: name, userId: 1, currency, amount: '7.77', state: 'pending', processing: false, waiting: false },
  ...{ onHold: false, createdAt: since, address: null, fee: '0', type: null },
  description: `Withdrawal ${name} to bank account`,
})
const inventedCredit = (name: string, { currency, since: createdAt }: ListRange): ListedCredit => ({
  ...{ id: `${name}-return`, userId: 1, currency, amount: '7.77', settled: true, createdAt },
  description: `Withdrawal ${name} came back`,
})

const unknown = () => ({ kind: 'unknown', why: 'no answer' }) as const
/** Not now, for a reason of its own: it says nothing about any other request. */
const deactivated = () => ({ kind: 'refused', why: 'other', message: 'User account is deactivated' }) as const

export interface ExchangeOptions {
  readonly timeoutMs: number
  readonly isDown: () => boolean
  /** The symbols of those that users withdraw. */
  readonly currencies: readonly string[]
  /** What it quotes for an amount. */
  readonly feeOf: (amount: string) => string
  /** The accounts that are stored on a user. */
  readonly accountsOf: (userId: number) => readonly StoredBankAccount[]
  /** What becomes of a list on its way. */
  readonly listed: Listed
}

/** The exchange as one process sees it. */
export function exchangeFor(
  wallet: Wallet,
  edges: Edges,
  { timeoutMs, isDown, currencies, feeOf, accountsOf, listed }: ExchangeOptions,
): Exchange {
  const common = (label: string, withdrawalId: string) => ({
    ...{ label: `exchange.${label}`, withdrawalIds: withdrawalId === '' ? [] : [withdrawalId], timeoutMs },
    isDown: isDown(),
  })
  const read = <Answer>(label: string, effect: () => Answer): Promise<Answer> =>
    edges.question<Answer>('exchange.read', { ...common(label, ''), effect })
  const change = <Outcome extends HoldOutcome | CreditOutcome>(
    label: string,
    id: string,
    effect: () => Outcome,
    duplicateWithinMs = timeoutMs,
  ): Promise<Outcome> =>
    edges.effect<Outcome>(
      'exchange.effect',
      {
        ...common(label, id),
        effect,
        broken: () => unknown() as Outcome,
        ...(duplicateWithinMs >= 0 && { duplicateWithinMs }),
      },
      () => deactivated() as Outcome,
    )
  // Right behind the first: later, the first may be settled under its new id, and the old one is free again.
  const placeTwiceWithinMs = wallet.knobs.repeated === 'burns_again' ? -1 : 0

  return {
    holdIdsAreUnique: wallet.knobs.declaredUnique,
    findUser: (id) =>
      read('user', () => ({
        ...{ id, email: null, fullName: 'A Person', otpEnabled: false, raw: null },
        bankAccounts: accountsOf(id),
        standing: { isBlocked: false, isFlagged: false, isVerified: true },
      })),
    // What never changes is not worth a fault of its own.
    findCurrency: (wanted) => Promise.resolve(CURRENCIES.find(({ symbol }) => symbol === wanted) ?? null),
    listCurrencies: () => Promise.resolve(CURRENCIES.filter(({ symbol }) => currencies.includes(symbol))),
    quote: (_user, amount) => Promise.resolve({ kind: 'ok', fee: feeOf(amount) }),
    verifyOtp: () => Promise.resolve('ok'),
    availableBalance: (userId, currency) =>
      read('balance', () => (wallet.balanceOf(userId, currency).available / 100).toFixed(2)),

    findHold: ({ userId, ids }) =>
      edges.question<HoldSearch>('exchange.read', {
        ...common('find', ''),
        effect: () => wallet.find(userId, ids),
        broken: unknown,
      }),
    findAllHolds: ({ userId, ids }) =>
      edges.question<HoldList>('exchange.read', {
        ...common('find all', ''),
        effect: () => wallet.findAll(userId, ids),
        broken: unknown,
      }),
    placeHold: (hold) => change('place', hold.id, () => wallet.place(hold), placeTwiceWithinMs),
    markProcessing: (id) => change('mark', id, () => wallet.markProcessing(id)),
    settleHold: (id, newId) => change('settle', id, () => wallet.settle(id, newId)),
    listHolds: (range) =>
      read('list', () => listed(wallet.listHolds(range), (name) => inventedHold(name, range))),
    listCredits: (range) =>
      read('list credits', () => listed(wallet.listCredits(range), (name) => inventedCredit(name, range))),
    listPendingHolds: (currency) => read('pending', () => wallet.listPending(currency)),
    placeCredit: (credit) =>
      change('credit', creditedFor(credit.id), () => wallet.placeCredit(credit), placeTwiceWithinMs),
    findCredit: (query) =>
      edges.question<CreditSearch>('exchange.read', {
        ...common('find credit', ''),
        effect: () => wallet.findCredit(query),
        broken: unknown,
      }),
    releaseHold: (id) => change('release', id, () => wallet.release(id)),
  }
}
