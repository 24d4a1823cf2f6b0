import type { PastQuery, PastWithdrawal, Store } from '../../db/store'
import { add, isLess } from '../../domain/money'
import {
  type AmountRule,
  breaksAmount,
  ceilingAbove,
  COOLING_OFF,
  type LimitRule,
  limitsFor,
  nameOfAmount,
  nameOfCeiling,
  nameOfLimit,
  type Policy,
} from '../../domain/policy'
import type { Clock } from '../../ports/clock'

/** What a policy would have done to withdrawals that were accepted. */
export interface DryRun {
  readonly since: Date
  /** Later ones were not looked at, for want of time; null where all were. */
  readonly until: Date | null
  readonly looked: number
  readonly refused: number
  readonly held: number
  readonly rules: readonly RuleOutcome[]
}

export interface RuleOutcome {
  readonly name: string
  readonly currency: string
  readonly outcome: 'refused' | 'held'
  readonly count: number
  /** Decimals. */
  readonly amount: string
  /** The latest of them. */
  readonly sample: readonly string[]
}

const SAMPLE_MAX = 5

interface Used {
  since: number
  count: number
  amount: string
}

/**
 * Goes through withdrawals in the order in which they were accepted, as if the policy had been in force. What it would
 * have refused does not count for the limits of later ones; what it would have held does.
 */
export class Replay {
  private readonly used = new Map<string, Used>()
  private readonly outcomes = new Map<string, { -readonly [Name in keyof RuleOutcome]: RuleOutcome[Name] }>()
  looked = 0
  refused = 0
  held = 0

  /** @param reportFrom What is older only counts for the limits. */
  constructor(
    private readonly policy: Policy,
    private readonly reportFrom: Date,
  ) {}

  next(past: PastWithdrawal): void {
    // It counts for no limit, and nobody was paid.
    if (past.isCanceled) return
    const { amounts } = this.policy
    const isReported = past.createdAt >= this.reportFrom
    if (isReported) this.looked++
    const broken = amounts.filter((rule) => breaksAmount(rule, past))
    const limits = limitsFor(this.policy, past.currency)
    const over = limits.filter((rule) => this.isOver(rule, past))
    const refusing = [...broken, ...over].find((rule) => rule.then === 'refuse')
    if (refusing) {
      if (isReported) this.refused++
      if (isReported) this.note(nameOf(refusing), 'refused', past)
      return
    }
    for (const rule of limits) this.count(rule, past)
    const ceiling = ceilingAbove(this.policy, past)
    const holding = [
      ...(ceiling ? [nameOfCeiling(ceiling)] : []),
      ...[...broken, ...over].map(nameOf),
      ...(this.isNew(past) ? [COOLING_OFF] : []),
    ]
    if (!isReported || holding.length === 0) return
    this.held++
    for (const name of holding) this.note(name, 'held', past)
  }

  get rules(): readonly RuleOutcome[] {
    return [...this.outcomes.values()].sort((a, b) => b.count - a.count)
  }

  private isOver(rule: LimitRule, past: PastWithdrawal): boolean {
    const { count, amount } = this.usedOf(rule, past)
    return (
      (rule.count !== null && count + 1 > rule.count) ||
      (rule.amount !== null && isLess(rule.amount, add(amount, past.amount)))
    )
  }

  private count(rule: LimitRule, past: PastWithdrawal): void {
    const used = this.usedOf(rule, past)
    used.count++
    if (rule.amount !== null) used.amount = add(used.amount, past.amount)
  }

  /** Of the day or month that it falls into; the one before is over, and forgotten. */
  private usedOf(rule: LimitRule, { createdAt, userId, destinationHash }: PastWithdrawal): Used {
    const subject = { user: String(userId), destination: destinationHash, exchange: '' }[rule.of]
    const key = `${nameOfLimit(rule)} ${subject}`
    const since = Date.UTC(
      ...([
        createdAt.getUTCFullYear(),
        createdAt.getUTCMonth(),
        rule.per === 'day' ? createdAt.getUTCDate() : 1,
      ] as const),
    )
    const known = this.used.get(key)
    if (known?.since === since) return known
    const fresh = { since, count: 0, amount: '0' }
    this.used.set(key, fresh)
    return fresh
  }

  private isNew({ firstSeenAt, createdAt }: PastWithdrawal): boolean {
    const hours = this.policy.coolingOffHours
    return hours > 0 && createdAt.getTime() < (firstSeenAt ?? createdAt).getTime() + hours * 3_600_000
  }

  private note(
    name: string,
    outcome: RuleOutcome['outcome'],
    { id, currency, amount }: PastWithdrawal,
  ): void {
    const key = `${name} ${currency} ${outcome}`
    const known = this.outcomes.get(key) ?? { name, currency, outcome, count: 0, amount: '0', sample: [] }
    this.outcomes.set(key, {
      ...known,
      count: known.count + 1,
      amount: add(known.amount, amount),
      sample: [id, ...known.sample].slice(0, SAMPLE_MAX),
    })
  }
}

const nameOf = (rule: AmountRule | LimitRule): string =>
  'of' in rule ? nameOfLimit(rule) : nameOfAmount(rule)

export interface DryRunDeps {
  readonly store: Pick<Store, 'pastWithdrawals'>
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>
}

const PAGE = 2_000
const LOOKS_BACK_DAYS = 90
const DAY_MS = 86_400_000
/** A person waits for it, and everybody shares the database. */
const TIME_MAX_MS = 20_000

/**
 * What the policy would have done in the last 90 days. Reads page by page on a connection of its own, so that nobody who
 * moves money waits for it, and stops after 20 seconds.
 */
export const createDryRun = ({ store, clock }: DryRunDeps) => {
  let running: Promise<unknown> | null = null
  const run = async (policy: Policy): Promise<DryRun> => {
    const reportFrom = new Date(clock.now().getTime() - LOOKS_BACK_DAYS * DAY_MS)
    // The month that the first of them falls into counts for it.
    const from = new Date(Date.UTC(reportFrom.getUTCFullYear(), reportFrom.getUTCMonth(), 1))
    const endsAtMs = clock.monotonicMs() + TIME_MAX_MS
    const replay = new Replay(policy, reportFrom)
    let after: PastQuery['after'] = null
    for (;;) {
      const page: readonly PastWithdrawal[] = await store.pastWithdrawals({
        ...{ from, after, limit: PAGE },
        withFirstSeen: policy.coolingOffHours > 0,
      })
      for (const past of page) replay.next(past)
      const last = page.at(-1)
      if (last) after = { at: last.createdAtExact, id: last.id }
      const isWhole = page.length < PAGE
      if (!isWhole && clock.monotonicMs() < endsAtMs) continue
      const { looked, refused, held, rules } = replay
      const until = isWhole ? null : (last?.createdAt ?? null)
      return { since: reportFrom, until, looked, refused, held, rules }
    }
  }
  /** One at a time: two would only take twice as long. */
  return async (policy: Policy): Promise<DryRun> => {
    while (running) await running.catch(() => {})
    const mine = run(policy)
    running = mine
    try {
      return await mine
    } finally {
      if (running === mine) running = null
    }
  }
}
