import { demand, demandBookedOnce, demandKind, outcomeOf } from './demands'
import type { Rule } from './report'
import { hasBatches, threeItems } from './rules-batch'
import { demandTruth, OPEN, sent } from './sending'
import type { Arrangement } from './subject'

/** What a bank that has taken the payout may say to the same payout when it comes again. */
const REFUSALS = {
  refuse_again: 'refuses it for good, before it looks at its key',
  refuse_429: 'has no time for it',
  refuse_401: 'does not believe who sends it',
  refuse_403: 'does not allow it',
  refuse_503: 'is being repaired',
  down: 'cannot be reached',
} as const satisfies Partial<Record<Arrangement, string>>

/**
 * No negative answer to a repetition says anything about the first time. While an earlier request may have been taken,
 * `declined` would give the balance of a paid payout back, and `deferred` would send it a second time.
 */
export const REPEAT_RULES: readonly Rule[] = [
  ...(Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]).map((refusal): Rule => ({
    id: `repeat.${refusal}`,
    title: `concludes nothing about a payout that was paid unanswered, when the bank ${REFUSALS[refusal]}`,
    async run(bench) {
      const item = await bench.arranged('commit_then_drop', bench.item())
      demandKind(await sent(bench, item), OPEN, 'the bank took the payout, and its answer was lost')
      // What is known of the first time outlives the process.
      await bench.restart()
      await bench.arranged(refusal, item)
      demandKind(
        await sent(bench, item),
        OPEN,
        `the same key was sent again, and the bank ${REFUSALS[refusal]}`,
      )
      await bench.subject.api.arrange('accept')
      await demandBookedOnce(bench, item, 'a payout was sent again')
      await demandTruth(bench, item, { kind: 'unknown', why: '' }, true)
    },
  })),
  {
    id: 'batch.refused_again',
    title: 'concludes nothing about a batch that was paid unanswered, when the bank refuses it the next time',
    isAbout: hasBatches,
    async run(bench) {
      const items = threeItems(bench)
      const order = bench.order(...items)
      await bench.arranged('commit_then_drop', items[0])
      await bench.submit(order)
      await bench.restart()
      await bench.arranged('refuse_again', items[0])
      const again = await bench.submit(order)
      const after = 'the same batch was sent again, and the bank refused it'
      demand(
        again.kind !== 'deferred' && again.kind !== 'declined',
        `${after}: it said ${again.kind} of the batch`,
      )
      for (const item of items) {
        demandKind(outcomeOf(again, item), OPEN, after)
        await demandBookedOnce(bench, item, after)
      }
    },
  },
]
