import fc from 'fast-check'

import {
  canonicalJson,
  endToEndIdOf,
  fingerprint,
  isCurrencySymbol,
  isIdempotencyKey,
  isKitSafeId,
  payoutKeyOf,
} from '../../src/domain/identifiers'
import { systemRandomness } from '../../src/runtime/clock'

const SEED = { seed: Number(process.env.TEST_SEED) }

describe('an id for a kit', () => {
  it.each(['a', 'A-Z_09', '0192f0c1-7f6e-7c2a-9a53-7e8e5d2c1b00', 'x'.repeat(64)])('may be %s', (id) => {
    expect(isKitSafeId(id)).toBe(true)
  })

  it.each([
    '',
    'a b',
    'a/b',
    '../a',
    'a%00',
    'a\n',
    'a:b',
    'ä',
    'a&status=true',
    'x'.repeat(65),
    5,
    null,
    ['a'],
    undefined,
  ])('may not be %p', (id) => {
    expect(isKitSafeId(id)).toBe(false)
  })

  it('is what every new withdrawal gets, and so is its payout key', () => {
    const ids = Array.from({ length: 1_000 }, () => systemRandomness.newId())
    expect(new Set(ids).size).toBe(1_000)
    expect(ids.every((id) => isKitSafeId(id) && isKitSafeId(payoutKeyOf(id)))).toBe(true)
    expect(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true)
  })
})

describe('a currency symbol', () => {
  it.each(['eur', 'EUR', 'xht', 'usd_t', 'x'.repeat(20)])('may be %s', (symbol) => {
    expect(isCurrencySymbol(symbol)).toBe(true)
  })

  // The last is no "k", whose lower case it has.
  it.each(['', 'e', 'e ur', 'eur\n', 'x'.repeat(21), 5, null, ['eur'], 'pk\u212a'])(
    'may not be %p',
    (symbol) => {
      expect(isCurrencySymbol(symbol)).toBe(false)
    },
  )
})

describe('an idempotency key', () => {
  it.each(['a', '!', '~', 'key-1', '"quoted"', 'k'.repeat(255)])('may be %s', (key) => {
    expect(isIdempotencyKey(key)).toBe(true)
  })

  it.each(['', ' ', 'a b', 'a\r\nX-Injected: 1', 'a\0', 'é', '\u007f', 'k'.repeat(256)])(
    'may not be %p',
    (key) => {
      expect(isIdempotencyKey(key)).toBe(false)
    },
  )
})

describe('an end-to-end id', () => {
  it('fits what banks carry: at most 35 characters of A to Z and 0 to 9', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        expect(endToEndIdOf(id)).toMatch(/^[A-Z0-9]{0,35}$/)
      }),
      SEED,
    )
  })

  it('keeps all of a withdrawal id, so that two withdrawals never share one', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(endToEndIdOf(id)).toBe(id.replaceAll('-', '').toUpperCase())
      }),
      SEED,
    )
  })
})

/** Object keys in another order, at every depth. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

describe('the fingerprint of a request', () => {
  const request = {
    currency: 'eur',
    amount: '10.5',
    choice: { kind: 'given', destination: { method: 'BANK', iban: 'DE89' } },
  }

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fingerprint(reversed(value))).toBe(fingerprint(value))
      }),
      SEED,
    )
  })

  it('does not see what is not there', () => {
    expect(fingerprint({ ...request, otp: undefined })).toBe(fingerprint(request))
    expect(fingerprint({ ...request, otp: null })).not.toBe(fingerprint(request))
  })

  it('sees the order of a list', () => {
    expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]))
  })

  it('is made of all there is: what it is made of reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { ...SEED, numRuns: 300 },
    )
  })

  it('differs between requests that differ', () => {
    const anyRequest = fc.record({
      currency: fc.constantFrom('eur', 'usd'),
      amount: fc.constantFrom('1', '10', '100', '1.5'),
      choice: fc.oneof(
        fc.record({ kind: fc.constant('stored'), accountId: fc.constantFrom('1', '10', '100') }),
        fc.record({
          kind: fc.constant('given'),
          iban: fc.constantFrom('DE1', 'DE10'),
          name: fc.constantFrom('', '1', 'A"B'),
        }),
      ),
    })
    fc.assert(
      fc.property(anyRequest, anyRequest, (a, b) => {
        const same = JSON.stringify(reversed(a)) === JSON.stringify(reversed(b))
        expect(fingerprint(a) === fingerprint(b)).toBe(same)
      }),
      { ...SEED, numRuns: 500 },
    )
  })

  it('says nothing about the request it was made of', () => {
    expect(fingerprint(request)).toMatch(/^[0-9a-f]{64}$/)
  })
})
