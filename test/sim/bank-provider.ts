import type {
  ListedPayout,
  LookupOutcome,
  PaymentProvider,
  PayoutOrder,
  PayoutOutcome,
  PayoutPage,
  PayoutRange,
  ProviderWebhook,
  SubmitOutcome,
  WebhookRequest,
} from '../../src/ports/payment-provider'
import type { Bank, Payout } from './bank'
import type { Edges } from './edges'
import type { Faults } from './faults'
import type { Listed } from './lists'
import { EPOCH_MS } from './timeline'

/** The account in the words of a bank that repeats what it was sent. */
const repeats = (iban: string) => [
  { kind: 'unknown', why: `HTTP 400: the account ${iban} was not found` },
  { kind: 'accepted', reference: { account: iban } },
  { kind: 'declined', code: 'account_closed', status: { account: iban } },
]

/** Answers that break the contract; none of them proves anything. */
const GARBAGE: readonly unknown[] = [
  ...[null, undefined, 'OK', 200, [], {}, { kind: 'paid' }, { kind: 'SETTLED', reference: 'R-1' }],
  ...[{ kind: 'settled' }, { kind: 'settled', reference: 'R-1' }, { kind: 'accepted', reference: '' }],
  ...[
    { kind: 'settled', reference: 'R-1', transactionId: 5 },
    { kind: 'declined', status: {} },
  ],
  ...[{ kind: 'deferred', why: 'tired' }, { kind: 'not_found' }, { kind: 'not_found', conclusive: 'yes' }],
  ...[
    { kind: 'returned', reference: 'R-1', amount: '-1' },
    { kind: 'returned', amount: '1' },
  ],
]

/** A network that delivers twice does so while the provider still knows the key. */
const LATEST_DUPLICATE_MS = 25_000

/** The provider as one process sees it. */
export function providerFor(
  bank: Bank,
  edges: Edges,
  faults: Faults,
  { isDown, currencies, listed }: ProviderOptions,
): PaymentProvider {
  const { knobs } = bank
  const common = (label: string, keys: readonly string[]) => ({
    ...{
      label: `provider.${label}`,
      withdrawalIds: keys.map(bank.withdrawalIdOf),
      timeoutMs: knobs.timeoutMs,
    },
    isDown: isDown(),
  })
  const garbage = (fault: { index: number }): never =>
    GARBAGE[faults.amount(fault, 'garbage', 0, GARBAGE.length - 1)] as never
  /** In some of its odd answers it repeats the account it was to pay to. */
  const garbageAbout = (fault: { index: number }, { items }: PayoutOrder): never => {
    const iban = (items[0]?.destination as { iban?: string } | undefined)?.iban ?? ''
    const [first, ...others] = repeats(iban)
    const which = faults.amount(fault, 'repeats', 0, 5)
    if (which === 0) throw new Error(`request for ${iban} failed`)
    return which < 3 ? ([first, ...others][which] as never) : garbage(fault)
  }
  const throttled = (fault: { index: number }): PayoutOutcome => ({
    kind: 'deferred',
    why: faults.amount(fault, 'why', 0, 1) === 0 ? 'rate_limited' : 'insufficient_float',
    ...(faults.amount(fault, 'says', 0, 1) === 0 && {
      retryAfterMs: faults.amount(fault, 'retry', 1_000, 90_000),
    }),
  })
  return {
    name: bank.name,
    capabilities: {
      ...{ methods: ['BANK'], keyLifetimeMs: knobs.keyLifetimeMs, lookup: knobs.lookup },
      currencies: Object.fromEntries(currencies.map((symbol) => [symbol, {}])),
      ...{ notFoundConclusiveAfterMs: knobs.notFoundConclusiveAfterMs },
      ...{ returnWindowMs: knobs.returnWindowMs },
      ...{ expectedMs: knobs.expectedMs, destinationFields: {}, timeoutMs: knobs.timeoutMs },
      ...(knobs.batchItemsMax !== null && { batch: { maxItems: knobs.batchItemsMax } }),
    },
    check: () => [],
    submit: (order) =>
      edges.effect<SubmitOutcome>(
        'provider.submit',
        {
          ...common(
            'submit',
            order.items.map(({ key }) => key),
          ),
          effect: () => bank.submit(order),
          ...(knobs.keyLifetimeMs > LATEST_DUPLICATE_MS && { duplicateWithinMs: LATEST_DUPLICATE_MS }),
          // What was put off or refused is over; a second delivery of it would be a payout nobody asked for any more.
          repeats: (answer) => answer.kind !== 'deferred' && answer.kind !== 'declined',
        },
        (fault) => (fault.kind === 'throttled' ? throttled(fault) : garbageAbout(fault, order)),
      ),
    lookup: (query) =>
      edges.question<LookupOutcome>(
        'provider.lookup',
        { ...common('lookup', [query.key]), effect: () => bank.lookup(query) },
        (fault) => {
          if (fault.kind === 'stale') return bank.lookup(query, 'stateBefore')
          return fault.kind === 'throttled' ? throttled(fault) : garbage(fault)
        },
      ),
    ...(knobs.asksOrders && {
      lookupOrder: (query) =>
        edges.question<Readonly<Record<string, LookupOutcome>>>(
          'provider.lookup',
          { ...common('lookup order', []), effect: () => bank.lookupOrder(query) },
          (fault) =>
            fault.kind === 'stale' ? bank.lookupOrder(query) : { [query.orderKey]: garbage(fault) },
        ),
    }),
    ...(knobs.cancel !== 'none' && {
      cancel: (query) =>
        edges.question<'canceled' | 'too_late' | 'unknown'>(
          'provider.lookup',
          { ...common('cancel', [query.key]), effect: () => bank.cancel(query) },
          garbage,
        ),
    }),
    ...(knobs.lists && {
      listPayouts: (range: PayoutRange) =>
        edges.question<PayoutPage>('provider.lookup', {
          ...common('list', []),
          effect: () => pageOf(bank, range, listed),
        }),
    }),
    webhook: webhookOf(bank.name),
  }
}

