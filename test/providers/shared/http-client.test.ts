import type { RequestListener } from 'node:http'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import zlib from 'node:zlib'

import { ConfigError } from '../../../src/errors'
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  InvalidRequestError,
  NoAnswerError,
  UnreadableAnswerError,
} from '../../../src/providers/shared/http-client'
import { reachOf } from '../../../src/providers/shared/http-errors'
import { createGate } from '../../helpers/between'
import { selfSigned } from '../../helpers/self-signed'
import { clockAlone } from '../../services/clock-alone'

/**
 * Goal: whatever a provider's server does, a call ends in time, small, where it was meant to go, and says whether
 * anything was sent. Method: real servers on loopback that misbehave.
 */
const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

interface Server {
  readonly url: string
  readonly seen: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[]
}

async function serve(
  answer: RequestListener,
  server = http.createServer(),
  scheme = 'http',
): Promise<Server> {
  const seen: Server['seen'] = []
  server.on('request', (req: http.IncomingMessage, res: http.ServerResponse) => {
    let body = ''
    req.on('data', (chunk) => (body += String(chunk)))
    req.on('end', () => {
      seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body })
      answer(req, res)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

function client(baseUrl: string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({ baseUrl, timeoutMs: 20_000, ...options })
  closers.push(() => made.close())
  return made
}

const POST: HttpRequest = { method: 'POST', path: '/payouts', body: '{"a":1}' }
const json: RequestListener = (_req, res) => res.end('{"ok":true}')

describe('a provider’s HTTP client', () => {
  it('sends what it was given, below the base URL, and hands over the answer', async () => {
    const { url, seen } = await serve((_req, res) => {
      res.writeHead(201, { 'X-Trace': 'abc', 'Set-Cookie': ['a=1', 'b=2'] }).end('{"id":"p1"}')
    })
    const answer = await client(`${url}/api`).request({
      ...POST,
      query: { ref: 'a b&c=d' },
      headers: { Authorization: 'Bearer secret' },
    })
    expect(answer.status).toBe(201)
    expect(answer.headers).toMatchObject({ 'x-trace': 'abc', 'set-cookie': 'a=1, b=2' })
    expect(answer.json()).toEqual({ id: 'p1' })
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/payouts?ref=a+b%26c%3Dd',
        body: '{"a":1}',
        headers: {
          authorization: 'Bearer secret',
          'content-type': 'application/json',
          accept: 'application/json',
          'user-agent': 'hollaex-bank-withdrawal',
        },
      },
    ])
  })

  it('sends no form where a call has no body', async () => {
    const { url, seen } = await serve(json)
    await client(url).request({ method: 'POST', path: '/payouts/1/cancel' })
    expect(seen).toMatchObject([{ method: 'POST', body: '' }])
    expect(seen[0]?.headers['content-type']).toBeUndefined()
  })

  it.each([400, 404, 408, 409, 422, 429, 500, 503])(
    'takes %i for an answer, not for an error',
    async (status) => {
      const { url } = await serve((_req, res) => res.writeHead(status).end('{"code":"x"}'))
      await expect(client(url).request(POST)).resolves.toMatchObject({ status, text: '{"code":"x"}' })
    },
  )

  it.each([301, 302, 303, 307, 308])(
    'takes a redirect (%i) for an answer and follows it nowhere',
    async (status) => {
      const other = await serve(json)
      const { url, seen } = await serve((_req, res) =>
        res.writeHead(status, { Location: `${other.url}/elsewhere` }).end(),
      )
      await expect(client(url).request(POST)).resolves.toMatchObject({ status })
      expect(seen).toHaveLength(1)
      expect(other.seen).toEqual([])
    },
  )

  it('does not go through a proxy of the environment', async () => {
    const proxy = await serve(json)
    const { url, seen } = await serve(json)
    process.env.HTTP_PROXY = process.env.http_proxy = proxy.url
    closers.push(() => {
      delete process.env.HTTP_PROXY
      delete process.env.http_proxy
    })
    await client(url).request(POST)
    expect([seen.length, proxy.seen.length]).toEqual([1, 0])
  })

  it('speaks UTF-8 both ways', async () => {
    const { url, seen } = await serve((_req, res) => res.end('{"name":"Żółć"}'))
    const answer = await client(url).request({ ...POST, body: '{"name":"Žižek"}' })
    expect(answer.json()).toEqual({ name: 'Żółć' })
    expect(seen[0]?.body).toBe('{"name":"Žižek"}')
  })

  it('can be closed and used again', async () => {
    const { url, seen } = await serve(json)
    const made = client(url)
    await made.request(POST)
    made.close()
    await made.request(POST)
    expect(seen).toHaveLength(2)
  })

  it('ends a call under way when it is closed', async () => {
    const gate = createGate()
    const { url } = await serve(() => void gate.wait())
    const made = client(url, { clock: clockAlone() })
    const ended = expect(made.request(POST)).rejects.toMatchObject({
      name: 'NoAnswerError',
      reached: 'maybe',
    })
    await gate.reached
    made.close()
    await ended
  })
})

