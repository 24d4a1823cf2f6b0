import type { LookupOutcome, PayoutItem, SubmitOutcome } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand, demandKind, demandToldAmount, outcomeOf, wordOf } from './demands'
import type { Rule } from './report'
import { threeItems } from './rules-batch'
import { OPEN } from './sending'
import { LOOKUP_FAULTS, type ReadingFault } from './subject'
import { RuleNotApplicable } from './verdicts'

type Outcomes = Readonly<Record<string, LookupOutcome>>

/** `lookupOrder`: what a whole batch is asked for in one go has to be what each payout alone would have told. */
export const ORDER_RULES: readonly Rule[] = [
  {
    id: 'order.tells_each',
    title: 'tells of each payout of a batch what looking it up alone would tell',
    isAbout: ({ lookupOrder }) => lookupOrder !== undefined,
    async run(bench) {
      const [paid, dropped, open] = threeItems(bench)
      const { orderKey, reference } = await handedIn(bench, [paid, dropped, open])
      await bench.brought(paid, 'settled')
      await bench.brought(dropped, 'declined')
      const outcomes = await askedFor(bench, orderKey, reference)
      const may = { [paid.key]: ['settled'], [dropped.key]: ['declined'], [open.key]: ['accepted'] } as const
      for (const item of [paid, dropped, open]) {
        const outcome = outcomes[item.key]
        const alone = await bench.lookup(item, { orderKey, orderReference: reference })
        if (!outcome) continue
        demandKind(outcome, [...(may[item.key] ?? []), 'unknown'], 'a batch was looked up')
        demandToldAmount(outcome, item.amount)
        demand(
          outcome.kind === alone.kind || outcome.kind === 'unknown',
          `one payout is ${wordOf(outcome)} with its batch, and ${wordOf(alone)} alone`,
        )
      }
      demand(
        [paid, dropped].some(({ key }) => outcomes[key]),
        'it named no payout of the batch',
      )
    },
  },
  {
    id: 'order.another_amount',
    title: 'tells what the bank has really paid of a batch',
    isAbout: ({ lookupOrder }) => lookupOrder !== undefined,
    async run(bench) {
      const items = threeItems(bench)
      const { orderKey, reference } = await handedIn(bench, items)
      await bench.brought(items[1], 'settled', '1')
      const outcome = (await askedFor(bench, orderKey, reference))[items[1].key]
      if (!outcome) return
      demandKind(outcome, ['settled', 'accepted', 'unknown'], 'the bank paid another amount')
      const isTold = outcome.kind !== 'settled' || outcome.amount !== undefined
      demand(isTold, 'the bank paid another amount, and none was told')
      demandToldAmount(outcome, '1')
    },
  },
  {
    id: 'order.never_sent',
    title: 'finds nothing of a batch that was never sent',
    isAbout: ({ lookupOrder }) => lookupOrder !== undefined,
    async run(bench) {
      const outcomes = await askedFor(bench, bench.item().key, undefined).catch(() => ({}))
      demand(Object.keys(outcomes).length === 0, 'payouts of a batch that was never sent were named')
    },
  },
  {
    id: 'order.failed_look_up',
    title: 'does not guess when the look-up of a batch fails, whatever happens to it',
    isAbout: ({ lookupOrder }) => lookupOrder !== undefined,
    async run(bench) {
      let tried = 0
      for (const fault of LOOKUP_FAULTS) tried += Number(await demandNoGuess(bench, fault))
      if (tried === 0) throw new RuleNotApplicable('the fake can do nothing to a reading call')
    },
  },
]

/** A batch that the bank has. */
async function handedIn(bench: Bench, items: readonly PayoutItem[]) {
  if (!bench.provider().lookupOrder) throw new RuleNotApplicable('the provider looks payouts up one by one')
  for (const item of items) await bench.arranged('accept', item)
  const order = bench.order(...items)
  const answer: SubmitOutcome = await bench.submit(order)
  for (const item of items) demandKind(outcomeOf(answer, item), OPEN, 'a batch was handed in')
  const reference = 'reference' in answer ? answer.reference : undefined
  return { orderKey: order.key, reference }
}

/** @throws What the provider throws: the engine then looks each payout up alone. */
async function askedFor(bench: Bench, orderKey: string, reference: string | undefined): Promise<Outcomes> {
  const provider = bench.provider()
  if (!provider.lookupOrder) throw new RuleNotApplicable('the provider looks payouts up one by one')
  const { currency } = bench.subject.payout
  return provider.lookupOrder({ orderKey, orderReference: reference ?? null, currency })
}

/** @returns Whether the fake can do it. */
async function demandNoGuess(bench: Bench, fault: ReadingFault): Promise<boolean> {
  const items = threeItems(bench)
  const { orderKey, reference } = await handedIn(bench, items)
  if (!(await bench.subject.api.arrangeReading?.(fault))) return false
  const outcomes: Outcomes = await askedFor(bench, orderKey, reference).catch(() => ({}))
  for (const item of items) {
    const outcome = outcomes[item.key]
    if (outcome) demandKind(outcome, [...OPEN, 'deferred'], `the look-up of a batch met "${fault}"`)
  }
  return true
}
