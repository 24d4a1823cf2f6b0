import type { Clock } from '../../ports/clock'
import { type Meter, NO_METER } from '../../ports/meter'
import type {
  LookupOutcome,
  OrderQuery,
  PaymentProvider,
  PayoutOrder,
  PayoutPage,
  PayoutQuery,
  PayoutRange,
  SubmitOutcome,
} from '../../ports/payment-provider'
import { withDeadline } from '../../runtime/deadline'
import { checkedLookup, checkedPage, checkedSubmit, unknownFrom } from './checked-answers'
import type { Circuits } from './circuit'
import { isAnotherPayer, type SentThrough } from './payer'
import { withoutPayees } from './without-payees'

/**
 * The only way the engine talks to a provider: with a deadline, past the breaker, and with every answer checked.
 * Whatever is thrown, late or malformed becomes `unknown`.
 */
export interface ProviderCalls {
  submit(provider: PaymentProvider, order: PayoutOrder): Promise<Submitted>
  lookup(provider: PaymentProvider, query: PayoutAsked): Promise<LookupOutcome>
  /** Of it alone, and not of the batch that it is in now: dearer, and it shows what came of another one as well. */
  lookupByItself(provider: PaymentProvider, query: PayoutAsked): Promise<LookupOutcome>
  /** Past the breaker as well: what a person is about to decide is worth a call that is probably in vain. */
  lookupAnyway(provider: PaymentProvider, query: PayoutAsked): Promise<LookupOutcome>
  /** Asks to stop a payout. The answer proves nothing: what became of it is looked up. */
  cancel(provider: PaymentProvider, query: PayoutAsked): Promise<CancelAnswer>
  /** A page of what it has, for the reconciliation; of a provider that can list. */
  list(provider: PaymentProvider, range: PayoutRange): Promise<PageAnswer>
}

/** Asked of that account alone: where another one is set, nobody is asked. */
export type PayoutAsked = PayoutQuery & SentThrough

export type PageAnswer =
  { readonly kind: 'page'; readonly page: PayoutPage } | { readonly kind: 'unknown'; readonly why: string }

/** `wasNotSent`: `deferred` without a call, while the breaker is open. */
export type Submitted = SubmitOutcome & { readonly wasNotSent?: true }

export type CancelAnswer = 'canceled' | 'too_late' | 'unknown'
const CANCEL_ANSWERS: readonly CancelAnswer[] = ['canceled', 'too_late', 'unknown']

const LEFT_ALONE = {
  kind: 'unknown',
  why: 'the provider has not answered for a while and is left alone',
} as const

const SENT_ELSEWHERE = {
  kind: 'unknown',
  why: 'it was sent through another account than the one that is set now, and nobody was asked',
} as const

/** @returns What is said where nobody may be asked; null where the provider is the one to ask. */
function elsewhere(
  provider: PaymentProvider,
  sent: SentThrough,
): { readonly kind: 'unknown'; readonly why: string } | null {
  try {
    return isAnotherPayer(provider, sent) ? SENT_ELSEWHERE : null
  } catch (error) {
    return unknownFrom(error)
  }
}

/** The members of a batch come to be looked up within moments of each other: one answer serves them for this long. */
const ORDER_ANSWER_KEPT_MS = 5_000

interface OrderAnswer {
  readonly askedAtMs: number
  readonly outcomes: Promise<Readonly<Record<string, LookupOutcome>>>
}

function forgetOld(answers: Map<string, OrderAnswer>, now: number): void {
  for (const [key, { askedAtMs }] of answers) if (now - askedAtMs > ORDER_ANSWER_KEPT_MS) answers.delete(key)
}

const outcomesIn = (found: unknown) =>
  (typeof found === 'object' && found !== null ? found : {}) as Readonly<Record<string, LookupOutcome>>

/** A bank that answers what helps nobody, such as 409 to a repetition, is there. */
const saysHeard = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && (given as { wasHeard?: unknown }).wasHeard === true

/** What look-ups of whole batches have said a moment ago. */
function createOrderAnswers(clock: Clock) {
  const orderAnswers = new Map<string, OrderAnswer>()
  return function orderAnswer(
    provider: PaymentProvider,
    { orderKey, orderReference, currency }: OrderQuery,
  ): OrderAnswer {
    const now = clock.monotonicMs()
    forgetOld(orderAnswers, now)
    const name = `${provider.name} ${orderKey}`
    const known = orderAnswers.get(name)
    if (known) return known
    const outcomes = withDeadline(clock, provider.capabilities.timeoutMs, 'batch look-up', async () =>
      outcomesIn(await provider.lookupOrder?.({ orderKey, orderReference, currency })),
    )
    outcomes.catch(() => {})
    orderAnswers.set(name, { askedAtMs: now, outcomes })
    return { askedAtMs: now, outcomes }
  }
}

