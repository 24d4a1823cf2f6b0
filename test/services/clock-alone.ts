import type { Clock } from '../../src/ports/clock'

/** Time without a database: it stands still until it is moved, and counts the timers that wait for it. */
export interface ClockAlone extends Clock {
  advance(ms: number): Promise<void>
  readonly timersSet: number
  readonly timersLeft: number
}

export function clockAlone(startMs = Date.parse('2026-01-05T09:00:00Z')): ClockAlone {
  let nowMs = startMs
  let timersSet = 0
  const waiting = new Set<{ atMs: number; wake: () => void }>()
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    setTimer(ms, wake) {
      timersSet++
      const timer = { atMs: nowMs + ms, wake }
      waiting.add(timer)
      return () => waiting.delete(timer)
    },
    /** Lets what is under way go on first, then wakes what is due. */
    async advance(ms) {
      await new Promise(setImmediate)
      nowMs += ms
      for (const timer of [...waiting].filter(({ atMs }) => atMs <= nowMs)) {
        waiting.delete(timer)
        timer.wake()
      }
      await new Promise(setImmediate)
    },
    get timersSet() {
      return timersSet
    },
    get timersLeft() {
      return waiting.size
    },
  }
}