describe('a call without an answer', () => {
  it('was not sent when the connection is refused', async () => {
    const { url } = await serve(json)
    closers.splice(0).forEach((close) => close())
    await expect(client(url).request(POST)).rejects.toMatchObject({ reached: 'no', code: 'ECONNREFUSED' })
  })

  it('was not sent when the certificate is not trusted', async () => {
    const { url, seen } = await serve(json, https.createServer(selfSigned()), 'https')
    await expect(client(url).request(POST)).rejects.toMatchObject({
      reached: 'no',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(seen).toEqual([])
  })

  it('goes through where the operator named the authority', async () => {
    const pair = selfSigned()
    const { url, seen } = await serve(json, https.createServer(pair), 'https')
    await client(url, { tls: { ca: pair.cert } }).request(POST)
    expect(seen).toHaveLength(1)
  })

  it('may have been received when the connection drops after the request', async () => {
    const { url } = await serve((req) => req.socket.destroy())
    await expect(client(url).request(POST)).rejects.toMatchObject({ reached: 'maybe', code: 'ECONNRESET' })
  })

  it('may have been received when the connection drops before the server has read it', async () => {
    const server = net.createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(client(url).request(POST)).rejects.toMatchObject({ reached: 'maybe' })
  })

  it('may have been received when half the answer is missing', async () => {
    const { url } = await serve((req, res) => {
      res.writeHead(201, { 'Content-Length': '100' })
      res.write('{"id":"p1"', () => req.socket.destroy())
    })
    await expect(client(url).request(POST)).rejects.toMatchObject({ reached: 'maybe' })
  })

  it('may have been received when what comes back is not HTTP', async () => {
    const server = net.createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(client(url).request(POST)).rejects.toMatchObject({ reached: 'maybe' })
  })

  it('may have been received when plain text comes into an encrypted connection after the request', async () => {
    const pair = selfSigned()
    let inject = (): void => {}
    const { url, seen } = await serve(() => inject(), https.createServer(pair), 'https')
    // Something on the way, a balancer say, that lost the server and answers by itself.
    const balancer = net.createServer((near) => {
      const far = net.connect(Number(new URL(url).port), '127.0.0.1')
      for (const socket of [near, far]) socket.on('error', () => {})
      near.pipe(far).pipe(near)
      inject = () => {
        far.unpipe(near)
        near.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
      }
    })
    await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve))
    closers.push(() => void balancer.close())
    const near = `https://127.0.0.1:${(balancer.address() as AddressInfo).port}`
    await expect(client(near, { tls: { ca: pair.cert } }).request(POST)).rejects.toMatchObject({
      reached: 'maybe',
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    })
    expect(seen).toMatchObject([{ method: 'POST', url: '/payouts', body: POST.body }])
  })

  it('ends at its deadline when the server says nothing', async () => {
    const clock = clockAlone()
    const gate = createGate()
    const { url } = await serve(() => void gate.wait())
    const ended = expect(client(url, { timeoutMs: 1_000, clock }).request(POST)).rejects.toMatchObject({
      name: 'NoAnswerError',
      reached: 'maybe',
      code: 'DEADLINE',
    })
    await gate.reached
    await clock.advance(1_000)
    await ended
  })

  it('ends at its deadline, and hangs up, while the body drips', async () => {
    const clock = clockAlone()
    const gate = createGate()
    const hungUp = createGate()
    const { url } = await serve((_req, res) => {
      const drip = setInterval(() => res.write(' '), 5)
      res.writeHead(200)
      res.on('close', () => {
        clearInterval(drip)
        void hungUp.wait()
      })
      res.write('{', () => void gate.wait())
    })
    const ended = expect(client(url, { clock }).request({ ...POST, timeoutMs: 500 })).rejects.toMatchObject({
      reached: 'maybe',
      code: 'DEADLINE',
    })
    await gate.reached
    await clock.advance(500)
    await ended
    await hungUp.reached
  })

  it('ends when the answer is larger than it may be', async () => {
    const { url } = await serve((_req, res) => res.end(Buffer.alloc(2_000_000, 'a')))
    const tooLarge = { reached: 'maybe', code: 'ANSWER_TOO_LARGE' }
    await expect(client(url).request(POST)).rejects.toMatchObject(tooLarge)
    await expect(client(url, { maxAnswerBytes: 2_000_000 }).request(POST)).resolves.toMatchObject({
      status: 200,
    })
  })

  it.each([
    ['gzip', (data: Buffer) => zlib.gzipSync(data)],
    [
      'br',
      (data: Buffer) =>
        zlib.brotliCompressSync(data, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 } }),
    ],
    ['deflate', (data: Buffer) => zlib.deflateSync(data)],
  ])('ends when a small answer unpacks to a large one (%s)', async (encoding, pack) => {
    const bomb = pack(Buffer.alloc(50_000_000))
    expect(bomb.length).toBeLessThan(100_000)
    const { url } = await serve((_req, res) => res.writeHead(200, { 'Content-Encoding': encoding }).end(bomb))
    await expect(client(url).request(POST)).rejects.toMatchObject({
      reached: 'maybe',
      code: 'ANSWER_TOO_LARGE',
    })
  })

  it('is told apart by what proves that nothing was sent', () => {
    const proofs = [
      { code: 'ENOTFOUND', syscall: 'getaddrinfo' },
      { code: 'EAI_AGAIN', syscall: 'getaddrinfo' },
      { code: 'ECONNREFUSED', syscall: 'connect' },
      { code: 'CERT_HAS_EXPIRED' },
      { errors: [{ code: 'ECONNREFUSED', syscall: 'connect' }] },
    ]
    const noProofs = [
      { code: 'ECONNRESET', syscall: 'read' },
      { code: 'ETIMEDOUT', syscall: 'connect' },
      { code: 'EPIPE', syscall: 'write' },
      { code: 'ECONNREFUSED' },
      {
        code: 'ECONNREFUSED',
        errors: [
          { code: 'ECONNREFUSED', syscall: 'connect' },
          { code: 'ETIMEDOUT', syscall: 'connect' },
        ],
      },
      { code: 42 },
      null,
      'ECONNREFUSED',
    ]
    expect(proofs.map(reachOf)).toEqual(proofs.map(() => 'no'))
    expect(noProofs.map(reachOf)).toEqual(noProofs.map(() => 'maybe'))
  })
})

