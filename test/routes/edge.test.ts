import net from 'node:net'

import type { Database } from '../../src/db/connect/database'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen, type Listener } from '../helpers/listen'
import { BASE, World } from '../helpers/world'
import { countingProvider, expectError, expectNoEffect, request10, sendRaw } from './support'

/**
 * Goal: whatever bytes come, the answer is one of ours or Node's own 400, at once, and nothing happened: no row, no lock,
 * no payout, no statement that the database refused (which costs a connection). Method: bytes, over real sockets where a
 * client library would tidy them up.
 */
const NUL = '\u0000'
const UNSTORABLE: readonly [string, string][] = [
  ['NUL', NUL],
  ['NUL inside', `a${NUL}b`],
  ['a first half alone', '\ud800'],
  ['a second half alone', '\udc00'],
  ['halves the wrong way round', '\udc00\ud800'],
]

const refusedByDatabase: string[] = []
const watching = (database: Database): Database => ({
  ...database,
  query: (text, parameters) =>
    database.query<never>(text, parameters).catch((error: unknown) => {
      refusedByDatabase.push((error as Error).message)
      throw error
    }),
})

describe('At the edge', () => {
  const { provider, submits } = countingProvider()
  let database: TestDatabase
  let world: World
  let listener: Listener
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database, { around: { database: watching, provider } })
    listener = await listen(world.host())
  })
  afterAll(async () => {
    listener.close()
    await database.close()
  })
  afterEach(async () => {
    expect(refusedByDatabase).toEqual([])
    await expectNoEffect(world, submits())
  })

  const auth = (scope?: string) => `Bearer ${scope === undefined ? world.token(1) : world.token(2, scope)}`
  const good = JSON.stringify(request10())

  const ADMIN_POSTS: readonly [string, readonly string[]][] = [
    ...[
      ...['approve', 'reject', 'hold', 'resume', 'retry', 'resolve', 'stop', 'send-again'].map(
        (action): [string, readonly string[]] => [
          `/withdrawals/some-id/${action}`,
          ['reason', 'evidence', 'transaction_id', 'to', 'version', 'nonsense'],
        ],
      ),
    ],
    ['/batches/run', ['reason', 'provider']],
    ['/providers/sandbox/pause', ['reason', 'version']],
    ['/providers/sandbox/resume', ['reason', 'version']],
    ['/differences/1/resolve', ['reason']],
    ['/differences/some-id/late_payout/resolve', ['reason']],
    ['/quarantine/abc/lift', ['reason', 'user_id']],
    ['/code-locks/1/lift', ['reason']],
  ]
  const adminCases = ADMIN_POSTS.flatMap(([path, fields]) =>
    fields.flatMap((field) => UNSTORABLE.map(([what, text]) => [path, field, what, text] as const)),
  )
  it.each(adminCases)('POST /admin%s refuses a %s with %s', async (path, field, _what, text) => {
    const answer = await sendRaw(world.host(), {
      path: `${BASE}/admin${path}`,
      headers: { 'Content-Type': 'application/json', Authorization: auth('admin') },
      body: JSON.stringify({ reason: 'A reason', [field]: text }),
    })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body.request_id).toBe(answer.headers['x-request-id'])
    expect(answer.body.code).toMatch(/^[a-z_]+$/)
  })

  const QUERIES = [
    ...['state', 'provider', 'currency', 'q', 'user_id', 'offset', 'limit'].map(
      (name) => `/admin/withdrawals?${name}=`,
    ),
    ...['provider', 'state', 'offset', 'limit'].map((name) => `/admin/batches?${name}=`),
    '/admin/batches/preview?provider=',
    '/admin/differences?withdrawal_id=',
    '/admin/differences?open=',
    ...['limit', 'page', 'order_by', 'order', 'start_date', 'end_date', 'currency', 'status', 'format'].map(
      (name) => `/?${name}=`,
    ),
    ...['offset', 'limit', 'order', 'draw'].map((name) => `/list?${name}=`),
    '/',
    '/admin/withdrawals/',
    '/admin/batches/',
    '/admin/files/sandbox/',
    '/admin/files/',
    '/nowhere/',
  ]
  /** Where a part is no UTF-8, the query's parser puts U+FFFD: a text like others, that nothing has. */
  const ESCAPES: readonly (readonly [string, number])[] = [
    ['%00', 400],
    ['a%00b', 400],
    ['%ED%A0%80', 200],
    ['%C0%80', 200],
    ['%FF', 200],
    ['%E0%80%AF', 200],
    ['%', 200],
  ]
  it.each(QUERIES.flatMap((path) => ESCAPES.map(([text, least]) => [`${path}${text}`, least] as const)))(
    'GET %s is refused, or finds nothing',
    async (path, least) => {
      const answer = await sendRaw(world.host(), {
        path: `${BASE}${path}`,
        method: 'GET',
        headers: { Authorization: auth('admin') },
      })
      expect(answer.status).toBeGreaterThanOrEqual(least)
      expect(answer.status).toBeLessThan(500)
      if (answer.status === 200) return
      expect(answer.body.request_id).toBe(answer.headers['x-request-id'])
    },
  )

  it.each([
    'utf-7',
    'UTF-7',
    'utf-16',
    'utf-16le',
    'utf-16be',
    'utf-32',
    'utf-32be',
    'cesu-8',
    'unicode-1-1-utf-7',
    '"utf-7"',
  ])('refuses JSON in %s', async (charset) => {
    const answer = await sendRaw(world.host(), {
      path: BASE,
      headers: { 'Content-Type': `application/json; charset=${charset}`, Authorization: auth() },
      body: good,
    })
    expectError(answer, 'unsupported_media_type')
  })

  const twice = (name: string, first: string, second: string) =>
    sendRaw(world.host(), {
      path: BASE,
      headers: { 'Content-Type': 'application/json', Authorization: auth(), [name]: [first, second] },
      body: good,
    })
  it('refuses a header that decides something and comes twice', async () => {
    expectError(await twice('Authorization', auth(), auth('admin')), 'unauthorized')
    expectError(await twice('Idempotency-Key', 'a', 'b'), 'invalid_idempotency_key')
    expectError(await twice('Content-Type', 'application/json', 'text/plain'), 'invalid_request')
  })

  it.each([
    '{"currency":"eur","amount":10,"amount":11,"bank_account":{"iban":"DE89370400440532013000"}}',
    '{"currency":"eur","amount":10,"bank_account":{"iban":"DE89370400440532013000","iban":"DE89370400440532013000"}}',
    '{"currency":"eur","amount":10,"\\u0061mount":11,"bank_account":{"iban":"DE89370400440532013000"}}',
    '{"currency":"eur", "amount" : [1,{"a":1}] ,"currency":"eur"}',
  ])('refuses a key that comes twice: %s', async (body) => {
    const answer = await sendRaw(world.host(), {
      path: BASE,
      headers: { 'Content-Type': 'application/json', Authorization: auth() },
      body,
    })
    expectError(answer, 'invalid_request', 'The request body has a key twice.')
  })

  /** @returns All that the server says until it hangs up. */
  const spoken = (
    lines: readonly string[],
    onAnswer: (socket: net.Socket, text: string) => void = () => {},
  ): Promise<string> =>
    new Promise((resolve) => {
      const { port } = new URL(listener.url)
      let text = ''
      const socket = net.connect(Number(port), '127.0.0.1', () => socket.write(lines.join('\r\n')))
      socket.on('data', (data) => {
        text += data.toString('latin1')
        onAnswer(socket, text)
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(text))
    })
  const head = (...more: string[]) => [
    `POST ${BASE} HTTP/1.1`,
    'Host: exchange.example',
    `Authorization: ${auth()}`,
    'Content-Type: application/json',
    ...more,
    '',
    '',
  ]

  it.each<[string, (...more: string[]) => string[]]>([
    ['both lengths', () => head('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['two lengths', () => head('Content-Length: 5', 'Content-Length: 6')],
    ['a length with a sign', () => head('Content-Length: +5')],
    ['a length in hexadecimal', () => head('Content-Length: 0x5')],
    ['a negative length', () => head('Content-Length: -1')],
    ['two lengths in one', () => head('Content-Length: 5, 5')],
    ['a strange transfer encoding', () => head('Transfer-Encoding: xchunked')],
    ['chunked that is not the last', () => head('Transfer-Encoding: chunked, identity')],
    ['a blank before the colon', () => head('Content-Length : 5')],
    ['a folded header', () => head('X-A: 1', ' Content-Length: 5')],
    ['a bare line feed in a header', () => head('X-A: 1\nTransfer-Encoding: chunked')],
    ['a NUL in a header', () => head(`X-A: ${NUL}`)],
    ['a chunk size that is none', () => [...head('Transfer-Encoding: chunked').slice(0, -1), 'zz\r\n']],
    [
      'a chunk size with an extension without end',
      () => [...head('Transfer-Encoding: chunked').slice(0, -1), `5;${'a'.repeat(20_000)}\r\n`],
    ],
    ['a method that is none', () => ['P OST / HTTP/1.1', 'Host: a', '', '']],
    ['another protocol', () => ['POST / HTTP/9.9', 'Host: a', '', '']],
    ['100 kB of headers', () => head(`X-A: ${'a'.repeat(100_000)}`)],
  ])('answers %s with 400, 413 or 431, and hangs up', async (_what, lines) => {
    const answer = await spoken(lines(), (socket) => socket.end())

    expect(answer).toMatch(/^HTTP\/1\.1 (400|413|431) /)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  })

  /** Goes on sending after its answer, as who means harm does. */
  const endless = (connected: (socket: net.Socket) => void): Promise<string> =>
    new Promise((resolve) => {
      let text = ''
      const socket = net.connect(Number(new URL(listener.url).port), '127.0.0.1', () => connected(socket))
      socket.on('data', (data) => {
        text += data.toString('latin1')
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(text))
    })
  const flood = (socket: net.Socket): void => {
    if (!socket.destroyed) socket.write(`1000\r\n${'x'.repeat(4_096)}\r\n`, () => setImmediate(flood, socket))
  }

  it.each([
    ['JSON', () => head('Transfer-Encoding: chunked'), 413],
    ['no JSON', () => head('Transfer-Encoding: chunked').map((line) => line.replace('/json', '/xml')), 415],
    ['with a GET', () => head('Transfer-Encoding: chunked').map((line) => line.replace(/^POST/, 'GET')), 413],
  ])(
    'answers a body without end that is %s at once, and listens to it no longer',
    async (_what, lines, status) => {
      const answer = await endless((socket) => {
        socket.write(lines().join('\r\n'))
        flood(socket)
      })

      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    },
  )

  it('answers a body that does not come with 408 after ten seconds, and hangs up', async () => {
    let isSent = () => {}
    const sent = new Promise<void>((resolve) => {
      isSent = resolve
    })
    const answer = endless((socket) =>
      socket.write([...head('Content-Length: 100').slice(0, -1), '{"a'].join('\r\n'), isSent),
    )
    await sent
    // The time passes for a request that has been begun.
    for (let second = 0; second < 20; second++) {
      await world.clock.advance(10_000)
      await new Promise(setImmediate)
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
  })
})
