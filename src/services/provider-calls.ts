import { withDeadline } from '../deadline'
import { readDecimal } from '../domain/money'
import { isDeclineCode } from '../domain/reasons'
import { describeError } from '../errors'
import type { Clock } from '../ports/clock'
import type {
  LookupOutcome,
  PaymentProvider,
  PayoutOrder,
  PayoutOutcome,
  PayoutQuery,
  SubmitOutcome,
} from '../ports/payment-provider'

/**
 * The only way the engine talks to a provider: with a deadline, and with every answer checked. Whatever is
 * thrown, late or malformed becomes `unknown`.
 */
export interface ProviderCalls {
  submit(provider: PaymentProvider, order: PayoutOrder): Promise<SubmitOutcome>
  lookup(provider: PaymentProvider, query: PayoutQuery): Promise<LookupOutcome>
}

export const createProviderCalls = ({ clock }: { clock: Clock }): ProviderCalls => ({
  async submit(provider, order) {
    try {
      const answer = await withDeadline(clock, provider.capabilities.timeoutMs, 'payout submit', () =>
        provider.submit(order),
      )
      return checkedSubmit(answer)
    } catch (error) {
      return unknown(error)
    }
  },

  async lookup(provider, query) {
    try {
      const answer = await withDeadline(clock, provider.capabilities.timeoutMs, 'payout look-up', () =>
        provider.lookup(query),
      )
      return checkedLookup(answer)
    } catch (error) {
      return unknown(error)
    }
  },
})

function unknown(error: unknown): { kind: 'unknown'; why: string } {
  const { name, code, message } = describeError(error)
  return { kind: 'unknown', why: [code ?? name, message].filter(Boolean).join(': ').slice(0, 200) }
}

const malformed = (what: string): { kind: 'unknown'; why: string } => ({
  kind: 'unknown',
  why: `malformed answer: ${what}`,
})

function checkedSubmit(answer: SubmitOutcome): SubmitOutcome {
  const envelope = checked(answer)
  const items = (answer as { items?: unknown } | null)?.items
  if (items === undefined) return envelope
  if (typeof items !== 'object' || items === null) return malformed('items')
  const entries = Object.entries(items as Record<string, PayoutOutcome>)
  return { ...envelope, items: Object.fromEntries(entries.map(([key, item]) => [key, checked(item)])) }
}

/** A provider is third-party code: its types are promises, not facts. */
function checked(answer: PayoutOutcome): PayoutOutcome {
  const { kind } = (answer ?? {}) as { kind?: unknown }
  switch (kind) {
    case 'accepted':
      return isText((answer as { reference?: unknown }).reference) ? answer : malformed('reference')
    case 'settled': {
      const { reference, transactionId, amount } = answer as Partial<PayoutOutcome & { kind: 'settled' }>
      if (!isText(reference) || !isText(transactionId)) return malformed('reference')
      return amount === undefined || readDecimal(amount) !== null ? answer : malformed('amount')
    }
    case 'declined':
      return isDeclineCode((answer as { code: string }).code)
        ? answer
        : { ...(answer as PayoutOutcome & { kind: 'declined' }), code: 'provider_declined' }
    case 'deferred':
    case 'unknown':
      return answer
    default:
      return malformed('kind')
  }
}

function checkedLookup(answer: LookupOutcome): LookupOutcome {
  const { kind } = (answer ?? {}) as { kind?: unknown }
  if (kind === 'not_found') return answer
  if (kind !== 'returned') return checked(answer as PayoutOutcome)
  const { amount, reference } = answer as LookupOutcome & { kind: 'returned' }
  return isText(reference) && readDecimal(amount) !== null ? answer : malformed('returned')
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 255
