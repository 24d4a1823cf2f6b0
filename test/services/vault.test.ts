import { createHash } from 'node:crypto'

import fc from 'fast-check'

import type { Destination } from '../../src/domain/destination'
import type { EncryptionKey } from '../../src/domain/encryption-key'
import { systemRandomness } from '../../src/runtime/clock'
import { createVault } from '../../src/services/vault'

const SEED = { seed: Number(process.env.TEST_SEED) }
const OLD: EncryptionKey = { id: '2025b', secret: Buffer.alloc(32, 1) }
const NEW: EncryptionKey = { id: '2026a', secret: Buffer.alloc(32, 2) }
const DESTINATION: Destination = {
  method: 'BANK',
  iban: 'DE89370400440532013000',
  accountHolder: 'Ada Canary Lovelace',
  details: { town: 'Musterstadt' },
}
const vault = (...keys: EncryptionKey[]) => createVault(keys, systemRandomness)

describe('a sealed destination', () => {
  it('opens as what was sealed', () => {
    const destination = fc.oneof(
      fc.record({
        method: fc.constant('BANK' as const),
        iban: fc.string(),
        accountHolder: fc.string({ unit: 'grapheme' }),
      }),
      fc.record({ method: fc.constant('PAYPAL' as const), paypalId: fc.string({ unit: 'grapheme' }) }),
    )
    fc.assert(
      fc.property(destination, fc.uuid(), (value, id) => {
        for (const keys of [[], [NEW], [NEW, OLD]]) {
          const { seal, open } = vault(...keys)
          expect(open(id, seal(id, value))).toEqual(value)
        }
      }),
      SEED,
    )
  })

  it('shows nothing of what is in it', () => {
    const sealed = vault(NEW).seal('w1', DESTINATION)
    const decoded = sealed.split(':').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    for (const secret of ['DE89', '0532', 'Canary', 'Musterstadt', 'BANK', 'iban'])
      expect([sealed, ...decoded].join()).not.toContain(secret)
  })

  it('is another text each time, for a nonce that repeats would reveal the key stream', () => {
    const { seal } = vault(NEW)
    expect(new Set(Array.from({ length: 1_000 }, () => seal('w1', DESTINATION).split(':')[2])).size).toBe(
      1_000,
    )
  })

  it('does not open in another row', () => {
    const { seal, open } = vault(NEW)
    expect(() => open('w2', seal('w1', DESTINATION))).toThrow()
  })

  it('does not open when any bit of it was flipped', () => {
    const { seal, open } = vault(NEW)
    const sealed = Buffer.from(seal('w1', DESTINATION))
    const opened: string[] = []
    for (let at = 0; at < sealed.length; at++)
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(sealed)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        try {
          open('w1', flipped.toString('latin1'))
          opened.push(`byte ${at}, bit ${bit}`)
        } catch {
          // As it should.
        }
      }
    expect(opened).toEqual([])
  })

  it('does not open when something was cut off, added, or put elsewhere', () => {
    const { seal, open } = vault(NEW)
    const sealed = seal('w1', DESTINATION)
    const [scheme, keyId, nonce, body = ''] = sealed.split(':')
    const changed = [
      '',
      'aes256gcm:',
      sealed.slice(0, -1),
      `${sealed}A`,
      `${sealed}=`,
      `${sealed}:more`,
      ` ${sealed}`,
      `${sealed}\n`,
      [scheme, keyId, nonce, ''].join(':'),
      [scheme, keyId, '', body].join(':'),
      [scheme, keyId, nonce].join(':'),
      [scheme, keyId, nonce, 'AAAA'].join(':'),
      [scheme, keyId, body.slice(0, 16), body].join(':'),
      ['aes256cbc', keyId, nonce, body].join(':'),
    ]
    for (const text of changed) expect(() => open('w1', text)).toThrow()
  })

  it('says nothing of what it holds when it does not open', () => {
    for (const text of [
      'plain:{"iban":"DE89370400440532013000"',
      'plain:"Canary',
      vault(OLD).seal('w1', DESTINATION),
    ])
      expect(() => vault(NEW).open('w1', text)).toThrow(/^(?!.*(DE89|Canary|iban)).*$/s)
  })
})

describe('opening a destination to pay to it', () => {
  it('opens what was sealed, with every key', () => {
    const sealed = vault(OLD).seal('w1', DESTINATION)
    expect(vault(NEW, OLD).openToPay('w1', sealed)).toEqual(DESTINATION)
    expect(() => vault(NEW, OLD).openToPay('w2', sealed)).toThrow()
  })

  it('refuses a readable one where keys are configured, for anybody with the table could have put it there', () => {
    const planted = vault().seal('w1', DESTINATION)
    expect(() => vault(NEW).openToPay('w1', planted)).toThrow('stored readable')
    expect(vault().openToPay('w1', planted)).toEqual(DESTINATION)
  })
})

describe('the rotation of keys', () => {
  it('seals with the newest key and opens with every one', () => {
    const before = vault(OLD).seal('w1', DESTINATION)
    const after = vault(NEW, OLD)
    expect(after.open('w1', before)).toEqual(DESTINATION)
    expect(after.seal('w1', DESTINATION)).toContain(':2026a:')
  })

  it('opens what was stored before there were keys', () => {
    expect(vault(NEW).open('w1', vault().seal('w1', DESTINATION))).toEqual(DESTINATION)
  })

  it('says that a key is missing when it is', () => {
    const sealed = vault(OLD).seal('w1', DESTINATION)
    for (const keys of [[NEW], []])
      expect(() => vault(...keys).open('w1', sealed)).toThrow('a key we do not have')
  })

  it('does not open with another key of the same name', () => {
    const sealed = vault(OLD).seal('w1', DESTINATION)
    expect(() => vault({ ...NEW, id: OLD.id }).open('w1', sealed)).toThrow()
  })
})

describe('the hash of a destination', () => {
  it('stays the same when a key is added, so that known accounts stay known', () => {
    expect(vault(NEW, OLD).hash(DESTINATION)).toBe(vault(OLD).hash(DESTINATION))
  })

  it('cannot be made without the key', () => {
    const hash = vault(OLD).hash(DESTINATION)
    const guesses = ['DE89370400440532013000', 'BANK:DE89370400440532013000'].map((text) =>
      createHash('sha256').update(text).digest('hex'),
    )
    expect(guesses).not.toContain(hash)
    expect(vault(NEW).hash(DESTINATION)).not.toBe(hash)
  })

  it('is of the account alone, and differs between accounts', () => {
    const { hash } = vault(OLD)
    expect(hash({ method: 'BANK', iban: 'DE89370400440532013000' })).toBe(hash(DESTINATION))
    expect(hash({ method: 'BANK', iban: 'FR1420041010050500013M02606' })).not.toBe(hash(DESTINATION))
    expect(hash({ method: 'PAYPAL', paypalId: 'DE89370400440532013000' })).not.toBe(hash(DESTINATION))
  })
})
