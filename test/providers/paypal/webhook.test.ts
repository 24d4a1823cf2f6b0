import type { WebhookRequest } from '../../../src/ports/payment-provider'
import { paypalProvider } from '../../../src/providers/paypal'
import { CLIENT, type FakePaypal } from './fake'
import { testAuthorities } from './fake-webhooks'
import { createRig, type Rig } from './rig'
import returned from './samples/webhook-payouts-item-returned.json'
import { certify } from './x509'

const HOUR_MS = 3_600_000
const MIDDLE = 100

/** Goal: an event counts only when PayPal has signed it for our webhook, and even then only as a hint. */
describe('an event from PayPal', () => {
  let rig: Rig
  let fake: FakePaypal
  beforeEach(async () => {
    rig = await createRig()
    fake = rig.fake
  })
  afterEach(() => rig.close())

  const verify = (request: WebhookRequest) => rig.provider.webhook?.verify(request)
  const withHeader = (request: WebhookRequest, name: string, value: string | undefined): WebhookRequest => ({
    ...request,
    headers: { ...request.headers, [name]: value },
  })

  it('is genuine with PayPal’s signature, whose certificate is fetched once', async () => {
    expect(await verify(fake.webhook(returned))).toBe('genuine')
    expect(await verify(fake.webhook(returned))).toBe('genuine')
    expect(fake.calls).toEqual(['GET /v1/notifications/certs/CERT-1'])
  })

  it('is forged when a byte of it has changed', async () => {
    const request = fake.webhook(returned)
    const rawBody = Buffer.from(request.rawBody ?? [])
    rawBody[MIDDLE] = (rawBody[MIDDLE] ?? 0) ^ 1
    expect(await verify({ ...request, rawBody })).toBe('forged')
  })

  it('is forged when a character of its signature has changed', async () => {
    const request = fake.webhook(returned)
    const signature = String(request.headers['paypal-transmission-sig'])
    const other = signature[MIDDLE] === 'A' ? 'B' : 'A'
    const changed = signature.slice(0, MIDDLE) + other + signature.slice(MIDDLE + 1)
    expect(await verify(withHeader(request, 'paypal-transmission-sig', changed))).toBe('forged')
  })

  it.each([
    ['paypal-transmission-id', undefined],
    ['paypal-transmission-id', '69cd13f0-0000-0000-0000-000000000000'],
    ['paypal-transmission-time', undefined],
    ['paypal-transmission-time', 'soon'],
    ['paypal-transmission-sig', undefined],
    ['paypal-transmission-sig', '%%%'],
    ['paypal-auth-algo', 'SHA1withRSA'],
    ['paypal-auth-algo', undefined],
    ['paypal-cert-url', undefined],
    ['paypal-cert-url', 'https://paypal.com.evil.example/v1/notifications/certs/CERT-1'],
    ['paypal-cert-url', 'https://evil.example/v1/notifications/certs/CERT-1'],
  ])('is forged with %s %s', async (name, value) => {
    expect(await verify(withHeader(fake.webhook(returned), name, value))).toBe('forged')
  })

  it.each([
    '/other/CERT-1',
    '/v1/notifications/certs/../CERT-1',
    '/v1/notifications/certs/CERT-1?x=1',
    '/v1/notifications/certs/CERT-9',
  ])('is forged with a certificate at %s', async (path) => {
    expect(await verify(withHeader(fake.webhook(returned), 'paypal-cert-url', `${fake.url}${path}`))).toBe(
      'forged',
    )
  })

  it('is forged when it was signed for another webhook', async () => {
    expect(await verify(fake.webhook(returned, { webhookId: 'SOMEBODYELSES' }))).toBe('forged')
  })

  it('is genuine a day late, as PayPal repeats it, and forged a week late or an hour early', async () => {
    const request = fake.webhook(returned)
    rig.clock.advance(24 * HOUR_MS)
    expect(await verify(request)).toBe('genuine')
    rig.clock.advance(7 * 24 * HOUR_MS)
    expect(await verify(request)).toBe('forged')
    const early = fake.webhook(returned)
    rig.clock.advance(-HOUR_MS)
    expect(await verify(early)).toBe('forged')
  })

  describe('whose certificate', () => {
    const signedWith = async (makeChain: () => { key: ReturnType<typeof certify>['key']; pem: string }) => {
      const { key, pem } = makeChain()
      fake.certificates.set('CERT-1', pem)
      return verify(fake.webhook(returned, { key }))
    }
    const name = 'messageverificationcerts.paypal.com'
    const names = [name]

    it('is another company’s is forged, even from a trusted authority', async () => {
      const verdict = await signedWith(() => {
        const leaf = certify({ name: 'evil.example', names: ['evil.example'] }, testAuthorities().middle)
        return { key: leaf.key, pem: leaf.pem + testAuthorities().middle.pem }
      })
      expect(verdict).toBe('forged')
    })

    it('only looks like PayPal’s is forged', async () => {
      const verdict = await signedWith(() => {
        const leaf = certify(
          { name, names: ['notpaypal.com', 'paypal.com.evil.example'] },
          testAuthorities().middle,
        )
        return { key: leaf.key, pem: leaf.pem + testAuthorities().middle.pem }
      })
      expect(verdict).toBe('forged')
    })

    it('vouches for itself is forged', async () => {
      expect(await signedWith(() => certify({ name, names }))).toBe('forged')
    })

    it('was made by an authority nobody trusts is forged', async () => {
      const verdict = await signedWith(() => {
        const root = certify({ name: 'Test Root', isAuthority: true })
        const leaf = certify({ name, names }, root)
        return { key: leaf.key, pem: leaf.pem + root.pem }
      })
      expect(verdict).toBe('forged')
    })

    it('was made by somebody who is no authority is forged', async () => {
      const verdict = await signedWith(() => {
        const { leaf, middle } = testAuthorities()
        const made = certify({ name, names }, leaf)
        return { key: made.key, pem: made.pem + leaf.pem + middle.pem }
      })
      expect(verdict).toBe('forged')
    })

    it('is over is forged', async () => {
      const verdict = await signedWith(() => {
        const leaf = certify({ name, names, validTo: '2025-12-31T00:00:00' }, testAuthorities().middle)
        return { key: leaf.key, pem: leaf.pem + testAuthorities().middle.pem }
      })
      expect(verdict).toBe('forged')
    })

    it('is no certificate is forged', async () => {
      expect(await signedWith(() => ({ key: testAuthorities().leaf.key, pem: '<html></html>' }))).toBe(
        'forged',
      )
    })

    it('cannot be fetched is neither, and is fetched again the next time', async () => {
      const request = fake.webhook(returned)
      const { url } = fake
      fake.close()
      expect(await verify(request)).toBe('unverifiable')
      expect(url).not.toBe('')
    })

    it('was an error page for a moment is fetched again the next time', async () => {
      const { leaf, middle } = testAuthorities()
      expect(await signedWith(() => ({ key: leaf.key, pem: '<html></html>' }))).toBe('forged')
      expect(await signedWith(() => ({ key: leaf.key, pem: leaf.pem + middle.pem }))).toBe('genuine')
    })

    it('is known stays known, however many others a stranger names', async () => {
      expect(await verify(fake.webhook(returned))).toBe('genuine')
      for (let number = 0; number < 60; number++) {
        if (number === 30) rig.clock.advance(61_000)
        await verify(
          withHeader(
            fake.webhook(returned),
            'paypal-cert-url',
            `${fake.url}/v1/notifications/certs/X${number}`,
          ),
        )
      }
      expect(await verify(fake.webhook(returned))).toBe('genuine')
      expect(fake.calls.filter((call) => call.endsWith('CERT-1'))).toHaveLength(1)
    })

    it('is ever another one is only asked for so often', async () => {
      for (let number = 0; number < 30; number++)
        await verify(
          withHeader(
            fake.webhook(returned),
            'paypal-cert-url',
            `${fake.url}/v1/notifications/certs/X${number}`,
          ),
        )
      expect(fake.calls).toHaveLength(20)
    })
  })

  it('is unverifiable inside a kit, which has eaten the bytes', async () => {
    expect(await verify({ ...fake.webhook(returned), rawBody: null })).toBe('unverifiable')
  })

  describe('verified by asking PayPal', () => {
    beforeEach(async () => {
      await rig.close()
      rig = await createRig({ webhookVerification: 'postback' })
      fake = rig.fake
    })

    it('is genuine on PayPal’s word, which gets the event byte for byte', async () => {
      const request = fake.webhook(returned)
      const odd = Buffer.from(`{ "id":"1.0",  "amount": 1.00, "text": "\\u00e4" }`)
      expect(await verify({ ...request, rawBody: odd })).toBe('genuine')
      expect(fake.postbacks[0]).toContain(`"webhook_event":${odd.toString()}}`)
      expect(JSON.parse(String(fake.postbacks[0]))).toMatchObject({
        webhook_id: '1JE4291016473214C',
        auth_algo: 'SHA256withRSA',
      })
    })

    it('is forged on PayPal’s word', async () => {
      fake.postbackVerdict = 'FAILURE'
      expect(await verify(fake.webhook(returned))).toBe('forged')
    })

    it.each(['{} , "webhook_id": "X"', '[]', '"text"', '', '\ufeff{}'])(
      'is forged, and not passed on, when it is not one object: %j',
      async (body) => {
        expect(await verify({ ...fake.webhook(returned), rawBody: Buffer.from(body) })).toBe('forged')
        expect(fake.postbacks).toEqual([])
      },
    )

    it('is neither when PayPal does not answer', async () => {
      const request = fake.webhook(returned)
      fake.close()
      expect(await verify(request)).toBe('unverifiable')
    })
  })

  describe('read', () => {
    const parse = (body: unknown) => rig.provider.webhook?.parse({ headers: {}, rawBody: null, body })

    it('names the payout by our key and by PayPal’s id, and does not repeat its status', () => {
      expect(parse(returned)).toEqual({
        id: 'WH-20R39083BF462510V-40S654642A356503H',
        type: 'PAYMENT.PAYOUTS-ITEM.RETURNED',
        payouts: [{ key: 'WD2', reference: '8AELMXH8UB2P2' }],
      })
    })

    it('names the order of a batch event', () => {
      const resource = {
        batch_header: { payout_batch_id: 'P', sender_batch_header: { sender_batch_id: 'B-1' } },
      }
      expect(parse({ id: 'WH-1', event_type: 'PAYMENT.PAYOUTSBATCH.SUCCESS', resource })).toMatchObject({
        payouts: [{ key: 'B-1' }],
      })
    })

    it.each([
      null,
      'text',
      [],
      {},
      { id: 'WH-1', event_type: 'CHECKOUT.ORDER.APPROVED' },
      { id: 1, event_type: 'PAYMENT.PAYOUTS-ITEM.FAILED' },
      { event_type: 'PAYMENT.PAYOUTS-ITEM.FAILED' },
    ])('is none of ours: %j', (body) => {
      expect(parse(body)).toBeNull()
    })
  })

  it('is not expected where no webhook is set', () => {
    expect(paypalProvider(CLIENT).webhook).toBeUndefined()
  })
})
