import { type Method, METHODS } from './destination'
import { CURRENCY_SYMBOL } from './identifiers'
import { isLess, readDecimal } from './money'
import {
  type AmountRule,
  type CeilingRule,
  DUTIES,
  type LimitRule,
  nameOfAmount,
  nameOfCeiling,
  nameOfLimit,
  PERIODS,
  type Policy,
  SCOPES,
  THENS,
} from './policy'
import { type Finding, FINDINGS, FOLLOWS, type StandingRules } from './standing'

/** What is wrong with a policy that somebody wrote, and where. */
export interface PolicyProblem {
  /** `limits[2].amount`, as it is written. */
  readonly path: string
  readonly message: string
}

const RULES_MAX = 100
const COUNT_MAX = 1_000_000
const HOURS_MAX = 24 * 30
const APPROVERS_MAX = 9
const ROLES_MAX = 50

/** As it is written in JSON, by a client and in the database. */
export const writtenPolicy = ({ coolingOffHours, secondPersonAbove, ...policy }: Policy) => ({
  ...policy,
  cooling_off_hours: coolingOffHours,
  second_person_above: secondPersonAbove,
})
export type WrittenPolicy = ReturnType<typeof writtenPolicy>

/**
 * Reads a policy that somebody wrote. What is left out is as in `base`.
 *
 * @returns All that is wrong with it, where anything is.
 */
export function readPolicy(
  given: unknown,
  base: Policy,
): { policy: Policy } | { problems: readonly PolicyProblem[] } {
  const reader = new Reader()
  const members = reader.object(given, '', Object.keys(writtenPolicy(base)))
  const part = <Value>(name: string, fallback: Value, read: (value: unknown, path: string) => Value) =>
    members[name] === undefined ? fallback : read(members[name], name)
  const policy: Policy = {
    amounts: part('amounts', base.amounts, (value, path) =>
      reader.rules(value, path, (rule, at) => amountRule(reader, rule, at), nameOfAmount),
    ),
    limits: part('limits', base.limits, (value, path) =>
      reader.rules(value, path, (rule, at) => limitRule(reader, rule, at), nameOfLimit),
    ),
    ceilings: part('ceilings', base.ceilings, (value, path) =>
      reader.rules(value, path, (rule, at) => ceilingRule(reader, rule, at), nameOfCeiling),
    ),
    coolingOffHours: part('cooling_off_hours', base.coolingOffHours, (value, path) =>
      reader.whole(value, path, 0, HOURS_MAX),
    ),
    users: part('users', base.users, (value, path) => users(reader, value, path, base.users)),
    secondPersonAbove: part('second_person_above', base.secondPersonAbove, (value, path) =>
      amountsByCurrency(reader, value, path),
    ),
    duties: part('duties', base.duties, (value, path) => duties(reader, value, path, base.duties)),
  }
  return reader.problems.length > 0 ? { problems: reader.problems } : { policy }
}

function amountRule(reader: Reader, given: unknown, path: string): AmountRule {
  const rule = reader.object(given, path, ['currency', 'method', 'min', 'max', 'then'])
  const [min, max] = [reader.amount(rule.min, `${path}.min`), reader.amount(rule.max, `${path}.max`)]
  const isGiven = [rule.min, rule.max].some((bound) => bound !== undefined && bound !== null)
  if (!isGiven) reader.refuse(path, 'Say a smallest or a largest amount.')
  if (min !== null && max !== null && isLess(max, min))
    reader.refuse(`${path}.max`, 'The largest amount is smaller than the smallest.')
  return {
    currency: reader.currency(rule.currency, `${path}.currency`),
    method: rule.method == null ? null : reader.oneOf<Method>(rule.method, `${path}.method`, METHODS),
    ...{ min, max },
    then: reader.oneOf(rule.then ?? 'refuse', `${path}.then`, THENS),
  }
}

function limitRule(reader: Reader, given: unknown, path: string): LimitRule {
  const rule = reader.object(given, path, ['of', 'per', 'currency', 'amount', 'count', 'then'])
  const currency = rule.currency == null ? null : reader.currency(rule.currency, `${path}.currency`)
  const amount = reader.amount(rule.amount, `${path}.amount`)
  const count = rule.count == null ? null : reader.whole(rule.count, `${path}.count`, 1, COUNT_MAX)
  if (rule.amount == null && rule.count == null) reader.refuse(path, 'Say how much, or how many, or both.')
  if (amount !== null && currency === null)
    reader.refuse(`${path}.currency`, 'An amount needs a currency: only how many can be counted over all.')
  return {
    of: reader.oneOf(rule.of, `${path}.of`, SCOPES),
    per: reader.oneOf(rule.per, `${path}.per`, PERIODS),
    ...{ currency, amount, count },
    then: reader.oneOf(rule.then ?? 'refuse', `${path}.then`, THENS),
  }
}

