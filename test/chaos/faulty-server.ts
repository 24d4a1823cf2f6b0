import http from 'node:http'

import { between, pick, type Random } from './random'
import { TIMING } from './timing'

export interface Request {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface Faulty {
  readonly port: number
  readonly random: Random
  /** Share of requests that go wrong, 0 to 1. Changed by `POST /control {"faultRate": 0}`. */
  faultRate: number
  readonly handle: (request: Request) => Promise<Answer>
  /** What a request of this path waits for once a test has closed the gate there. */
  readonly gateOf: (request: Request) => string
}

type Fault =
  'delay' | 'drop' | 'drop_after' | 'error' | 'error_after' | 'garbage' | 'garbage_after' | 'late' | 'hang'
const FAULTS: readonly Fault[] = [
  'delay',
  'drop',
  'drop_after',
  'error',
  'error_after',
  'garbage',
  'garbage_after',
  'late',
  'hang',
]

/** An HTTP server that does what it is asked and is a bad partner: slow, silent, lying, late. */
export function serveFaulty(options: Faulty): void {
  const gates = createGates()
  const server = http.createServer((incoming, response) => {
    let text = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (chunk: string) => (text += chunk))
    incoming.on('end', () => void answer(toRequest(incoming, text), response))
  })
  server.keepAliveTimeout = 60_000
  server.listen(options.port, '127.0.0.1', () => process.stdout.write('ready\n'))

  async function answer(request: Request, response: http.ServerResponse): Promise<void> {
    if (request.path === '/control') return send(response, { status: 200, body: control(request.body) })
    await gates.pass(options.gateOf(request))
    const { random } = options
    const fault = random() < options.faultRate ? pick(random, FAULTS) : null
    if (fault === null) return send(response, await options.handle(request))
    await goWrong(fault, request, response)
  }

  function control(wish: Record<string, unknown>): unknown {
    if (typeof wish.faultRate === 'number') options.faultRate = wish.faultRate
    if (typeof wish.close === 'string') gates.close(wish.close)
    if (typeof wish.open === 'string') gates.open(wish.open)
    return { waiting: gates.waiting() }
  }

  async function goWrong(fault: Fault, request: Request, response: http.ServerResponse): Promise<void> {
    const { random, handle } = options
    const happens = fault === 'drop_after' || fault === 'error_after' || fault === 'garbage_after'
    if (happens) await handle(request)
    switch (fault) {
      case 'delay':
        await pause(between(random, 20, TIMING.delayMsMax))
        return send(response, await handle(request))
      case 'drop':
      case 'drop_after':
        return void response.socket?.resetAndDestroy()
      case 'error':
      case 'error_after':
        return send(response, { status: 500, body: { message: 'Internal error' } })
      case 'garbage':
      case 'garbage_after':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>')
      case 'late':
        setTimeout(() => void handle(request), between(random, 100, TIMING.lateMsMax))
        return hang(response)
      case 'hang':
        return hang(response)
    }
  }
}

function hang(response: http.ServerResponse): void {
  setTimeout(() => response.socket?.destroy(), TIMING.hangMs)
}

/** A closed gate holds the next request of its name; those after it pass. */
function createGates() {
  const held = new Map<string, { open: () => void; opened: Promise<void>; caught: boolean }>()
  return {
    close(name: string) {
      let open = () => {}
      const opened = new Promise<void>((resolve) => {
        open = resolve
      })
      held.set(name, { open, opened, caught: false })
    },
    open(name: string) {
      held.get(name)?.open()
      held.delete(name)
    },
    waiting: () => [...held].filter(([, { caught }]) => caught).map(([name]) => name),
    async pass(name: string) {
      const gate = held.get(name)
      if (!gate || gate.caught) return
      gate.caught = true
      await gate.opened
    },
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function toRequest(incoming: http.IncomingMessage, text: string): Request {
  const url = new URL(incoming.url ?? '/', 'http://localhost')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}

function send(response: http.ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
