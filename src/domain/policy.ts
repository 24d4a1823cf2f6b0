import type { ApprovalRules, OPERATORS } from './approvals'
import type { Method } from './destination'
import { isLess } from './money'
import type { StandingRules } from './standing'

/** What a rule leads to: the request is refused, or a person is asked before anything leaves. */
export const THENS = ['refuse', 'review'] as const
export type Then = (typeof THENS)[number]

/** How much one withdrawal may be. */
export interface AmountRule {
  /** Kit symbol, lower case. */
  readonly currency: string
  /** null for any. */
  readonly method: Method | null
  /** Decimals; null for none. One of the two is there. */
  readonly min: string | null
  readonly max: string | null
  readonly then: Then
}

export const SCOPES = ['user', 'destination', 'exchange'] as const
export const PERIODS = ['day', 'month'] as const

/** How much, and how often, within a day or a month of the calendar, in UTC. What was canceled does not count. */
export interface LimitRule {
  /** Over whose withdrawals it is counted. `destination`: all that go to one account, whoever sends them. */
  readonly of: (typeof SCOPES)[number]
  readonly per: (typeof PERIODS)[number]
  /** null for all of them together; then only a count can be limited. */
  readonly currency: string | null
  readonly amount: string | null
  readonly count: number | null
  readonly then: Then
}

/** What is above it waits until so many operators have approved it. */
export interface CeilingRule {
  readonly currency: string
  readonly amount: string
  readonly approvers: number
}

/** What operators do, apart from looking. */
export const DUTIES = ['decide', 'payouts', 'stop', 'policy'] as const
export type Duty = (typeof DUTIES)[number]

/** What the exchange lets happen, as its operators have set it. With nothing in it, nothing is limited. */
export interface Policy {
  readonly amounts: readonly AmountRule[]
  readonly limits: readonly LimitRule[]
  readonly ceilings: readonly CeilingRule[]
  /** How long the first withdrawals of a user to an account wait, from the first one on; 0: not at all. */
  readonly coolingOffHours: number
  readonly users: StandingRules
  /** By currency: what is above it needs a second operator, where there are several. */
  readonly secondPersonAbove: Readonly<Record<string, string>>
  /** Roles that may do it; none: every operator may. */
  readonly duties: Readonly<Record<Duty, readonly string[]>>
}

/** A policy and which version of it that is; 0 where nobody has ever changed it. */
export interface PolicyInForce {
  readonly version: number
  readonly policy: Policy
}

/** What settings say as long as nobody has changed the policy, or for good where they are given. */
export type PolicyOfSettings = Pick<Policy, 'users' | 'secondPersonAbove'>

export const emptyPolicy = (settings: PolicyOfSettings): Policy => ({
  amounts: [],
  limits: [],
  ceilings: [],
  coolingOffHours: 0,
  duties: { decide: [], payouts: [], stop: [], policy: [] },
  ...settings,
})

/** Codes of why the policy lets a person look at a withdrawal, the most telling first. */
export const CAUSES = ['above_ceiling', 'limit_reached'] as const
export type Cause = (typeof CAUSES)[number]

/** What is asked of a withdrawal. */
export interface Asked {
  readonly currency: string
  readonly method: Method
  readonly amount: string
}

/** The smallest and the largest that is not refused; null where there is none. */
export function boundsOf(
  { amounts }: Policy,
  asked: Pick<Asked, 'currency' | 'method'>,
): { min: string | null; max: string | null } {
  const refusing = amounts.filter((rule) => rule.then === 'refuse' && isAbout(rule, asked))
  const tightest = (values: readonly (string | null)[], isTighter: (a: string, b: string) => boolean) =>
    values.reduce((a, b) => (a === null ? b : b === null || isTighter(a, b) ? a : b), null)
  return {
    min: tightest(
      refusing.map(({ min }) => min),
      (a, b) => isLess(b, a),
    ),
    max: tightest(
      refusing.map(({ max }) => max),
      isLess,
    ),
  }
}

const isAbout = (
  { currency, method }: Pick<AmountRule, 'currency' | 'method'>,
  asked: Pick<Asked, 'currency' | 'method'>,
): boolean => currency === asked.currency && (method === null || method === asked.method)

export const breaksAmount = (rule: AmountRule, asked: Asked): boolean =>
  isAbout(rule, asked) &&
  ((rule.min !== null && isLess(asked.amount, rule.min)) ||
    (rule.max !== null && isLess(rule.max, asked.amount)))

export const ceilingAbove = (
  { ceilings }: Pick<Policy, 'ceilings'>,
  { currency, amount }: { currency: string; amount: string },
): CeilingRule | null =>
  ceilings.find((ceiling) => ceiling.currency === currency && isLess(ceiling.amount, amount)) ?? null

/** The limits that a withdrawal in this currency counts for. */
export const limitsFor = ({ limits }: Pick<Policy, 'limits'>, currency: string): readonly LimitRule[] =>
  limits.filter((rule) => rule.currency === null || rule.currency === currency)

/** How many have to decide about it together, the first one among them. */
export const approversOf = (policy: Policy, about: { currency: string; amount: string }): number =>
  ceilingAbove(policy, about)?.approvers ?? 1

export const approvalRulesOf = (
  { secondPersonAbove }: Pick<Policy, 'secondPersonAbove'>,
  operators: (typeof OPERATORS)[number],
): ApprovalRules => ({ operators, ceilings: secondPersonAbove })

/** A name for each rule, the same for as long as it limits the same thing. */
export const nameOfAmount = ({ currency, method }: AmountRule): string =>
  ['amount', currency, ...(method === null ? [] : [method.toLowerCase()])].join('.')
export const nameOfLimit = ({ of, per, currency }: LimitRule): string =>
  [of, per, currency ?? 'any'].join('.')
export const nameOfCeiling = ({ currency }: CeilingRule): string => `ceiling.${currency}`
export const COOLING_OFF = 'cooling_off'

/**
 * The roles that may do it. A list that names no operator any more would keep everybody from changing the policy: then
 * every operator may.
 */
export function rolesFor(
  duty: Duty,
  { duties }: Pick<Policy, 'duties'>,
  operatorRoles: readonly string[],
): readonly string[] {
  const named = duties[duty].filter((role) => operatorRoles.includes(role))
  const isOpen = duties[duty].length === 0 || (duty === 'policy' && named.length === 0)
  return isOpen ? operatorRoles : named
}
