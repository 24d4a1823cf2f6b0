import { retryAfterMs } from '../../../src/providers/shared/retry-after'

describe('Retry-After', () => {
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT'

  it.each([
    ['30', 30_000],
    [' 30 ', 30_000],
    ['0', 0],
    ['86400', 3_600_000],
    ['Sun, 06 Nov 1994 08:51:37 GMT', 120_000],
    ['Sun, 06 Nov 1994 08:49:30 GMT', 0],
    ['Mon, 07 Nov 1994 08:49:37 GMT', 3_600_000],
  ])('of %j means a wait of %i ms, at most an hour', (given, ms) => {
    expect(retryAfterMs({ 'retry-after': given, date })).toBe(ms)
  })

  it.each(['', 'soon', '-1', '1.5', '1e3', '9'.repeat(10), '1994-11-06', 'Sun, 99 Nov 1994 08:49:37 GMT'])(
    'of %j says nothing',
    (given) => {
      expect(retryAfterMs({ 'retry-after': given, date })).toBeUndefined()
    },
  )

  it('that is a date says nothing where the answer does not tell its own', () => {
    expect(retryAfterMs({ 'retry-after': date })).toBeUndefined()
    expect(retryAfterMs({})).toBeUndefined()
  })
})
