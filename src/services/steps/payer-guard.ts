import type { DifferenceKind } from '../../domain/questions'
import { ASKED_LOOK_MS } from '../../domain/retry'
import type { PaymentProvider } from '../../ports/payment-provider'
import { isAnotherPayer, payerOf, type SentThrough } from '../payouts/payer'
import { type Stay, stay, type Step, type StepDeps, type Visit } from './step'

export const PAYER_CHANGED = 'payer_changed' satisfies DifferenceKind

/**
 * The step, for a payout that can be asked for where it was sent. While another account is set nobody is asked and
 * nothing leaves: a person is told, and it goes on by itself once the account is back.
 */
export const throughItsPayer =
  (step: Step): Step =>
  async (visit, deps) => {
    const provider = deps.providerNamed(visit.row.provider)
    return provider && isAskedForNow(visit) && isAnotherPayer(provider, visit.row)
      ? askForPayer(visit, visit.row, provider, deps)
      : step(visit, deps)
  }

/** Of what is ready only what may have been sent before: all else has no account yet. What contradicts itself asks nobody. */
const isAskedForNow = ({ row: { state, payoutDoubtAt, contradiction } }: Visit): boolean =>
  state === 'ready' ? payoutDoubtAt !== null : contradiction === null

/** @param sent What the account is asked for; of a payout that was given up, not the one of the row. */
export async function askForPayer(
  { row }: Visit,
  sent: SentThrough,
  provider: PaymentProvider,
  { raise, random }: StepDeps,
): Promise<Stay> {
  await raise(row, PAYER_CHANGED, {
    why: 'it was sent through another account than the one that is set now',
    ...{ state: row.state, provider: provider.name, currency: sent.currency },
    ...{ sentThrough: sent.payer, setNow: payerOf(provider, sent.currency) },
  })
  // What its bank has said that it has, it has.
  const reasonCode = row.state === 'submitted' ? undefined : 'unresolved'
  return stay(ASKED_LOOK_MS * (0.75 + random.fraction() / 2), reasonCode)
}
