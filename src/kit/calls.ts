import { withDeadline } from '../deadline'
import type { Clock } from '../ports/clock'
import type { HoldOutcome } from '../ports/exchange'
import { classifyEffectError, describeFault } from './classify-error'
import { toHold } from './shapes'

/** The kit did not answer, or answered with something that is no answer. */
export class ExchangeUnavailableError extends Error {
  override readonly name = 'ExchangeUnavailableError'
}

/** The three ways of calling toolsLib. It has no time-outs of its own: against a hanging network it never returns. */
export function createCalls({ clock, timeoutMs }: { clock: Clock; timeoutMs: number }) {
  const call = (what: string, work: () => unknown): Promise<unknown> =>
    withDeadline(clock, timeoutMs, what, () => Promise.resolve(work()))

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

    /** Never throws: the outcome of an effect is data. */
    async effect(what: string, work: () => unknown): Promise<HoldOutcome> {
      let answer: unknown
      try {
        answer = await call(what, work)
      } catch (error) {
        return classifyEffectError(error)
      }
      const hold = toHold(answer)
      // A 2xx that is no burn (an HTML page, say) proves nothing.
      return hold ? { kind: 'done', hold } : { kind: 'unknown', why: `${what} answered with no burn` }
    },
  }
}

export type Calls = ReturnType<typeof createCalls>
