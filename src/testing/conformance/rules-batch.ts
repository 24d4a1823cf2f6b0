import { add } from '../../domain/money'
import type { PaymentProvider, PayoutItem } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand, demandBookedOnce, demandKind, demandNothingBooked, outcomeOf } from './demands'
import type { Rule } from './report'
import { demandFindable, OPEN } from './sending'
import { RuleNotApplicable } from './verdicts'

export const hasBatches = ({ capabilities }: PaymentProvider): boolean => capabilities.batch !== undefined

/** Several payouts in one call. */
export const BATCH_RULES: readonly Rule[] = [
  {
    id: 'batch.pays_each',
    title: 'hands in each payout of a batch once, and the same batch again as the same payouts',
    isAbout: hasBatches,
    async run(bench) {
      const items = threeItems(bench)
      const order = bench.order(...items)
      for (const outcome of [await bench.submit(order), await bench.submit(order)])
        for (const item of items) demandKind(outcomeOf(outcome, item), OPEN, 'a batch was handed in')
      for (const item of items) await demandBookedOnce(bench, item, 'a batch was handed in twice')
    },
  },
  {
    id: 'batch.commit_then_drop',
    title: 'does not guess when the answer to a batch is lost',
    isAbout: hasBatches,
    async run(bench) {
      const items = threeItems(bench)
      await bench.arranged('commit_then_drop', items[0])
      const order = bench.order(...items)
      const outcome = await bench.submit(order)
      for (const item of items) demandKind(outcomeOf(outcome, item), OPEN, 'the answer to a batch was lost')
      await bench.restart()
      if (bench.provider().capabilities.lookup !== 'none')
        for (const item of items) demandFindable(await bench.lookup(item, { orderKey: order.key }))
      if (bench.provider().capabilities.keyLifetimeMs > 0) await bench.submit(order)
      for (const item of items) await demandBookedOnce(bench, item, 'a batch was sent again')
    },
  },
  {
    id: 'batch.bad_item',
    title: 'names the bad item of a batch, and pays the others or gives all of them back',
    isAbout: hasBatches,
    async run(bench) {
      const [first, second, third] = threeItems(bench)
      const bad = await bench.arranged('bad_item', second)
      const outcome = await bench.submit(bench.order(first, bad, third))
      demandKind(outcomeOf(outcome, bad), ['declined'], 'the bank refused one item of a batch')
      await demandNothingBooked(bench, bad, 'the bank refused this item')
      for (const item of [first, third]) {
        const { kind } = outcomeOf(outcome, item)
        demandKind(outcomeOf(outcome, item), ['accepted', 'settled', 'deferred'], 'another item was refused')
        const demandBooked = kind === 'deferred' ? demandNothingBooked : demandBookedOnce
        await demandBooked(bench, item, `its outcome is ${kind}`)
      }
      const isWhole = outcomeOf(outcome, first).kind === 'deferred'
      demand(
        !isWhole || (outcome.kind === 'deferred' && outcome.why === 'batch_refused'),
        'a batch refused as a whole is "deferred" with "batch_refused"',
      )
    },
  },
]

/** Of three amounts, so that none can be taken for another. */
export function threeItems(bench: Bench): [PayoutItem, PayoutItem, PayoutItem] {
  const { batch } = bench.provider().capabilities
  if (!batch || batch.maxItems < 3) throw new RuleNotApplicable('the provider takes no batches of three')
  const { amount } = bench.subject.payout
  return [bench.item(), bench.item({ amount: add(amount, '1') }), bench.item({ amount: add(amount, '2') })]
}
