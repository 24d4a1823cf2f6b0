/**
 * A provider for a bank with a small REST API: `POST /payouts`, `GET /payouts/<our key>`. It reports facts and decides
 * nothing: what it cannot classify is unknown, or thrown, and the engine looks the payout up before anything else. It keeps
 * every rule of the conformance suite, as yours should.
 */
import type {
  LookupOutcome,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutOutcome,
  PayoutProblem,
  PayoutQuery,
  ProviderHost,
  SubmitOutcome,
} from 'hollaex-bank-withdrawal'
import {
  amountProblems,
  createHttpClient,
  createSendLog,
  guardedSend,
  type HttpAnswer,
  type HttpClient,
  NoAnswerError,
  type SendLog,
} from 'hollaex-bank-withdrawal/providers/shared'

export interface AcmeOptions {
  readonly baseUrl: string
  readonly apiKey: string
  readonly timeoutMs?: number
}

const HOUR_MS = 3_600_000

export class AcmeBank implements PaymentProvider {
  readonly name = 'acme'
  readonly capabilities: PaymentProvider['capabilities']
  private readonly http: HttpClient
  private readonly headers: Readonly<Record<string, string>>
  private sends: SendLog | null = null

  constructor({ baseUrl, apiKey, timeoutMs = 10_000 }: AcmeOptions) {
    this.capabilities = {
      methods: ['BANK'],
      currencies: { eur: { min: '1', max: '50000' } },
      keyLifetimeMs: 24 * HOUR_MS,
      lookup: 'by_key',
      notFoundConclusiveAfterMs: 60_000,
      returnWindowMs: 3 * 24 * HOUR_MS,
      expectedMs: 10_000,
      destinationFields: { BANK: ['iban', 'account_holder'] },
      timeoutMs,
    }
    // No redirect, no proxy, a bounded answer, a deadline, and errors without the request in them.
    this.http = createHttpClient({ baseUrl, timeoutMs })
    this.headers = { authorization: `Bearer ${apiKey}` }
  }

  open({ documents, clock }: ProviderHost): Promise<void> {
    this.sends = createSendLog(documents, clock)
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.http.close()
    return Promise.resolve()
  }

  check(item: PayoutItem): PayoutProblem[] {
    const { destination } = item
    if (destination.method !== 'BANK')
      return [{ field: 'method', message: 'Acme pays to bank accounts only.' }]
    const problems = amountProblems(item, this.capabilities)
    return destination.accountHolder
      ? problems
      : [...problems, { field: 'account_holder', message: 'The name of the account holder is required.' }]
  }

  /** A refusal counts only while no earlier request of the same payout may have been taken: `guardedSend` remembers. */
  submit({ key, items: [item] }: PayoutOrder): Promise<SubmitOutcome> {
    return guardedSend(this.opened(), key, () => this.send(item))
  }

  async lookup({ key, orderKey }: PayoutQuery): Promise<LookupOutcome> {
    const path = `/payouts/${encodeURIComponent(key)}`
    const answer = await this.http.request({ method: 'GET', path, headers: this.headers })
    if (answer.status === 200) return outcomeOf(answer.json(), key)
    // Of a 404 that anybody on the way may answer, the bank's own word is the proof.
    if (answer.status !== 404 || errorIn(answer) !== 'no_such_payout') return unknown(`HTTP ${answer.status}`)
    await this.opened().absent(orderKey, this.capabilities.notFoundConclusiveAfterMs)
    return { kind: 'not_found', conclusive: true }
  }

  private async send(item: PayoutItem | undefined): Promise<PayoutOutcome> {
    if (item?.destination.method !== 'BANK') throw new Error('checked before')
    const body = JSON.stringify({
      key: item.key,
      amount: item.amount,
      currency: item.currency.toUpperCase(),
      iban: item.destination.iban,
      name: item.destination.accountHolder,
      reference: item.endToEndId,
    })
    try {
      const request = { method: 'POST', path: '/payouts', headers: this.headers, body } as const
      return submitted(await this.http.request(request), item.key)
    } catch (error) {
      // Anything else that is thrown may have been received.
      if (!(error instanceof NoAnswerError) || error.reached === 'maybe') throw error
      return { kind: 'deferred', why: 'provider_unavailable' }
    }
  }

  private opened(): SendLog {
    if (!this.sends) throw new Error('The provider opens when the plugin is started.')
    return this.sends
  }
}

const unknown = (why: string) => ({ kind: 'unknown', why }) as const

/** What the bank documents; a status that it does not is no reason to guess. */
function submitted(answer: HttpAnswer, key: string): PayoutOutcome {
  const { status } = answer
  if (status === 200 || status === 201) {
    const outcome = outcomeOf(answer.json(), key)
    // Paid and back already: the look-up says so.
    return outcome.kind === 'returned' ? { kind: 'accepted', reference: outcome.reference } : outcome
  }
  if (status === 429) return { kind: 'deferred', why: 'rate_limited' }
  if (status === 401 || status === 403) return { kind: 'deferred', why: 'provider_unavailable' }
  if (status === 402) return { kind: 'deferred', why: 'insufficient_float' }
  if (status === 422 && errorIn(answer) === 'account_not_payable')
    return { kind: 'declined', code: 'invalid_identifier', status: '422' }
  return unknown(`HTTP ${status}`)
}

type Returned = Extract<LookupOutcome, { kind: 'returned' }>

/** Every status that the bank documents. `amount` is what was paid, or what has come back. */
function outcomeOf(payout: unknown, ours: string): PayoutOutcome | Returned {
  const { id: reference, key, status, reason, amount } = fieldsOf(payout)
  if (typeof reference !== 'string' || typeof status !== 'string') return unknown('no id or no status')
  if (key !== ours) return unknown('the payout of another key')
  switch (status) {
    case 'RECEIVED':
    case 'PROCESSING':
      return { kind: 'accepted', reference, status }
    case 'REFUSED': {
      const code = reason === 'ACCOUNT_CLOSED' ? 'account_closed' : 'provider_declined'
      return { kind: 'declined', code, reference, status }
    }
    case 'PAID':
    case 'RETURNED':
      if (typeof amount !== 'string') return unknown('no amount')
      return status === 'PAID'
        ? { kind: 'settled', reference, transactionId: reference, amount, status }
        : { kind: 'returned', reference, amount, code: 'provider_declined' }
    default:
      return unknown('a status that is not documented')
  }
}

function errorIn(answer: HttpAnswer): unknown {
  try {
    return fieldsOf(answer.json()).error
  } catch {
    return undefined
  }
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
