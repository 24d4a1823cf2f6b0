import { setImmediate } from 'node:timers/promises'

import type { Database } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import { type BatchBankOptions, lostOnTheWay } from '../helpers/batch-bank'
import { anotherProcess, type BatchWorld, createBatchWorld } from '../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import type { World } from '../helpers/world'

/** Goal: any number of processes may look at the same moment. Method: each with its own memory and connections. */
describe('many processes on one PostgreSQL', () => {
  let database: TestDatabase
  const closing: (() => Promise<void>)[] = []
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  afterAll(() => database.close())

  async function processes(
    count: number,
    bankOptions: BatchBankOptions,
  ): Promise<BatchWorld & { others: World[] }> {
    const made = await createBatchWorld(database, bankOptions)
    const others: World[] = []
    for (let n = 0; n < count; n++) {
      const own = openServer({ url: String(database.url), connectionsMax: 4, logger: silentLogger })
      closing.push(own.close)
      const around = { database: () => own, provider: () => made.bank.provider() }
      const process = anotherProcess(made.world, { config: { mode: 'batch' }, around })
      await process.start()
      others.push(process)
    }
    return { ...made, others }
  }
  const amounts = Array.from({ length: 40 }, (_, index) => String(10 + index))

  it.each([2, 10])('%d that run batches at the same instant send each payout once', async (count) => {
    const { bank, others, waiting, toRest, states } = await processes(count, { maxItems: 7 })
    await waiting(...amounts)

    await Promise.all(others.map((process) => process.app.engine().batches.run()))

    expect([...bank.amounts].sort()).toEqual([...amounts].sort())
    expect(bank.orders.every(({ items }) => items.length <= 7)).toBe(true)
    await toRest()
    expect(Object.values(await states())).toEqual(Array(40).fill('processed'))
  })

  it('that find out together that a batch must be sent again send it once', async () => {
    const { world, bank, others, waiting, run, states } = await processes(4, {
      lookup: 'by_reference',
      maxItems: 100,
    })
    bank.fates.push(lostOnTheWay)
    await waiting(...amounts)
    await run()
    for (let turn = 0; turn < 40; turn++) {
      await world.clock.advance(turn === 0 ? 120_000 : 5_000)
      await Promise.all(others.map((process) => process.app.engine().runner.tick()))
    }
    await world.runToRest()
    expect(bank.orders).toHaveLength(2)
    expect(bank.orders[1]).toEqual(bank.orders[0])
    expect(bank.amounts).toEqual(amounts)
    expect(Object.values(await states())).toEqual(Array(40).fill('processed'))
  }, 60_000)
})

/** What a process asks of its database, and a way to wait until it has nothing under way. */
function countedQueries() {
  let [queries, inFlight] = [0, 0]
  const counted = <Result>(asked: () => Promise<Result>): Promise<Result> => {
    queries++
    inFlight++
    return asked().finally(() => inFlight--)
  }
  return {
    around: (real: Database): Database => ({
      ...real,
      query: <Row extends object>(text: string, parameters?: readonly unknown[]) =>
        counted(() => real.query<Row>(text, parameters)),
      transaction: (work) => counted(() => real.transaction(work)),
    }),
    queries: () => queries,
    /** Until the worker sleeps on the clock again: with nothing asked, only a timer can make it go on. */
    async asleep() {
      do await setImmediate()
      while (inFlight > 0)
    },
  }
}

describe('an idle worker', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('asks its database once a second, and nobody else anything', async () => {
    const counting = countedQueries()
    const { world, bank } = await createBatchWorld(
      database,
      {},
      { config: { worker: true }, around: { database: counting.around } },
    )
    await counting.asleep()
    const pass = async (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        await world.clock.advance(1_000)
        await counting.asleep()
      }
    }
    await pass(15)
    const before = counting.queries()
    await pass(30)
    const queries = counting.queries() - before
    await world.app.stop()
    // What is due, who has died, and whether there are other settings; and one of each that was late from before.
    expect(queries).toBeLessThanOrEqual(33)
    expect(queries).toBeGreaterThan(20)
    expect([bank.orders, bank.lookups, bank.orderLookups]).toEqual([[], [], []])
    expect(await world.kit.ledger()).toEqual([])
  })

  it('takes up what falls due in the first moments after its start at that time, and not at the next look', async () => {
    const { world, bank, waiting, run, rows } = await createBatchWorld(database, { settlesAfterMs: 500 })
    await waiting('10')
    await run()
    const [sent] = await rows()
    const dueAt = Number(sent?.nextRunAt)
    // The process that sent it is gone; the one in its place starts a second and a quarter before the look is due.
    await world.clock.advanceTo(new Date(dueAt - 1_250))
    const counting = countedQueries()
    const around = { database: counting.around, provider: () => bank.provider() }
    const next = anotherProcess(world, { config: { mode: 'batch', worker: true }, around })
    await next.start()
    await counting.asleep()
    const isAsked = () => bank.lookups.length + bank.orderLookups.length > 0
    for (let looks = 0; looks < 60 && !isAsked(); looks++) {
      await world.clock.advance(50)
      await counting.asleep()
    }
    expect(isAsked()).toBe(true)
    expect(world.clock.now().getTime() - dueAt).toBeLessThanOrEqual(100)
    await next.app.stop()
  })
})
