import { createHash } from 'node:crypto'

import fc from 'fast-check'

import type { Destination } from '../../src/domain/destination'
import type { EncryptionKey } from '../../src/domain/encryption-key'
import type { SealedFacts } from '../../src/domain/sealed-facts'
import { systemRandomness } from '../../src/runtime/clock'
import { createSealedBox } from '../../src/services/sealed-box'
import { createVault } from '../../src/services/vault'
import { keyOf } from '../helpers/keys'

const SEED = { seed: Number(process.env.TEST_SEED) }
const OLD: EncryptionKey = keyOf('2025b')
const NEW: EncryptionKey = keyOf('2026a')
const DESTINATION: Destination = {
  method: 'BANK',
  iban: 'DE89370400440532013000',
  accountHolder: 'Ada Canary Lovelace',
  details: { town: 'Musterstadt' },
}
const FACTS: SealedFacts = {
  userId: 1,
  idempotencyKey: 'order-1',
  currency: 'eur',
  amount: '10.5',
  fee: '0.25',
  payoutAmount: '10.25',
  method: 'BANK',
  provider: 'sandbox',
  payoutKey: 'BW-1',
  endToEndId: 'E2E1',
  destinationMasked: 'DE89…3000',
  returnedAmount: null,
}
/** Of one withdrawal, unless a test says otherwise. */
const vault = (...keys: EncryptionKey[]) => {
  const made = createVault(keys, systemRandomness)
  return {
    ...made,
    seal: (id: string, destination: Destination) => made.seal({ ...FACTS, id }, destination),
    openToPay: (id: string, destination: string) => made.openToPay({ ...FACTS, id, destination }),
    judge: (destination: string, facts: Partial<SealedFacts> = {}, id = 'w1') =>
      made.judge({ ...FACTS, ...facts, id, destination }),
  }
}

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
      'aes256gcm2:',
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

describe('the verdict about a row', () => {
  const sealed = vault(NEW).seal('w1', DESTINATION)
  /** As an earlier version sealed it: bound to the row's id, and to nothing else. */
  const sealedBefore = `aes256gcm:${createSealedBox([NEW], systemRandomness).seal(JSON.stringify(DESTINATION), 'destination:w1')}`

  it('is that it is intact where it is what was accepted, however its amounts are written', () => {
    expect(vault(NEW).judge(sealed)).toEqual({ kind: 'intact' })
    expect(vault(NEW).judge(sealed, { amount: '10.50', fee: '0.250' })).toEqual({ kind: 'intact' })
  })

  it.each<[keyof SealedFacts, Partial<SealedFacts>]>([
    ['userId', { userId: 2 }],
    ['idempotencyKey', { idempotencyKey: null }],
    ['currency', { currency: 'usd' }],
    ['amount', { amount: '10.51' }],
    ['fee', { fee: '0' }],
    ['payoutAmount', { payoutAmount: '10250' }],
    ['payoutAmount', { payoutAmount: 'NaN' }],
    ['method', { method: 'PAYPAL' }],
    ['provider', { provider: 'other' }],
    ['payoutKey', { payoutKey: 'BW-2' }],
    ['endToEndId', { endToEndId: 'E2E2' }],
    ['destinationMasked', { destinationMasked: 'FR14…2606' }],
    ['returnedAmount', { returnedAmount: '10.25' }],
  ])('names %s where it was changed, and what it was accepted as', (name, facts) => {
    expect(vault(NEW).judge(sealed, facts)).toEqual({ kind: 'changed', facts: [name], sealed: FACTS })
    expect(() =>
      createVault([NEW], systemRandomness).openToPay({ ...FACTS, ...facts, id: 'w1', destination: sealed }),
    ).toThrow('not what it was accepted as')
  })

  it('is that the value is damaged where it was cut off, flipped or belongs to another row', () => {
    for (const value of [sealed.slice(0, -1), `${sealed.slice(0, -4)}AAAA`, '', 'aes256gcm3:x'])
      expect(vault(NEW).judge(value)).toEqual({ kind: 'damaged' })
    expect(vault(NEW).judge(sealed, {}, 'w2')).toEqual({ kind: 'damaged' })
  })

  it('is that nothing more is known of what an earlier version sealed, which still opens and is still paid', () => {
    expect(vault(NEW).judge(sealedBefore, { payoutAmount: '6000' })).toEqual({ kind: 'unbound' })
    expect(vault(NEW).openToPay('w1', sealedBefore)).toEqual(DESTINATION)
  })

  it.each(['plain:{', 'plain:', 'plain:null'])(
    'says of %j, where nothing is sealed, that it is no place to pay to',
    (value) => {
      expect(vault().judge(value)).toEqual({ kind: 'vouched' })
    },
  )

  it('tells a value without a key from one whose key is missing', () => {
    const readable = vault().seal('w1', DESTINATION)
    expect(vault().judge(readable)).toEqual({ kind: 'bare' })
    expect(vault(NEW).judge(readable)).toEqual({ kind: 'readable' })
    expect(vault(OLD).judge(sealed)).toEqual({ kind: 'key_missing', keyId: '2026a' })
  })
})

