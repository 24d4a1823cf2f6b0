import type { FeeMode, NetworkFees } from '../../src/domain/fee'
import type { PayoutMode } from '../../src/domain/withdrawal'
import type { ProviderCapabilities } from '../../src/ports/payment-provider'
import { Chance } from './chance'
import { FAULT_CLASSES, type FaultClass, type Rates } from './faults'
import type { FloatKnobs } from './memory-float'

/** What one history is like; drawn from its seed, so that some have one kind of fault hot and the others off. */
export interface Knobs {
  readonly mode: PayoutMode
  readonly batchEveryMs: number
  readonly processes: number
  readonly withdrawals: number
  /** Faults happen until then, on the history's own clock. */
  readonly faultsUntilMs: number
  readonly leaseSeconds: number
  readonly quietMs: number
  /** Longest time a request that timed out may still take effect. */
  readonly lateMaxMs: number
  readonly exchangeTimeoutMs: number
  readonly waitMs: number
  readonly pollMs: number
  readonly concurrency: number
  readonly doubtReviewMs: number
  readonly clockSkewMs: number
  readonly wallet: WalletKnobs
  /** The providers, in the order of the settings; with two, each pays its own currency. */
  readonly providers: readonly ProviderKnobs[]
  readonly currencies: readonly string[]
  readonly fees: FeeKnobs
  /** Whether what is stored of an account is sealed. */
  readonly isSealed: boolean
  /** Part of the users who ask by the exchange's own form, whose burns are adopted. */
  readonly byFormShare: number
  /** Events of banks are taken in, checked and stored, as they are over HTTP; else they are a nudge. */
  readonly storesEvents: boolean
  /** How often the list of pending burns is held against what has ended. */
  readonly strayLocksEveryMs: number
  /** null: nobody says what the accounts hold. */
  readonly float: FloatKnobs | null
  /** A system of the exchange's own is told of every withdrawal. */
  readonly isHeard: boolean
  /** null: nobody holds the books against each other. */
  readonly books: BooksKnobs | null
  readonly rates: Rates
}

/** What the books are held against each other for. */
export interface BooksKnobs {
  /** When an operator asks for it, on the history's own clock. */
  readonly askedAtMs: readonly number[]
  /** How often something is planted that does not match. */
  readonly plants: number
}

export interface FeeKnobs {
  readonly mode: FeeMode
  readonly networkFees: NetworkFees
  /** In cents, and in thousandths of the amount. */
  readonly flat: number
  readonly share: number
}

export interface WalletKnobs {
  /** What a second burn with the same transaction id does. */
  readonly repeated: 'refused' | 'answers_the_first' | 'burns_again'
  /** What the plugin is told about it; never more than is true. */
  readonly declaredUnique: boolean
  /** A look-up may not show a burn that is younger than this. */
  readonly lookupLagMs: number
  /** Of each user, in cents: sometimes too little for everything they ask for. */
  readonly balance: number
}

export interface ProviderKnobs {
  readonly lookup: ProviderCapabilities['lookup']
  readonly keyLifetimeMs: number
  readonly timeoutMs: number
  readonly notFoundConclusiveAfterMs: number
  /** A look-up may not show a payout that is younger than this; within the promise above. */
  readonly lookupLagMs: number
  readonly expectedMs: number
  /** So long after it was paid the provider tells of money that came back; 0 for one that does not. */
  readonly returnWindowMs: number
  /** Part of the payouts that are final at once, and of the others that are paid in the end. */
  readonly instantShare: number
  readonly declinedShare: number
  readonly replay: 'outcome' | 'accepted' | 'unknown'
  /** null: one payout per call. */
  readonly batchItemsMax: number | null
  /** Whether the answer to a batch says what became of its items, or only that it has come. */
  readonly tellsItems: boolean
  /** What an item that it will not take does to its batch. */
  readonly badItem: 'declined_alone' | 'refuses_all_by_name' | 'refuses_all'
  /** Part of the payouts that it will not take. */
  readonly badShare: number
  /** Whether an item key that it knows from another batch is the same payout. */
  readonly knowsItemKeys: boolean
  /** Whether it tells of a whole batch in one answer. */
  readonly asksOrders: boolean
  /** Whether it can stop a payout that it has not made. */
  readonly cancel: 'none' | 'at_once' | 'in_a_while'
  /** It looks at the account before it looks at the key. */
  readonly validatesFirst: boolean
  /** Part of the accounts that it will not pay to any more from some moment on. */
  readonly goesBadShare: number
  /** Part of the payouts that it drops for a reason of the exchange's own account. */
  readonly voidedShare: number
  /** Whether it lists what it has. */
  readonly lists: boolean
}

