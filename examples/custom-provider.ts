/**
 * A provider for a bank with a small REST API: `POST /payouts`, `GET /payouts/<our key>`. It reports facts and
 * decides nothing: what it cannot classify it throws, and the engine looks the payout up before anything else.
 */
import axios, { type AxiosInstance } from 'axios'
import type {
  LookupOutcome,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutOutcome,
  PayoutProblem,
  PayoutQuery,
} from 'hollaex-bank-withdrawal'

interface AcmePayout {
  readonly id: string
  readonly status: string
  readonly reason?: string
}

const TIMEOUT_MS = 10_000

export class AcmeBank implements PaymentProvider {
  readonly name = 'acme'
  readonly capabilities = {
    methods: ['BANK'],
    currencies: { eur: { min: '1', max: '50000' } },
    keyLifetimeMs: 24 * 3_600_000,
    lookup: 'by_key',
    notFoundConclusiveAfterMs: 60_000,
    returnWindowMs: 3 * 24 * 3_600_000,
    expectedMs: 10_000,
    destinationFields: { BANK: ['iban', 'account_holder'] },
    timeoutMs: TIMEOUT_MS,
  } as const satisfies PaymentProvider['capabilities']

  private readonly http: AxiosInstance

  constructor({ baseUrl, apiKey }: { baseUrl: string; apiKey: string }) {
    this.http = axios.create({
      baseURL: baseUrl,
      timeout: TIMEOUT_MS,
      headers: { authorization: `Bearer ${apiKey}` },
      // A redirected payout request is a payout request somebody else receives.
      maxRedirects: 0,
      // The status decides below; only a missing answer is thrown, which the engine takes for "unknown".
      validateStatus: () => true,
    })
  }

  check({ destination }: PayoutItem): PayoutProblem[] {
    if (destination.method !== 'BANK')
      return [{ field: 'method', message: 'Acme pays to bank accounts only.' }]
    return destination.accountHolder
      ? []
      : [{ field: 'account_holder', message: 'The name of the account holder is required.' }]
  }

  async submit({ key, items: [item] }: PayoutOrder): Promise<PayoutOutcome> {
    if (item?.destination.method !== 'BANK') throw new Error('checked before')
    const { status, data } = await this.http.post<AcmePayout>('/payouts', {
      key,
      amount: item.amount,
      currency: item.currency.toUpperCase(),
      iban: item.destination.iban,
      name: item.destination.accountHolder,
      reference: item.endToEndId,
    })
    if (status === 200 || status === 201) return outcomeOf(data)
    if (status === 429) return { kind: 'deferred', why: 'rate_limited' }
    if (status === 402) return { kind: 'deferred', why: 'insufficient_float' }
    if (status === 422) return { kind: 'declined', code: 'invalid_identifier', status: '422' }
    return { kind: 'unknown', why: `HTTP ${status}` }
  }

  async lookup({ key }: PayoutQuery): Promise<LookupOutcome> {
    const { status, data } = await this.http.get<AcmePayout>(`/payouts/${key}`)
    if (status === 404) return { kind: 'not_found', conclusive: true }
    return status === 200 ? outcomeOf(data) : { kind: 'unknown', why: `HTTP ${status}` }
  }
}

/** Every status the bank documents; one it does not is no reason to guess. */
function outcomeOf({ id, status, reason }: AcmePayout): PayoutOutcome {
  switch (status) {
    case 'PAID':
      return { kind: 'settled', reference: id, transactionId: id, status }
    case 'RECEIVED':
    case 'PROCESSING':
      return { kind: 'accepted', reference: id, status }
    case 'REFUSED':
      return {
        kind: 'declined',
        code: reason === 'ACCOUNT_CLOSED' ? 'account_closed' : 'provider_declined',
        reference: id,
        status,
      }
    default:
      return { kind: 'unknown', why: `status ${status}` }
  }
}
