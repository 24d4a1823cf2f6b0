import type { OutboxFile, PaymentProvider, PayoutItem } from '../../ports/payment-provider'
import type { Bench } from './bench'
import { demand, demandKind } from './demands'
import type { Rule } from './report'
import { takenPayout } from './sending'
import { RuleNotApplicable } from './verdicts'

const hasVoid = ({ outbox }: PaymentProvider): boolean => outbox?.void !== undefined

/** A file of the outbox of which an operator says that the bank never got it: its payouts may leave again. */
export const VOID_RULES: readonly Rule[] = [
  {
    id: 'void.sets_free',
    title:
      'tells of each payout of a file that never reached the bank that it may leave again, also after a restart',
    isAbout: hasVoid,
    async run(bench) {
      const { item, file } = await fileWith(bench)
      const before = await bench.lookup(item)
      demandKind(before, ['accepted', 'unknown'], 'nobody has said that the file never reached the bank')
      for (const time of ['once', 'twice']) {
        const answer = await outboxOf(bench).void(file.name)
        demand(
          answer?.kind === 'voided',
          `a file was voided ${time}: it said ${answer?.kind ?? 'that there is none'}`,
        )
        const isNamed = answer.payouts.some(
          ({ key, endToEndId }) => key === item.key || endToEndId === item.endToEndId,
        )
        demand(isNamed, 'the payout of a voided file was not named')
      }
      await bench.restart()
      demandKind(await bench.lookup(item), ['voided'], 'the file of a payout was voided')
      const listed = (await outboxOf(bench).list()).find(({ name }) => name === file.name)
      demand(listed?.voidedAt !== undefined, 'the list does not say that the file was voided')
    },
  },
  {
    id: 'void.believes_the_bank',
    title: 'tells what the bank says of a payout whose file was voided',
    isAbout: hasVoid,
    async run(bench) {
      const { item, file } = await fileWith(bench)
      await outboxOf(bench).void(file.name)
      await bench.brought(item, 'settled')
      demandKind(
        await bench.lookup(item),
        ['settled'],
        'the file was voided, and the bank paid it all the same',
      )
    },
  },
  {
    id: 'void.refuses',
    title: 'does not void a file that the bank has answered for, nor one that there is not',
    isAbout: hasVoid,
    async run(bench) {
      const { item, file } = await fileWith(bench)
      demand((await outboxOf(bench).void('no-such-file.xml')) === null, 'a file that there is not was voided')
      await bench.brought(item, 'settled')
      const answer = await outboxOf(bench).void(file.name)
      demand(answer?.kind === 'refused', `the bank has paid, and the file was ${answer?.kind ?? 'not found'}`)
      demandKind(await bench.lookup(item), ['settled'], 'a file that the bank has paid was to be voided')
    },
  },
]

type Outbox = NonNullable<PaymentProvider['outbox']>

function outboxOf(bench: Bench): Outbox & Required<Pick<Outbox, 'void'>> {
  const { outbox } = bench.provider()
  if (!outbox?.void) throw new RuleNotApplicable('no file of the provider can be voided')
  return { ...outbox, void: outbox.void.bind(outbox) }
}

async function fileWith(bench: Bench): Promise<{ item: PayoutItem; file: OutboxFile }> {
  outboxOf(bench)
  const { item } = await takenPayout(bench)
  const file = (await outboxOf(bench).list()).find(({ orderKey }) => orderKey === item.key)
  demand(file !== undefined, 'a payout was taken, and the outbox has no file of it')
  return { item, file }
}
