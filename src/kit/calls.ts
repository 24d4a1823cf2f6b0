import type { Clock } from '../ports/clock'
import type { HoldOutcome } from '../ports/exchange'
import { withDeadline } from '../runtime/deadline'
import { classifyEffectError, describeFault } from './classify-error'
import { toHold } from './shapes'

/** The kit did not answer, or answered with something that is no answer. */
export class ExchangeUnavailableError extends Error {
  override readonly name = 'ExchangeUnavailableError'
}

/** The three ways of calling toolsLib. It has no time-outs of its own: against a hanging network it never returns. */
export function createCalls({ clock, timeoutMs }: { clock: Clock; timeoutMs: number }) {
  const call = (what: string, work: () => unknown): Promise<unknown> =>
    withDeadline(clock, timeoutMs, what, work)

  return {
    call,

    /** @throws {ExchangeUnavailableError} */
    async read(what: string, work: () => unknown): Promise<unknown> {
      try {
        return await call(what, work)
      } catch (error) {
        throw new ExchangeUnavailableError(`${what} failed: ${describeFault(error)}`)
      }
    },

    /**
     * Never throws: the outcome of an effect is data.
     *
     * @param ids The names the burn may be answered under, where another burn's row would prove nothing.
     */
    async effect(what: string, work: () => unknown, ids?: readonly string[]): Promise<HoldOutcome> {
      let answer: unknown
      try {
        answer = await call(what, work)
      } catch (error) {
        return classifyEffectError(error)
      }
      const hold = toHold(answer)
      // A 2xx that is no burn (an HTML page, say) proves nothing.
      if (!hold) return { kind: 'unknown', why: `${what} answered with no burn` }
      if (ids && !ids.includes(hold.id)) return { kind: 'unknown', why: `${what} answered with another burn` }
      return { kind: 'done', hold }
    },
  }
}

export type Calls = ReturnType<typeof createCalls>
