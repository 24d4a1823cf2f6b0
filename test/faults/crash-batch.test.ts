import { mayMove } from '../../src/domain/states'
import { answerLost, type BatchBankOptions, type Fate } from '../helpers/batch-bank'
import { createBatchWorld } from '../helpers/batch-world'
import { type DatabaseKind, openTestDatabase } from '../helpers/databases'
import { Mortal } from './crash'

/**
 * Goal: a process that dies at any await while a batch is prepared, frozen, sent and recorded neither pays twice nor
 * loses a member. Method: as in crash-everywhere.test.ts, with two withdrawals that wait for the batch.
 */
interface Way {
  readonly what: string
  readonly kind: DatabaseKind
  readonly bank: BatchBankOptions
  readonly fates: readonly Fate[]
}

/** The batch is concluded, its members are moved, and whatever comes next begins. */
const EDGES_OF_RECORDING = 4
const PAYPAL: BatchBankOptions = { lookup: 'by_reference' }
const WAYS: readonly Way[] = [
  { what: 'a bank that knows items, which answers', kind: 'PostgreSQL', bank: {}, fates: [] },
  { what: 'a bank that knows only whole orders', kind: 'PGlite', bank: PAYPAL, fates: [] },
  {
    what: 'a bank that knows only whole orders, whose first answer is lost',
    kind: 'PostgreSQL',
    bank: PAYPAL,
    fates: [answerLost],
  },
]

it.each(WAYS)(
  'a process that dies anywhere in a batch for $what leaves each paid once',
  async (way) => {
    const database = await openTestDatabase(way.kind)
    try {
      const live = async (mortal: Mortal): Promise<void> => {
        const { world, bank, waiting, rows } = await createBatchWorld(database, way.bank)
        await waiting('10', '11')
        bank.fates.push(...way.fates)
        await world.start({ ...mortal.around(), provider: () => mortal.provider(bank.provider()) })
        const where = await Promise.race([world.runToRest(10 * 60_000).then(() => 'nowhere'), mortal.death])
        await world.start()
        await world.runToRest()

        const ended = await rows()
        expect({ where, states: ended.map(({ state }) => state), paid: [...bank.amounts].sort() }).toEqual({
          ...{ where, states: ['processed', 'processed'], paid: ['10', '11'] },
        })
        expect((await world.kit.ledger()).map(({ kind }) => kind).sort()).toEqual(
          ['lock', 'settle'].flatMap((kind) => [kind, kind]),
        )
        expect(await world.balance()).toEqual({ available: 9_979, locked: 0 })
        for (const row of ended) {
          const journal = await world.journal(row.id)
          expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_entry, index) => index + 1))
          journal.slice(1).forEach((entry, index) => {
            expect(entry.from).toBe(journal[index]?.to)
            expect(mayMove(entry.from ?? row.state, entry.to)).toBe(true)
          })
        }
      }
      const unharmed = new Mortal(null)
      await live(unharmed)
      expect(unharmed.names.filter((name) => name === 'provider: submit')).toHaveLength(1 + way.fates.length)
      const { names } = unharmed
      // Dying after one edge is dying before the next. Booting and settling are crash-everywhere.test.ts's part.
      const first = names.findIndex((name) => name.includes('batches'))
      const last = names.lastIndexOf('provider: submit') + EDGES_OF_RECORDING
      for (let edge = first; edge <= last; edge++) await live(new Mortal({ edge, when: 'after' }))
      await live(new Mortal({ edge: 'provider: submit', when: 'before' }))
    } finally {
      await database.close()
    }
  },
  180_000,
)
