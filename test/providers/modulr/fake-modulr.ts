import { createHmac } from 'node:crypto'
import type http from 'node:http'

import { listen, type Listener } from '../../helpers/listen'
import { openApiDescription } from '../../helpers/specs'

export const MODULR_SPEC = 'modulr/modulr-payouts.openapi.json'
const DESCRIPTION = openApiDescription(MODULR_SPEC)
export const KEY_ID = 'KEY-1'
export const SECRET = 'NzAwZmIwMGQ0YTJiNDhkMzZj'
export const ACCOUNT_EUR = 'A1200001'
export const ACCOUNT_GBP = 'A1200002'

export interface FakePayment {
  readonly id: string
  status: string
  approvalStatus: string
  readonly externalReference: string
  readonly batchId: string | null
  readonly details: Record<string, unknown> & { amount: number; currency: string; destination: unknown }
  schemeId: string | null
  /** Why it is as it is. */
  message?: string
  readonly createdAt: string
}

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: Record<string, string>
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** What happens to the next request that asks for an effect, or to the next question. */
export type Fault =
  'drop_after' | 'drop_before' | { status: number; body?: unknown; headers?: Record<string, string> }

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

/**
 * Modulr in memory: checks signatures and the published description, keeps nonces, payments, batches and credits, and
 * can commit and hang up.
 */
export class FakeModulr {
  readonly payments: FakePayment[] = []
  readonly batches: { id: string; externalReference: string; status: string; total: number }[] = []
  readonly transactions: Record<string, unknown>[] = []
  readonly seen: SeenRequest[] = []
  /** Where requests or our own answers are not as described; a test expects none. */
  readonly violations: string[] = []
  postFaults: Fault[] = []
  getFaults: Fault[] = []
  /** What every question about an account gets. */
  accountFault: { status: number } | null = null
  /** Status that a new payment has, and what is said of it. */
  statusOfNew = 'SUBMITTED'
  messageOfNew: string | undefined
  statusOfNewBatch = 'ACCEPTED'
  /** Payments of a batch that are shown; the others are still being made. */
  showsPayments = true
  /** The same of payments that were made alone. */
  showsSingles = true
  /** Payments are shown without their request, as in some answers. */
  hidesDetails = false
  private readonly answers = new Map<string, { body: string; answer: Answer }>()
  private listener: Listener | null = null
  private ids = 0

  constructor(private readonly now: () => Date) {}

  async listen(): Promise<string> {
    this.listener = await listen((req, res) => this.take(req, res))
    return `${this.listener.url}/api-sandbox`
  }

  close = (): void => this.listener?.close()

  byKey = (key: string): FakePayment => {
    const payment = this.payments.find(({ externalReference }) => externalReference === key)
    if (!payment) throw new Error(`There is no payment ${key}.`)
    return payment
  }

  /** The scheme has paid it. */
  process(key: string): void {
    const payment = this.byKey(key)
    payment.status = 'PROCESSED'
    payment.schemeId = `SCT${payment.id}`
  }

  /** Money comes back as a credit. */
  credit(
    schemeId: string,
    amount: number,
    { reason = 'BENACCCLOSED', via = 'notes', account = ACCOUNT_EUR } = {},
  ): void {
    const id = `T${String(++this.ids).padStart(9, '0')}`
    const notes = { originalSchemeId: schemeId, returnReason: reason }
    const payin: FakePayment = {
      id: `P${String(++this.ids).padStart(9, '0')}`,
      status: 'PROCESSED',
      approvalStatus: 'NOTNEEDED',
      externalReference: '',
      batchId: null,
      details: { amount, currency: 'EUR', destination: null, ...(via === 'payin' && notes) },
      schemeId: `RTN${this.ids}`,
      createdAt: this.now().toISOString(),
    }
    this.payins.push(payin)
    this.transactions.push({
      id,
      amount,
      currency: 'EUR',
      credit: true,
      type: 'PO_REV',
      sourceId: payin.id,
      account,
      postedDate: this.now().toISOString(),
      ...(via === 'notes' && { additionalInfo: notes }),
    })
  }

  private readonly payins: FakePayment[] = []
  private strangers: FakePayment[] = []