describe('an answer that is not JSON', () => {
  it.each([
    ['an error page', '<html>502 Bad Gateway</html>'],
    ['nothing', ''],
    ['half a document', '{"id":"p1"'],
    ['bytes', '\u0000\u0001\ufffd'],
  ])('(%s) says so and repeats none of it', async (_what, text) => {
    const { url } = await serve((_req, res) => res.end(text))
    const answer = await client(url).request(POST)
    expect(answer.text).toBe(text)
    expect(() => answer.json()).toThrow(UnreadableAnswerError)
    expect(() => answer.json()).toThrow(
      /^POST 127\.0\.0\.1:\d+\/payouts answered 200 with a text that is not JSON$/,
    )
  })
})

describe('a call’s errors', () => {
  it('name the method, the host and the path without its ids, and hold nothing else', async () => {
    const { url } = await serve((req) => req.socket.destroy())
    const error = await client(url)
      .request({
        method: 'POST',
        path: '/v1/accounts/DE89370400440532013000/payouts',
        query: { iban: 'QUERYSECRET' },
        headers: { Authorization: 'Bearer HEADERSECRET' },
        body: '{"name":"BODYSECRET"}',
      })
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(NoAnswerError)
    const { message, cause } = error as NoAnswerError
    expect(message).toMatch(
      /^POST 127\.0\.0\.1:\d+\/v1\/accounts\/:id\/payouts failed \(ECONNRESET\): it may have been received$/,
    )
    expect(cause).toBeUndefined()
    const everything = JSON.stringify(error, Object.getOwnPropertyNames(error))
    expect(everything).not.toMatch(/SECRET|DE8937/)
  })
})

