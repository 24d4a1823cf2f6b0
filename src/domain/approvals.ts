import { isLess } from './money'

/** What one person proposes and another has to confirm, by what it is about. */
export const SUBJECT_KINDS = [
  'withdrawal',
  'provider',
  'stop',
  'file',
  'policy',
  'settings',
  'endpoint',
] as const
export type SubjectKind = (typeof SUBJECT_KINDS)[number]

/** Whether decisions over a lot of money need a second person. */
export const OPERATORS = ['single', 'several'] as const

export interface ApprovalRules {
  readonly operators: (typeof OPERATORS)[number]
  /** By currency, decimals: what is not above it one person decides alone. A currency that is not named: nothing is. */
  readonly ceilings: Readonly<Record<string, string>>
}

/** How many others have to confirm what one person wants, whatever it is about. */
export const othersNeeded = ({ operators }: ApprovalRules): number => (operators === 'single' ? 0 : 1)

export const isAboveCeiling = (
  { ceilings }: ApprovalRules,
  { currency, amount }: { currency: string; amount: string },
): boolean => isLess(Object.hasOwn(ceilings, currency) ? (ceilings[currency] ?? '0') : '0', amount)

/** The user that an operator is in the exchange; null for who is none. */
export function userOf(actor: string): number | null {
  const [, id] = /^operator:(\d+)$/.exec(actor) ?? []
  return id === undefined ? null : Number(id)
}
