import http from 'node:http'
import type { AddressInfo } from 'node:net'

import { FakeBooks, type NetworkRow, Refusal } from './fake-books'

export type Endpoint = 'burn' | 'update' | 'mint' | 'withdrawals' | 'deposits' | 'balance'

/** How one request goes wrong. */
export interface Fault {
  /** Whether the request takes effect all the same; `later` is when the test calls `landLate`. */
  readonly effect: 'none' | 'done' | 'later'
  readonly reply: 'hang' | 'reset' | 'cut' | { readonly status: number; readonly body: string }
}

export interface RecordedRequest {
  readonly endpoint: Endpoint
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  /** The bytes as they came, for what a parsed body no longer shows. */
  readonly rawBody: string
}

/** The closed network service behind a kit: keeps books, speaks HTTP on loopback, and fails on request. */
export class FakeNetwork {
  readonly books = new FakeBooks()
  readonly requests: RecordedRequest[] = []
  /** Answers every look-up with everything it has, whatever was asked for. */
  ignoresFilters = false
  /** Called for each request that will not be answered. */
  onHang: () => void = () => {}
  private readonly faults = new Map<Endpoint, (Fault | null)[]>()
  private readonly late: (() => void)[] = []

  private constructor(
    private readonly server: http.Server,
    readonly url: string,
  ) {
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      let rawBody = ''
      request.setEncoding('utf8')
      request.on('data', (chunk: string) => (rawBody += chunk))
      request.on('end', () => this.handle(request, response, rawBody))
    })
  }

  static async listen(): Promise<FakeNetwork> {
    const server = http.createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new FakeNetwork(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }

  /** Requests without an answer end with a reset. */
  close(): Promise<void> {
    if (!this.server.listening) return Promise.resolve()
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    this.server.closeAllConnections()
    return closed
  }

  /** The next requests to this endpoint go wrong in these ways, in order; null is one that goes well. */
  failNext(endpoint: Endpoint, ...faults: (Fault | null)[]): void {
    this.faults.set(endpoint, [...(this.faults.get(endpoint) ?? []), ...faults])
  }

  /** Faults that no request has met: a test that ends with one did not test what it says. */
  get unmetFaults(): number {
    return [...this.faults.values()].flat().length
  }

  /** Resolves when the next request arrives that will not be answered. */
  hanging(): Promise<void> {
    return new Promise((resolve) => {
      this.onHang = resolve
    })
  }

  /** What was on its way takes effect now. */
  landLate(): void {
    for (const land of this.late.splice(0)) land()
  }

  requestsTo = (endpoint: Endpoint): RecordedRequest[] =>
    this.requests.filter((request) => request.endpoint === endpoint)

  /** The raw body of the last request to an endpoint, parsed. */
  lastBody(endpoint: Endpoint): Record<string, unknown> {
    return JSON.parse(this.requestsTo(endpoint).at(-1)?.rawBody ?? 'null') as Record<string, unknown>
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse, rawBody: string): void {
    const url = new URL(request.url ?? '/', this.url)
    const endpoint = endpointOf(request.method ?? '', url.pathname)
    if (!endpoint) return answer(response, 404, { message: 'Not found' })
    this.requests.push({ endpoint, url: request.url ?? '', headers: request.headers, rawBody })
    const act = () => this.act(endpoint, url.searchParams, rawBody)
    const fault = this.faults.get(endpoint)?.shift()
    if (fault) return this.fail(fault, act, response)
    try {
      answer(response, 200, act())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answer(response, 400, { message: error.message })
    }
  }

  private fail({ effect, reply }: Fault, act: () => unknown, response: http.ServerResponse): void {
    const done = effect === 'done' ? unlessRefused(act) : null
    if (effect === 'later') this.late.push(() => unlessRefused(act))
    if (reply === 'hang') return this.onHang()
    if (reply === 'reset') return void response.socket?.resetAndDestroy()
    if (reply === 'cut') {
      const body = JSON.stringify(done)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length + 1 })
      return void response.write(body, () => response.socket?.destroy())
    }
    response.writeHead(reply.status, { 'content-type': 'text/html' }).end(reply.body)
  }

  private act(endpoint: Endpoint, query: URLSearchParams, rawBody: string): unknown {
    switch (endpoint) {
      case 'burn':
        return this.books.burn(JSON.parse(rawBody) as Record<string, unknown>)
      case 'update':
        return this.books.update(JSON.parse(rawBody) as Record<string, unknown>)
      case 'mint':
        return this.books.mint(JSON.parse(rawBody) as Record<string, unknown>)
      case 'balance':
        return this.books.balances(Number(query.get('user_id')))
      case 'withdrawals':
        return this.search(this.books.burns, query)
      case 'deposits':
        return this.search(this.books.mints, query)
    }
  }

  private search(
    rows: readonly NetworkRow[],
    query: URLSearchParams,
  ): { count: number; data: readonly NetworkRow[] } {
    const wanted = (row: NetworkRow) =>
      [...query].every(([name, value]) => !(name in row) || String(row[name as keyof NetworkRow]) === value)
    const newestFirst = [...rows].reverse()
    const found = this.ignoresFilters ? newestFirst : newestFirst.filter(wanted)
    return { count: found.length, data: query.get('format') === 'all' ? found : found.slice(0, 50) }
  }
}

/** Nobody hears the answer, so nobody hears a refusal either. */
function unlessRefused(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function endpointOf(method: string, path: string): Endpoint | null {
  const name = `${method} ${path.slice(path.lastIndexOf('/') + 1)}`
  const endpoints: Readonly<Record<string, Endpoint>> = {
    'POST burn': 'burn',
    'POST mint': 'mint',
    'PUT burn': 'update',
    'GET withdrawals': 'withdrawals',
    'GET deposits': 'deposits',
    'GET balance': 'balance',
  }
  return endpoints[name] ?? null
}

function answer(response: http.ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