interface CallDeps {
  readonly clock: Clock
  readonly circuits: Circuits
  readonly meter?: Pick<Meter, 'remoteCall'>
}

/** One call, within its deadline, counted, and told to the breaker. Gives null when the provider is left alone, and nothing was asked. */
function createAsk({ clock, circuits, meter = NO_METER }: CallDeps) {
  return async function ask<Answer extends { kind: string }>(
    provider: PaymentProvider,
    what: string,
    work: (note: <Given>(given: Given) => Given) => Promise<Answer>,
    isAskedAnyway = false,
  ): Promise<Answer | { kind: 'unknown'; why: string } | null> {
    const leave = circuits.enter(provider.name) ?? (isAskedAnyway ? () => {} : null)
    if (!leave) return null
    const startedMs = clock.monotonicMs()
    let wasHeard = false
    const noted = <Given>(given: Given): Given => {
      wasHeard = saysHeard(given)
      return given
    }
    const answer = await withDeadline(clock, provider.capabilities.timeoutMs, what, () => work(noted)).catch(
      unknownFrom,
    )
    leave(answer.kind !== 'unknown' || wasHeard)
    const seconds = (clock.monotonicMs() - startedMs) / 1_000
    meter.remoteCall({ party: provider.name, call: what, outcome: answer.kind, seconds })
    return answer
  }
}

export function createProviderCalls(deps: CallDeps): ProviderCalls {
  const { clock, circuits } = deps
  const orderAnswer = createOrderAnswers(clock)
  const ask = createAsk(deps)

  /** What a look-up of the whole batch said about this member, where the provider has one. */
  async function fromOrder(provider: PaymentProvider, query: PayoutQuery): Promise<LookupOutcome | null> {
    if (!provider.lookupOrder || query.orderKey === query.key) return null
    const outcomes = await orderAnswer(provider, query).outcomes.catch(() => null)
    if (outcomes === null || !Object.hasOwn(outcomes, query.key)) return null
    const outcome = checkedLookup(outcomes[query.key] as LookupOutcome)
    // An answer that was fetched for a neighbour may be a moment old. What it has seen stays true; what it has not
    // seen may have come since.
    return outcome.kind === 'not_found' || outcome.kind === 'unknown' ? null : outcome
  }

  const lookup =
    (how: 'by its batch' | 'by itself' | 'anyway') =>
    async (provider: PaymentProvider, { payer, ...query }: PayoutAsked): Promise<LookupOutcome> => {
      const nobody = elsewhere(provider, { payer, currency: query.currency })
      if (nobody) return nobody
      const answer = await ask(
        provider,
        'payout look-up',
        async (noted) =>
          (how === 'by itself' ? null : await fromOrder(provider, query)) ??
          checkedLookup(noted(await provider.lookup(query))),
        how === 'anyway',
      )
      return answer ?? LEFT_ALONE
    }

  return {
    async submit(provider, order) {
      const answer = await ask(provider, 'payout submit', async (noted) =>
        checkedSubmit(noted(await provider.submit(order))),
      )
      if (answer) return withoutPayees(answer, order)
      return {
        kind: 'deferred',
        why: 'provider_unavailable',
        retryAfterMs: Math.ceil(circuits.waitMs(provider.name)),
        wasNotSent: true,
      }
    },

    lookup: lookup('by its batch'),
    lookupByItself: lookup('by itself'),
    lookupAnyway: lookup('anyway'),

    list: async (provider, range) =>
      (await ask(provider, 'list of payouts', async () =>
        checkedPage(await provider.listPayouts?.(range), range),
      )) ?? LEFT_ALONE,

    async cancel(provider, { payer, ...query }) {
      if (elsewhere(provider, { payer, currency: query.currency })) return 'unknown'
      const answer = await ask(provider, 'payout stop', async () => ({
        kind: String(await provider.cancel?.(query)),
      }))
      return CANCEL_ANSWERS.find((known) => known === answer?.kind) ?? 'unknown'
    },
  }
}
