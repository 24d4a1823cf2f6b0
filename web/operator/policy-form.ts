/** The policy as a person writes it: everything a text until it is tried. */

export interface WrittenPolicy {
  readonly amounts: readonly {
    currency: string
    method: string | null
    min: string | null
    max: string | null
    then: string
  }[]
  readonly limits: readonly {
    of: string
    per: string
    currency: string | null
    amount: string | null
    count: number | null
    then: string
  }[]
  readonly ceilings: readonly { currency: string; amount: string; approvers: number }[]
  readonly cooling_off_hours: number
  readonly users: Readonly<Record<string, string>>
  readonly second_person_above: Readonly<Record<string, string>>
  readonly duties: Readonly<Record<string, readonly string[]>>
}

export type Rule = Readonly<Record<string, string>>

export interface PolicyDraft {
  readonly amounts: readonly Rule[]
  readonly limits: readonly Rule[]
  readonly ceilings: readonly Rule[]
  readonly second: readonly Rule[]
  readonly coolingOffHours: string
  readonly users: Readonly<Record<string, string>>
  readonly duties: Readonly<Record<string, readonly string[]>>
}

export const FRESH = {
  amounts: { currency: '', method: '', min: '', max: '', then: 'refuse' },
  limits: { of: 'user', per: 'day', currency: '', amount: '', count: '', then: 'refuse' },
  ceilings: { currency: '', amount: '', approvers: '1' },
  second: { currency: '', amount: '' },
} as const
export type RuleGroup = keyof typeof FRESH

const text = (value: string | number | null): string => (value === null ? '' : String(value))
const texts = (rule: object): Rule =>
  Object.fromEntries(Object.entries(rule).map(([name, value]) => [name, text(value as string | null)]))

export const draftOf = (policy: WrittenPolicy): PolicyDraft => ({
  amounts: policy.amounts.map(texts),
  limits: policy.limits.map(texts),
  ceilings: policy.ceilings.map(texts),
  second: Object.entries(policy.second_person_above).map(([currency, amount]) => ({ currency, amount })),
  coolingOffHours: text(policy.cooling_off_hours),
  users: policy.users,
  duties: policy.duties,
})

const orNull = (value = ''): string | null => (value.trim() === '' ? null : value.trim())
const whole = (value = ''): number | null => (value.trim() === '' ? null : Number(value))
const symbol = (value = ''): string => value.trim().toLowerCase()

/** As the server takes it; of a draft without problems. */
export const writtenOf = (draft: PolicyDraft) => ({
  amounts: draft.amounts.map(({ currency, method, min, max, then }) => ({
    ...{ currency: symbol(currency), method: orNull(method), min: orNull(min), max: orNull(max), then },
  })),
  limits: draft.limits.map(({ currency, amount, count, ...rule }) => ({
    ...{ ...rule, currency: orNull(symbol(currency)), amount: orNull(amount), count: whole(count) },
  })),
  ceilings: draft.ceilings.map(({ currency, amount, approvers }) => ({
    ...{ currency: symbol(currency), amount: orNull(amount), approvers: whole(approvers) },
  })),
  second_person_above: Object.fromEntries(
    draft.second.map(({ currency, amount }) => [symbol(currency), amount?.trim() ?? '']),
  ),
  cooling_off_hours: whole(draft.coolingOffHours) ?? 0,
  users: draft.users,
  duties: draft.duties,
})

const AMOUNT = /^\d{1,15}(\.\d{1,8})?$/
const CURRENCY = /^[a-z0-9_-]{2,20}$/

/** What is wrong with it, by `group.index.field`; empty where it can be tried. */
export function problemsOf(draft: PolicyDraft): ReadonlyMap<string, string> {
  const problems = new Map<string, string>()
  const check = (path: string, isRight: boolean, message: string) => {
    if (!isRight && !problems.has(path)) problems.set(path, message)
  }
  const isAmount = (value = '') => value.trim() === '' || AMOUNT.test(value.trim())
  const each = (group: RuleGroup, of: (rule: Rule, at: (field: string) => string) => void) =>
    draft[group].forEach((rule, index) => {
      const at = (field: string) => `${group}.${index}.${field}`
      const isAny = group === 'limits' && symbol(rule.currency) === ''
      check(at('currency'), isAny || CURRENCY.test(symbol(rule.currency)), 'A currency, such as eur.')
      for (const field of ['amount', 'min', 'max'])
        check(at(field), isAmount(rule[field]), 'An amount, such as 1000 or 99.50.')
      of(rule, at)
    })
  each('amounts', ({ min = '', max = '' }, at) => {
    check(at('min'), `${min}${max}`.trim() !== '', 'Say a smallest or a largest amount.')
    const isBoth = AMOUNT.test(min.trim()) && AMOUNT.test(max.trim())
    check(at('max'), !isBoth || Number(min) <= Number(max), 'Smaller than the smallest.')
  })
  each('limits', ({ amount = '', count = '', currency }, at) => {
    check(at('amount'), `${amount}${count}`.trim() !== '', 'Say how much, or how many.')
    check(at('amount'), amount.trim() === '' || symbol(currency) !== '', 'An amount needs a currency.')
    check(at('count'), count.trim() === '' || isWhole(count, 1, 1_000_000), 'A whole number from 1 on.')
  })
  each('ceilings', ({ amount = '', approvers = '' }, at) => {
    check(at('amount'), amount.trim() !== '', 'An amount, such as 1000.')
    check(at('approvers'), isWhole(approvers, 1, 9), 'From 1 to 9.')
  })
  each('second', ({ currency, amount = '' }, at) => {
    check(at('amount'), amount.trim() !== '', 'An amount, such as 1000.')
    const alike = draft.second.filter((rule) => symbol(rule.currency) === symbol(currency))
    check(at('currency'), alike.length < 2, 'This currency is there twice.')
  })
  check('coolingOffHours', isWhole(draft.coolingOffHours, 0, 720), 'Hours, from 0 to 720.')
  return problems
}

const isWhole = (value: string, min: number, max: number): boolean =>
  /^\d{1,7}$/.test(value.trim()) && Number(value) >= min && Number(value) <= max
