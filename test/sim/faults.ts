import { Chance, hashOf } from './chance'

/** What can go wrong, by the switch that turns it on for a whole history. */
export const FAULT_CLASSES = [
  ...['crash', 'pause', 'zombie_send', 'store_error', 'lost_answer', 'timeout', 'late_effect', 'reset'],
  ...['duplicate', 'garbage', 'unavailable', 'throttled', 'stale', 'lie', 'foreign', 'forced', 'cancel'],
  ...['kill', 'stop', 'wake', 'outage', 'poison', 'retry', 'refusal', 'unseen', 'operator', 'provider_pause'],
  ...['staff_hold', 'clock_step', 'settings', 'late_fact', 'unseen_here', 'order', 'switch', 'deaf'],
  'odd_list',
] as const
export type FaultClass =
  | ('crash' | 'pause' | 'zombie_send' | 'store_error' | 'lost_answer' | 'timeout' | 'late_effect' | 'reset')
  | (
      | 'duplicate'
      | 'garbage'
      | 'unavailable'
      | 'throttled'
      | 'stale'
      | 'lie'
      | 'foreign'
      | 'forced'
      | 'cancel'
    )
  | ('kill' | 'stop' | 'wake' | 'outage' | 'poison' | 'retry' | 'refusal' | 'unseen')
  | (
      | 'operator'
      | 'provider_pause'
      | 'staff_hold'
      | 'clock_step'
      | 'settings'
      | 'late_fact'
      | 'unseen_here'
      | 'order'
      | 'switch'
      | 'deaf'
      | 'odd_list'
    )

/**
 * Orders, not faults: somebody else acts at this very point. Walked one by one (exhaustive.ts), never drawn, for chance
 * brings them about by itself. `overtaken_<n>`: it stands still here until the others have passed n points.
 */
const ORDERS = {
  user_cancels: 'order',
  webhook_arrives: 'order',
  operator_acts_1: 'order',
  operator_acts_2: 'order',
  operator_acts_3: 'order',
  operator_acts_4: 'order',
  overtaken_1: 'order',
  overtaken_2: 'order',
  overtaken_3: 'order',
  overtaken_4: 'order',
  overtaken_6: 'order',
  overtaken_9: 'order',
  overtaken_14: 'order',
} as const

