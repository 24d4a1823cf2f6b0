import type { BatchState } from '../../domain/batch'
import type { PayoutOutcome, SubmitOutcome } from '../../ports/payment-provider'

/** What a provider's answer to a batch means for one of its members. */
export interface MemberOutcome {
  readonly outcome: PayoutOutcome
  /** It goes on in batches of at most this many; 0: it was refused alone. */
  readonly batchSizeMax?: number
}

export interface BatchVerdict {
  readonly state: BatchState
  readonly of: (key: string) => MemberOutcome
}

/**
 * Splits the answer to a batch into an outcome for each member, by our keys. Pure.
 *
 * A refusal as a whole that names who is at fault takes those out; one that names nobody halves the batch, until the
 * one at fault is alone. Nobody is declined for a neighbour's mistake or for an empty account of the operator's.
 */
export function judgeBatch(keys: readonly string[], answer: SubmitOutcome): BatchVerdict {
  const said = (key: string): PayoutOutcome | undefined =>
    answer.items !== undefined && Object.hasOwn(answer.items, key) ? answer.items[key] : undefined
  // "Its batch was refused" says nothing about the payout itself.
  const own = (key: string): PayoutOutcome | undefined => {
    const outcome = said(key)
    return outcome && saysBatchRefused(outcome) ? undefined : outcome
  }
  if (answer.kind === 'declined' || saysBatchRefused(answer)) return refused(keys, answer, own)
  const state = answer.kind === 'unknown' ? 'in_doubt' : answer.kind === 'deferred' ? 'refused' : 'sent'
  const smaller = inSmaller(keys)
  return {
    state,
    of(key) {
      const outcome = said(key)
      // Left out of a batch that was taken: sent again as it was, it would be left out for ever.
      return outcome && saysBatchRefused(outcome) ? smaller : { outcome: outcome ?? ofTheWhole(answer) }
    },
  }
}

const saysBatchRefused = (outcome: PayoutOutcome): boolean =>
  outcome.kind === 'deferred' && outcome.why === 'batch_refused'

const GOES_ON: MemberOutcome = { outcome: { kind: 'deferred', why: 'batch_refused', retryAfterMs: 0 } }
const inSmaller = (keys: readonly string[]): MemberOutcome => ({
  ...GOES_ON,
  batchSizeMax: Math.floor(keys.length / 2),
})

function refused(
  keys: readonly string[],
  answer: SubmitOutcome,
  own: (key: string) => PayoutOutcome | undefined,
): BatchVerdict {
  const someoneIsNamed = keys.some((key) => own(key)?.kind === 'declined')
  const goesOn = someoneIsNamed ? GOES_ON : inSmaller(keys)
  return {
    state: 'refused',
    of(key) {
      const outcome = own(key)
      if (outcome) return { outcome }
      const isAlone = keys.length === 1
      return isAlone && answer.kind === 'declined' ? { outcome: withoutItems(answer) } : goesOn
    },
  }
}

/** An answer about a batch, for a member it says nothing about. */
function ofTheWhole(answer: SubmitOutcome): PayoutOutcome {
  if (answer.kind === 'accepted' || answer.kind === 'settled') {
    // The reference is the batch's, and so is its amount; what became of the member is asked for.
    const { status } = answer
    return { kind: 'accepted', ...(status !== undefined && { status }) }
  }
  return withoutItems(answer)
}

const withoutItems = ({ items: _items, ...outcome }: SubmitOutcome): PayoutOutcome => outcome
