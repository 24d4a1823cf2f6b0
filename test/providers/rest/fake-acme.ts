import { createHash, createHmac } from 'node:crypto'
import type http from 'node:http'

import { listen, type Listener } from '../../helpers/listen'
import { SECRET } from './example'

export interface AcmePayout {
  readonly id: string
  readonly external_id: string
  readonly amount: { value: number; currency: string }
  /** Whom it pays; the API does not tell. */
  readonly iban: string
  readonly created_at: string
  status: string
  bank_reference?: string
  returned?: { value: number }
  failure?: { code: string }
}

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export type Fault =
  'drop_after' | 'drop_before' | { status: number; body?: unknown; headers?: Record<string, string> }

const shown = ({ iban: _iban, ...payout }: AcmePayout) => payout

/** The bank of the example in the documentation: checks signatures, keeps keys, can commit and hang up. */
export class FakeAcme {
  readonly payouts: AcmePayout[] = []
  readonly seen: SeenRequest[] = []
  postFaults: Fault[] = []
  getFaults: Fault[] = []
  statusOfNew = 'CREATED'
  /** Look-ups show nothing yet. */
  isHiding = false
  /** The next payout call is refused before anybody looks at its key. */
  isRefusing = false
  /** Whether requests must be signed as the example says. */
  isSigned = true
  private readonly answers = new Map<string, { body: string; answer: string }>()
  private listener: Listener | null = null

  constructor(private readonly now: () => Date) {}

  async listen(): Promise<string> {
    this.listener = await listen((req, res) => this.take(req, res))
    return `${this.listener.url}/v2`
  }

  close = (): void => this.listener?.close()

  byKey(key: string): AcmePayout {
    const payout = this.payouts.find(({ external_id }) => external_id === key)
    if (!payout) throw new Error(`There is no payout ${key}.`)
    return payout
  }

  pay(key: string): void {
    Object.assign(this.byKey(key), { status: 'PAID', bank_reference: `BANK-${this.byKey(key).id}` })
  }

  private take(req: http.IncomingMessage, res: http.ServerResponse): void {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const request: SeenRequest = {
        method: String(req.method),
        url: String(req.url),
        headers: req.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      this.seen.push(request)
      const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
        res.writeHead(status, { 'content-type': 'application/json', ...headers })
        res.end(typeof body === 'string' ? body : JSON.stringify(body ?? null))
      }
      const fault = (request.method === 'GET' ? this.getFaults : this.postFaults).shift()
      if (fault === 'drop_before') return void req.socket.destroy()
      if (typeof fault === 'object') return void send(fault.status, fault.body, fault.headers)
      const [status, body] = this.answer(request)
      if (fault === 'drop_after') return void req.socket.destroy()
      send(status, body)
    })
  }

  answer(request: SeenRequest): [number, unknown] {
    if (this.isSigned && !this.hasSignature(request)) return [401, { error: { code: 'signature' } }]
    if (request.method === 'GET') {
      if (request.url.startsWith('/v2/payouts?'))
        return [200, this.listed(new URL(request.url, 'http://fake'))]
      const key = decodeURIComponent(request.url.replace('/v2/payouts/', ''))
      const found = this.payouts.find(({ external_id }) => external_id === key)
      return found && !this.isHiding ? [200, shown(found)] : [404, { error: { code: 'payout_not_found' } }]
    }
    if (this.isRefusing) return [422, { error: { code: 'invalid_iban' } }]
    const key = String(request.headers['idempotency-key'])
    const known = this.answers.get(key)
    if (known)
      return known.body === request.body ? [200, known.answer] : [409, { error: { code: 'key_reused' } }]
    const { external_id, amount, beneficiary } = JSON.parse(request.body) as AcmePayout & {
      beneficiary?: { iban?: string }
    }
    const payout: AcmePayout = {
      id: `po_${this.payouts.length + 1}`,
      external_id,
      amount,
      iban: beneficiary?.iban ?? '',
      created_at: this.now().toISOString(),
      status: this.statusOfNew,
    }
    this.payouts.push(payout)
    this.answers.set(key, { body: request.body, answer: JSON.stringify(shown(payout)) })
    return [201, shown(payout)]
  }

  /** Payouts of others, in its lists before ours. */
  strangers: AcmePayout[] = []
  pageSize = 2

  private listed({ searchParams }: URL) {
    const [from, to, after] = ['created_from', 'created_to', 'after'].map((name) => searchParams.get(name))
    const within = [...this.strangers, ...this.payouts].filter(
      ({ created_at: at }) => at >= String(from) && at < String(to),
    )
    const start = after === null ? 0 : within.findIndex(({ id }) => id === after) + 1
    const data = within.slice(start, start + this.pageSize)
    const next = start + this.pageSize < within.length ? data.at(-1)?.id : null
    return { data: data.map(shown), next_after: next }
  }

  private hasSignature({ method, url, headers, body }: SeenRequest): boolean {
    const hash = createHash('sha256').update(body).digest('hex')
    const text = [method, url, headers['x-timestamp'], headers['x-nonce'], hash].join('\n')
    const expected = createHmac('sha256', SECRET).update(text).digest('hex')
    const skewMs = Math.abs(this.now().getTime() - Number(headers['x-timestamp']) * 1_000)
    return headers['x-signature'] === expected && headers['x-client'] === 'client-7' && skewMs < 60_000
  }
}
