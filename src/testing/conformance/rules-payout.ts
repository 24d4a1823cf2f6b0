import { isDeclineCode } from '../../domain/reasons'
import type { LookupOutcome, PayoutItem } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand, demandBookedOnce, demandKind, demandNothingBooked, outcomeOf } from './demands'
import type { Rule } from './report'
import { demandTruth, isTaken, lookedUp, OPEN, sent, TAKEN } from './sending'
import { type Fault, FAULTS } from './subject'

/** Sends one payout and holds the answer against what happened to it. */
export const PAYOUT_RULES: readonly Rule[] = [
  {
    id: 'submit.accepts',
    isForAll: true,
    title: 'hands in a payout once, and says so',
    async run(bench) {
      const item = await bench.arranged('accept', bench.item())
      const outcome = await sent(bench, item)
      demandKind(outcome, TAKEN, 'the bank took the payout')
      await demandBookedOnce(bench, item, 'one payout was handed in')
    },
  },
  {
    id: 'submit.open',
    title: 'does not call a payout paid that the bank has taken and not paid yet',
    async run(bench) {
      const item = await bench.arranged('open', bench.item())
      const outcome = await sent(bench, item)
      demandKind(outcome, ['accepted', 'unknown'], 'the bank took the payout, and has not paid it')
      if (bench.provider().capabilities.lookup === 'none') return
      demandKind(
        await lookedUp(bench, item, outcome),
        ['accepted', 'unknown', 'not_found'],
        'the bank has not paid the payout yet, and was asked',
      )
    },
  },
  {
    id: 'submit.settles',
    title: 'calls a payout settled only under the references of the bank',
    async run(bench) {
      const item = await bench.arranged('settle', bench.item())
      const submitted = await sent(bench, item)
      demandKind(submitted, TAKEN, 'the bank paid')
      const outcome = submitted.kind === 'settled' ? submitted : await lookedUp(bench, item, submitted)
      demandKind(outcome, ['settled'], 'the bank paid, and was asked')
    },
  },
  {
    id: 'submit.declines',
    title: 'calls a payout declined that the bank has refused for good',
    async run(bench) {
      const item = await bench.arranged('decline', bench.item())
      const submitted = await sent(bench, item)
      demandKind(submitted, ['declined', 'accepted'], 'the bank refused the payout for good')
      const outcome = submitted.kind === 'declined' ? submitted : await lookedUp(bench, item, submitted)
      demandKind(outcome, ['declined'], 'the bank refused the payout for good, and was asked')
      demand(outcome.kind === 'declined' && isDeclineCode(outcome.code), 'the decline has an unknown code')
      await demandNothingBooked(bench, item, 'the bank refused the payout')
    },
  },
  {
    id: 'submit.repeats',
    isForAll: true,
    title: 'makes one payout of one key, sent twice, at the same time, and after a restart',
    async run(bench) {
      const item = await bench.arranged('accept', bench.item())
      const order = bench.order(item)
      await bench.submit(order)
      demandKind(await sent(bench, item), OPEN, 'the same key was sent again')
      await bench.restart()
      await Promise.all(Array.from({ length: 5 }, () => bench.submit(order)))
      await demandBookedOnce(bench, item, 'one key was sent seven times')
      const parallel = bench.order(bench.item())
      await Promise.all(Array.from({ length: 5 }, () => bench.submit(parallel)))
      const [only] = parallel.items
      if (only) await demandBookedOnce(bench, only, 'one key was sent five times at once')
    },
  },
  {
    id: 'submit.keeps_apart',
    isForAll: true,
    title: 'makes two payouts of two keys, however alike they are',
    async run(bench) {
      const [one, other] = [bench.item(), bench.item()]
      for (const item of [one, other]) await sent(bench, item)
      for (const item of [one, other])
        await demandBookedOnce(bench, item, 'two alike payouts with two keys were handed in')
    },
  },
  ...(Object.keys(FAULTS) as Fault[]).map(faultRule),
]

/** One way in which a call goes wrong: what is said of it, what a look-up says then, and what sending again does. */
function faultRule(fault: Fault): Rule {
  const { doc, commits } = FAULTS[fault]
  const mayDefer = 'deferred' in FAULTS[fault]
  return {
    id: `fault.${fault}`,
    title: `does not guess when the bank ${doc}`,
    async run(bench) {
      const item = await bench.arranged(fault, bench.item())
      const outcome = await (fault in SLOW ? inTime : sent)(bench, item)
      demandKind(outcome, mayDefer ? [...OPEN, 'deferred'] : OPEN, `the bank ${doc}`)
      demand(
        !(fault in READS_TOO_MUCH && outcome.kind !== 'unknown'),
        `the bank ${doc}, and the provider waited for it and read it all`,
      )
      if (fault === 'unknown_status')
        demandKind(outcome, ['accepted', 'unknown'], 'the bank used a status word nobody knows')
      demand((bench.subject.api.followedRedirects?.() ?? 0) === 0, 'the provider followed a redirect')

      await bench.subject.api.arrange('accept')
      const isBooked = (await bench.booked(item)).length > 0
      if (isBooked) await demandBookedOnce(bench, item, `the bank ${doc}`)
      demand(isBooked || !isTaken(outcome), `the bank ${doc}, and the provider says that it took it`)
      await bench.restart()
      if (fault !== 'unknown_status') await demandTruth(bench, item, outcome, isBooked)
      await sendAgain(bench, item, isBooked || commits)
    },
  }
}

/** The provider's own deadline has to end these; what comes of them is "I do not know". */
const SLOW: Readonly<Partial<Record<Fault, true>>> = { hang: true, drip: true }
/** A correct answer stands at the end of them, and only who has read far too much knows it. */
const READS_TOO_MUCH: Readonly<Partial<Record<Fault, true>>> = { ...SLOW, huge: true }

/** With room for a slow machine: the engine has a deadline too, but its end frees no connection. */
async function inTime(bench: Bench, item: PayoutItem): Promise<LookupOutcome> {
  const provider = bench.provider()
  const { timeoutMs } = provider.capabilities
  const own = provider.submit(bench.order(item)).then(
    (outcome) => outcomeOf(outcome, item),
    () => ({ kind: 'unknown' as const, why: 'thrown' }),
  )
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs * 2 + 2_000)
  })
  const outcome = await Promise.race([own, late]).finally(() => clearTimeout(timer))
  demand(outcome !== null, `submit was still waiting long after its timeoutMs (${timeoutMs})`)
  return outcome
}

/** Only where keys count, or where the bank has nothing, may an order be sent again; then it is the same payout. */
async function sendAgain(bench: Bench, item: PayoutItem, mayHaveIt: boolean): Promise<void> {
  const { keyLifetimeMs } = bench.provider().capabilities
  if (keyLifetimeMs === 0 && mayHaveIt) return
  const again = await sent(bench, item)
  demandKind(again, OPEN, 'the same key was sent again')
  await demandBookedOnce(bench, item, 'the same key was sent again')
}
