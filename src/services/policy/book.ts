import type { Store } from '../../db/store'
import { emptyPolicy, type Policy, type PolicyInForce, type PolicyOfSettings } from '../../domain/policy'
import { readPolicy } from '../../domain/policy-given'
import type { Finding } from '../../domain/standing'
import type { Clock } from '../../ports/clock'

/** What settings have fixed, so that no version of the policy changes it. */
export interface FixedParts {
  readonly users: readonly Finding[]
  readonly secondPersonAbove: boolean
}

/** The policy that is in force, in this instance a moment after it was saved in another one. */
export interface PolicyBook {
  /** Asks the database at most every `FRESH_MS`; those who come meanwhile wait for the same answer. */
  current(): Promise<PolicyInForce>
  /** As `current`, asked for anew: what was stored before the call is in it. */
  latest(): Promise<PolicyInForce>
  /** What was stored, as it counts here: what settings fix wins. @throws What is stored cannot be read. */
  read(content: unknown): Policy
  readonly starting: Policy
  readonly fixed: FixedParts
}

/** How long an instance may go on with the policy before. */
export const FRESH_MS = 2_000

export function createPolicyBook({
  store,
  clock,
  settings,
  fixed,
}: {
  readonly store: Pick<Store, 'latestPolicy'>
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly settings: PolicyOfSettings
  readonly fixed: FixedParts
}): PolicyBook {
  const starting = emptyPolicy(settings)
  let known: { readonly inForce: PolicyInForce; readonly atMs: number } | null = null
  let asking: Promise<PolicyInForce> | null = null
  let following: Promise<PolicyInForce> | null = null

  function read(content: unknown): Policy {
    const stored = readPolicy(content, starting)
    if ('problems' in stored)
      throw new Error('The stored policy cannot be read by this version of the program.')
    const { users, secondPersonAbove } = stored.policy
    const kept = fixed.users.map((finding) => [finding, settings.users[finding]] as const)
    return {
      ...stored.policy,
      users: { ...users, ...Object.fromEntries(kept) },
      secondPersonAbove: fixed.secondPersonAbove ? settings.secondPersonAbove : secondPersonAbove,
    }
  }

  async function ask(): Promise<PolicyInForce> {
    const atMs = clock.monotonicMs()
    const saved = await store.latestPolicy()
    // The same version is the same policy: it is not read anew.
    const inForce =
      known && known.inForce.version === (saved?.version ?? 0)
        ? known.inForce
        : { version: saved?.version ?? 0, policy: saved ? read(saved.content) : starting }
    known = { inForce, atMs }
    return inForce
  }

  const answer = (): Promise<PolicyInForce> => {
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }

  /** What is being asked already may have been answered before that was stored which is asked for: it is waited for. */
  const latest = (): Promise<PolicyInForce> => {
    if (!asking) return answer()
    following ??= asking
      .catch(() => null)
      .then(() => {
        following = null
        return answer()
      })
    return following
  }

  return {
    starting,
    fixed,
    read,
    latest,
    current: () =>
      known && clock.monotonicMs() - known.atMs < FRESH_MS ? Promise.resolve(known.inForce) : answer(),
  }
}