describe('a base URL', () => {
  const made = (baseUrl: string, allowedHosts?: string[]) => () =>
    createHttpClient({ baseUrl, timeoutMs: 1_000, ...(allowedHosts && { allowedHosts }) })

  it.each([
    'https://api.bank.example',
    'https://api.bank.example/v1',
    'https://api.bank.example:8443/',
    'http://127.0.0.1:8080',
    'http://localhost:8080',
    'http://[::1]:8080',
  ])('may be %s', (baseUrl) => {
    expect(made(baseUrl)).not.toThrow()
  })

  it.each([
    ['', 'is not a URL'],
    ['api.bank.example', 'is not a URL'],
    ['http://api.bank.example', 'must begin with https://'],
    ['ftp://api.bank.example', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['http://169.254.169.254', 'must begin with https://'],
    ['https://169.254.169.254', 'must name a host, not an address'],
    ['https://0xa9fea9fe', 'must name a host, not an address'],
    ['https://[fe80::1]', 'must name a host, not an address'],
    ['https://user:pass@api.bank.example', 'must not hold a user name or password'],
    ['https://api.bank.example?key=1', 'must not hold a query or a fragment'],
  ])('may not be "%s"', (baseUrl, problem) => {
    expect(made(baseUrl)).toThrow(ConfigError)
    expect(made(baseUrl)).toThrow(problem)
  })

  it('is held against the list of hosts, loopback apart', () => {
    const hosts = ['api.bank.example', 'api.bank.example:8443', '10.0.0.5']
    expect(made('https://API.bank.example/v1', hosts)).not.toThrow()
    expect(made('https://10.0.0.5', hosts)).not.toThrow()
    expect(made('http://127.0.0.1:1', hosts)).not.toThrow()
    expect(made('https://api.bank.example.evil.example', hosts)).toThrow('must be on one of the hosts')
    expect(made('https://evil.example', hosts)).toThrow('must be on one of the hosts')
  })

  it('comes with a deadline that a timer can keep', () => {
    for (const timeoutMs of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])
      expect(() => createHttpClient({ baseUrl: 'https://api.bank.example', timeoutMs })).toThrow(ConfigError)
  })
})

describe('a request that must not be sent', () => {
  it.each([
    '',
    'payouts',
    '//evil.example/payouts',
    'https://evil.example/payouts',
    '/../admin',
    '/v1/%2e%2e/admin',
    '/v1/./payouts',
    '/v1\\..\\admin',
    '/payouts?x=1',
    '/payouts#x',
    '/pay outs',
    '/pay\r\nouts',
    '/payouts/%zz',
    '/payouts/ä',
    '@evil.example/',
  ])('is one with the path "%s"', async (path) => {
    const { url, seen } = await serve(json)
    await expect(client(url).request({ ...POST, path })).rejects.toThrow(InvalidRequestError)
    expect(seen).toEqual([])
  })

  it.each([
    ['X-Key', 'a\r\nX-Admin: 1'],
    ['X-Key', 'a\nb'],
    ['X-Key', 'a\0b'],
    ['X-Key', 'ünïcode'],
    ['X-Key', ''],
    ['X-Key', ' a'],
    ['X Key', 'a'],
    ['X-Key:', 'a'],
    ['X-Key\r\nX', 'a'],
    ['', 'a'],
    ['Host', 'evil.example'],
    ['content-length', '3'],
    ['Transfer-Encoding', 'chunked'],
  ])('is one with the header %j: %j', async (name, value) => {
    const { url, seen } = await serve(json)
    await expect(client(url).request({ ...POST, headers: { [name]: value } })).rejects.toThrow(
      InvalidRequestError,
    )
    expect(seen).toEqual([])
  })

  it('is refused without repeating what was in it', async () => {
    const error = await client('http://127.0.0.1:1')
      .request({ ...POST, headers: { Authorization: 'Bearer SECRET\n' } })
      .catch((caught: unknown) => caught)
    expect((error as Error).message).toBe(
      'the value of Authorization is empty or holds a forbidden character',
    )
  })
})
