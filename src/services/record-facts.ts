import { sqlState, UNIQUE_VIOLATION } from '../db/connect/database'
import type { StoredWithdrawal } from '../db/store'
import type { State } from '../domain/states'
import type { Contradiction } from '../domain/withdrawal'
import type { Move, Mover, Transition } from './transition'

const isUniqueViolation = (error: unknown): boolean => sqlState(error) === UNIQUE_VIOLATION

/**
 * Writes a move that carries a provider's facts. Two withdrawals of ours cannot be one payout: where another one
 * already has this provider reference, the contradiction is written instead.
 *
 * @returns The row, null when it has moved on, and the move that was written.
 */
export async function recordFacts(
  transition: Transition,
  seen: StoredWithdrawal,
  move: Move,
  mover: Mover,
): Promise<{ row: StoredWithdrawal | null; made: Move }> {
  try {
    return { row: await transition(seen, move, mover), made: move }
  } catch (error) {
    if (!isUniqueViolation(error) || !move.patch?.providerReference) throw error
    const made = contradiction(seen.state, 'duplicate_reference', move.detail)
    return { row: await transition(seen, made, mover), made }
  }
}

type Why = Contradiction | 'vanished' | 'unresolved'

/** What nobody could say may be said later; what was said against each other stays. */
const staysIn = (why: Why): { contradiction?: Contradiction } =>
  why === 'vanished' || why === 'unresolved' ? {} : { contradiction: why }

/** Freezes the withdrawal for a person; from a state without that exit it goes by way of `in_doubt`. */
export const contradiction = (from: State, reasonCode: Why, detail: Move['detail'] = {}): Move =>
  from === 'in_doubt'
    ? { to: 'conflict', event: 'facts.contradict', reasonCode, detail, next: { runInMs: null } }
    : {
        to: 'in_doubt',
        event: 'facts.contradict',
        reasonCode,
        detail,
        patch: { payoutDoubtAt: 'now', ...staysIn(reasonCode) },
        next: { runInMs: 0 },
      }
