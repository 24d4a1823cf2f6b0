import { Writable } from 'node:stream'

import winston from 'winston'

import type { Logger } from '../../src/ports/logger'
import { createLogger, redacting } from '../../src/runtime/logger'
import { recordingLogger } from '../helpers/loggers'

/**
 * Goal: one event is one line of JSON under its own name, and no account, name or token gets into it. Method: what
 * must never appear is put into every place a log line has, and the written bytes are searched for it.
 */
const IBAN = 'DE89370400440532013000'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjEsInNjb3BlcyI6W119.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg'
const HOLDER = 'Ada Canary Lovelace'

interface Written {
  readonly logger: Logger
  /** What has been written, line by line. */
  lines(): readonly string[]
}

function ownLogger(level = 'debug'): Written {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  const logger = createLogger(level)
  logger.clear().add(new winston.transports.Stream({ stream }))
  return { logger, lines: () => text.split('\n').slice(0, -1) }
}

/** A host's winston logger, which does not redact. */
function hostLogger(): Written {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  const host = winston.createLogger({
    format: winston.format.json(),
    transports: [new winston.transports.Stream({ stream })],
  })
  return {
    logger: redacting(host),
    lines: () => text.split('\n').slice(0, -1),
  }
}

const CANARIES: readonly (readonly [where: string, fields: Record<string, unknown>])[] = [
  ['a field', { note: IBAN }],
  ['the middle of a text', { error: `account ${IBAN} was not found (AC01)` }],
  [
    'a text without gaps',
    { path: `iban_${IBAN}.pdf`, url: `https://bank.example/${IBAN}?x=1`, glued: `iban${IBAN}` },
  ],
  ['groups of four', { error: 'account DE89 3704 0044 0532 0130 00 was not found' }],
  ['small letters', { error: 'account de89370400440532013000 was not found' }],
  [
    'dashes and dots',
    { error: 'not found: DE89-3704-0044-0532-0130-00', other: 'de89.3704.0044.0532.0130.00 it is' },
  ],
  ['an e-mail address', { error: 'mail to <ada.canary+x@lovelace.example> failed' }],
  ['a handle', { error: 'no such payee @canary_lovelace, it says' }],
  ['a password in an address', { error: 'connect postgres://canary:Lovelace@db/x failed' }],
  [
    'a named secret',
    { error: 'client_secret=canary&access_token="Lovelace" refused', more: 'Cookie: sid=canary' },
  ],
  [
    'a field of another name',
    { clientSecret: HOLDER, access_token: HOLDER, 'set-cookie': HOLDER, databaseUrl: HOLDER },
  ],
  ['a list', { accounts: [['x', IBAN]] }],
  ['a nested object', { a: { b: { c: IBAN } } }],
  ['great depth', { a: { b: { c: { d: { e: { f: { g: IBAN } } } } } } }],
  ['a name', { [IBAN]: 1, nested: { [IBAN]: 1 } }],
  ['a token', { error: `bad token ${JWT}`, header: `Bearer ${JWT}` }],
  ['an opaque bearer token', { error: 'refused: Bearer A21AAF-canary_Lovelace.0123456789' }],
  [
    'the field of an account',
    { iban: IBAN, bank_account: { iban: IBAN }, destination: HOLDER, paypal_id: 'canary@example.com' },
  ],
  [
    'the field of a person',
    {
      account_holder: HOLDER,
      accountHolder: HOLDER,
      fullName: HOLDER,
      email: 'canary@example.com',
      nested: { account_holder: HOLDER },
    },
  ],
  [
    'the field of a secret',
    {
      authorization: JWT,
      password: HOLDER,
      otp_code: HOLDER,
      apiKey: HOLDER,
      'api-key': HOLDER,
      raw: { x: HOLDER },
      body: HOLDER,
    },
  ],
]

