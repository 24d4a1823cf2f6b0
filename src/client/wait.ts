import { type ClientClock, wait } from './clock'
import { BankWithdrawalError, isWithdrawalError } from './errors'
import type { CallOptions, WithdrawalDetail } from './types'

export interface WaitOptions extends CallOptions {
  /** Ten minutes when left out. */
  readonly timeoutMs?: number
  /** Told each time that it was looked at. */
  readonly onLook?: (withdrawal: WithdrawalDetail) => void
}

const TIMEOUT_MS = 10 * 60_000
/** With these a kit, which lets an address be asked eight times in two minutes, never says no. */
const FIRST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 30_000

/**
 * @throws {WithdrawalError} `still_pending` when the time is over; whatever `look` throws that waiting does not mend; the
 *   signal's reason.
 */
export async function waitForOutcome(
  look: (call: CallOptions) => Promise<WithdrawalDetail>,
  clock: ClientClock,
  { timeoutMs = TIMEOUT_MS, onLook, signal }: WaitOptions,
): Promise<WithdrawalDetail> {
  const endsAt = clock.now() + timeoutMs
  for (let looks = 0; ; looks++) {
    const { withdrawal, waitMs } = await look(signal ? { signal } : {}).then(
      (found) => ({ withdrawal: found, waitMs: 0 }),
      (error: unknown) => ({ withdrawal: null, waitMs: mendsIn(error) }),
    )
    if (withdrawal) onLook?.(withdrawal)
    if (withdrawal && withdrawal.status !== 'pending') return withdrawal
    const patientMs = Math.max(waitMs, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** looks))
    if (clock.now() + patientMs > endsAt)
      throw new BankWithdrawalError('still_pending', 0, 'It has not ended yet. It goes on; look again later.')
    await wait(clock, patientMs, signal)
  }
}

/** @returns In how many milliseconds at the earliest. @throws What does not pass by itself. */
function mendsIn(error: unknown): number {
  if (!isWithdrawalError(error)) throw error
  const passes = error.code === 'no_answer' || error.code === 'strange_answer' || error.status === 429
  if (!passes && error.status < 500) throw error
  return (error.retryAfterSeconds ?? 0) * 1_000
}
