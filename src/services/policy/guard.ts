import type { PolicyGuard, UsedLimit } from '../../db/store'
import {
  type Asked,
  breaksAmount,
  type Cause,
  ceilingAbove,
  limitsFor,
  nameOfAmount,
  nameOfCeiling,
  nameOfLimit,
  type PolicyInForce,
} from '../../domain/policy'
import { refusalText } from '../../domain/policy-words'
import { AppError } from '../../errors'

/**
 * What has to be judged where a withdrawal is stored, and what is known of it before.
 *
 * @param isAdopted The exchange has taken it already: what would be refused is a question, too.
 * @returns null where the policy says nothing to it.
 */
export function guardOf(
  { version, policy }: PolicyInForce,
  asked: Asked,
  isAdopted = false,
): PolicyGuard | null {
  const amounts = policy.amounts.filter(
    (rule) => (isAdopted || rule.then === 'review') && breaksAmount(rule, asked),
  )
  const ceiling = ceilingAbove(policy, asked)
  const rules = limitsFor(policy, asked.currency).map((rule) => ({ ...rule, name: nameOfLimit(rule) }))
  const causes: Cause[] = [
    ...(ceiling ? (['above_ceiling'] as const) : []),
    ...(amounts.length > 0 ? (['limit_reached'] as const) : []),
  ]
  if (causes.length === 0 && rules.length === 0 && policy.coolingOffHours === 0) return null
  return {
    ...{ version, rules, causes, coolingOffHours: policy.coolingOffHours },
    known: [...(ceiling ? [nameOfCeiling(ceiling)] : []), ...amounts.map(nameOfAmount)],
  }
}

/** The refusal of one that does not fit under a limit, with that limit. */
export function limitReached(guard: PolicyGuard | null, used: UsedLimit, now: Date): AppError {
  const rule = guard?.rules.find(({ name }) => name === used.name)
  if (!rule) return new AppError('limit_reached', 'This is over a limit of the exchange.')
  return new AppError('limit_reached', refusalText(rule, used), {
    retryAfterSeconds: Math.ceil((startsAnew(rule.per, now).getTime() - now.getTime()) / 1_000),
  })
}

const startsAnew = (per: 'day' | 'month', now: Date): Date =>
  per === 'day'
    ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
    : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
