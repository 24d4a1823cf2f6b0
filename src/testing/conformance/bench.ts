import { inspect } from 'node:util'

import { sum } from '../../domain/money'
import type {
  LookupOutcome,
  PaymentProvider,
  PayoutItem,
  PayoutOrder,
  PayoutOutcome,
  ProviderHost,
  SubmitOutcome,
} from '../../ports/payment-provider'
import { systemClock, systemRandomness } from '../../runtime/clock'
import { createProviderCalls } from '../../services/payouts/provider-calls'
import { memoryDocuments } from '../memory-documents'
import type { Arrangement, ConformanceSubject } from './subject'
import { RuleBroken, RuleNotApplicable } from './verdicts'

/** What a provider has let out of its hands: nothing of the payee or of the secrets may be in it. */
export interface Evidence {
  readonly outcomes: string[]
  readonly errors: string[]
  readonly logs: string[]
}

/** One rule's own provider, with empty books behind it. */
export interface Bench {
  readonly subject: ConformanceSubject
  readonly evidence: Evidence
  /** The provider in hand. */
  provider(): PaymentProvider
  /** A new process with the same documents. */
  restart(): Promise<PaymentProvider>
  /** A new payout with its own key. */
  item(changes?: Partial<PayoutItem>): PayoutItem
  /** Puts the item into an order of its own, or several into a batch. */
  order(...items: readonly PayoutItem[]): PayoutOrder
  /** The outcome as the engine sees it: what is thrown, late or malformed is `unknown`. */
  submit(order: PayoutOrder): Promise<SubmitOutcome>
  lookup(item: PayoutItem, known?: { reference?: string }): Promise<LookupOutcome>
  executions(item: PayoutItem): Promise<number>
  /**
   * Makes something happen to the next payout.
   * @returns The item it will happen to: where a fake goes by the amount, another one.
   * @throws {RuleNotApplicable} The fake cannot do it.
   */
  arranged(what: Arrangement, item: PayoutItem): Promise<PayoutItem>
  close(): Promise<void>
}

/** A rule hears of every call, also after many that failed. */
const ALWAYS_CLOSED = { waitMs: () => 0, enter: () => () => {} }

export async function createBench(subject: ConformanceSubject): Promise<Bench> {
  await subject.api.reset()
  const evidence: Evidence = { outcomes: [], errors: [], logs: [] }
  const host = createHost(evidence)
  const calls = createProviderCalls({ clock: systemClock, circuits: ALWAYS_CLOSED })
  const opened: PaymentProvider[] = []
  let items = 0

  const provider = (): PaymentProvider => {
    const last = opened.at(-1)
    if (!last) throw new Error('The provider has not been opened.')
    return last
  }
  const bench: Bench = {
    subject,
    evidence,
    provider,
    async restart() {
      const made = recording(await subject.createProvider(), evidence)
      opened.push(made)
      await made.open?.(host)
      return made
    },
    item: (changes = {}) => ({ ...newItem(subject, ++items), ...changes }),
    order: (...of) => orderOf(of),
    submit: (order) => calls.submit(provider(), order),
    lookup: (item, { reference } = {}) => {
      const query = {
        ...{ key: item.key, orderKey: item.key, reference: reference ?? null, orderReference: null },
        ...{ endToEndId: item.endToEndId, currency: item.currency, amount: item.amount },
      }
      return calls.lookup(provider(), query)
    },
    executions: async ({ key }) => subject.api.executions(key),
    async arranged(what, item) {
      const can = await subject.api.arrange(what, what === 'bad_item' ? item.key : undefined)
      if (can === false) throw new RuleNotApplicable(`the fake cannot do "${what}"`)
      return can === true ? item : { ...item, amount: can.amount }
    },
    async close() {
      await Promise.allSettled(opened.map(async (each) => each.close?.()))
    },
  }
  await bench.restart()
  return bench
}

function createHost(evidence: Evidence): ProviderHost {
  const log = (event: string, fields?: Record<string, unknown>) => {
    evidence.logs.push(`${event} ${inspect(fields, { depth: 8 })}`)
  }
  return {
    documents: memoryDocuments(),
    clock: systemClock,
    random: systemRandomness,
    logger: { debug: log, info: log, warn: log, error: log },
  }
}

function newItem({ payout }: ConformanceSubject, n: number): PayoutItem {
  const id = systemRandomness.newId()
  return {
    key: `BW-${id}`,
    endToEndId: id.replaceAll('-', '').toUpperCase(),
    ...payout,
    statementText: `Withdrawal ${n}`,
  }
}

function orderOf(items: readonly PayoutItem[]): PayoutOrder {
  const [first] = items
  if (!first) throw new Error('An order has at least one item.')
  return {
    key: items.length === 1 ? first.key : `BT-${first.key}`,
    currency: first.currency,
    total: sum(items.map(({ amount }) => amount)),
    items,
  }
}

/** Notes what is answered and thrown, before the engine redacts the one and turns the other into `unknown`. */
function recording(provider: PaymentProvider, evidence: Evidence): PaymentProvider {
  const noting = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async function noted(...args: Args): Promise<Result> {
      try {
        const result = await call.apply(provider, args)
        evidence.outcomes.push(inspect(result, { depth: 8 }))
        return result
      } catch (error) {
        evidence.errors.push(inspect(error, { depth: 8 }))
        throw error
      }
    }
  return Object.assign(Object.create(provider) as PaymentProvider, {
    submit: noting(provider.submit),
    lookup: noting(provider.lookup),
  })
}

/** What was said of this one payout. */
export const outcomeOf = (outcome: SubmitOutcome, { key }: PayoutItem): PayoutOutcome =>
  outcome.items?.[key] ?? outcome

/** The outcome in one word and the provider's own, for a report; its texts may hold what must not be shown. */
export const wordOf = (outcome: LookupOutcome): string =>
  outcome.kind === 'not_found' ? `not_found (conclusive: ${outcome.conclusive})` : outcome.kind

export function demand(holds: boolean, why: string): asserts holds {
  if (!holds) throw new RuleBroken(why)
}

export function demandKind(
  outcome: LookupOutcome,
  may: readonly LookupOutcome['kind'][],
  after: string,
): void {
  demand(
    may.includes(outcome.kind),
    `${after}: it said ${wordOf(outcome)}, and may only say ${may.join(' or ')}`,
  )
}

export function demandExecutions(actual: number, expected: number, after: string): void {
  demand(
    actual === expected,
    `${after}: the bank has ${actual} payouts under the key, and must have ${expected}`,
  )
}
