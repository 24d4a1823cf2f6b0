import { add, sameAmount } from '../../domain/money'
import type { ListedPayout, PaymentProvider, PayoutItem } from '../../ports/payment-provider'
import type { Bench, Listed } from './bench'
import { demand } from './demands'
import type { Rule } from './report'
import { hasBatches, threeItems } from './rules-batch'
import { takenPayout } from './sending'
import { type Ending, READING_FAULTS } from './subject'
import { RuleNotApplicable } from './verdicts'

const HOUR_MS = 3_600_000

type End = Exclude<Ending, 'cancelable'>
const SAYS: Readonly<Record<End, readonly ListedPayout['state'][]>> = {
  settled: ['paid'],
  declined: ['failed'],
  returned: ['returned'],
  unknown_status: ['open'],
  forgotten: [],
}
const TITLES: Readonly<Record<End, string>> = {
  settled: 'lists a payout that was paid as paid',
  declined: 'does not list a payout that the bank dropped as one it makes',
  returned: 'lists a payout that came back as returned',
  unknown_status: 'does not guess in a list what a status word means that nobody knows',
  forgotten: 'does not list from memory what the bank does not have',
}

/**
 * `listPayouts`: our books are held against it. What is missing in it, or has another amount, becomes a question to a
 * person; so it lists what the bank's ledger has, and where it cannot read it all, it says nothing.
 */
const RULES: readonly Rule[] = [
  {
    id: 'list.taken',
    title: 'lists a payout that the bank has, once, with its amount and currency, also after a restart',
    async run(bench) {
      const { item } = await takenPayout(bench)
      await demandAsBooked(bench, item, 'a payout was handed in')
      await bench.restart()
      await demandAsBooked(bench, item, 'the program was started again')
    },
  },
  {
    id: 'list.never_sent',
    title: 'does not list what was never sent',
    async run(bench) {
      await takenPayout(bench)
      const never = bench.item()
      demand(of(await whole(bench), never).length === 0, 'a payout was listed that was never sent')
    },
  },
  {
    id: 'list.twice',
    title: 'lists the same payout under the same name each time',
    async run(bench) {
      const { item } = await takenPayout(bench)
      const [first, second] = [of(await whole(bench), item), of(await whole(bench), item)]
      demand(
        first[0]?.reference === second[0]?.reference && first.length === second.length,
        'a payout was listed twice, under two names',
      )
    },
  },
  {
    id: 'list.another_time',
    title: 'lists a payout in the time in which it was taken, and in no other',
    async run(bench) {
      const { item } = await takenPayout(bench)
      for (const [from, to] of [
        [-50, -26],
        [26, 50],
      ] as const) {
        const listed = await bench.list(rangeOf(from, to))
        const isThere = listed.kind === 'listed' && of(listed.payouts, item).length > 0
        demand(!isThere, 'a payout was listed in a time in which it was not taken')
      }
    },
  },
  ...(['settled', 'declined', 'returned', 'unknown_status', 'forgotten'] as const).map((ending): Rule => ({
    id: `list.${ending}`,
    title: TITLES[ending],
    async run(bench) {
      const { item } = await takenPayout(bench)
      await bench.brought(item, ending)
      const listed = of(await whole(bench), item)
      const states = listed.map(({ state }) => state)
      const mayBeLeftOut = ending === 'declined' || ending === 'forgotten'
      demand(
        (mayBeLeftOut || states.length === 1) && states.every((state) => SAYS[ending].includes(state)),
        `the payout ended as "${ending}", and was listed as ${states.join(' and ') || 'nothing'}`,
      )
      const isOurAmount = listed.every(({ amount }) => sameAmount(amount, item.amount))
      demand(isOurAmount, `the payout ended as "${ending}", and was listed with another amount`)
    },
  })),
  {
    id: 'list.settled_with_another_amount',
    title: 'lists what the bank has really paid, where that is not what was asked for',
    async run(bench) {
      const { item } = await takenPayout(bench)
      const paid = add(item.amount, '-1')
      await bench.brought(item, 'settled', paid)
      const [listed] = of(await whole(bench), item)
      demand(
        listed !== undefined && sameAmount(listed.amount, paid),
        'the bank paid another amount, and it was not the one that was listed',
      )
    },
  },
  {
    id: 'list.batch',
    title: 'lists each payout of a batch once, to the end of the list',
    async run(bench) {
      if (!hasBatches(bench.provider())) throw new RuleNotApplicable('the provider takes no batches')
      const items = threeItems(bench)
      await bench.submit(bench.order(...items))
      for (const item of items) await demandAsBooked(bench, item, 'a batch was handed in')
    },
  },
  {
    id: 'list.among_strangers',
    title: 'lists ours as it is where others are listed with it',
    async run(bench) {
      const { item } = await takenPayout(bench)
      if (!(await bench.subject.api.addStrangers?.()))
        throw new RuleNotApplicable('the fake cannot list payouts of others')
      await demandAsBooked(bench, item, 'others are in the list')
      const keys = (await whole(bench)).map(({ key }) => key)
      demand(
        keys.every((key) => key.startsWith('BW-')),
        'a payout was listed that carries no key of ours',
      )
    },
  },
  ...READING_FAULTS.map((fault): Rule => ({
    id: `list.reading_${fault}`,
    title: `lists nothing rather than a part when its question meets "${fault}"`,
    async run(bench) {
      const { item } = await takenPayout(bench)
      if (!(await bench.subject.api.arrangeReading?.(fault)))
        throw new RuleNotApplicable(`the fake cannot do "${fault}" to a reading call`)
      const listed = await bench.list(rangeOf(-1, 1))
      demand(
        listed.kind === 'unknown' || of(listed.payouts, item).length === 1,
        `a question met "${fault}", and the list was said to be whole without the payout`,
      )
      await demandAsBooked(bench, item, 'the list was asked for again')
    },
  })),
]

export const LIST_RULES: readonly Rule[] = RULES.map((rule) => ({
  ...rule,
  isAbout: (provider: PaymentProvider) =>
    provider.listPayouts !== undefined && (rule.id !== 'list.batch' || hasBatches(provider)),
}))

/** In hours from now. */
const rangeOf = (from: number, to: number) => ({
  since: new Date(Date.now() + from * HOUR_MS),
  until: new Date(Date.now() + to * HOUR_MS),
})

/** Twice under one name is once. */
const of = (payouts: readonly ListedPayout[], { key }: PayoutItem): readonly ListedPayout[] =>
  [...new Map(payouts.map((listed) => [listed.reference, listed])).values()].filter(
    (listed) => listed.key === key,
  )

async function whole(bench: Bench): Promise<readonly ListedPayout[]> {
  const listed: Listed = await bench.list(rangeOf(-1, 1))
  demand(listed.kind === 'listed', 'the list could not be read')
  return listed.payouts
}

/** Each that the bank's ledger has under the key, and nothing else. */
async function demandAsBooked(bench: Bench, item: PayoutItem, after: string): Promise<void> {
  const booked = await bench.booked(item)
  const listed = of(await whole(bench), item)
  demand(
    booked.length > 0 && listed.length === booked.length,
    `${after}: the bank has ${booked.length} payouts under the key, and ${listed.length} were listed`,
  )
  for (const { amount, currency, state } of listed) {
    demand(state === 'open' || state === 'paid', `${after}: it was listed as ${state}`)
    demand(
      booked.some((each) => sameAmount(each.amount, amount) && each.currency.toLowerCase() === currency),
      `${after}: it was listed with another amount or currency than the bank has`,
    )
  }
}