describe('a row that we change ourselves', () => {
  const row = (destination: string, facts: Partial<SealedFacts> = {}) => ({
    ...FACTS,
    ...facts,
    id: 'w1',
    destination,
  })
  const patch = { payoutKey: 'BW-9', endToEndId: 'E2E9' }

  it.each(['plain:{', 'plain:null', 'plain:{"method":"BANK","iban":"DE89370400440532013000"}'])(
    'stays as it is where nothing is sealed, whether %j can be read or not, and the patch is written',
    (value) => {
      expect(vault().resealing(row(value), patch)).toEqual(patch)
    },
  )

  it('is sealed anew with what the patch writes', () => {
    const { seal, resealing, judge, open } = vault(NEW)
    const resealed = resealing(row(seal('w1', DESTINATION)), patch)
    expect(resealed).toEqual({ ...patch, destination: expect.stringContaining('aes256gcm2:2026a:') })
    expect(judge(String(resealed.destination), patch)).toEqual({ kind: 'intact' })
    expect(open('w1', String(resealed.destination))).toEqual(DESTINATION)
  })

  it('keeps its seal where the patch writes nothing that is sealed', () => {
    const { seal, resealing } = vault(NEW)
    const other = { providerStatus: 'PAID' }
    expect(resealing(row(seal('w1', DESTINATION)), other)).toBe(other)
  })

  it('is not vouched for where somebody else has changed it before', () => {
    const { seal, resealing } = vault(NEW)
    expect(resealing(row(seal('w1', DESTINATION), { amount: '6000' }), patch)).toBe(patch)
  })

  it('is not changed while the key of its seal is missing', () => {
    const sealed = vault(OLD).seal('w1', DESTINATION)
    expect(() => vault(NEW).resealing(row(sealed), patch)).toThrow('2025b')
  })

  it('is sealed without a destination where a person decides over a damaged seal, and never paid', () => {
    const { seal, vouching, judge, openToPay } = vault(NEW)
    const sealed = seal('w1', DESTINATION)
    expect(vouching(row(sealed), {})).toEqual({})
    const { destination = '' } = vouching(row(sealed.slice(0, -4)), {})
    expect(judge(destination)).toEqual({ kind: 'vouched' })
    expect(judge(destination, { amount: '6000' })).toMatchObject({ kind: 'changed', facts: ['amount'] })
    expect(() => openToPay('w1', destination)).toThrow('damaged')
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

  it('is made with a key of its own where there is one: the others come and go', () => {
    const hashKey = keyOf('hash').secret
    const hashOf = (...keys: EncryptionKey[]) =>
      createVault(keys, systemRandomness, hashKey).hash(DESTINATION)
    expect(hashOf(NEW)).toBe(hashOf(NEW, OLD))
    expect(hashOf(NEW)).toBe(hashOf())
    expect(hashOf(NEW)).not.toBe(vault(NEW).hash(DESTINATION))
    // Who had none keeps what is stored by giving it the oldest key's secret.
    expect(createVault([NEW], systemRandomness, OLD.secret).hash(DESTINATION)).toBe(
      vault(NEW, OLD).hash(DESTINATION),
    )
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
