import { createHash } from 'node:crypto'

import express, { type Request, type Response } from 'express'

import type { Clock } from '../../../src/ports/clock'
import type { WebhookRequest } from '../../../src/ports/payment-provider'
import { listen } from '../../helpers/listen'
import { type FakeBatch, type FakeItem, newBatch, type RequestBody, statusesOf } from './fake-batch'
import { signedDelivery, type Signer, testAuthorities } from './fake-webhooks'
import { type SchemaName, specFaults } from './spec'

/** What may go wrong with the next create. */
export type Mishap =
  | 'drop'
  | 'commit_then_drop'
  | 'commit_then_500'
  | 'commit_then_html'
  | { status: number; body?: unknown; headers?: Record<string, string> }

export interface FakeOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly tokenSeconds?: number
}

export const CLIENT = { clientId: 'test-client', clientSecret: 'test-secret-never-logged' }

/** PayPal, as far as Payouts knows it: in memory, on a real socket, with a clock the test moves. */
export class FakePaypal {
  readonly batches = new Map<string, FakeBatch>()
  readonly creates: RequestBody[] = []
  readonly calls: string[] = []
  /** What of our requests and of its own answers is not as the specification says. */
  readonly violations: string[] = []
  readonly certificates = new Map<string, string>()
  tokensGiven = 0
  /** Of the account; a batch and its fees have to fit. */
  float = Number.POSITIVE_INFINITY
  postbackVerdict: 'SUCCESS' | 'FAILURE' = 'SUCCESS'
  postbacks: string[] = []
  private mishaps: Mishap[] = []
  private readMishaps: Mishap[] = []
  private tokens = new Map<string, number>()
  private events = 0
  private close_ = () => {}
  url = ''

  private constructor(private readonly options: FakeOptions) {}

  static async start(options: FakeOptions): Promise<FakePaypal> {
    const fake = new FakePaypal(options)
    const { url, close } = await listen(fake.routes())
    fake.url = url
    fake.close_ = close
    const { leaf, middle } = testAuthorities()
    fake.certificates.set('CERT-1', leaf.pem + middle.pem)
    return fake
  }

  close = (): void => this.close_()
  /** Happens to the next create, one each. */
  next = (...mishaps: Mishap[]): number => this.mishaps.push(...mishaps)
  nextRead = (...mishaps: Mishap[]): number => this.readMishaps.push(...mishaps)
  expireTokens = (): void => this.tokens.clear()

  item(key: string): FakeItem {
    const found = [...this.batches.values()].flatMap(({ items }) => items).find((item) => item.key === key)
    if (!found) throw new Error(`The fake has no payout ${key}.`)
    return found
  }

  /** Every time somebody was paid, by key; a key twice is a payment twice. */
  payments(): string[] {
    const paid = [...this.batches.values()].flatMap((batch) =>
      batch.items.filter((item) => statusesOf(batch, item, this.nowMs()).status === 'SUCCESS'),
    )
    return paid.map(({ key }) => key)
  }

  /** A delivery as PayPal makes it. */
  webhook = (event: object, signer: Signer = {}): WebhookRequest =>
    signedDelivery(event, { at: this.options.clock.now(), url: this.url, number: ++this.events, ...signer })

  private nowMs = () => this.options.clock.now().getTime()

