import type { PayoutItem } from '../../ports/payment-provider'
import { type Bench, demand, demandExecutions, demandKind, outcomeOf } from './bench'
import type { Rule } from './report'
import { RuleNotApplicable } from './verdicts'

/** Several payouts in one call. */
export const BATCH_RULES: readonly Rule[] = [
  {
    id: 'batch.pays_each',
    title: 'hands in each payout of a batch once, and the same batch again as the same payouts',
    async run(bench) {
      const items = threeItems(bench)
      const order = bench.order(...items)
      for (const outcome of [await bench.submit(order), await bench.submit(order)])
        for (const item of items)
          demandKind(outcomeOf(outcome, item), ['accepted', 'settled', 'unknown'], 'a batch was handed in')
      for (const item of items)
        demandExecutions(await bench.executions(item), 1, 'a batch was handed in twice')
    },
  },
  {
    id: 'batch.commit_then_drop',
    title: 'does not guess when the answer to a batch is lost',
    async run(bench) {
      const items = threeItems(bench)
      await bench.arranged('commit_then_drop', items[0])
      const order = bench.order(...items)
      const outcome = await bench.submit(order)
      for (const item of items)
        demandKind(
          outcomeOf(outcome, item),
          ['unknown', 'accepted', 'settled'],
          'the answer to a batch was lost',
        )
      await bench.restart()
      if (bench.provider().capabilities.keyLifetimeMs > 0) await bench.submit(order)
      for (const item of items) demandExecutions(await bench.executions(item), 1, 'a batch was sent again')
    },
  },
  {
    id: 'batch.bad_item',
    title: 'names the bad item of a batch, and pays the others or gives all of them back',
    async run(bench) {
      const [first, second, third] = threeItems(bench)
      const bad = await bench.arranged('bad_item', second)
      const outcome = await bench.submit(bench.order(first, bad, third))
      demandKind(outcomeOf(outcome, bad), ['declined'], 'the bank refused one item of a batch')
      demandExecutions(await bench.executions(bad), 0, 'the bank refused this item')
      for (const item of [first, third]) {
        const { kind } = outcomeOf(outcome, item)
        demandKind(outcomeOf(outcome, item), ['accepted', 'settled', 'deferred'], 'another item was refused')
        demandExecutions(await bench.executions(item), kind === 'deferred' ? 0 : 1, `its outcome is ${kind}`)
      }
      const isWhole = outcomeOf(outcome, first).kind === 'deferred'
      demand(
        !isWhole || (outcome.kind === 'deferred' && outcome.why === 'batch_refused'),
        'a batch refused as a whole is "deferred" with "batch_refused"',
      )
    },
  },
]

function threeItems(bench: Bench): [PayoutItem, PayoutItem, PayoutItem] {
  const { batch } = bench.provider().capabilities
  if (!batch || batch.maxItems < 3) throw new RuleNotApplicable('the provider takes no batches of three')
  return [bench.item(), bench.item(), bench.item()]
}
