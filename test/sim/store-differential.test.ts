import { sqlState } from '../../src/db/connect/database'
import { createStore, type Store } from '../../src/db/store'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { TestClock } from '../helpers/test-clock'
import { Chance } from './chance'
import { createMemoryStore, type MemoryFunctions } from './memory-store'
import { createDraw, type Operation } from './store-operations'

/**
 * Goal: what the simulator shows on its own database holds on a real one. Method: one seeded sequence of operations
 * goes to all three, and every answer, row and journal entry has to be the same. It is drawn on what is really there,
 * so that most of them are made and not refused.
 */
const OPERATIONS = Number(process.env.SIM_STORE_OPERATIONS ?? 1_500)
const SEED = Number(process.env.TEST_SEED)

interface Side {
  readonly name: string
  readonly store: MemoryFunctions | Store
  readonly advance: (ms: number) => Promise<void>
}

/**
 * The answer, or which error was raised. Words differ between versions, codes do not; which one of several broken
 * constraints is named, when several rows change at once, nobody promises.
 */
async function outcomeOf(operation: Operation, store: Side['store']): Promise<unknown> {
  try {
    return plain((await operation(store as Store)) ?? null)
  } catch (error) {
    const code = sqlState(error)
    if (code === null) throw error
    // Of several rules that one statement breaks at once, which is named first is each engine's own choice: the class
    // (23, integrity) is what all agree on.
    return { refused: typeof code === 'string' && code.startsWith('23') ? '23' : code }
  }
}

/** A set has an order that nobody promises. */
const plain = (answer: unknown): unknown =>
  answer instanceof Set ? [...(answer as Set<string>)].sort() : answer

describe('the database of the simulator', () => {
  let databases: readonly TestDatabase[]
  beforeAll(async () => {
    databases = await Promise.all([openTestDatabase('PostgreSQL'), openTestDatabase('PGlite')])
  })
  afterAll(() => Promise.all(databases.map((database) => database.close())))

  it(`answers ${OPERATIONS} operations as PostgreSQL and PGlite do, and ends with the same rows and journals`, async () => {
    let nowMs = Date.parse('2026-01-05T09:00:00Z')
    const memory = createMemoryStore({ nowMs: () => nowMs })
    const sides: Side[] = [
      { name: 'memory', store: memory.functions, advance: (ms) => Promise.resolve(void (nowMs += ms)) },
      ...databases.map((database) => {
        const clock = new TestClock(database)
        return {
          name: database.kind,
          store: createStore(database),
          advance: (ms: number) => clock.advance(ms),
        }
      }),
    ]
    const draw = createDraw(new Chance(SEED), memory.tables)
    const heard = new Map<string, number>()

    for (let n = 0; n < OPERATIONS; n++) {
      const { name, operation, advanceMs } = draw()
      const answers = await Promise.all(
        sides.map(async ({ store, advance }) => {
          if (advanceMs > 0) await advance(advanceMs)
          return operation ? outcomeOf(operation, store) : null
        }),
      )
      const [ours] = answers
      answers.forEach((answer, index) =>
        expect({ n, name, side: sides[index]?.name, answer }).toEqual({
          n,
          name,
          side: sides[index]?.name,
          answer: ours,
        }),
      )
      const kind = ours === null || ours === false ? 'nothing' : 'answer'
      const what = `${name} ${JSON.stringify(ours ?? null).includes('"refused":') ? 'refused' : kind}`
      heard.set(what, (heard.get(what) ?? 0) + 1)
    }
    // The sequence is worth something only when what it draws happens.
    for (const what of [
      'changeStates answer',
      'changeStates refused',
      'freezeBatch answer',
      'claimReady answer',
    ])
      expect({ what, times: heard.get(what) ?? 0 }).not.toEqual({ what, times: 0 })

    for (const id of memory.tables.rows.keys()) {
      const both = (store: Side['store']) => Promise.all([store.findWithdrawal(id), store.readJournal(id)])
      const [ours, ...theirs] = await Promise.all(sides.map(({ store }) => both(store)))
      for (const rows of theirs) expect(rows).toEqual(ours)
    }
  }, 300_000)
})
