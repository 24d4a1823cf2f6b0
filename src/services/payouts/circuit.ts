import { backoffMs } from '../../domain/retry'
import type { Clock, Randomness } from '../../ports/clock'

/**
 * A breaker for each provider: one that does not answer is left alone for a while, so that an outage costs a probe
 * now and then and not a deadline per payout. In memory, per process: it is about this process's calls.
 */
export interface Circuits {
  /** Milliseconds until a call may be made; 0 now. Changes nothing. */
  waitMs(provider: string): number
  /**
   * Takes the right to make one call, and with an open breaker the one probe.
   *
   * @returns Takes what came of that call, and has to be called; null when none must be made.
   */
  enter(provider: string): ((wasHeard: boolean) => void) | null
}

interface Circuit {
  silentInARow: number
  openings: number
  openUntilMs: number
  probing: boolean
}

/** One bad payout may be silent; five in a row are the provider. */
const SILENT_MAX = 5
/** Half a minute at first; after that an outage is probed at most this rarely. */
const OPEN = { firstMs: 30_000, capMs: 5 * 60_000 }
/** While the probe is out, the others look again this soon. */
const PROBE_WAIT_MS = 2_000

export function createCircuits({
  clock,
  random,
}: {
  clock: Clock
  random: Pick<Randomness, 'fraction'>
}): Circuits {
  const circuits = new Map<string, Circuit>()
  const of = (provider: string): Circuit => {
    const known = circuits.get(provider)
    if (known) return known
    const fresh = { silentInARow: 0, openings: 0, openUntilMs: 0, probing: false }
    circuits.set(provider, fresh)
    return fresh
  }
  const waitMs = (circuit: Circuit): number => {
    if (circuit.openings === 0) return 0
    const left = circuit.openUntilMs - clock.monotonicMs()
    return left > 0 ? left : circuit.probing ? PROBE_WAIT_MS : 0
  }
  const open = (circuit: Circuit) => {
    circuit.openings++
    circuit.openUntilMs = clock.monotonicMs() + backoffMs(circuit.openings, OPEN, random.fraction())
  }

  return {
    waitMs: (provider) => waitMs(of(provider)),
    enter(provider) {
      const circuit = of(provider)
      if (waitMs(circuit) > 0) return null
      const isProbe = circuit.openings > 0
      if (isProbe) circuit.probing = true
      return (wasHeard) => {
        if (isProbe) circuit.probing = false
        if (wasHeard) {
          circuit.silentInARow = 0
          circuit.openings = 0
        } else if (isProbe) open(circuit)
        // Calls that were under way when it opened tell nothing new: eight at once must not open it for eight times as long.
        else if (circuit.openings === 0 && ++circuit.silentInARow >= SILENT_MAX) open(circuit)
      }
    },
  }
}
