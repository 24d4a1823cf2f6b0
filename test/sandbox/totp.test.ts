import { isTotp, totp } from '../../src/sandbox/totp'

/** RFC 6238 appendix B, the SHA-1 column; of its eight digits ours are the last six. */
const SECRET = '12345678901234567890'
const VECTORS: readonly (readonly [seconds: number, eightDigits: string])[] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
]

describe('a time-based one-time password', () => {
  it.each(VECTORS)('at second %d is that of RFC 6238', (seconds, eightDigits) => {
    expect(totp(SECRET, seconds * 1_000)).toBe(eightDigits.slice(-6))
  })

  const at = 1_111_111_110_000 // the first second of a step

  it('is good for its own step and one on either side, and no longer', () => {
    const code = totp(SECRET, at)
    for (const ms of [0, 29_999, -1, -30_000, 30_000, 59_999])
      expect(isTotp(SECRET, code, at + ms)).toBe(true)
    for (const ms of [-30_001, 60_000, 3_600_000]) expect(isTotp(SECRET, code, at + ms)).toBe(false)
  })

  it('is nobody else’s', () => {
    expect(isTotp('another secret', totp(SECRET, at), at)).toBe(false)
  })

  it.each([
    undefined,
    null,
    '',
    0,
    287_082,
    '28708',
    '2870820',
    'abcdef',
    '28708a',
    ' 28708',
    '１２３４５６',
    'äöüäöü',
    '😀😀😀',
    ['287082'],
  ])('is never %p', (code) => {
    expect(isTotp(SECRET, code, 59_000)).toBe(false)
  })
})