describe.each([
  { name: 'our own logger', open: ownLogger },
  { name: 'the logger of a host, behind the net,', open: hostLogger },
])('$name', ({ open }) => {
  it.each(CANARIES)('writes nothing of an account, a name or a token from %s', (_where, fields) => {
    const { logger, lines } = open()
    logger.error('provider.failed', fields)
    expect(lines()).toHaveLength(1)
    const written = lines().join()
    expect(written).not.toMatch(/0532|Lovelace|canary|c2lnbmF0dXJl|A21AAF/i)
    expect(written).toMatch(/redacted|account|token|deep|address|secret/)
  })

  it('keeps the facts beside them', () => {
    const { logger, lines } = open()
    const facts = {
      withdrawalId: '0192f0c1-7f6e-7c2a-9a53-7e8e5d2c1b00',
      amount: '10.5',
      ok: true,
      at: new Date(0),
      list: [1, 'a'],
      nothing: null,
    }
    logger.info('withdrawal.transitioned', facts)
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({
      ...facts,
      at: '1970-01-01T00:00:00.000Z',
      level: 'info',
      message: 'withdrawal.transitioned',
    })
  })

  it.each(['withdrawalId', 'payoutKey', 'endToEndId', 'reference', 'hash'])(
    'does not take %s for an account',
    (name) => {
      const { logger, lines } = open()
      const value = {
        withdrawalId: '0192f0c1-7f6e-7c2a-9a53-7e8e5d2c1b00',
        payoutKey: 'BW-0192f0c1-7f6e-7c2a-9a53-7e8e5d2c1b00',
        endToEndId: '0192F0C17F6E7C2A9A537E8E5D2C1B00',
        reference: 'SB-0192F0C17F6E7C2A9A537E8E5D2C1B00',
        hash: 'ab12cdef'.repeat(8),
      }[name]
      logger.info('event', { [name]: value })
      expect(JSON.parse(lines()[0] ?? '')).toHaveProperty(name, value)
    },
  )

  it('writes one line, whatever a text holds', () => {
    const { logger, lines } = open()
    logger.warn('event', { text: 'a\r\n{"level":"error","message":"forged"}\u001b[2J\u2028' })
    expect(lines()).toHaveLength(1)
    expect(lines()[0]).not.toContain('\u001b')
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ level: 'warn', message: 'event' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['message', { message: 'something else' }],
    ['level', { level: 'debug' }],
    ['timestamp', { timestamp: 'yesterday' }],
    ['stack and cause', { stack: 'somewhere', cause: new Error('boom') }],
    ['splat', { splat: ['%s'] }],
    ['name and code', { name: 'Error', code: 'E1' }],
    [
      '__proto__',
      JSON.parse('{"__proto__": {"message": "inherited", "level": "debug"}}') as Record<string, unknown>,
    ],
    ['constructor', { constructor: 'x', toString: 'y', toJSON: 'z' }],
  ])('keeps the event’s name and level when a field is called %s', (_name, fields) => {
    const { logger, lines } = open()
    logger.error('withdrawal.transitioned', fields)
    expect(lines()).toHaveLength(1)
    expect(JSON.parse(lines()[0] ?? '')).toMatchObject({ level: 'error', message: 'withdrawal.transitioned' })
  })

  it('keeps what a field called message said, under another name', () => {
    const { logger, lines } = open()
    logger.error('event', { message: `no such account ${IBAN}` })
    expect(lines().join()).toContain('no such account [account]')
  })

  it('survives fields that point at themselves, and values JSON does not know', () => {
    const { logger, lines } = open()
    const round: Record<string, unknown> = {
      big: 5n,
      fn: () => IBAN,
      symbol: Symbol('s'),
      map: new Map([[IBAN, IBAN]]),
    }
    round.self = round
    logger.error('event', round)
    expect(lines()).toHaveLength(1)
    expect(lines().join()).not.toContain('0532')
  })

  it('does not choke on texts made to keep a pattern busy', () => {
    const { logger, lines } = open()
    const busy = [
      'ey-',
      'a@',
      'a.',
      '@a',
      'ab12-',
      'de89 3',
      '://a:',
      'cookie=',
      'ey.',
      'Bearer ',
      'AB12',
      'eyeyeyey',
      'AB12 ',
      'A',
    ].map((part) => part.repeat(40_000))
    for (const text of [...busy, `Bearer${' '.repeat(100_000)}`]) logger.info('event', { text })
    expect(lines()).toHaveLength(busy.length + 1)
  })
})

describe('our own logger', () => {
  it('writes JSON with the time, and nothing below its level', () => {
    const { logger, lines } = ownLogger('warn')
    logger.info('quiet')
    logger.warn('loud', { n: 1 })
    expect(lines()).toHaveLength(1)
    expect(JSON.parse(lines()[0] ?? '')).toEqual({
      level: 'warn',
      message: 'loud',
      n: 1,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
  })

  it('writes members in the order of their names, at every depth, so that two lines can be compared', () => {
    const { logger, lines } = ownLogger()
    logger.info('event', { z: 1, big: 5n, nested: { y: 'é', list: [{ b: 1, a: null }] }, gone: undefined })
    const timestamp = String((JSON.parse(lines()[0] ?? '') as { timestamp: string }).timestamp)
    expect(lines()).toEqual([
      `{"big":"5","level":"info","message":"event","nested":{"list":[{"a":null,"b":1}],"y":"é"},"timestamp":"${timestamp}","z":1}`,
    ])
  })

  it('redacts the event itself too', () => {
    const { logger, lines } = ownLogger()
    logger.info(`paid ${IBAN}`)
    expect(lines().join()).not.toContain(IBAN)
  })
})

describe('the net around another logger', () => {
  it('hands over what it was given at the same level', () => {
    const inner = recordingLogger()
    const logger = redacting(inner)
    logger.debug('a')
    logger.info('b', { n: 1 })
    logger.warn('c', { iban: IBAN })
    logger.error('d', { text: IBAN })
    expect(inner.lines).toEqual([
      { level: 'debug', event: 'a', fields: {} },
      { level: 'info', event: 'b', fields: { n: 1 } },
      { level: 'warn', event: 'c', fields: { iban: '[redacted]' } },
      { level: 'error', event: 'd', fields: { text: '[account]' } },
    ])
  })

  it('does not change the fields of its caller', () => {
    const fields = { iban: IBAN, list: [IBAN] }
    redacting(recordingLogger()).info('event', fields)
    expect(fields).toEqual({ iban: IBAN, list: [IBAN] })
  })
})
