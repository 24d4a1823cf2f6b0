import type { Database } from '../../src/db/connect/database'
import type { Clock, Randomness } from '../../src/ports/clock'

/**
 * Time that stands still until a test moves it, the same for the program and the database: production SQL asks
 * `bank_withdrawal.clock()`, and in a test that function reads a table.
 */
export const TEST_CLOCK_SQL = `
  create table public.test_clock (at timestamptz not null);
  insert into public.test_clock values ('2026-01-05T09:00:00Z');
  create or replace function bank_withdrawal.clock() returns timestamptz language sql stable
    as 'select at from public.test_clock';
`
const START = Date.parse('2026-01-05T09:00:00Z')

interface Timer {
  readonly atMs: number
  readonly wake: () => void
}

export class TestClock implements Clock {
  private ms = START
  private databaseAheadMs = 0
  private timers: Timer[] = []

  constructor(private readonly database: Database) {}

  now = (): Date => new Date(this.ms)
  monotonicMs = (): number => this.ms

  setTimer = (ms: number, wake: () => void): (() => void) => {
    const timer = { atMs: this.ms + ms, wake }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  /** The database's clock alone jumps, as after a failover to a host whose clock is ahead. */
  async stepDatabase(ms: number): Promise<void> {
    this.databaseAheadMs += ms
    await this.tell(this.ms)
  }

  private tell(atMs: number): Promise<unknown> {
    return this.database.query('update public.test_clock set at = $1::timestamptz', [
      new Date(atMs + this.databaseAheadMs).toISOString(),
    ])
  }

  /** Moves the database's clock, then ours, waking every timer on the way in order. */
  async advance(ms: number): Promise<void> {
    const target = this.ms + ms
    await this.tell(target)
    for (;;) {
      const [next] = this.timers.filter(({ atMs }) => atMs <= target).sort((a, b) => a.atMs - b.atMs)
      if (!next) break
      this.ms = Math.max(this.ms, next.atMs)
      this.timers = this.timers.filter((timer) => timer !== next)
      next.wake()
    }
    this.ms = target
  }

  advanceTo = (at: Date): Promise<void> => this.advance(Math.max(0, at.getTime() - this.ms))
}

/** A small seeded generator (mulberry32), enough to vary a test and to repeat it. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Ids that grow, and chance from the run's seed. */
export function testRandomness(seed = Number(process.env.TEST_SEED)): Randomness {
  const next = seeded(seed)
  let ids = 0
  return {
    fraction: next,
    bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)),
    newId: () =>
      `00000000-0000-7000-8000-${String(++ids).padStart(6, '0')}${Math.floor(next() * 1e6)
        .toString()
        .padStart(6, '0')}`,
  }
}
