import type { WebhookRequest } from '../../../src/ports/payment-provider'
import { type HmacAlgorithm, signedHeaders } from '../../../src/providers/modulr/signature'
import { createRig, type Rig } from './rig'

const PROCESSED = {
  EventName: 'PAYOUT',
  EventId: 'c374a2e6-09d3-41b5-9172-57749fc48c37',
  AccountId: 'A1200001',
  PaymentId: 'P000001ABC',
  Status: 'PROCESSED',
  Amount: 100,
  ExternalReference: 'BW-1',
  SchemeInfo: { Name: 'SEPA_CREDIT_TRANSFER', Id: 'SCTP000001ABC' },
}
const CAME_BACK = {
  EventName: 'PAYIN',
  EventId: 'd1a3c7a2-11d3-41b5-9172-57749fc48c38',
  Type: 'PO_REV',
  PaymentId: 'P000002XYZ',
  ReturnReason: 'BENACCCLOSED',
  OriginalSchemeId: 'SCTP000001ABC',
}

describe('an event from Modulr', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await createRig()
  })
  afterAll(() => rig.close())

  interface Changes {
    body?: unknown
    secret?: string
    algorithm?: HmacAlgorithm
    ageMs?: number
    headers?: Record<string, string>
  }
  const signed = ({
    body = PROCESSED,
    secret = 'w'.repeat(32),
    algorithm = 'hmac-sha256',
    ageMs = 0,
    headers = {},
  }: Changes = {}): WebhookRequest => ({
    headers: {
      ...signedHeaders(
        { keyId: 'W1', secret, algorithm },
        { at: new Date(rig.clock.now().getTime() - ageMs), nonce: 'nonce-1' },
      ),
      ...headers,
    },
    rawBody: Buffer.from(JSON.stringify(body)),
    body,
  })
  const verdict = (request: WebhookRequest) => rig.provider.webhook?.verify(request)

  it('is genuine when it is signed with our secret', async () => {
    expect(await verdict(signed())).toBe('genuine')
  })

  it.each([
    ['another secret', { secret: 'x'.repeat(32) }],
    ['a weaker algorithm', { algorithm: 'hmac-sha1' as const }],
    ['an old date', { ageMs: 301_000 }],
    ['a date to come', { ageMs: -301_000 }],
    ['another nonce', { headers: { 'x-mod-nonce': 'nonce-2' } }],
    ['another date', { headers: { date: 'Mon, 05 Jan 2026 09:00:01 GMT' } }],
    ['a date that is none', { headers: { date: 'soon' } }],
    ['no signature', { headers: { authorization: '' } }],
    [
      'a signature that cannot be decoded',
      {
        headers: {
          authorization:
            'Signature keyId="W1",algorithm="hmac-sha256",headers="date x-mod-nonce",signature="%E0%A4%A"',
        },
      },
    ],
    [
      'another list of signed headers',
      {
        headers: {
          authorization: 'Signature keyId="W1",algorithm="hmac-sha256",headers="date",signature="x"',
        },
      },
    ],
  ])('is forged with %s', async (_what, changes) => {
    expect(await verdict(signed(changes))).toBe('forged')
  })

  it('cannot be verified where its bytes are gone', async () => {
    expect(await verdict({ ...signed(), rawBody: null })).toBe('unverifiable')
  })

  it('names the payment by its id and by our key', () => {
    expect(rig.provider.webhook?.parse(signed())).toEqual({
      id: 'PAYOUT:P000001ABC:PROCESSED',
      type: 'PAYOUT PROCESSED',
      payouts: [{ key: 'BW-1', reference: 'P000001ABC' }],
    })
  })

  it('is the same event when it is delivered again with another id', () => {
    const again = signed({ body: { ...PROCESSED, EventId: 'other' } })
    expect(rig.provider.webhook?.parse(again)?.id).toBe(rig.provider.webhook?.parse(signed())?.id)
  })

  it('of money that came back names our payment by its transaction', () => {
    expect(rig.provider.webhook?.parse(signed({ body: CAME_BACK }))?.payouts).toEqual([
      { reference: 'SCTP000001ABC' },
    ])
  })

  it('of money that came in by itself names no payout of ours', () => {
    const body = { ...CAME_BACK, Type: 'PI_SECT', OriginalSchemeId: undefined }
    expect(rig.provider.webhook?.parse(signed({ body }))?.payouts).toEqual([])
  })

  it.each([
    null,
    'text',
    [],
    {},
    { EventName: 'PAYOUT' },
    { EventName: 'CARD_AUTH', PaymentId: 'P1' },
    { EventName: 7, PaymentId: 'P1' },
  ])('is none: %j', (body) => {
    expect(rig.provider.webhook?.parse(signed({ body }))).toBeNull()
  })
})
