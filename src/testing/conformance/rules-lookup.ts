import { isLess, sameAmount } from '../../domain/money'
import type { LookupOutcome, PayoutItem } from '../../ports/payment-provider'
import { type Bench, demand, demandExecutions, demandKind, wordOf } from './bench'
import type { Rule } from './report'
import { takenPayout } from './rules-payout'
import { type Ending, READING_FAULTS, type ReadingFault } from './subject'
import { RuleNotApplicable } from './verdicts'

const SAYS: Readonly<Record<Ending, readonly LookupOutcome['kind'][]>> = {
  settled: ['settled'],
  declined: ['declined'],
  returned: ['returned'],
  unknown_status: ['accepted', 'unknown'],
  forgotten: ['not_found', 'unknown'],
}
const TITLES: Readonly<Record<Ending, string>> = {
  settled: 'finds a payout that was paid',
  declined: 'finds a payout that the bank dropped for good',
  returned: 'finds a payout that came back, with the amount',
  unknown_status: 'does not guess what a status word means that nobody knows',
  forgotten: 'does not guess what became of a payout that the bank no longer shows',
}

/** Asks what became of payouts. */
export const LOOKUP_RULES: readonly Rule[] = [
  {
    id: 'lookup.nothing',
    title: 'finds nothing where nothing was sent, and sends nothing',
    async run(bench) {
      canLookUp(bench)
      const item = bench.item()
      const outcome = await bench.lookup(item)
      demandKind(outcome, ['not_found', 'unknown'], 'a payout that was never sent was asked for')
      const { lookup } = bench.provider().capabilities
      const isPromise = outcome.kind === 'not_found' && outcome.conclusive && lookup === 'by_reference'
      demand(!isPromise, 'without a look-up by key, "not found" can never be conclusive')
      demandExecutions(await bench.executions(item), 0, 'a payout was only asked for')
    },
  },
  {
    id: 'lookup.hidden',
    title: 'calls "not found" conclusive only when the bank would show what it has',
    async run(bench) {
      canLookUp(bench)
      const { visibleAfterMs = 0 } = bench.subject.api
      if (visibleAfterMs === 0) throw new RuleNotApplicable('the bank shows a payout as soon as it has it')
      const item = await bench.arranged('hidden', bench.item())
      await bench.submit(bench.order(item))
      const outcome = await bench.lookup(item)
      demandKind(
        outcome,
        ['not_found', 'unknown', 'accepted'],
        'the bank has the payout and does not show it yet',
      )
      const { notFoundConclusiveAfterMs } = bench.provider().capabilities
      const tooEarly =
        outcome.kind === 'not_found' && outcome.conclusive && notFoundConclusiveAfterMs < visibleAfterMs
      demand(
        !tooEarly,
        'the bank has the payout and does not show it yet, and the look-up called that conclusive',
      )
    },
  },
  ...(['settled', 'declined', 'returned', 'unknown_status', 'forgotten'] as const).map(endingRule),
  {
    id: 'lookup.same_reference',
    title: 'keeps one reference for one payout',
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      const outcomes = [await bench.lookup(item), await bench.lookup(item, reference ? { reference } : {})]
      const references = outcomes.flatMap((outcome) => ('reference' in outcome ? [outcome.reference] : []))
      const all = new Set([...references, reference].filter((each) => each !== undefined))
      demand(all.size <= 1, `one payout was called by ${all.size} references`)
    },
  },
  ...READING_FAULTS.map(readingRule),
]

function canLookUp(bench: Bench): void {
  if (bench.provider().capabilities.lookup === 'none')
    throw new RuleNotApplicable('the provider has no look-up')
}

function endingRule(ending: Ending): Rule {
  return {
    id: `lookup.${ending}`,
    title: TITLES[ending],
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      if (!(await bench.subject.api.bring?.(item.key, ending)))
        throw new RuleNotApplicable(`the fake cannot bring a payout to "${ending}"`)
      const outcome = await bench.lookup(item, reference ? { reference } : {})
      demandKind(outcome, SAYS[ending], `the payout is ${ending}`)
      demandAmount(outcome, item)
    },
  }
}

function demandAmount(outcome: LookupOutcome, item: PayoutItem): void {
  const amount = outcome.kind === 'settled' || outcome.kind === 'returned' ? outcome.amount : undefined
  if (amount === undefined) return
  const fits = outcome.kind === 'returned' ? !isLess(item.amount, amount) : sameAmount(amount, item.amount)
  demand(fits, `the ${outcome.kind} amount is not the payout’s`)
}

function readingRule(fault: ReadingFault): Rule {
  return {
    id: `reading.${fault}`,
    title: `does not guess when a look-up meets "${fault}"`,
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      if (!(await bench.subject.api.arrangeReading?.(fault)))
        throw new RuleNotApplicable(`the fake cannot do "${fault}" to a reading call`)
      const outcome = await bench.lookup(item, reference ? { reference } : {})
      const after = `a look-up met "${fault}"`
      demandKind(outcome, ['unknown', 'deferred', 'not_found', 'accepted', 'settled'], after)
      demand(!(outcome.kind === 'not_found' && outcome.conclusive), `${after}: it said ${wordOf(outcome)}`)
      demand((bench.subject.api.followedRedirects?.() ?? 0) === 0, 'the provider followed a redirect')
    },
  }
}