/** Faults that come often enough as it is: with more of them no history gets anywhere. */
const RATE_MAX: Readonly<Record<FaultClass, number>> = {
  crash: 0.04,
  pause: 0.05,
  zombie_send: 0.15,
  store_error: 0.06,
  lost_answer: 0.08,
  timeout: 0.4,
  late_effect: 0.25,
  reset: 0.2,
  duplicate: 0.3,
  garbage: 0.2,
  unavailable: 0.2,
  throttled: 0.6,
  stale: 0.4,
  lie: 0.3,
  foreign: 0.4,
  forced: 0.15,
  cancel: 1,
  kill: 0.7,
  stop: 0.7,
  wake: 0.8,
  outage: 0.5,
  poison: 0.2,
  retry: 0.8,
  refusal: 0.3,
  unseen: 0.8,
  operator: 0.8,
  provider_pause: 0.6,
  staff_hold: 0.4,
  clock_step: 0.6,
  settings: 0.8,
  late_fact: 0.4,
  unseen_here: 0.15,
  order: 0,
  switch: 0.9,
  deaf: 0.3,
  odd_list: 0.3,
}

/** In this part of the histories a class is on at all. */
const ON_SHARE: Partial<Record<FaultClass, number>> = {
  ...{ zombie_send: 0.1, forced: 0.1, lie: 0.2, poison: 0.1 },
  ...{ clock_step: 0.15, settings: 0.2, late_fact: 0.2, unseen_here: 0.2, switch: 0.2 },
}

