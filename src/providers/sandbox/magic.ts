import { decimalsOf, toMinorUnits } from '../../domain/money'

/** What happens to a sandbox payout, chosen by the last two digits of its amount in minor units. */
export const SCENARIOS = {
  1: 'Succeeds at once, like every amount not listed here.',
  2: 'Accepted, succeeds two seconds later.',
  3: 'Declined: the account is not known (AC01).',
  4: 'Deferred: the exchange’s payout account is empty.',
  5: 'Times out after it was paid.',
  6: 'Times out before anything happened; the same key works the next time.',
  7: 'Answers 500 before anything happened; the same key works the next time.',
  8: 'Succeeds, and comes back a minute later (AC04); seen at the first look back, an hour after it was paid, or as soon as a webhook says so.',
  9: 'Accepted but unclaimed, and comes back after a minute.',
  10: 'Succeeds at once; its webhook is delivered twice.',
  11: 'Succeeds at once; its webhooks arrive in the wrong order.',
  12: 'Is the bad item of its batch.',
  13: 'Accepted, and never ends.',
  14: 'Answers with something unreadable after it was paid.',
  15: 'Never answers, and nothing happened; the same key works the next time.',
} as const

export type Scenario = keyof typeof SCENARIOS

export function scenarioOf(amount: string, currency: string): Scenario {
  const ending = Number(toMinorUnits(amount, decimalsOf(currency)) % 100n)
  return ending in SCENARIOS ? (ending as Scenario) : 1
}
