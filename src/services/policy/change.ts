import type { PolicyVersion, Store } from '../../db/store'
import type { OPERATORS } from '../../domain/approvals'
import { DUTIES, type Policy, type PolicyInForce } from '../../domain/policy'
import { type PolicyProblem, readPolicy, writtenPolicy } from '../../domain/policy-given'
import { changesBetween, linesOf, type PolicyChange } from '../../domain/policy-words'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { PolicyBook } from './book'
import { createDryRun, type DryRun, type DryRunDeps, type RuleOutcome } from './dry-run'

export interface PolicyDecision {
  readonly actor: string
  readonly reason: string
  /** What the operator saw; null for whatever it is now. */
  readonly version: number | null
}

/** A change that has been checked and not been made. */
export interface PolicyDraft {
  readonly policy: Policy
  /** The version that it follows. */
  readonly seen: number
  /** The earlier version that it brings back. */
  readonly restores: number | null
  readonly changes: readonly PolicyChange[]
}

export interface PolicyHistoryEntry extends PolicyVersion {
  /** Against the version before. */
  readonly changes: readonly PolicyChange[]
}

/** The policy, its history, and saving the next version of it. */
export interface Policies {
  read(): Promise<PolicyInForce & { readonly saved: PolicyVersion | null }>
  /** The latest first. */
  history(query: { limit: number; before?: number }): Promise<readonly PolicyHistoryEntry[]>
  /** @throws {AppError} `invalid_policy`, with all that is wrong; `changed_meanwhile`. Changes nothing. */
  draft(given: unknown, version: number | null): Promise<PolicyDraft>
  /** An earlier version, anew. @throws {AppError} `policy_not_found`, and as `draft`. */
  draftOf(earlier: number, version: number | null): Promise<PolicyDraft>
  /** What a policy would have done in the last 90 days. @throws {AppError} As `draft`. Changes nothing. */
  dryRun(given: unknown): Promise<
    Omit<DryRun, 'rules'> & {
      readonly rules: readonly (RuleOutcome & { readonly text: string })[]
      readonly changes: readonly PolicyChange[]
    }
  >
  /** @throws {AppError} `changed_meanwhile`; `action_not_possible` where nothing would change. */
  save(draft: PolicyDraft, decision: Omit<PolicyDecision, 'version'>): Promise<PolicyInForce>
}

export interface PoliciesDeps {
  readonly store: Pick<
    Store,
    'latestPolicy' | 'listPolicies' | 'findPolicy' | 'savePolicy' | 'pastWithdrawals'
  >
  readonly clock: DryRunDeps['clock']
  readonly book: PolicyBook
  readonly operators: (typeof OPERATORS)[number]
  readonly operatorRoles: readonly string[]
  readonly logger: Logger
}

export function createPolicies(deps: PoliciesDeps): Policies {
  const { store, book, logger } = deps
  const dryRun = createDryRun(deps)

  async function draft(
    given: unknown,
    version: number | null,
    restores: number | null,
  ): Promise<PolicyDraft> {
    const now = await book.latest()
    if (version !== null && version !== now.version) throw changed()
    const read = readPolicy(given, now.policy)
    const problems =
      'problems' in read ? read.problems : problemsOf(read.policy, now.policy, deps, restores !== null)
    if ('problems' in read || problems.length > 0) throw invalid(problems)
    // What settings fix stays as they say, whatever an earlier version said.
    const policy = book.read(writtenPolicy(read.policy))
    return { policy, seen: now.version, restores, changes: changesBetween(now.policy, policy) }
  }

  return {
    async read() {
      const saved = await store.latestPolicy()
      return { version: saved?.version ?? 0, policy: saved ? book.read(saved.content) : book.starting, saved }
    },

    async history({ limit, before }) {
      const versions = await store.listPolicies({ limit: limit + 1, ...(before !== undefined && { before }) })
      return versions.slice(0, limit).map((version, index) => {
        const earlier = versions[index + 1]
        const was = earlier ? book.read(earlier.content) : book.starting
        return { ...version, changes: changesBetween(was, book.read(version.content)) }
      })
    },

    draft: (given, version) => draft(given, version, null),

    async draftOf(earlier, version) {
      const found = await store.findPolicy(earlier)
      if (!found && earlier !== 0)
        throw new AppError('policy_not_found', 'There is no such version of the policy.')
      const content = found ? found.content : writtenPolicy(book.starting)
      return draft(content, version, found ? earlier : null)
    },

    async dryRun(given) {
      const { policy, changes } = await draft(given, null, null)
      const lines = linesOf(policy)
      const run = await dryRun(policy)
      const rules = run.rules.map((rule) => ({ ...rule, text: lines.get(rule.name) ?? rule.name }))
      return { ...run, rules, changes }
    },

    async save({ policy, seen, restores, changes }, { actor, reason }) {
      if (changes.length === 0) throw nothingToChange()
      const content = writtenPolicy(policy)
      const saved = await store.savePolicy({ seen, content, restores, actor, reason, changes })
      if (!saved) throw changed()
      logger.warn('policy.changed', {
        version: saved.version,
        actor,
        changed: changes.map(({ name }) => name),
      })
      return book.latest()
    },
  }
}

/** What is well written and cannot be, here. */
function problemsOf(
  policy: Policy,
  now: Policy,
  { book: { fixed }, operators, operatorRoles }: PoliciesDeps,
  isEarlier: boolean,
): readonly PolicyProblem[] {
  const fixedProblems = isEarlier
    ? []
    : [
        ...fixed.users
          .filter((finding) => policy.users[finding] !== now.users[finding])
          .map((finding) => ({ path: `users.${finding}`, message: FIXED })),
        ...(fixed.secondPersonAbove && !isSame(policy.secondPersonAbove, now.secondPersonAbove)
          ? [{ path: 'second_person_above', message: FIXED }]
          : []),
      ]
  const alone = policy.ceilings.flatMap(({ approvers }, index) =>
    approvers > 1 && operators === 'single'
      ? [
          {
            path: `ceilings[${index}].approvers`,
            message: 'More than one needs several operators; the settings say that there is one.',
          },
        ]
      : [],
  )
  const unknown = DUTIES.flatMap((duty) =>
    policy.duties[duty]
      .filter((role) => !operatorRoles.includes(role))
      .map((role) => ({ path: `duties.${duty}`, message: `${role} is no role of an operator here.` })),
  )
  return [...fixedProblems, ...alone, ...unknown]
}

const FIXED = 'This is fixed by the settings of the installation.'

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

export const nothingToChange = () => new AppError('action_not_possible', 'This would change nothing.')

const changed = () =>
  new AppError('changed_meanwhile', 'Somebody else has changed the policy meanwhile. Look again.')

const invalid = (problems: readonly PolicyProblem[]) =>
  new AppError(
    'invalid_policy',
    problems[0] ? `${problems[0].path}: ${problems[0].message}` : 'It is not valid.',
    {
      errors: problems.map(({ path, message }) => ({
        type: 'field',
        location: 'body',
        path: `policy.${path}`,
        msg: message,
      })),
    },
  )