/** Places where something can go wrong, and what; each kind belongs to a class. */
const POINTS = {
  'store.read': {
    ...ORDERS,
    crash_before: 'crash',
    crash_after: 'crash',
    pause_before: 'pause',
    pause_after: 'pause',
    error_before: 'store_error',
  },
  'store.write': {
    ...ORDERS,
    crash_before: 'crash',
    crash_after: 'crash',
    pause_before: 'pause',
    pause_after: 'pause',
    error_before: 'store_error',
    lost_answer: 'lost_answer',
    taken_for_dead_here: 'unseen_here',
  },
  'exchange.read': {
    crash_before: 'crash',
    crash_after: 'crash',
    pause_after: 'pause',
    unavailable: 'unavailable',
    timeout_no_effect: 'timeout',
  },
  'exchange.effect': {
    ...ORDERS,
    crash_before: 'crash',
    crash_after: 'crash',
    pause_after: 'pause',
    zombie_send: 'zombie_send',
    timeout_no_effect: 'timeout',
    timeout_after_effect: 'timeout',
    late_effect: 'late_effect',
    crash_and_late_effect: 'late_effect',
    reset_no_effect: 'reset',
    reset_after_effect: 'reset',
    duplicate: 'duplicate',
    refused: 'refusal',
  },
  'provider.submit': {
    ...ORDERS,
    crash_before: 'crash',
    crash_after: 'crash',
    pause_after: 'pause',
    zombie_send: 'zombie_send',
    timeout_no_effect: 'timeout',
    timeout_after_effect: 'timeout',
    late_effect: 'late_effect',
    crash_and_late_effect: 'late_effect',
    reset_no_effect: 'reset',
    reset_after_effect: 'reset',
    duplicate: 'duplicate',
    garbage_after_effect: 'garbage',
    throttled: 'throttled',
  },
  'provider.lookup': {
    ...ORDERS,
    crash_before: 'crash',
    crash_after: 'crash',
    pause_after: 'pause',
    unavailable: 'unavailable',
    timeout_no_effect: 'timeout',
    garbage: 'garbage',
    throttled: 'throttled',
    stale: 'stale',
  },
  /** The exchange's own system, which is told of withdrawals. */
  'endpoint.post': {
    crash_before: 'crash',
    crash_after: 'crash',
    unavailable: 'deaf',
    timeout_no_effect: 'deaf',
    throttled: 'deaf',
  },
  /** What one answer to a list leaves out, adds or repeats. */
  'list.page': {
    item_hidden: 'odd_list',
    item_invented: 'odd_list',
    page_twice: 'odd_list',
    page_missing: 'odd_list',
  },
  /** Drawn before a history begins: what happens at some moment, whatever else does. */
  'plan.kill': { kill: 'kill' },
  'plan.kill_all': { kill: 'kill' },
  'plan.stop': { stop: 'stop' },
  'plan.wake': { wake: 'wake' },
  'plan.outage': {
    store_down: 'outage',
    exchange_down: 'outage',
    provider_down: 'outage',
    throttle_down: 'outage',
  },
  'plan.cancel': { cancel_at_once: 'cancel', cancel: 'cancel', cancel_often: 'cancel' },
  'plan.retry': { retry: 'retry' },
  'plan.foreign': {
    foreign_release: 'foreign',
    foreign_settle: 'foreign',
    forced_release: 'forced',
    forced_settle: 'forced',
  },
  'plan.poison': { poison: 'poison' },
  'plan.operator': { operator: 'operator' },
  'plan.provider': { provider_paused: 'provider_pause' },
  /** Staff of the exchange hold a burn for a while. */
  'plan.staff': { put_on_hold: 'staff_hold', made_waiting: 'staff_hold' },
  /** Its connection breaks, and the others take it for dead while it goes on. */
  'plan.unseen': { taken_for_dead: 'unseen' },
  /** What a provider does to one payout, decided when it takes it. */
  'payout.lie': {
    declined_then_paid: 'lie',
    paid_then_returned: 'lie',
    odd_amount: 'lie',
    paid_then_declined: 'late_fact',
    returned_in_part: 'late_fact',
    returned_twice: 'late_fact',
    voided_then_paid: 'late_fact',
  },
  /** The database's clock, or that of the host it has failed over to, is another one from here on. */
  'plan.clock': { clock_ahead: 'clock_step', clock_behind: 'clock_step' },
  /** Who starts from here on starts with other settings. */
  /** A person stops everything, and lets it go on later. */
  'plan.switch': { everything_stopped: 'switch' },
  'plan.settings': { settings_changed: 'settings', provider_removed: 'settings' },
} as const satisfies Record<string, Record<string, FaultClass>>

export type Point = keyof typeof POINTS
export type KindAt<At extends Point> = At extends Point ? keyof (typeof POINTS)[At] & string : never
export type FaultKind = KindAt<Point>

/** Every kind that there is at a point. */
export const kindsAt = (point: Point): readonly string[] => Object.keys(POINTS[point])

/** A point that a history has passed while there were faults. */
export interface Passed {
  readonly index: number
  readonly point: Point
}

export interface Injected {
  readonly index: number
  readonly kind: string
}

/** Probability of each class at each point; 0 switches it off. */
export type Rates = Readonly<Record<FaultClass, number>>

export interface Fault<Kind extends FaultKind = FaultKind> {
  readonly kind: Kind
  /** Which one it is: names its durations, which stay the same when other faults are taken away. */
  readonly index: number
}

