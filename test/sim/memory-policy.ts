import { NotInsertedError } from '../../src/db/statements/insert-withdrawal'
import type { GuardRule, PolicyGuard, PolicyVersion, WithdrawalDraft } from '../../src/db/store'
import { add, isLess, sum } from '../../src/domain/money'
import { CAUSES } from '../../src/domain/policy'
import type { MemoryFunctions } from './memory-store'
import type { MemoryRow, MemoryTables } from './memory-tables'

type PolicyFunctions = Pick<
  MemoryFunctions,
  'latestPolicy' | 'listPolicies' | 'findPolicy' | 'savePolicy' | 'usedByUser'
>

/** The versions of the policy. */
export function memoryPolicies(
  tables: MemoryTables,
  record: MemoryFunctions['recordOperatorAction'],
): PolicyFunctions {
  const versions: PolicyVersion[] = []
  return {
    latestPolicy: () => versions.at(-1) ?? null,
    findPolicy: (version) => versions[version - 1] ?? null,
    listPolicies: ({ limit, before }) =>
      [...versions]
        .reverse()
        .filter(({ version }) => before === undefined || version < before)
        .slice(0, limit),
    savePolicy({ seen, content, restores, actor, reason, changes }) {
      if (versions.length !== seen) return null
      const saved = { version: seen + 1, content, restores, actor, reason, at: tables.at() }
      versions.push(saved)
      record({ actor, action: 'policy.changed', subject: 'policy', reason, detail: { changes } })
      return saved
    },
    usedByUser: (userId, spans) =>
      spans.map(({ per, currency }) => {
        const counted = [...tables.rows.values()].filter(
          (row) =>
            row.userId === userId &&
            row.state !== 'canceled' &&
            row.createdAt >= startOf(per, tables.at()) &&
            (currency === null || row.currency === currency),
        )
        const amount = sum(counted.map((row) => row.amount))
        return { count: counted.length, amount, resetsAt: startOf(per, tables.at(), 1) }
      }),
  }
}

/** @param later How many days or months after the one that `at` is in. */
const startOf = (per: GuardRule['per'], at: Date, later = 0): Date =>
  per === 'day'
    ? new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + later))
    : new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + later, 1))

/**
 * What the policy says to one that is about to be stored.
 *
 * @throws {NotInsertedError} It is over a limit that refuses.
 */
export function judgeInMemory(
  tables: MemoryTables,
  draft: WithdrawalDraft,
  policy: PolicyGuard | null | undefined,
): Pick<MemoryRow, 'reviewCauses' | 'coolsUntil'> & { detail: Record<string, unknown> } {
  if (!policy) return { reviewCauses: null, coolsUntil: null, detail: {} }
  const over = policy.rules.flatMap((rule) => {
    const used = [...tables.rows.values()].filter((row) => countsFor(rule, row, draft, tables.at()))
    const amount = sum(used.map((row) => row.amount))
    const isOver =
      (rule.count !== null && used.length + 1 > rule.count) ||
      (rule.amount !== null && isLess(rule.amount, add(amount, draft.amount)))
    if (isOver && rule.then === 'refuse')
      throw new NotInsertedError('limited', { name: rule.name, count: used.length, amount })
    return isOver ? [rule.name] : []
  })
  const causes = CAUSES.filter(
    (cause) => policy.causes.includes(cause) || (cause === 'limit_reached' && over.length > 0),
  )
  const reviewCauses = causes.length > 0 ? causes.join(',') : null
  const coolsUntil = coolingEnd(tables, draft, policy.coolingOffHours)
  const isNoted = reviewCauses !== null || coolsUntil !== null
  const detail = isNoted ? { policy: policy.version, rules: [...policy.known, ...over] } : {}
  return { reviewCauses, coolsUntil, detail }
}

const countsFor = (rule: GuardRule, row: MemoryRow, draft: WithdrawalDraft, now: Date): boolean =>
  row.state !== 'canceled' &&
  row.createdAt >= startOf(rule.per, now) &&
  (rule.currency === null || row.currency === rule.currency) &&
  (rule.of === 'exchange' ||
    (rule.of === 'user' ? row.userId === draft.userId : row.destinationHash === draft.destinationHash))

function coolingEnd(tables: MemoryTables, draft: WithdrawalDraft, hours: number): Date | null {
  if (hours === 0) return null
  const seen = [...tables.rows.values()]
    .filter((row) => row.userId === draft.userId && row.destinationHash === draft.destinationHash)
    .map((row) => row.createdAt.getTime())
  const end = new Date(Math.min(tables.nowMs(), ...seen) + hours * 3_600_000)
  return end > tables.at() ? end : null
}
