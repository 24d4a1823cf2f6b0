import fc from 'fast-check'

import {
  type Backoff,
  backoffMs,
  DEFERRED_BACKOFF,
  LOOKUP_BACKOFF,
  WALLET_BACKOFF,
} from '../../src/domain/retry'

const SEED = { seed: Number(process.env.TEST_SEED) }
const backoff = fc.record({
  firstMs: fc.integer({ min: 1, max: 60_000 }),
  capMs: fc.integer({ min: 60_000, max: 3_600_000 }),
})
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const attempt = fc.integer({ min: 1, max: 100_000 })

describe('the wait before the next try', () => {
  it('stays within a quarter of its mark, and the mark within its cap', () => {
    fc.assert(
      fc.property(attempt, backoff, fraction, (tries, { firstMs, capMs }, random) => {
        const mark = Math.min(capMs, firstMs * 2 ** Math.min(tries - 1, 20))
        const waitMs = backoffMs(tries, { firstMs, capMs }, random)
        expect(Number.isSafeInteger(waitMs)).toBe(true)
        expect(waitMs).toBeGreaterThanOrEqual(Math.floor(mark * 0.75))
        expect(waitMs).toBeLessThanOrEqual(Math.ceil(mark * 1.25))
      }),
      { ...SEED, numRuns: 500 },
    )
  })

  it('doubles from try to try until the cap', () => {
    const marks = [1, 2, 3, 4, 5, 6, 7, 8].map((tries) =>
      backoffMs(tries, { firstMs: 1_000, capMs: 60_000 }, 0.5),
    )
    expect(marks).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  it('never shrinks from one try to the next', () => {
    fc.assert(
      fc.property(attempt, backoff, fraction, (tries, shape, random) => {
        expect(backoffMs(tries + 1, shape, random)).toBeGreaterThanOrEqual(backoffMs(tries, shape, random))
      }),
      SEED,
    )
  })

  it('spreads rows that failed together over half the mark', () => {
    expect(backoffMs(1, { firstMs: 1_000, capMs: 1_000 }, 0)).toBe(750)
    expect(backoffMs(1, { firstMs: 1_000, capMs: 1_000 }, 0.999999)).toBe(1_250)
  })

  it.each<[string, Backoff]>([
    ['the wallet', WALLET_BACKOFF],
    ['a look-up', LOOKUP_BACKOFF],
    ['a deferred payout', DEFERRED_BACKOFF],
  ])('of %s ends at its cap even after a year of tries', (_what, shape) => {
    expect(backoffMs(525_600, shape, 0.5)).toBe(shape.capMs)
  })
})