function ceilingRule(reader: Reader, given: unknown, path: string): CeilingRule {
  const rule = reader.object(given, path, ['currency', 'amount', 'approvers'])
  const amount = reader.decimal(rule.amount, `${path}.amount`)
  return {
    currency: reader.currency(rule.currency, `${path}.currency`),
    amount,
    approvers: reader.whole(rule.approvers ?? 1, `${path}.approvers`, 1, APPROVERS_MAX),
  }
}

function users(reader: Reader, given: unknown, path: string, base: StandingRules): StandingRules {
  const members = reader.object(given, path, FINDINGS)
  const read = (finding: Finding) =>
    members[finding] === undefined
      ? base[finding]
      : reader.oneOf(members[finding], `${path}.${finding}`, FOLLOWS)
  return { blocked: read('blocked'), flagged: read('flagged'), unverified: read('unverified') }
}

function amountsByCurrency(reader: Reader, given: unknown, path: string): Record<string, string> {
  const read = new Map<string, string>()
  for (const [symbol, amount] of Object.entries(reader.object(given, path))) {
    const at = `${path}.${symbol.slice(0, 20)}`
    const currency = reader.currency(symbol, at)
    // `EUR` beside `eur`: which of them would count is nothing to guess.
    if (read.has(currency)) reader.refuse(at, 'There is an amount for this currency already.')
    read.set(currency, reader.decimal(amount, at))
  }
  return Object.fromEntries(read)
}

function duties(reader: Reader, given: unknown, path: string, base: Policy['duties']): Policy['duties'] {
  const members = reader.object(given, path, DUTIES)
  const read = DUTIES.map((duty) => [
    duty,
    members[duty] === undefined ? base[duty] : reader.roles(members[duty], `${path}.${duty}`),
  ])
  return Object.fromEntries(read) as Policy['duties']
}

/** Reads what a person wrote, and notes what is wrong instead of stopping at it. What it returns counts only then. */
class Reader {
  readonly problems: PolicyProblem[] = []

  refuse(path: string, message: string): void {
    this.problems.push({ path, message })
  }

  object(given: unknown, path: string, names?: readonly string[]): Record<string, unknown> {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      this.refuse(path, 'This has to be an object.')
      return {}
    }
    for (const name of Object.keys(given))
      if (names && !names.includes(name))
        this.refuse(
          path === '' ? name.slice(0, 40) : `${path}.${name.slice(0, 40)}`,
          'This is not known here.',
        )
    if (Object.keys(given).length > RULES_MAX) this.refuse(path, 'There are too many.')
    return Object.keys(given).length > RULES_MAX ? {} : (given as Record<string, unknown>)
  }

  rules<Rule>(
    given: unknown,
    path: string,
    read: (rule: unknown, path: string) => Rule,
    nameOf: (rule: Rule) => string,
  ): Rule[] {
    if (!Array.isArray(given) || given.length > RULES_MAX) {
      this.refuse(path, `This has to be a list of at most ${RULES_MAX} rules.`)
      return []
    }
    const before = this.problems.length
    const rules = given.map((rule, index) => read(rule, `${path}[${index}]`))
    if (this.problems.length > before) return rules
    rules.forEach((rule, index) => {
      if (rules.findIndex((other) => nameOf(other) === nameOf(rule)) < index)
        this.refuse(`${path}[${index}]`, 'There is a rule about this already.')
    })
    return rules
  }

  oneOf<Choice extends string>(given: unknown, path: string, choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === given)
    if (found === undefined) this.refuse(path, `This has to be one of: ${choices.join(', ')}.`)
    return found ?? (choices[0] as Choice)
  }

  currency(given: unknown, path: string): string {
    const symbol = typeof given === 'string' ? given.toLowerCase() : ''
    if (!CURRENCY_SYMBOL.test(symbol)) this.refuse(path, 'This has to be a currency, such as eur.')
    return symbol
  }

  /** An amount that may be left out. */
  amount(given: unknown, path: string): string | null {
    if (given === undefined || given === null) return null
    const value = this.decimal(given, path)
    if (value === '0') this.refuse(path, 'This has to be more than nothing.')
    return value
  }

  decimal(given: unknown, path: string): string {
    const value = readDecimal(given)
    if (value === null || isLess(value, '0') || value.length > 40)
      this.refuse(path, 'This has to be an amount, such as 1000 or 99.50.')
    return value ?? '0'
  }

  whole(given: unknown, path: string, min: number, max: number): number {
    const value = typeof given === 'number' && Number.isInteger(given) ? given : NaN
    if (!(value >= min && value <= max))
      this.refuse(path, `This has to be a whole number from ${min} to ${max}.`)
    return value
  }

  roles(given: unknown, path: string): string[] {
    const isRole = (role: unknown): role is string => typeof role === 'string' && /^[\w -]{1,64}$/.test(role)
    if (!Array.isArray(given) || given.length > ROLES_MAX || !(given as unknown[]).every(isRole)) {
      this.refuse(path, 'This has to be a list of roles.')
      return []
    }
    return [...new Set(given as string[])]
  }
}
