import { cleanAccountIdentifier, cleanText, maskIdentifier } from '../../src/domain/destination'
import { endToEndIdOf, fingerprint, isIdempotencyKey, isKitSafeId } from '../../src/domain/identifiers'
import { parseAmount, readDecimal } from '../../src/domain/money'
import { SETTINGS } from '../../src/settings/plugin'
import { SERVER_SETTINGS } from '../../src/settings/server'
import type { Setting } from '../../src/settings/setting'

/**
 * Goal: no pattern takes time that grows faster than its input. Method: inputs that make a backtracking pattern
 * run for hours; a test that hangs fails by its time-out, so no time is measured.
 */
const HOSTILE: readonly string[] = [
  `${'1'.repeat(50_000)}!`,
  'a'.repeat(100_000),
  `${'a'.repeat(100_000)}!`,
  ' '.repeat(100_000),
  `${' '.repeat(100_000)}x`,
  `a${'\u00a0'.repeat(100_000)}`,
  `0.${'0'.repeat(100_000)}`,
  `1e${'9'.repeat(50_000)}`,
  `${'-'.repeat(100_000)}1`,
  `${'1,'.repeat(50_000)}x`,
  `${'a@'.repeat(50_000)}`,
  `/${'a/'.repeat(50_000)}!`,
  `postgres://${'a:'.repeat(50_000)}`,
]

/** Prints short: the inputs are long. */
const cases = HOSTILE.map((text) => ({ shown: `${JSON.stringify(text.slice(0, 12))} and so on`, text }))

describe.each(cases)('a hostile text of great length, $shown,', ({ text }) => {
  it('is no amount and no decimal', () => {
    expect(parseAmount(text, 2)).toEqual({ problem: 'not_a_decimal' })
    expect(readDecimal(text)).toBeNull()
  })

  it('is no name, no account and no id', () => {
    expect(cleanText(text)).toBeNull()
    expect(cleanAccountIdentifier(text)).toBeNull()
    expect(isKitSafeId(text)).toBe(false)
    expect(isIdempotencyKey(text)).toBe(false)
  })

  it('is cut, masked and fingerprinted all the same', () => {
    expect(endToEndIdOf(text).length).toBeLessThanOrEqual(35)
    expect(maskIdentifier(text.replaceAll('@', '')).length).toBeLessThanOrEqual(9)
    expect(fingerprint(text)).toHaveLength(64)
  })

  it('is no value of any setting but an address of the database, and is not repeated in what is said of it', () => {
    const settings: Record<string, Setting<unknown>> = { ...SETTINGS, ...SERVER_SETTINGS }
    for (const [name, setting] of Object.entries(settings)) {
      const result = setting.read(text)
      const isAddress = /databaseUrl$/i.test(name) && text.startsWith('postgres://')
      if (isAddress) expect(result).toEqual({ value: text })
      else expect(JSON.stringify(result).length).toBeLessThan(200)
    }
  })
})
