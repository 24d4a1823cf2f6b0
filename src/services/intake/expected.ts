import type { StoredWithdrawal } from '../../db/store'
import { publicStatus, type State } from '../../domain/states'
import type { PayoutMode } from '../../domain/withdrawal'
import type { PaymentProvider } from '../../ports/payment-provider'

export interface ExpectationDeps {
  readonly providerNamed: (name: string) => PaymentProvider | null
  /** When a provider's batches leave next, after `from`. */
  readonly nextRunOf: (provider: PaymentProvider, from: Date) => Date
}

/** What leaves at `from` at the earliest leaves then, or with the batches after it. */
export const leavesAt = (
  { nextRunOf }: Pick<ExpectationDeps, 'nextRunOf'>,
  provider: PaymentProvider,
  mode: PayoutMode,
  from: Date,
): Date => (mode === 'batch' ? nextRunOf(provider, from) : from)

const NOT_SENT: readonly State[] = ['requested', 'in_review', 'ready']

/**
 * When the money of a withdrawal should have come, as far as schedule and provider let us say.
 *
 * @returns null where nothing is coming, a person decides, or that time has gone by.
 */
export const createExpectation =
  (deps: ExpectationDeps) =>
  (row: StoredWithdrawal): Date | null => {
    const provider = deps.providerNamed(row.provider)
    if (!provider || publicStatus(row.state) !== 'pending' || row.nextRunAt === null) return null
    const due = new Date(Math.max(row.nextRunAt.getTime(), row.readAt.getTime()))
    const leaves = NOT_SENT.includes(row.state)
      ? leavesAt(deps, provider, row.mode, due)
      : (row.payoutStartedAt ?? due)
    const at = leaves.getTime() + provider.capabilities.expectedMs
    return at < row.readAt.getTime() ? null : new Date(at)
  }
