import type { LookupOutcome, PayoutItem } from '../../ports/payment-provider'
import type { Bench, Known } from './bench'
import { demand, demandBookedOnce, demandKind, demandNothingBooked, demandToldAmount } from './demands'
import type { Rule } from './report'
import { takenPayout } from './sending'
import { RuleNotApplicable } from './verdicts'

/** `cancel`: what it says is believed by nobody without a look-up, and still it must not say what is not so. */
const RULES: readonly Rule[] = [
  {
    id: 'cancel.stops',
    title: 'stops a payout that the bank still holds, and says so however often it is asked',
    async run(bench) {
      const { item, known } = await cancelable(bench)
      for (const time of ['once', 'twice'])
        demandAnswer(await bench.cancel(item, known), ['canceled'], `a payout was canceled ${time}`)
      await demandStopped(bench, item, known)
      demandAnswer(
        await (await restarted(bench)).cancel(item, known),
        ['canceled'],
        'it was canceled after a restart',
      )
    },
  },
  {
    id: 'cancel.too_late',
    title: 'does not say that it stopped a payout that was paid',
    async run(bench) {
      const { item, reference } = await takenPayout(bench)
      await bench.brought(item, 'settled')
      const known = await knownOf(bench, item, { reference })
      demandAnswer(await bench.cancel(item, known), ['too_late'], 'the payout was paid')
      await demandBookedOnce(bench, item, 'a payout that was paid was to be canceled')
      demandKind(await bench.lookup(item, known), ['settled'], 'a payout that was paid was to be canceled')
    },
  },
  {
    id: 'cancel.never_sent',
    title: 'does not say that it stopped a payout that it does not know',
    async run(bench) {
      const item = bench.item()
      demandAnswer(await bench.cancel(item), ['unknown'], 'the payout was never sent')
      await demandNothingBooked(bench, item, 'a payout was only canceled')
    },
  },
  {
    id: 'cancel.answer_lost',
    title: 'does not guess when the answer to a cancel is lost, and finds out when it is asked again',
    async run(bench) {
      const { item, known } = await cancelable(bench)
      await bench.arranged('commit_then_drop', item)
      demandAnswer(
        await bench.cancel(item, known),
        ['unknown', 'canceled'],
        'the answer to a cancel was lost',
      )
      await bench.subject.api.arrange('accept')
      await demandStopped(bench, item, known)
      demandAnswer(await bench.cancel(item, known), ['canceled'], 'a cancel was repeated')
    },
  },
  ...(['drop_before_commit', 'refuse_500', 'refuse_403', 'garbage'] as const).map((fault): Rule => ({
    id: `cancel.${fault}`,
    title: `does not guess when a cancel meets "${fault}"`,
    async run(bench) {
      const { item, known } = await cancelable(bench)
      await bench.arranged(fault, item)
      const answer = await bench.cancel(item, known)
      await bench.subject.api.arrange('accept')
      const isBooked = (await bench.booked(item)).length > 0
      demandAnswer(answer, isBooked ? ['unknown'] : ['unknown', 'canceled'], `a cancel met "${fault}"`)
    },
  })),
]

export const CANCEL_RULES: readonly Rule[] = RULES.map((rule) => ({
  ...rule,
  isAbout: ({ cancel }) => cancel !== undefined,
}))

/** A payout that the bank holds, and what was told of it. */
async function cancelable(bench: Bench): Promise<{ item: PayoutItem; known: Known }> {
  if (!bench.provider().cancel) throw new RuleNotApplicable('the provider cannot cancel')
  const { item, reference } = await takenPayout(bench)
  await bench.brought(item, 'cancelable')
  return { item, known: await knownOf(bench, item, { reference }) }
}

/** As the engine: what a look-up has told is known from then on. */
async function knownOf(bench: Bench, item: PayoutItem, known: Known): Promise<Known> {
  const outcome: LookupOutcome = await bench.lookup(item, known)
  return 'reference' in outcome && outcome.reference !== undefined ? { reference: outcome.reference } : known
}

async function restarted(bench: Bench): Promise<Bench> {
  await bench.restart()
  return bench
}

async function demandStopped(bench: Bench, item: PayoutItem, known: Known): Promise<void> {
  await demandNothingBooked(bench, item, 'the bank has stopped the payout')
  const outcome = await bench.lookup(item, known)
  demandKind(outcome, ['declined', 'returned'], 'the bank has stopped the payout, and was asked')
  demandToldAmount(outcome, item.amount)
}

function demandAnswer(answer: string, may: readonly string[], after: string): void {
  demand(may.includes(answer), `${after}: it said ${answer}, and may only say ${may.join(' or ')}`)
}
