import { createHmac, generateKeyPairSync, sign } from 'node:crypto'

import type { WebhookRequest } from '../../../src/ports/payment-provider'
import { readConfiguration } from '../../../src/providers/rest/configuration'
import { keyProblems, restWebhook } from '../../../src/providers/rest/webhook'
import { ManualClock } from '../../kit/manual-clock'
import { exampleConfiguration, WEBHOOK_SECRET } from './example'

const clock = new ManualClock()
const NOW = Math.floor(clock.now().getTime() / 1_000)
const EVENT = { event_id: 'ev_1', event: 'payout.paid', data: { id: 'po_1', external_id: 'BW-1' } }
const RAW = Buffer.from(JSON.stringify(EVENT))
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const STANDARD_SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`
const KEYS = {
  secret: WEBHOOK_SECRET,
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
}
const hmac = (text: string | Buffer, secret: string | Buffer = WEBHOOK_SECRET) =>
  createHmac('sha256', secret).update(text)
const AT = { event: '/event_id', type: '/event', key: '/data/external_id', reference: '/data/id' }

function verifierOf(webhook: Record<string, unknown>, keys = KEYS) {
  const rules = readConfiguration(exampleConfiguration({ webhook })).webhook
  if (!rules) throw new Error('no rules')
  expect(keyProblems(rules, keys)).toEqual([])
  return restWebhook(rules, keys, () => clock)
}
const requestOf = (headers: Record<string, string>, rawBody: Buffer | null = RAW): WebhookRequest => ({
  headers,
  rawBody,
  body: EVENT,
})

const stamped = (seconds: number | string) => hmac(`${seconds}.${RAW.toString()}`).digest('hex')
const standard = (seconds: number, id = 'msg_1') =>
  `v1,${hmac(`${id}.${seconds}.${RAW.toString()}`, Buffer.from(STANDARD_SECRET.slice(6), 'base64')).digest('base64')}`

const KINDS = [
  {
    kind: 'hmac',
    webhook: { kind: 'hmac', signatureHeader: 'X-Sig', prefix: 'sha256=', ...AT },
    keys: KEYS,
    genuine: { 'x-sig': `sha256=${hmac(RAW).digest('hex')}` },
    forged: [{ 'x-sig': hmac(RAW).digest('hex') }, { 'x-sig': `sha256=${hmac(RAW, 'other').digest('hex')}` }],
  },
  {
    kind: 'hmac_timestamp',
    webhook: { kind: 'hmac_timestamp', signatureHeader: 'X-Sig', timestampHeader: 'X-Time', ...AT },
    keys: KEYS,
    genuine: { 'x-sig': stamped(NOW), 'x-time': String(NOW) },
    forged: [
      { 'x-sig': stamped(NOW), 'x-time': String(NOW + 1) },
      { 'x-sig': stamped(NOW - 301), 'x-time': String(NOW - 301) },
      { 'x-sig': stamped(''), 'x-time': '' },
      { 'x-sig': hmac(RAW).digest('hex'), 'x-time': String(NOW) },
    ],
  },
  {
    kind: 'standard',
    webhook: { kind: 'standard', type: '/event', key: '/data/external_id' },
    keys: { ...KEYS, secret: STANDARD_SECRET },
    genuine: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(NOW),
      'webhook-signature': `v1,AAAA ${standard(NOW)}`,
    },
    forged: [
      { 'webhook-id': 'msg_2', 'webhook-timestamp': String(NOW), 'webhook-signature': standard(NOW) },
      {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(NOW - 301),
        'webhook-signature': standard(NOW - 301),
      },
      {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(NOW),
        'webhook-signature': standard(NOW).replace('v1', 'v2'),
      },
    ],
  },
  {
    kind: 'rsa',
    webhook: { kind: 'rsa', signatureHeader: 'X-Sig', ...AT },
    keys: KEYS,
    genuine: { 'x-sig': sign('sha256', RAW, privateKey).toString('base64') },
    forged: [
      { 'x-sig': 'AAAA' },
      { 'x-sig': sign('sha256', Buffer.from('{}'), privateKey).toString('base64') },
    ],
  },
]

describe.each(KINDS)('an event signed with $kind', ({ webhook, keys, genuine, forged }) => {
  const verifier = verifierOf(webhook, keys)

  it('is genuine with the right signature over its bytes', async () => {
    expect(await verifier.verify(requestOf(genuine))).toBe('genuine')
  })

  it.each<Record<string, string>>([...forged, {}])('is forged, in way %#', async (headers) => {
    expect(await verifier.verify(requestOf(headers))).toBe('forged')
  })

  it('is forged with one byte more', async () => {
    expect(await verifier.verify(requestOf(genuine, Buffer.concat([RAW, Buffer.from(' ')])))).toBe('forged')
  })

  it('cannot be verified where its bytes are gone', async () => {
    expect(await verifier.verify(requestOf(genuine, null))).toBe('unverifiable')
  })

  it('names its payout', () => {
    const event = verifier.parse(requestOf(genuine))
    expect(event).toMatchObject({ type: 'payout.paid', payouts: [{ key: 'BW-1' }] })
    expect(['ev_1', 'msg_1']).toContain(event?.id)
  })

  it.each([null, 'text', [], {}, { event_id: {} }])('is none with the body %j', (body) => {
    const event = verifier.parse({ headers: {}, rawBody: RAW, body })
    expect(event).toBeNull()
  })
})

describe('the keys of webhooks', () => {
  const rules = (kind: string) =>
    readConfiguration(
      exampleConfiguration({ webhook: { ...KINDS.find((each) => each.kind === kind)?.webhook } }),
    ).webhook

  it.each([
    ['hmac', { secret: 'short', publicKey: '' }],
    ['standard', { secret: 'whsec_AAAA', publicKey: '' }],
    ['rsa', { secret: WEBHOOK_SECRET, publicKey: '-----BEGIN PUBLIC KEY-----x' }],
    [
      'rsa',
      {
        secret: '',
        publicKey: generateKeyPairSync('ed25519')
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString(),
      },
    ],
  ])('for %s must be long enough and of their kind', (kind, keys) => {
    const found = rules(kind)
    expect(found && keyProblems(found, keys)).toHaveLength(1)
  })
})
