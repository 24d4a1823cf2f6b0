import type { ListedWithdrawal } from '../../db/store'
import type { ReasonCode } from '../../domain/reasons'
import { publicStatus, type State } from '../../domain/states'
import type { PayoutMode } from '../../domain/withdrawal'
import type { PaymentProvider } from '../../ports/payment-provider'

const HOUR_MS = 3_600_000

export interface ExpectationDeps {
  readonly providerNamed: (name: string) => PaymentProvider | null
  /** When a provider's batches leave next, after `from`; null where they never do. */
  readonly nextRunOf: (provider: PaymentProvider, from: Date) => Date | null
}

/** What leaves at `from` at the earliest leaves then, or with the batches after it. */
export const leavesAt = (
  { nextRunOf }: Pick<ExpectationDeps, 'nextRunOf'>,
  provider: PaymentProvider,
  mode: PayoutMode,
  from: Date,
): Date | null => (mode === 'batch' ? nextRunOf(provider, from) : from)

/** Those whose payouts leave by themselves: nothing is accepted for one whose batches never do. */
export const leaving = (
  deps: Pick<ExpectationDeps, 'nextRunOf'>,
  providers: readonly PaymentProvider[],
  given: { readonly modeOf: (provider: PaymentProvider) => PayoutMode; readonly from: Date },
): readonly PaymentProvider[] =>
  providers.filter((provider) => leavesAt(deps, provider, given.modeOf(provider), given.from) !== null)

/** Until when what leaves at `leaves` has come, as far as its provider can tell. */
export const arrivesBy = (provider: PaymentProvider, leaves: Date): Date =>
  provider.arrivesBy?.(leaves) ?? new Date(leaves.getTime() + provider.capabilities.expectedMs)

export type ArrivalDeps = Pick<ExpectationDeps, 'nextRunOf'>

/** Until when the money of a request that is made at `from` comes; to an account that is new to its user it may be later. */
export function arrivalOf(
  deps: ArrivalDeps,
  provider: PaymentProvider,
  given: { readonly mode: PayoutMode; readonly from: Date; readonly coolingOffHours: number },
): { readonly arrivesBy: Date; readonly arrivesByIfNew: Date | null } {
  const { mode, from, coolingOffHours } = given
  const arrivesAfter = (waitMs: number) => {
    const leaves = leavesAt(deps, provider, mode, new Date(from.getTime() + waitMs))
    if (leaves === null) throw new Error(`What ${provider.name} pays never leaves, and is offered.`)
    return arrivesBy(provider, leaves)
  }
  return {
    arrivesBy: arrivesAfter(0),
    arrivesByIfNew: coolingOffHours === 0 ? null : arrivesAfter(coolingOffHours * HOUR_MS),
  }
}

/** What waits for somebody who has said no time. */
const WAITS_FOR_OTHERS: readonly ReasonCode[] = [
  ...(['insufficient_float', 'stopped', 'provider_paused', 'provider_unavailable'] as const),
  // Whoever has put the burn on hold there lets it go when they like.
  ...(['exchange_unavailable', 'held_by_exchange'] as const),
  // It is still looked for; whether it was ever sent a person may have to say.
  ...(['unresolved', 'vanished'] as const),
]
const NOT_SENT: readonly State[] = ['requested', 'in_review', 'ready']

/**
 * When the money of a withdrawal should have come, as far as schedule and provider let us say.
 *
 * @returns null where nothing is coming, a person decides, it waits for somebody else or for a batch that never leaves, or
 *   that time has gone by.
 */
export const createExpectation =
  (deps: ExpectationDeps) =>
  (row: ListedWithdrawal): Date | null => {
    const provider = deps.providerNamed(row.provider)
    if (!provider || publicStatus(row.state) !== 'pending' || row.nextRunAt === null) return null
    if (row.reasonCode !== null && WAITS_FOR_OTHERS.includes(row.reasonCode)) return null
    const due = new Date(Math.max(row.nextRunAt.getTime(), row.readAt.getTime()))
    const leaves = NOT_SENT.includes(row.state)
      ? leavesAt(deps, provider, row.mode, due)
      : (row.payoutStartedAt ?? due)
    if (leaves === null) return null
    const at = arrivesBy(provider, leaves)
    return at < row.readAt ? null : at
  }
