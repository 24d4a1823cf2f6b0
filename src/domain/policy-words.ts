import {
  type AmountRule,
  type CeilingRule,
  DUTIES,
  type Duty,
  type LimitRule,
  nameOfAmount,
  nameOfCeiling,
  nameOfLimit,
  type Policy,
} from './policy'
import { type Finding, FINDINGS, type StandingRules } from './standing'

const coin = (currency: string): string => currency.toUpperCase()

const PERIOD = { day: 'a day', month: 'a month' } as const
const SCOPE = { user: 'one user', destination: 'one account', exchange: 'the whole exchange' } as const
const OUTCOME = { refuse: 'more is refused', review: 'for more an operator is asked' } as const

/** "at most 3 withdrawals, 1000 EUR" */
const mostOf = ({ amount, count, currency }: LimitRule): string =>
  [
    ...(count === null
      ? []
      : [`${count} withdrawal${count === 1 ? '' : 's'}${currency === null ? '' : ` in ${coin(currency)}`}`]),
    ...(amount === null || currency === null ? [] : [`${amount} ${coin(currency)}`]),
  ].join(' and ')

const limitLine = (rule: LimitRule): string =>
  `At most ${mostOf(rule)} ${PERIOD[rule.per]} for ${SCOPE[rule.of]}; ${OUTCOME[rule.then]}.`

function amountLine({ currency, method, min, max, then }: AmountRule): string {
  const bounds = [
    ...(min === null ? [] : [`at least ${min} ${coin(currency)}`]),
    ...(max === null ? [] : [`at most ${max} ${coin(currency)}`]),
  ]
  const outcome = then === 'refuse' ? 'all else is refused' : 'for all else an operator is asked'
  return `One withdrawal${method === null ? '' : ` by ${method}`}: ${bounds.join(', ')}; ${outcome}.`
}

const ceilingLine = ({ currency, amount, approvers }: CeilingRule): string =>
  `Above ${amount} ${coin(currency)} it waits until ${approvers === 1 ? 'an operator has' : `${approvers} operators have`} approved it.`

const WHO: Readonly<Record<Finding, string>> = {
  blocked: 'whose account is frozen or blocked',
  flagged: 'whom the exchange has flagged',
  unverified: 'whose identity is not verified',
}
const FOLLOWS: Readonly<Record<StandingRules[Finding], string>> = {
  pay: 'is paid',
  review: 'waits for an operator',
  refuse: 'is given back',
}

const DUTY: Readonly<Record<Duty, string>> = {
  decide: 'decide over withdrawals',
  payouts: 'pause and resume providers, run batches and take in files',
  stop: 'stop everything',
  policy: 'change the policy',
}
export const dutyWords = (duty: Duty): string => DUTY[duty]

/** A policy in sentences, each under the name of what it is about. */
export function linesOf(policy: Policy): ReadonlyMap<string, string> {
  const { amounts, limits, ceilings, coolingOffHours, users, secondPersonAbove, duties } = policy
  return new Map<string, string>([
    ...amounts.map((rule) => [nameOfAmount(rule), amountLine(rule)] as const),
    ...limits.map((rule) => [nameOfLimit(rule), limitLine(rule)] as const),
    ...ceilings.map((rule) => [nameOfCeiling(rule), ceilingLine(rule)] as const),
    ...(coolingOffHours === 0
      ? []
      : [
          [
            'cooling_off',
            `An account that a user has not withdrawn to before waits ${coolingOffHours} hours.`,
          ] as const,
        ]),
    ...FINDINGS.map(
      (finding) =>
        [`users.${finding}`, `A withdrawal of a user ${WHO[finding]} ${FOLLOWS[users[finding]]}.`] as const,
    ),
    ...Object.entries(secondPersonAbove).map(
      ([currency, amount]) =>
        [
          `second.${currency}`,
          `Up to ${amount} ${coin(currency)} one operator decides alone, where there are several.`,
        ] as const,
    ),
    ...DUTIES.filter((duty) => duties[duty].length > 0).map(
      (duty) => [`duties.${duty}`, `Only ${duties[duty].join(', ')} may ${DUTY[duty]}.`] as const,
    ),
  ])
}

export interface PolicyChange {
  readonly name: string
  /** null: there was none. */
  readonly before: string | null
  /** null: there is none any more. */
  readonly after: string | null
}

export function changesBetween(before: Policy, after: Policy): readonly PolicyChange[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((name) => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }))
    .filter((change) => change.before !== change.after)
}

const TO = {
  user: 'You can withdraw',
  destination: 'One account can receive',
  exchange: 'The exchange pays out',
}

/**
 * What a user reads whose withdrawal is over a limit. What others have used of a limit is nobody's business; what the
 * user has used is.
 */
export function refusalText(rule: LimitRule, used: { count: number; amount: string }): string {
  const limit = `${TO[rule.of]} at most ${mostOf(rule)} ${PERIOD[rule.per]}`
  const soFar =
    rule.of !== 'user'
      ? ''
      : ` You have asked for ${used.count}${rule.currency === null ? '' : ` (${used.amount} ${coin(rule.currency)})`} so far.`
  return `${limit}.${soFar} ${rule.per === 'day' ? 'It starts anew at 00:00 UTC.' : 'It starts anew on the first of the month, UTC.'}`
}
