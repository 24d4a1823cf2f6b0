import http, { type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Arrangement, FAULTS } from './conformance/subject'
import { LOOKUP_FAULTS, type ReadingFault } from './conformance/subject'

export interface FakeRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface FakeAnswer {
  readonly status: number
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface FakeApiOptions {
  /** The API as it should be: keeps the books. */
  answer(request: FakeRequest): FakeAnswer
  /** Faults of payouts meet only `payout` calls, faults of look-ups only `reading` ones. */
  kindOf(request: FakeRequest): 'payout' | 'reading' | 'other'
}

/** A server on loopback that can do to one call what networks and banks do. */
export interface FakeApi {
  readonly url: string
  calls(): number
  followedRedirects(): number
  /** @returns false when it is nothing that happens on the wire; then the books have to do it. */
  arrange(what: Arrangement): Promise<boolean>
  arrangeReading(fault: ReadingFault): boolean
  /** Forgets what was arranged, and listens again after `down`. */
  reset(): Promise<void>
  close(): Promise<void>
}

type Reply = (request: FakeRequest, response: http.ServerResponse, answer: () => FakeAnswer) => void

export async function startFakeApi(options: FakeApiOptions): Promise<FakeApi> {
  let calls = 0
  let followed = 0
  let next: { payout: Reply | null; reading: Reply | null } = { payout: null, reading: null }

  const server = http.createServer((incoming, response) => {
    calls++
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('error', () => {})
    incoming.on('end', () => {
      const request = toRequest(incoming, Buffer.concat(chunks).toString())
      if (request.path === ELSEWHERE) followed++
      const kind = options.kindOf(request)
      const reply = kind === 'other' ? null : next[kind]
      if (kind !== 'other') next = { ...next, [kind]: null }
      ;(reply ?? send)(request, response, () => options.answer(request))
    })
  })
  const port = await listen(server, 0)

  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => calls,
    followedRedirects: () => followed,
    async arrange(what) {
      if (what === 'down') hangUp(server)
      else if (!server.listening) await listen(server, port)
      const reply = Object.hasOwn(REPLIES, what) ? REPLIES[what as keyof typeof REPLIES] : null
      next = { ...next, payout: reply }
      return reply !== null || what === 'down'
    },
    arrangeReading(fault) {
      next = { ...next, reading: READING_REPLIES[fault] }
      return LOOKUP_FAULTS.includes(fault)
    },
    async reset() {
      next = { payout: null, reading: null }
      followed = 0
      if (!server.listening) await listen(server, port)
    },
    close() {
      hangUp(server)
      return Promise.resolve()
    },
  }
}

const listen = (server: http.Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

function hangUp(server: http.Server): void {
  server.close()
  server.closeAllConnections()
}

function toRequest({ method = '', url = '/', headers }: http.IncomingMessage, body: string): FakeRequest {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
  return { method, path: pathname, query: searchParams, headers, body }
}

const ELSEWHERE = '/elsewhere'
const textOf = ({ body }: FakeAnswer): string =>
  typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)

const send: Reply = (_request, response, answer) => {
  const given = answer()
  response
    .writeHead(given.status, { 'Content-Type': 'application/json', ...given.headers })
    .end(textOf(given))
}

/** Repeats the request, as careless banks do: none of it may reach an error or a log. */
const refuse =
  (status: number): Reply =>
  ({ body, headers }, response) => {
    const echo = { message: `cannot process ${body}`, code: 'ERROR', request: { body, headers } }
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(echo))
  }

/** The payout is taken, and the answer is another one. */
const takeAnd =
  (reply: Reply): Reply =>
  (request, response, answer) => {
    const given = answer()
    reply(request, response, () => given)
  }
const text =
  (status: number, body: string, type = 'application/json'): Reply =>
  (_request, response) =>
    void response.writeHead(status, { 'Content-Type': type }).end(body)

const drop: Reply = (_request, response) => void response.socket?.destroy()
const hang: Reply = () => {}
const drip: Reply = (_request, response) => {
  response.writeHead(201, { 'Content-Type': 'application/json' })
  const dripping = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(dripping))
}
const HUGE_MIB = 32
const huge: Reply = (_request, response, answer) => {
  const given = answer()
  response.on('error', () => {})
  response.writeHead(given.status, { 'Content-Type': 'application/json' })
  const blanks = Buffer.alloc(1_048_576, ' ')
  const write = (left: number): void => {
    if (left === 0) response.end(textOf(given))
    else if (!response.destroyed) response.write(blanks, () => write(left - 1))
  }
  write(HUGE_MIB)
}
const redirect: Reply = (_request, response) =>
  void response.writeHead(307, { Location: ELSEWHERE, 'Content-Type': 'application/json' }).end('{}')
const errorPage = text(200, '<html><body><h1>502 Bad Gateway</h1></body></html>', 'text/html')

/** The faults that happen on the wire. `unknown_status` is the books' affair. */
const REPLIES: Readonly<Record<Exclude<keyof typeof FAULTS, 'unknown_status' | 'down'>, Reply>> = {
  commit_then_drop: takeAnd(drop),
  drop_before_commit: drop,
  hang: takeAnd(hang),
  drip: takeAnd(drip),
  huge,
  answer_500: takeAnd(refuse(500)),
  refuse_500: refuse(500),
  refuse_503: refuse(503),
  answer_408: takeAnd(refuse(408)),
  answer_409: takeAnd(refuse(409)),
  answer_418: takeAnd(refuse(418)),
  garbage: takeAnd(text(200, '{"id":"P-')),
  null: takeAnd(text(200, 'null')),
  empty: takeAnd(text(200, '{}')),
  html: takeAnd(errorPage),
  redirect,
  refuse_429: refuse(429),
  refuse_401: refuse(401),
  refuse_403: refuse(403),
}

const READING_REPLIES: Readonly<Record<ReadingFault, Reply>> = {
  drop,
  answer_404: text(404, '<html><body><h1>404 Not Found</h1></body></html>', 'text/html'),
  answer_500: refuse(500),
  answer_401: refuse(401),
  answer_429: refuse(429),
  garbage: text(200, '{"id":"P-'),
  null: text(200, 'null'),
  empty: text(200, '{}'),
  html: errorPage,
  redirect,
}