  private routes(): express.Express {
    const app = express()
    app.use((req, _res, next) => {
      this.calls.push(`${req.method} ${req.path}`)
      next()
    })
    app.post('/v1/oauth2/token', express.text({ type: '*/*' }), (req, res) => this.giveToken(req, res))
    app.get('/v1/notifications/certs/:name', (req, res) => {
      const pem = this.certificates.get(req.params.name)
      res
        .status(pem ? 200 : 404)
        .type('application/x-pem-file')
        .send(pem ?? 'none')
    })
    app.use((req, res, next) => {
      const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? ''
      if ((this.tokens.get(token) ?? 0) > this.nowMs()) next()
      else this.error(res, 401, 'AUTHENTICATION_FAILURE')
    })
    app.post('/v1/notifications/verify-webhook-signature', express.text({ type: '*/*' }), (req, res) => {
      this.postbacks.push(req.body as string)
      res.json({ verification_status: this.postbackVerdict })
    })
    app.post('/v1/payments/payouts', express.json({ limit: '20mb' }), (req, res) => this.create(req, res))
    app.use((_req, res, next) => {
      const mishap = this.readMishaps.shift()
      if (mishap) this.mishandle(res, mishap)
      else next()
    })
    app.get('/v1/payments/payouts/:id', (req, res) => this.showBatch(req, res))
    app.get('/v1/payments/payouts-item/:id', (req, res) => this.showItem(res, req.params.id))
    app.post('/v1/payments/payouts-item/:id/cancel', (req, res) => {
      // Whatever is posted to PayPal is JSON, or not looked at.
      if (req.headers['content-type'] === 'application/json') this.cancelItem(res, req.params.id)
      else this.error(res, 415, 'UNSUPPORTED_MEDIA_TYPE')
    })
    app.get('/v1/reporting/balances', (_req, res) => {
      const money = (value: string) => ({ currency_code: 'EUR', value })
      res.json({
        balances: [{ currency: 'EUR', total_balance: money('200.00'), available_balance: money('102.00') }],
      })
    })
    return app
  }

  private giveToken(req: Request, res: Response): void {
    const { clientId, clientSecret } = CLIENT
    const expected = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    if (req.headers.authorization !== expected || req.body !== 'grant_type=client_credentials') {
      res.status(401).json({ error: 'invalid_client', error_description: 'Client Authentication failed' })
      return
    }
    const seconds = this.options.tokenSeconds ?? 32_400
    const token = `A21AA-token-${++this.tokensGiven}`
    this.tokens.set(token, this.nowMs() + seconds * 1_000)
    res.json({ scope: 'payouts', access_token: token, token_type: 'Bearer', expires_in: seconds })
  }

  private create(req: Request, res: Response): void {
    const body = req.body as RequestBody
    this.creates.push(body)
    this.violations.push(...specFaults('create_payout_request', body))
    const mishap = this.mishaps.shift()
    const commits = mishap === undefined || (typeof mishap === 'string' && mishap.startsWith('commit'))
    const refused = commits ? this.refusal(body) : null
    if (commits && !refused) this.commit(body)
    if (mishap !== undefined) return this.mishandle(res, mishap)
    if (refused) {
      this.error(res, refused.status, refused.name, refused.details)
      return
    }
    const batch = this.batches.get(body.sender_batch_header.sender_batch_id)
    if (batch)
      this.answer(res.status(201), 'payout', { batch_header: header(batch, 'PENDING'), links: links(batch) })
  }

  private commit(body: RequestBody): void {
    const key = body.sender_batch_header.sender_batch_id
    const id = createHash('sha256').update(key).digest('hex').slice(0, 13).toUpperCase()
    this.batches.set(key, newBatch(body, id, this.nowMs()))
  }

  private refusal(body: RequestBody): { status: number; name: string; details?: unknown[] } | null {
    const known = this.batches.get(body.sender_batch_header.sender_batch_id)
    if (known)
      return {
        status: 400,
        name: 'USER_BUSINESS_ERROR',
        details: [
          {
            field: 'SENDER_BATCH_ID',
            location: 'body',
            issue: 'Batch with given sender_batch_id already exists',
            link: [{ href: `https://api.sandbox.paypal.com/v1/payments/payouts/${known.id}`, rel: 'self' }],
          },
        ],
      }
    const bad = body.items.flatMap(({ receiver }, index) =>
      receiver.startsWith('malformed')
        ? [{ field: `items[${index}].receiver`, location: 'body', issue: 'Receiver is invalid' }]
        : [],
    )
    if (bad.length > 0) return { status: 400, name: 'VALIDATION_ERROR', details: bad }
    const total = body.items.reduce((cents, { amount }) => cents + Math.round(Number(amount.value) * 100), 0)
    return total > this.float * 100 ? { status: 422, name: 'INSUFFICIENT_FUNDS' } : null
  }