function ratesOf(chance: Chance): Rates {
  const calm = chance.isLucky(0.05)
  const rates = FAULT_CLASSES.map((name) => {
    const isOn = chance.isLucky(ON_SHARE[name] ?? 0.5) && !calm
    // Squared: mostly rare, sometimes hot.
    return [name, isOn ? RATE_MAX[name] * chance.fraction() ** 2 : 0] as const
  })
  return Object.fromEntries(rates) as Rates
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * @param hot Classes that are on as much as they ever are.
 * @param isFirst As the histories of the first simulator were, for the schedules that are kept from then.
 */
export function drawKnobs(seed: number, hot: readonly FaultClass[] = [], isFirst = false): Knobs {
  const knobs = withBooks(draw(seed, isFirst), seed, isFirst)
  const heated = Object.fromEntries(hot.map((name) => [name, RATE_MAX[name]]))
  const cooled = isFirst ? { clock_step: 0, settings: 0, late_fact: 0, unseen_here: 0 } : {}
  return { ...knobs, rates: { ...knobs.rates, ...cooled, ...heated } }
}

type Later = Pick<
  Knobs,
  'providers' | 'currencies' | 'fees' | 'isSealed' | 'byFormShare' | 'storesEvents' | 'strayLocksEveryMs'
>

/** What came after the first simulator, of its own chance. */
function drawLater(seed: number, first: FirstProviderKnobs): Later {
  const chance = new Chance(seed ^ 0x7ed55d16)
  const more = ({ lookup }: FirstProviderKnobs): Omit<ProviderKnobs, keyof FirstProviderKnobs> => ({
    asksOrders: chance.isLucky(0.4),
    cancel: chance.pick(['none', 'none', 'at_once', 'in_a_while'] as const),
    validatesFirst: chance.isLucky(0.2),
    goesBadShare: chance.pick([0, 0, 0.3]),
    // Whoever cannot be asked cannot say that it has dropped something.
    voidedShare: chance.pick([0, 0, 0, lookup === 'none' ? 0 : 0.2]),
    lists: new Chance(seed ^ 0x3f84d5b5).isLucky(0.7),
  })
  const providers: ProviderKnobs[] = [{ ...first, ...more(first) }]
  if (chance.isLucky(0.3)) {
    const returnWindowMs = chance.pick([0, 2 * 24 * 60 * MINUTE])
    // One deadline for both: the lease is drawn to fit the first.
    const second = { ...providerKnobs(chance), returnWindowMs, timeoutMs: first.timeoutMs }
    providers.push({ ...second, ...more(second) })
  }
  return {
    providers,
    currencies: providers.length > 1 || chance.isLucky(0.3) ? ['eur', 'usd'] : ['eur'],
    fees: {
      mode: chance.pick(['on_top', 'deducted'] as const),
      networkFees: chance.pick(['charged', 'shown'] as const),
      flat: chance.pick([0, 0, 35, 100]),
      share: chance.pick([0, 0, 3, 20]),
    },
    isSealed: chance.isLucky(0.25),
    byFormShare: chance.pick([0, 0, 0, 0.4]),
    storesEvents: chance.isLucky(0.5),
    strayLocksEveryMs: 10 * MINUTE,
  }
}

/** Of its own chance: the histories without are what they were. */
function drawFloat(seed: number): FloatKnobs | null {
  const chance = new Chance(seed ^ 0x6a09e667)
  if (!chance.isLucky(0.2)) return null
  const more = chance.pick([0, 20, 100])
  return { first: chance.pick([0, 10, 50, 200]), everyMs: chance.between(1, 5) * MINUTE, more }
}

const NOTHING_LATER = {
  ...{ currencies: ['eur'], isSealed: false, byFormShare: 0, storesEvents: false },
  fees: { mode: 'on_top', networkFees: 'charged', flat: 0, share: 0 },
  strayLocksEveryMs: 60 * MINUTE,
} as const
const NOTHING_MORE: Omit<ProviderKnobs, keyof FirstProviderKnobs> = {
  ...{ asksOrders: false, cancel: 'none', validatesFirst: false, goesBadShare: 0, voidedShare: 0 },
  lists: false,
}

function draw(seed: number, isFirst: boolean): Knobs {
  const chance = new Chance(seed)
  const exchangeTimeoutMs = chance.between(2, 10) * SECOND
  const provider = { ...providerKnobs(chance), returnWindowMs: returnWindowMs(seed) }
  const later = isFirst
    ? { ...NOTHING_LATER, providers: [{ ...provider, ...NOTHING_MORE }] }
    : drawLater(seed, provider)
  const longestCallMs = Math.max(exchangeTimeoutMs, provider.timeoutMs)
  const wallet = walletKnobs(chance)
  const lateMaxMs = chance.between(20, 80) * SECOND
  return {
    mode: chance.pick(['immediate', 'batch'] as const),
    batchEveryMs: chance.pick([20, 60]) * SECOND,
    processes: chance.between(2, 3),
    withdrawals: chance.between(2, 6),
    faultsUntilMs: chance.between(1, 10) * MINUTE,
    // The settings refuse a lease of less than three of the longest calls.
    leaseSeconds: Math.max(10, (3 * longestCallMs) / SECOND) + chance.pick([0, 5, 30, 60]),
    // The promise holds only with a quiet time above the longest late effect, and what a look-up lags behind it.
    quietMs: lateMaxMs + wallet.lookupLagMs + chance.between(1, 60) * SECOND,
    lateMaxMs,
    exchangeTimeoutMs,
    waitMs: chance.pick([0, 2 * SECOND, 8 * SECOND]),
    // No other wait has this length: it is how the timeline knows an idle worker's look.
    pollMs: chance.pick([1, 2, 5]) * SECOND + 0.5,
    concurrency: chance.pick([1, 2, 8]),
    doubtReviewMs: chance.pick([10 * MINUTE, 60 * MINUTE]),
    clockSkewMs: chance.pick([0, 0, 10 * MINUTE]),
    wallet,
    ...later,
    float: isFirst ? null : drawFloat(seed),
    books: null,
    isHeard: !isFirst && new Chance(seed ^ 0x5be0cd19).isLucky(0.2),
    rates: ratesOf(chance),
  }
}

/** So long after the faults the books are held against each other once more; what was planted by then is found. */
export const LAST_LOOK_MS = 40 * MINUTE

/**
 * Of its own chance: the others are what they were. What moved within a quarter of an hour is not looked at, so that in
 * half of them things go wrong for longer.
 */
export function withBooks(knobs: Knobs, seed: number, isFirst = false, share = 0.06): Knobs {
  const chance = new Chance(seed ^ 0x428a2f98)
  if (isFirst || !chance.isLucky(share)) return knobs
  const faultsUntilMs = chance.isLucky(0.5) ? chance.between(25, 40) * MINUTE : knobs.faultsUntilMs
  const askedAtMs = [chance.fraction() * faultsUntilMs, faultsUntilMs + LAST_LOOK_MS]
  return { ...knobs, faultsUntilMs, books: { askedAtMs, plants: chance.between(0, 3) } }
}

/** Of its own chance, as what came later: the histories stay what they were. */
const returnWindowMs = (seed: number): number => new Chance(seed ^ 0x51ed270b).pick([0, 2 * 24 * 60 * MINUTE])

function walletKnobs(chance: Chance): WalletKnobs {
  const repeated = chance.pick(['refused', 'answers_the_first', 'burns_again'] as const)
  return {
    repeated,
    declaredUnique: repeated !== 'burns_again' && chance.isLucky(0.7),
    lookupLagMs: chance.pick([0, 0, 500, 3 * SECOND]),
    balance: chance.pick([20_000, 1_000_000]),
  }
}

type FirstProviderKnobs = Omit<
  ProviderKnobs,
  'asksOrders' | 'cancel' | 'validatesFirst' | 'goesBadShare' | 'voidedShare' | 'lists'
>

function providerKnobs(chance: Chance): Omit<FirstProviderKnobs, 'returnWindowMs'> {
  const lookup = chance.pick(['by_key', 'by_reference', 'none'] as const)
  const notFoundConclusiveAfterMs = chance.pick([0, 0, 30 * SECOND, 3 * MINUTE])
  // Only a provider that is found by our key may forget keys at once: the directory refuses the others.
  const lifetimes = [30 * SECOND, 5 * MINUTE, 20 * MINUTE, 24 * 60 * MINUTE]
  return {
    lookup,
    keyLifetimeMs: chance.pick(lookup === 'none' ? lifetimes : [0, ...lifetimes]),
    timeoutMs: chance.between(2, 10) * SECOND,
    notFoundConclusiveAfterMs,
    lookupLagMs: Math.floor(notFoundConclusiveAfterMs * chance.fraction()),
    expectedMs: chance.pick([SECOND, 24 * 60 * MINUTE]),
    instantShare: chance.fraction(),
    declinedShare: chance.fraction() * 0.5,
    batchItemsMax: chance.pick([null, 2, 3, 10]),
    tellsItems: chance.isLucky(0.6),
    badItem: chance.pick(['declined_alone', 'refuses_all_by_name', 'refuses_all'] as const),
    badShare: chance.pick([0, 0, 0.25]),
    knowsItemKeys: chance.isLucky(0.5),
    replay: chance.pick(['outcome', 'outcome', 'accepted', 'unknown'] as const),
  }
}
