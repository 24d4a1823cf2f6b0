import {
  readWebhookSecret,
  signWebhook,
  verifyWebhook,
} from '../../../src/providers/shared/standard-webhooks'

/** Goal: only who has the secret is believed, and only for some minutes. */
const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)
const NOW = new Date('2026-01-05T09:00:00Z')
const AT = NOW.getTime() / 1_000
const BODY = Buffer.from('{"type":"payout.settled"}')

const signed = (secret = NEW, at = AT, body = BODY, id = 'evt_1') => ({
  headers: signWebhook(secret, id, at, body),
  rawBody: body as Buffer | null,
  body: JSON.parse(body.toString()) as unknown,
})
type Signed = ReturnType<typeof signed>
const withHeader = (request: Signed, part: string, value: string | string[] | undefined) => ({
  ...request,
  headers: { ...request.headers, [`webhook-${part}`]: value },
})

describe('a signed webhook', () => {
  it('has the signature that the published example has', () => {
    // The example of the Standard Webhooks specification and of its reference libraries.
    const secret = readWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    const headers = signWebhook(
      secret ?? OLD,
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      Buffer.from('{"test": 2432232314}'),
    )
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('is genuine under its secret, and under any of two during a rotation', () => {
    expect(verifyWebhook([NEW], signed(), NOW)).toBe('genuine')
    expect(verifyWebhook([OLD, NEW], signed(), NOW)).toBe('genuine')
    expect(verifyWebhook([OLD, NEW], signed(OLD), NOW)).toBe('genuine')
    expect(verifyWebhook([OLD], signed(), NOW)).toBe('forged')
    expect(verifyWebhook([], signed(), NOW)).toBe('forged')
  })

  it('is genuine by any of its first five signatures, of which only v1 counts', () => {
    const good = signWebhook(NEW, 'evt_1', AT, BODY)['webhook-signature']
    const bad = 'v1,AAAA'
    const verdict = (signatures: string) =>
      verifyWebhook([NEW], withHeader(signed(), 'signature', signatures), NOW)
    expect(verdict(`${bad} ${bad} ${bad} ${bad} ${good}`)).toBe('genuine')
    expect(verdict(`${bad} ${bad} ${bad} ${bad} ${bad} ${good}`)).toBe('forged')
    expect(verdict(good.replace('v1,', 'v2,'))).toBe('forged')
    expect(verdict(good.replace('v1,', ''))).toBe('forged')
    expect(verdict(good.slice(0, -4))).toBe('forged')
  })

  it('counts for five minutes, to both sides', () => {
    const at = (seconds: number) => verifyWebhook([NEW], signed(NEW, AT + seconds), NOW)
    expect([-300, 300].map(at)).toEqual(['genuine', 'genuine'])
    expect([-301, 301].map(at)).toEqual(['forged', 'forged'])
  })

  it('is forged when a byte of id, time or body is another one', () => {
    expect(verifyWebhook([NEW], withHeader(signed(), 'id', 'evt_2'), NOW)).toBe('forged')
    expect(verifyWebhook([NEW], withHeader(signed(), 'timestamp', String(AT + 1)), NOW)).toBe('forged')
    expect(
      verifyWebhook([NEW], { ...signed(), rawBody: Buffer.from('{"type":"payout.settleD"}') }, NOW),
    ).toBe('forged')
  })

  it.each(['id', 'timestamp', 'signature'])('is forged without its %s, or with two', (part) => {
    for (const value of [undefined, '', ['a', 'b'], '\0'])
      expect(verifyWebhook([NEW], withHeader(signed(), part, value), NOW)).toBe('forged')
  })

  it('cannot be cut into other parts: a full stop in the id is none of ours', () => {
    const body = Buffer.from('7.{}')
    const cut = { headers: signWebhook(NEW, 'a.5', AT, body), rawBody: body, body: {} }
    expect(verifyWebhook([NEW], cut, NOW)).toBe('forged')
  })

  it('is neither genuine nor forged where the bytes are gone', () => {
    expect(verifyWebhook([NEW], { ...signed(), rawBody: null }, NOW)).toBe('unverifiable')
  })
})

describe('a webhook secret', () => {
  it('is whsec_ and 24 to 64 bytes', () => {
    const of = (length: number) => `whsec_${Buffer.alloc(length, 7).toString('base64')}`
    expect(readWebhookSecret(of(32))).toHaveLength(32)
    for (const text of [of(23), of(65), of(32).slice(6), 'whsec_', 'whsec_not base64!', ''])
      expect(readWebhookSecret(text)).toBeNull()
  })
})
