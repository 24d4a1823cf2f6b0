import { OPERATORS } from '../domain/approvals'
import { BANK_DETAIL_FIELDS } from '../domain/destination'
import { isLess, readDecimal } from '../domain/money'
import type { PolicyOfSettings } from '../domain/policy'
import { type Finding, FINDINGS, FOLLOWS } from '../domain/standing'
import { type GroupedSettings, inGroup } from './groups'
import { flag, integer, mapOf, oneOf, type Setting, type Values } from './setting'

const ACCOUNT_FIELDS: readonly string[] = [
  'iban',
  'bank',
  'swift',
  'account_holder',
  'paypal_id',
  ...BANK_DETAIL_FIELDS,
]

/** `iban=account_number,iban_no; swift=bic_code` */
const accountFields: Setting<Readonly<Record<string, readonly string[]>>> = {
  doc: `What fields of stored bank accounts are called at this exchange, before the usual names: iban=account_number,iban_no;swift=bic_code. Fields: ${ACCOUNT_FIELDS.join(', ')}.`,
  fallback: {},
  read(given) {
    const mustBe = `field=name pairs with ";" between, the fields any of ${ACCOUNT_FIELDS.join(', ')}`
    const pairs = typeof given === 'string' ? pairsIn(given) : Object.entries(given ?? {})
    const read: Record<string, readonly string[]> = {}
    for (const [field, written] of pairs) {
      const names = namesIn(Array.isArray(written) ? written.join(',') : String(written))
      if (!ACCOUNT_FIELDS.includes(field) || names.length === 0) return { mustBe }
      if (Object.hasOwn(read, field)) return { mustBe: `${mustBe}, each field once` }
      read[field] = names
    }
    return { value: read }
  },
}

const pairsIn = (text: string): [string, unknown][] =>
  text
    .split(';')
    .map((pair) => pair.split('=').map((part) => part.trim()))
    .filter((parts) => parts.some((part) => part !== ''))
    .map(([field = '', names = '', ...rest]) => [rest.length === 0 ? field : '', names])

const namesIn = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** More than any exchange has; a text of thousands is no list of roles. */
const ROLES_MAX = 50

/** Names of roles as a kit writes them into its tokens. */
const roles = (doc: string, fallback: readonly string[], minimum: number): Setting<readonly string[]> => ({
  doc,
  fallback,
  read(given) {
    const mustBe = `names of roles, comma-separated${minimum > 0 ? ', at least one' : ''}; user is none`
    const names = Array.isArray(given)
      ? (given as unknown[])
      : typeof given === 'string'
        ? namesIn(given)
        : null
    if (!names || names.length < minimum || names.length > ROLES_MAX) return { mustBe }
    // Every token has the scope "user": as a role it would let everybody in.
    const isRole = (name: unknown): name is string =>
      typeof name === 'string' && /^[\w -]{1,64}$/.test(name) && name !== 'user'
    return names.every(isRole) ? { value: names } : { mustBe }
  },
})

const standing = (whom: string): Setting<(typeof FOLLOWS)[number]> =>
  oneOf(
    `What happens to a withdrawal of ${whom}: \`review\` asks an operator, \`refuse\` gives the balance back, \`pay\` pays.`,
    'review',
    FOLLOWS,
  )

/** An amount of any currency, zero among them. */
const decimal: Pick<Setting<string>, 'read'> = {
  read(given) {
    const value = readDecimal(given)
    return value !== null && !isLess(value, '0') ? { value } : { mustBe: 'an amount such as 1000' }
  },
}

const FIRST = inGroup('first', {
  destinations: oneOf(
    'Where users may withdraw to: `any` account they name, or only `stored` accounts that the exchange has verified.',
    'any',
    ['any', 'stored'],
  ),
  accountFields,
  operatorRoles: roles(
    'Roles that may see everything and act. The kit’s own are admin, supervisor, support ...',
    ['admin'],
    1,
  ),
  operators: oneOf(
    'How many persons decide: `single`, one operator alone may do everything but decide over their own withdrawals, and nothing protects the exchange from them; `several`, what is above `secondPersonAbove` another operator has to confirm.',
    'single',
    OPERATORS,
  ),
  viewerRoles: roles('Roles that may see what operators see, and do nothing: supervisor, support.', [], 0),
})

const MONEY = inGroup('money', {
  secondPersonAbove: mapOf(
    'Up to this amount one operator decides alone where `operators` is `several`; in a currency that is not named, about nothing. For instance eur=1000;usd=1000.',
    decimal,
  ),
  maxOpenWithdrawals: integer(
    'How many withdrawals a user may have open at once; 0 for any number.',
    0,
    0,
    1_000,
  ),
  allowSharedAccounts: flag(
    'Whether a person who acts in somebody else’s shared account may withdraw and cancel.',
    false,
  ),
  blockedUsers: standing(
    'a user whose account is frozen or whose withdrawals are blocked, when the payout is due',
  ),
  flaggedUsers: standing('a user whom the exchange has flagged'),
  unverifiedUsers: standing('a user whose identity the exchange has not verified, where it keeps identities'),
  adoption: flag(
    'Whether withdrawals that users make with the exchange’s own form are paid too, instead of by hand.',
    false,
  ),
})

const TIMING = inGroup('timing', {
  adoptionSeconds: integer(
    'How often the exchange is asked for withdrawals to adopt, in seconds.',
    60,
    10,
    3_600,
  ),
})

/** What the plugin lets an exchange's users and operators do. */
export const EXCHANGE_SETTINGS = { ...FIRST, ...MONEY, ...TIMING } as const satisfies GroupedSettings

/** What the policy starts with, as long as no operator has changed it. */
export const policyOfSettings = (config: Values<typeof EXCHANGE_SETTINGS>): PolicyOfSettings => ({
  users: { blocked: config.blockedUsers, flagged: config.flaggedUsers, unverified: config.unverifiedUsers },
  secondPersonAbove: config.secondPersonAbove,
})

const STANDING_SETTINGS = {
  blocked: 'blockedUsers',
  flagged: 'flaggedUsers',
  unverified: 'unverifiedUsers',
} as const satisfies Record<Finding, keyof typeof EXCHANGE_SETTINGS>

/** Settings that operators may set in the desk instead. */
export const POLICY_SETTINGS = ['secondPersonAbove', ...Object.values(STANDING_SETTINGS)] as const

/** What is given wins over the policy, and is fixed there. */
export const fixedBySettings = (given: Readonly<Record<string, unknown>>) => ({
  users: FINDINGS.filter((finding) => given[STANDING_SETTINGS[finding]] !== undefined),
  secondPersonAbove: given.secondPersonAbove !== undefined,
})
