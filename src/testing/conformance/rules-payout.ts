import { isDeclineCode } from '../../domain/reasons'
import type { LookupOutcome, PayoutItem } from '../../ports/payment-provider'
import { type Bench, demand, demandExecutions, demandKind, outcomeOf, wordOf } from './bench'
import type { Rule } from './report'
import { type Fault, FAULTS } from './subject'

const TAKEN = ['accepted', 'settled'] as const
/** What may be said where it is open whether the bank has it; the first two only where the provider found out. */
const OPEN = ['accepted', 'settled', 'unknown'] as const

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
      demandExecutions(await bench.executions(item), 1, 'one payout was handed in')
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
      demandExecutions(await bench.executions(item), 0, 'the bank refused the payout')
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
      demandExecutions(await bench.executions(item), 1, 'one key was sent seven times')
      const parallel = bench.order(bench.item())
      await Promise.all(Array.from({ length: 5 }, () => bench.submit(parallel)))
      const [only] = parallel.items
      if (only) demandExecutions(await bench.executions(only), 1, 'one key was sent five times at once')
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
        demandExecutions(await bench.executions(item), 1, 'two alike payouts with two keys were handed in')
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
      const executions = await bench.executions(item)
      demand(executions <= 1, `the bank ${doc}, and the provider paid ${executions} times`)
      if ((TAKEN as readonly string[]).includes(outcome.kind))
        demandExecutions(executions, 1, `the bank ${doc}, and the provider says that it took it`)
      await bench.restart()
      if (fault !== 'unknown_status') await demandTruth(bench, item, outcome, executions)
      await sendAgain(bench, item, executions, commits)
    },
  }
}

/** The provider's own deadline has to end these; what comes of them is "I do not know". */
const SLOW: Readonly<Partial<Record<Fault, true>>> = { hang: true, drip: true }
/** A correct answer stands at the end of them, and only who has read far too much knows it. */
const READS_TOO_MUCH: Readonly<Partial<Record<Fault, true>>> = { ...SLOW, huge: true }

const sent = async (bench: Bench, item: PayoutItem) => outcomeOf(await bench.submit(bench.order(item)), item)

const lookedUp = (bench: Bench, item: PayoutItem, outcome: LookupOutcome) =>
  bench.lookup(item, 'reference' in outcome && outcome.reference ? { reference: outcome.reference } : {})

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

/** A look-up after the fault may know less than the bank does, never the contrary. */
async function demandTruth(
  bench: Bench,
  item: PayoutItem,
  outcome: LookupOutcome,
  executions: number,
): Promise<void> {
  const { capabilities } = bench.provider()
  if (capabilities.lookup === 'none') return
  const found = await lookedUp(bench, item, outcome)
  if (executions === 0)
    return demandKind(found, ['not_found', 'unknown', 'deferred'], 'the bank has nothing, and was asked')
  demandKind(found, [...OPEN, 'not_found'], 'the bank has the payout, and was asked')
  const isTrusted =
    found.kind === 'not_found' && found.conclusive && capabilities.notFoundConclusiveAfterMs === 0
  demand(!isTrusted, `the bank has the payout, and a look-up said ${wordOf(found)}`)
}

/** Only where keys count, or where the bank has nothing, may an order be sent again; then it is the same payout. */
async function sendAgain(
  bench: Bench,
  item: PayoutItem,
  executions: number,
  commits: boolean,
): Promise<void> {
  const { keyLifetimeMs } = bench.provider().capabilities
  if (keyLifetimeMs === 0 && (executions > 0 || commits)) return
  const again = await sent(bench, item)
  demandKind(again, OPEN, 'the same key was sent again')
  demandExecutions(await bench.executions(item), 1, 'the same key was sent again')
}

/** For rules that need a payout the bank has. */
export async function takenPayout(
  bench: Bench,
): Promise<{ item: PayoutItem; reference: string | undefined }> {
  const item = await bench.arranged('accept', bench.item())
  const outcome = await sent(bench, item)
  demand(
    (TAKEN as readonly string[]).includes(outcome.kind),
    `it needs a payout that was handed in, and the outcome was ${wordOf(outcome)}: repair submit.accepts first`,
  )
  return { item, reference: 'reference' in outcome ? outcome.reference : undefined }
}