/** Of a count and a chance of their own, as what came later: schedules of old say what they said. */
const LATER: ReadonlySet<Point> = new Set([
  ...([
    'plan.operator',
    'plan.provider',
    'plan.staff',
    'plan.clock',
    'plan.settings',
    'plan.switch',
    'list.page',
  ] as const),
])

/** What can go wrong at each point: its class, and among how many of that class there the class's chance is shared. */
const KINDS = (Object.keys(POINTS) as Point[]).map((point) => {
  const entries = Object.entries(POINTS[point]) as [string, FaultClass][]
  const sharing = (wanted: FaultClass) => entries.filter(([, name]) => name === wanted).length
  return [point, entries.map(([kind, name]) => [kind, name, sharing(name)] as const)] as const
})

/**
 * Decides at every point whether something goes wrong there, and writes down what did. Points are counted, so
 * the list of (number, kind) is the whole schedule: with it, nothing is left to chance and any part can be left out.
 */
export class Faults {
  readonly injected: Injected[] = []
  /** Where given, every point is written down there. */
  passed: Passed[] | null = null
  /** Points that were passed, whatever happened at them. */
  count = 0
  private index = 0
  private laterIndex = 1_000_000
  private readonly chance: Chance
  private readonly later: Chance
  private isOver = false
  private readonly kinds = new Map<Point, readonly (readonly [string, number])[]>()

  constructor(
    private readonly seed: number,
    rates: Rates,
    private readonly schedule: ReadonlyMap<number, string> | null,
    private readonly narrate?: (line: string) => void,
  ) {
    this.chance = new Chance(seed ^ 0x51ed270b)
    this.later = new Chance(seed ^ 0x6a09e667)
    for (const [point, kinds] of KINDS) {
      const possible: [string, number][] = []
      for (const [kind, name, sharing] of kinds)
        if (rates[name] > 0) possible.push([kind, rates[name] / sharing])
      this.kinds.set(point, possible)
    }
  }

  at<At extends Point>(point: At): Fault<KindAt<At>> | null {
    const isLater = LATER.has(point)
    const index = isLater ? this.laterIndex++ : this.index++
    this.count++
    if (this.isOver) return null
    this.passed?.push({ index, point })
    const kind = this.schedule
      ? this.scheduled(point, index)
      : this.drawn(point, isLater ? this.later : this.chance)
    if (kind === null) return null
    this.injected.push({ index, kind })
    this.narrate?.(`! ${index}:${kind} at ${point}`)
    return { kind: kind as KindAt<At>, index }
  }

  classOf = (point: Point, kind: string): FaultClass =>
    (POINTS[point] as Readonly<Record<string, FaultClass>>)[kind] as FaultClass

  /** From here on nothing goes wrong any more. What is under way still happens. */
  stop(): void {
    this.isOver = true
  }

  /** What was drawn while things went wrong and has not begun does not begin any more. */
  get areOver(): boolean {
    return this.isOver
  }

  /** A whole number that belongs to this fault. */
  amount({ index }: { index: number }, name: string, from: number, to: number): number {
    return from + Math.floor(this.chance.at(this.seed, index, hashOf(name)) * (to - from + 1))
  }

  private drawn(point: Point, chance: Chance): string | null {
    let left = chance.fraction()
    for (const [kind, rate] of this.kinds.get(point) ?? []) {
      left -= rate
      if (left < 0) return kind
    }
    return null
  }

  private scheduled(point: Point, index: number): string | null {
    const kind = this.schedule?.get(index)
    // With a fault less the later ones may stand at other points, where they do not exist.
    return kind !== undefined && kind in POINTS[point] ? kind : null
  }
}

export const scheduleText = (injected: readonly Injected[]): string =>
  injected.map(({ index, kind }) => `${index}:${kind}`).join(',')

export const readSchedule = (text: string): Map<number, string> =>
  new Map(
    text
      .split(',')
      .filter((part) => part.length > 0)
      .map((part) => {
        const [index, kind] = part.split(':')
        return [Number(index), kind ?? ''] as const
      }),
  )