  private showBatch(req: Request, res: Response): void {
    const batch = [...this.batches.values()].find(({ id }) => id === req.params.id)
    if (!batch) return this.error(res, 404, 'INVALID_RESOURCE_ID')
    const size = Number(req.query.page_size ?? 1_000)
    const first = (Number(req.query.page ?? 1) - 1) * size
    const listed = batch.items.filter(({ isHidden }) => !isHidden)
    const status = statusesOf(batch, batch.items[0], this.nowMs()).batch
    const counts = { total_items: listed.length, total_pages: Math.max(1, Math.ceil(listed.length / size)) }
    this.answer(res, 'payout_batch', {
      ...(req.query.total_required === 'true' && counts),
      batch_header: {
        ...header(batch, status),
        time_created: new Date(batch.createdAtMs).toISOString(),
        amount: { currency: batch.currency, value: batch.total },
      },
      items: listed.slice(first, first + size).map((item) => this.shown(batch, item)),
      links: links(batch),
    })
  }

  private showItem(res: Response, id: string): void {
    for (const batch of this.batches.values())
      for (const item of batch.items)
        if (item.id === id)
          return this.answer(res, 'payout_item-2', { ...this.shown(batch, item), sender_batch_id: batch.key })
    this.error(res, 404, 'INVALID_RESOURCE_ID')
  }

  private cancelItem(res: Response, id: string): void {
    const batch = [...this.batches.values()].find(({ items }) => items.some((item) => item.id === id))
    const item = batch?.items.find((each) => each.id === id)
    if (!batch || !item || statusesOf(batch, item, this.nowMs()).status !== 'UNCLAIMED')
      return this.error(res, 400, 'ITEM_INCORRECT_STATUS')
    item.status = 'RETURNED'
    this.showItem(res, id)
  }

  private shown(batch: FakeBatch, item: FakeItem) {
    const { status, error } = statusesOf(batch, item, this.nowMs())
    return {
      payout_item_id: item.id,
      ...(['SUCCESS', 'UNCLAIMED', 'RETURNED'].includes(status) && { transaction_id: `TX${item.id}` }),
      transaction_status: status,
      payout_item_fee: { currency: batch.currency, value: '0.20' },
      payout_batch_id: batch.id,
      payout_item: item.request,
      ...(error && {
        errors: { name: error, message: 'Something about the receiver.', details: [], links: [] },
      }),
    }
  }

  private answer(res: Response, schema: SchemaName, body: object): void {
    // A status PayPal has added since is the point of a test, not a fault of the fake.
    const faults = specFaults(schema, body).filter((fault) => !fault.includes('transaction_status'))
    this.violations.push(...faults.map((fault) => `answer: ${fault}`))
    res.json(body)
  }

  private error(res: Response, status: number, name: string, details?: unknown[]): void {
    const debug = { message: `Text of ${name}.`, debug_id: 'f701090abdcb2', links: [] }
    res.status(status).json({ name, ...debug, ...(details && { details }) })
  }

  private mishandle(res: Response, mishap: Mishap): void {
    if (typeof mishap === 'object') {
      res
        .status(mishap.status)
        .set(mishap.headers ?? {})
        .send(mishap.body ?? { name: 'INTERNAL_ERROR', message: '', debug_id: '1' })
      return
    }
    if (mishap.endsWith('drop')) res.socket?.destroy()
    else if (mishap.endsWith('500')) this.error(res, 500, 'INTERNAL_ERROR')
    else res.status(200).type('html').send('<html>Please wait</html>')
  }
}

const header = (batch: FakeBatch, status: string) => ({
  payout_batch_id: batch.id,
  batch_status: status,
  sender_batch_header: { sender_batch_id: batch.key, email_subject: batch.subject },
})
const links = (batch: FakeBatch) => [
  { href: `https://api-m.sandbox.paypal.com/v1/payments/payouts/${batch.id}`, rel: 'self', method: 'GET' },
]
