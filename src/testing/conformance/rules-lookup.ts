import { add, isLess } from '../../domain/money'
import type { LookupOutcome, PayoutItem } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand, demandKind, demandNothingBooked, demandToldAmount, wordOf } from './demands'
import type { Rule } from './report'
import { takenPayout } from './sending'
import { type Ending, LOOKUP_FAULTS, type ReadingFault } from './subject'
import { RuleNotApplicable } from './verdicts'

type End = Exclude<Ending, 'cancelable'>

const SAYS: Readonly<Record<End, readonly LookupOutcome['kind'][]>> = {
  settled: ['settled'],
  declined: ['declined'],
  returned: ['returned'],
  unknown_status: ['accepted', 'unknown'],
  forgotten: ['not_found', 'unknown'],
}
const TITLES: Readonly<Record<End, string>> = {
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
      await demandNothingBooked(bench, item, 'a payout was only asked for')
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
    id: 'lookup.settled_with_another_amount',
    title: 'tells what the bank has really paid, where that is not what was asked for',
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      const paid = add(item.amount, '-1')
      await bench.brought(item, 'settled', paid)
      const outcome = await bench.lookup(item, { reference })
      // What is not told counts as ours.
      const isTold = outcome.kind === 'settled' && outcome.amount !== undefined
      demandKind(outcome, ['settled', 'accepted', 'unknown'], 'the bank paid another amount')
      demand(isTold || outcome.kind !== 'settled', 'the bank paid another amount, and none was told')
      demandToldAmount(outcome, paid)
    },
  },
  {
    id: 'lookup.returned_in_part',
    title: 'tells how much of a payout came back',
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      demand(isLess('1', item.amount), 'the subject’s payout must be more than 1')
      await bench.brought(item, 'returned', '1')
      const outcome = await bench.lookup(item, { reference })
      demandKind(outcome, ['returned', 'unknown'], 'a part of the payout came back')
      if (outcome.kind === 'returned') demandToldAmount(outcome, '1')
    },
  },
  {
    id: 'lookup.among_strangers',
    title: 'takes no other payout of a list for ours',
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      const before = await bench.lookup(item, { reference })
      if (!(await bench.subject.api.addStrangers?.()))
        throw new RuleNotApplicable('the fake cannot list payouts of others')
      for (const known of [{ reference }, {}]) demandOurs(await bench.lookup(item, known), before, item)
      const nothing = await bench.lookup(bench.item())
      demandKind(
        nothing,
        ['not_found', 'unknown'],
        'a payout that was never sent was asked for, and the list had others',
      )
    },
  },
  {
    id: 'lookup.same_reference',
    title: 'keeps one reference for one payout',
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      const outcomes = [await bench.lookup(item), await bench.lookup(item, { reference })]
      const references = outcomes.flatMap((outcome) => ('reference' in outcome ? [outcome.reference] : []))
      const all = new Set([...references, reference].filter((each) => each !== undefined))
      demand(all.size <= 1, `one payout was called by ${all.size} references`)
    },
  },
  ...LOOKUP_FAULTS.map(readingRule),
]

function canLookUp(bench: Bench): void {
  if (bench.provider().capabilities.lookup === 'none')
    throw new RuleNotApplicable('the provider has no look-up')
}

function endingRule(ending: End): Rule {
  return {
    id: `lookup.${ending}`,
    title: TITLES[ending],
    async run(bench) {
      canLookUp(bench)
      const { item, reference } = await takenPayout(bench)
      await bench.brought(item, ending)
      const outcome = await bench.lookup(item, { reference })
      demandKind(outcome, SAYS[ending], `the payout is ${ending}`)
      demandToldAmount(outcome, item.amount)
      if (ending === 'declined') await demandNothingBooked(bench, item, 'the bank dropped the payout')
    },
  }
}

/** Nothing may be learned from a list with strangers in it but what was known of ours, or less. */
function demandOurs(outcome: LookupOutcome, before: LookupOutcome, item: PayoutItem): void {
  const after = 'payouts of others stand in the list'
  demandKind(outcome, [before.kind, 'accepted', 'unknown', 'not_found'], after)
  demand(!(outcome.kind === 'not_found' && outcome.conclusive), `${after}: it said ${wordOf(outcome)}`)
  const [told, known] = [outcome, before].map((each) => ('reference' in each ? each.reference : undefined))
  demand(
    told === undefined || known === undefined || told === known,
    `${after}: another one was taken for ours`,
  )
  demandToldAmount(outcome, item.amount)
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
      const outcome = await bench.lookup(item, { reference })
      const after = `a look-up met "${fault}"`
      demandKind(outcome, ['unknown', 'deferred', 'not_found', 'accepted', 'settled'], after)
      demand(!(outcome.kind === 'not_found' && outcome.conclusive), `${after}: it said ${wordOf(outcome)}`)
      demand((bench.subject.api.followedRedirects?.() ?? 0) === 0, 'the provider followed a redirect')
    },
  }
}