  /** The filters of lists let more through than they were asked for. */
  addStrangers(): void {
    this.strangers = ['PROCESSED', 'ER_EXTSYS'].map((status, n) => ({
      id: `S00000000${n}`,
      status,
      approvalStatus: 'NOTNEEDED',
      externalReference: `BW-somebody-else-${n}`,
      batchId: null,
      details: { amount: 7, currency: 'EUR', destination: null, sourceAccountId: ACCOUNT_EUR },
      schemeId: null,
      createdAt: this.now().toISOString(),
    }))
  }

  private take(req: http.IncomingMessage, res: http.ServerResponse): void {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const url = new URL(String(req.url), 'http://fake')
      const request: SeenRequest = {
        method: String(req.method),
        path: url.pathname.replace('/api-sandbox', ''),
        query: Object.fromEntries(url.searchParams),
        headers: req.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      this.seen.push(request)
      const fault = (request.method === 'POST' ? this.postFaults : this.getFaults).shift()
      if (fault === 'drop_before') return void req.socket.destroy()
      if (typeof fault === 'object')
        return void this.send(res, {
          status: fault.status,
          body: fault.body,
          ...(fault.headers && { headers: fault.headers }),
        })
      const answer = this.answer(request)
      if (fault === 'drop_after') return void req.socket.destroy()
      this.send(res, answer)
    })
  }

  private send(res: http.ServerResponse, { status, body, headers }: Answer): void {
    res.writeHead(status, { 'content-type': 'application/json', ...headers })
    res.end(typeof body === 'string' ? body : JSON.stringify(body ?? null))
  }

  answer(request: SeenRequest): Answer {
    const { method, headers, body } = request
    if (!this.isSigned(request)) return { status: 401, body: [{ code: 'PERMISSION', message: 'signature' }] }
    const nonce = String(headers['x-mod-nonce'])
    const known = this.answers.get(nonce)
    if (known) {
      // A nonce is remembered with its request; reading with it, or changing the request, is an error.
      const isReplay = method === 'POST' && headers['x-mod-retry'] === 'true' && known.body === body
      return isReplay ? known.answer : { status: 403, body: [{ code: 'PERMISSION', message: 'nonce' }] }
    }
    const answer = method === 'POST' ? this.create(request) : this.read(request)
    this.answers.set(nonce, { body, answer })
    return answer
  }

  /** Modulr forgets a nonce after 48 hours, and would execute it again. */
  forgetNonces = (): void => this.answers.clear()

  private isSigned({ headers }: SeenRequest): boolean {
    const text = `date: ${headers.date}\nx-mod-nonce: ${String(headers['x-mod-nonce'])}`
    const authorization = String(headers.authorization)
    const algorithm = /algorithm="hmac-([a-z0-9]+)"/.exec(authorization)?.[1] ?? 'sha1'
    const signature = createHmac(algorithm, SECRET).update(text).digest('base64')
    const skewMs = Math.abs(this.now().getTime() - Date.parse(String(headers.date)))
    return (
      skewMs < 300_000 &&
      authorization.includes(`keyId="${KEY_ID}"`) &&
      authorization.includes(`signature="${encodeURIComponent(signature)}"`)
    )
  }

  private violates(what: string, problems: readonly string[]): void {
    this.violations.push(...problems.map((problem) => `${what}: ${problem}`))
  }

  private create({ path, body }: SeenRequest): Answer {
    const isBatch = path === '/batchpayments'
    const schema = isBatch ? 'payment.BatchPaymentOutRequest' : 'payment.PaymentOutRequest'
    const parsed = JSON.parse(body) as Record<string, unknown>
    this.violates(schema, DESCRIPTION?.problems(schema, parsed) ?? [])
    if (!isBatch) return this.answered('payment.PaymentResponse', this.shown(this.add(parsed, null)), 201)
    const payments = parsed.payments as Record<string, unknown>[]
    const id = `D${String(++this.ids).padStart(9, '0')}`
    const batch = {
      id,
      externalReference: String(parsed.externalReference),
      status: this.statusOfNewBatch,
      total: payments.length,
    }
    this.batches.push(batch)
    if (batch.status === 'ACCEPTED') for (const payment of payments) this.add(payment, id)
    return this.answered('payment.BatchPaymentDetailsResponse', this.shownBatch(batch), 201)
  }

  private add(details: Record<string, unknown>, batchId: string | null): FakePayment {
    const payment: FakePayment = {
      id: `P${String(++this.ids).padStart(9, '0')}`,
      status: this.statusOfNew,
      approvalStatus: 'NOTNEEDED',
      externalReference: String(details.externalReference),
      batchId,
      details: details as FakePayment['details'],
      schemeId: null,
      ...(this.messageOfNew !== undefined && { message: this.messageOfNew }),
      createdAt: this.now().toISOString(),
    }
    this.payments.push(payment)
    return payment
  }

  private read({ path, query }: SeenRequest): Answer {
    const account = /^\/accounts\/([^/]+)(\/transactions)?$/.exec(path)
    const route = account ? `/accounts/{accountId}${account[2] ?? ''}` : path
    this.violates(`GET ${route}`, DESCRIPTION?.queryProblems('GET', route, query) ?? [])
    if (account && this.accountFault) return { ...this.accountFault, body: [] }
    if (account?.[2]) {
      const from = Date.parse(String(query.fromPostedDate).replace('+0000', 'Z'))
      const found = this.transactions.filter(
        (each) => each.account === account[1] && Date.parse(String(each.postedDate)) >= from,
      )
      const shown = found.map(({ account: _account, ...each }) => each)
      return this.answered('account.TransactionPageResponse', this.page(shown, query))
    }
    if (account)
      return this.answered('account.AccountResponse', {
        id: account[1],
        availableBalance: '1000.50',
        balance: '1100.00',
        status: 'ACTIVE',
      })
    if (path === '/batchpayments') {
      const found = this.batches.filter(({ externalReference }) =>
        externalReference.includes(String(query.externalReference)),
      )
      return this.answered(
        'payment.BatchPaymentsResponse',
        this.page(
          found.map((each) => this.shownBatch(each)),
          query,
        ),
      )
    }
    return this.answered(
      'payment.PaymentPageResponse',
      this.page(
        [...this.strangers, ...this.findPayments(query)].map((each) => this.shown(each)),
        query,
      ),
    )
  }

  private findPayments(query: Record<string, string>): FakePayment[] {
    const all = [...this.payments, ...this.payins]
    if (query.ids !== undefined) return all.filter(({ id }) => id === query.ids)
    if (query.fromCreatedDate === undefined)
      this.violations.push('GET /payments: fromCreatedDate is mandatory')
    const from = Date.parse(String(query.fromCreatedDate).replace('+0000', 'Z'))
    const to = Date.parse(String(query.toCreatedDate ?? '2999-01-01T00:00:00+0000').replace('+0000', 'Z'))
    return this.payments.filter(
      (payment) =>
        Date.parse(payment.createdAt) <= to &&
        (query.sourceAccountId === undefined || payment.details.sourceAccountId === query.sourceAccountId) &&
        (payment.batchId === null ? this.showsSingles : this.showsPayments) &&
        Date.parse(payment.createdAt) >= from &&
        (query.externalReference === undefined ||
          payment.externalReference.includes(query.externalReference)) &&
        (query.batchPaymentId === undefined || payment.batchId === query.batchPaymentId),
    )
  }

  private page(found: readonly unknown[], { page = '0', size = '20' }: Record<string, string>) {
    const [from, length] = [Number(page) * Number(size), Number(size)]
    return {
      content: found.slice(from, from + length),
      size: length,
      totalSize: found.length,
      page: Number(page),
      totalPages: Math.ceil(found.length / length),
    }
  }

  private shown({
    id,
    status,
    approvalStatus,
    externalReference,
    details,
    schemeId,
    message,
    createdAt,
  }: FakePayment) {
    return {
      id,
      status,
      approvalStatus,
      externalReference,
      details: this.hidesDetails ? {} : details,
      createdDate: createdAt.replace('Z', '+0000'),
      ...(message !== undefined && { message }),
      ...(schemeId !== null && { schemeInfo: { name: 'SEPA_CREDIT_TRANSFER', id: schemeId } }),
    }
  }

  private shownBatch = ({ id, externalReference, status, total }: (typeof this.batches)[number]) => ({
    id,
    externalReference,
    status,
    totalPayments: total,
  })

  private answered(schema: string, body: unknown, status = 200): Answer {
    this.violates(`our ${schema}`, DESCRIPTION?.problems(schema, body) ?? [])
    return { status, body }
  }
}