const PAGE = 3
const LISTED_AS: Readonly<Record<Payout['state'], ListedPayout['state']>> = {
  ...{ pending: 'open', paid: 'paid', declined: 'failed', voided: 'failed', returned: 'returned' },
}

/** Its payouts of a time, in the order in which it has taken them; what a look-up does not show yet no list does. */
function pageOf(bank: Bank, { since, until, cursor }: PayoutRange, listed: Listed): PayoutPage {
  const { knobs, payouts, nowMs } = bank
  const from = Number(cursor ?? 0)
  const isMeant = ({ takenAtMs }: Payout): boolean => {
    const atMs = EPOCH_MS + takenAtMs
    return atMs >= since.getTime() && atMs < until.getTime() && nowMs() - takenAtMs >= knobs.lookupLagMs
  }
  const all = payouts.filter(isMeant)
  const page = all.slice(from, from + PAGE).map((payout): ListedPayout => {
    const { key, reference, amount, item, state, takenAtMs } = payout
    const at = new Date(EPOCH_MS + takenAtMs).toISOString()
    return { key, reference, amount, currency: item.currency, state: LISTED_AS[state], at }
  })
  const invented = (name: string): ListedPayout => {
    bank.invented.add(`BW-${name}`)
    const more = { reference: `R-${name}`, currency: 'eur', amount: '7.77', state: 'paid' } as const
    return { key: `BW-${name}`, ...more, at: since.toISOString() }
  }
  return {
    payouts: listed(page, invented),
    next: all.length > from + PAGE ? String(from + PAGE) : null,
  }
}

interface ProviderOptions {
  readonly isDown: () => boolean
  readonly currencies: readonly string[]
  /** What becomes of a page on its way. */
  readonly listed: Listed
}

/** An event as the bank sends it: what is genuine is signed, and says no more than which payout to look at. */
interface BankEvent {
  readonly id: string
  readonly signature: 'genuine' | 'forged'
  readonly key: string
}

const webhookOf = (name: string): ProviderWebhook => ({
  verify: ({ body }) => Promise.resolve((body as BankEvent).signature),
  parse({ body }) {
    const { id, key } = body as BankEvent
    return { id: `${name} ${id}`, type: 'payout.changed', payouts: [{ key }] }
  },
})

export const eventOf = (payout: Payout): WebhookRequest => ({
  headers: {},
  rawBody: null,
  body: {
    ...{ id: `${payout.reference} ${payout.state} ${payout.returned}`, key: payout.key },
    signature: 'genuine',
  },
})
