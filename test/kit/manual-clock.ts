import type { Clock } from '../../src/ports/clock'

const START = Date.parse('2026-01-05T09:00:00Z')

/** Time that stands still until a test moves it. Without a database, unlike the helpers' TestClock. */
export class ManualClock implements Clock {
  private ms = START
  private timers: { readonly atMs: number; readonly wake: () => void }[] = []

  now = (): Date => new Date(this.ms)
  monotonicMs = (): number => this.ms

  setTimer = (ms: number, wake: () => void): (() => void) => {
    const timer = { atMs: this.ms + ms, wake }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  /** Deadlines that are still running. */
  get running(): number {
    return this.timers.length
  }

  advance(ms: number): void {
    this.ms += ms
    const due = this.timers.filter(({ atMs }) => atMs <= this.ms)
    this.timers = this.timers.filter(({ atMs }) => atMs > this.ms)
    for (const timer of due) timer.wake()
  }
}
