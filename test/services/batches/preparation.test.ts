import { anotherProcess, createBatchWorld } from '../../helpers/batch-world'
import { betweenExchange, createGate } from '../../helpers/between'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { recordingLogger } from '../../helpers/loggers'

const amountsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => String(first + index))

/** Goal: before money moves, every burn is still the one we made; who fails that holds nobody else up. */
describe.each(DATABASE_KINDS)('on %s, before a batch is sent', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('every burn is marked as being sent, a few at a time', async () => {
    let inFlight = 0
    let most = 0
    let letGo = () => {}
    const three = new Promise<void>((resolve) => (letGo = resolve))
    const { bank, waiting, run } = await createBatchWorld(
      database,
      {},
      {
        config: { workerConcurrency: 3 },
        around: {
          exchange: betweenExchange({
            async markProcessing(call) {
              most = Math.max(most, ++inFlight)
              // The first ones wait for each other: how fast the machine is decides nothing.
              if (inFlight === 3) letGo()
              await three
              return call().finally(() => inFlight--)
            },
          }),
        },
      },
    )
    await waiting(...amountsFrom(10, 9))
    await run()
    expect(most).toBe(3)
    expect(bank.orders).toMatchObject([{ items: { length: 9 } }])
    const burns = await database.query(
      'select distinct processing, status from bank_withdrawal_sandbox.burns',
    )
    expect(burns).toEqual([{ processing: true, status: false }])
  })

  it.each<[string, Record<string, boolean>, string]>([
    ['dismissed is canceled', { dismissed: true }, 'canceled'],
    ['rejected is canceled', { rejected: true }, 'canceled'],
    ['validated is a conflict', { status: true }, 'conflict'],
  ])('a burn that somebody else has %s and is not paid; the others are', async (_how, change, state) => {
    const { world, bank, waiting, toRest, states } = await createBatchWorld(database)
    const [, second] = await waiting('10', '11', '12')
    await world.kit.wallet.updateBurn(String(second?.id), change)

    await toRest()

    expect(await states()).toEqual({ 10: 'processed', 11: state, 12: 'processed' })
    expect(bank.amounts).toEqual(['10', '12'])
    expect(bank.orders).toMatchObject([{ total: '22' }])
  })

  it('a burn that cannot be marked now waits, and the others leave', async () => {
    let isDown = true
    const { bank, waiting, run, toRest, rows, states } = await createBatchWorld(
      database,
      {},
      {
        around: {
          exchange: betweenExchange({
            markProcessing: (call, _times, id) =>
              isDown && id === stuck ? Promise.resolve({ kind: 'unknown', why: 'no answer' }) : call(),
            findHold: (call, _times, { ids }) =>
              isDown && ids[0] === stuck ? Promise.resolve({ kind: 'unknown', why: 'no answer' }) : call(),
          }),
        },
      },
    )
    const [, second] = await waiting('10', '11', '12')
    const stuck: string | undefined = second?.id

    await run()
    expect(bank.amounts).toEqual(['10', '12'])
    expect((await rows())[1]).toMatchObject({ state: 'ready', reasonCode: 'exchange_unavailable' })
    isDown = false
    await toRest()
    expect(Object.values(await states())).toEqual(Array(3).fill('processed'))
  })

  it('a destination that cannot be read goes to a person, and the others are paid', async () => {
    const config = { encryptionKeys: keyNamed('a') }
    const { world, bank, waiting, toRest, states } = await createBatchWorld(database, {}, { config })
    const [damaged, foreign] = await waiting('10', '11', '12')
    const seal = 'update bank_withdrawal.withdrawals set destination = $2 where id = $1'
    const sealed = (await world.row(String(damaged?.id))).destination
    await database.query(seal, [damaged?.id, `${sealed.slice(0, -4)}AAAA`])
    await database.query(seal, [foreign?.id, sealed.replace(':a:', ':b:')])

    await toRest()

    expect(await states()).toEqual({ 10: 'in_review', 11: 'in_review', 12: 'processed' })
    expect(bank.amounts).toEqual(['12'])
    expect((await world.row(String(foreign?.id))).reasonCode).toBe('destination_unreadable')
  })

  it('a destination that is damaged goes to a person, too, where nothing is sealed', async () => {
    const { world, bank, waiting, toRest, states } = await createBatchWorld(database)
    const [damaged] = await waiting('10', '11')
    await database.query('update bank_withdrawal.withdrawals set destination = $2 where id = $1', [
      damaged?.id,
      'plain:{',
    ])
    await toRest()

    expect(await states()).toEqual({ 10: 'in_review', 11: 'processed' })
    expect(bank.amounts).toEqual(['11'])
    expect((await world.row(String(damaged?.id))).reasonCode).toBe('destination_unreadable')
  })
})

describe('while a batch is prepared for longer than a lease', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('the leases are renewed, and nobody else takes the withdrawals', async () => {
    const { world, bank, waiting, toRest, states } = await createBatchWorld(
      database,
      {},
      {
        config: { workerConcurrency: 1 },
        around: {
          exchange: betweenExchange({
            async markProcessing(call, times) {
              await world.clock.advance(40_000)
              // Two leases' length after the claim; another process looks for work.
              if (times === 5) taken = await other.app.engine().batches.run()
              return call()
            },
          }),
        },
      },
    )
    await waiting(...amountsFrom(10, 6))
    const other = anotherProcess(world, { config: { mode: 'batch' } })
    await other.start({ provider: () => bank.provider() })
    let taken: unknown = 'it never looked'
    await world.engine.batches.run()
    expect(taken).toEqual([])
    expect(bank.orders).toMatchObject([{ items: { length: 6 } }])
    await toRest()
    expect(Object.values(await states())).toEqual(Array(6).fill('processed'))
    expect(bank.paid).toHaveLength(6)
  })

  it('a lease that is lost drops that withdrawal alone', async () => {
    const gate = createGate()
    const { world, bank, waiting, states } = await createBatchWorld(
      database,
      {},
      {
        config: { workerConcurrency: 1 },
        around: {
          exchange: betweenExchange({
            markProcessing: (call, times) => (times === 3 ? gate.wait().then(call) : call()),
          }),
        },
      },
    )
    const [first] = await waiting('10', '11', '12')
    const run = world.engine.batches.run()
    await gate.reached
    await database.query(
      `update bank_withdrawal.withdrawals set lease_owner = 'somebody else' where id = $1`,
      [first?.id],
    )
    gate.open()
    await run
    expect(bank.amounts).toEqual(['11', '12'])
    expect((await states())['10']).toBe('ready')
  })

  it('a pause in the last moment stops it, and gives the withdrawals back', async () => {
    const gate = createGate()
    const { world, bank, waiting, toRest, states } = await createBatchWorld(
      database,
      {},
      {
        around: {
          exchange: betweenExchange({
            markProcessing: (call, times) => (times === 1 ? gate.wait().then(call) : call()),
          }),
        },
      },
    )
    const [first] = await waiting('10', '11')
    const run = world.engine.batches.run()
    await gate.reached
    const decision = { provider: 'sandbox', reason: 'stop', actor: 'operator:2' }
    await world.engine.store.setProviderPaused({ ...decision, isPaused: true, version: 0 })
    gate.open()
    expect(await run).toMatchObject([{ batches: [], waiting: 'provider_paused' }])
    expect(bank.orders).toEqual([])
    expect(await world.row(String(first?.id))).toMatchObject({ leased: false, state: 'ready' })
    await world.engine.store.setProviderPaused({ ...decision, isPaused: false, version: 1 })
    await toRest()
    expect(Object.values(await states())).toEqual(['processed', 'processed'])
  })

  it('a stop sends what is prepared, gives the rest back at once, and nothing runs afterwards', async () => {
    const gate = createGate()
    const { world, bank, waiting, rows } = await createBatchWorld(
      database,
      {},
      {
        config: { workerConcurrency: 1 },
        around: {
          exchange: betweenExchange({
            markProcessing: (call, times) => (times === 2 ? gate.wait().then(call) : call()),
          }),
        },
      },
    )
    await waiting('10', '11', '12')
    const { batches } = world.engine
    const run = batches.run()
    await gate.reached
    const stopped = batches.stop()
    expect(await batches.run('sandbox')).toEqual([])
    gate.open()
    await Promise.all([run, stopped])

    expect(bank.amounts).toEqual(['10', '11'])
    expect((await rows())[2]).toMatchObject({ state: 'ready', leased: false })
    expect(await batches.run()).toEqual([])
  })

  it('a database that fails leaves nobody behind', async () => {
    const logger = recordingLogger()
    let fails = 0
    const { bank, waiting, run, toRest, states } = await createBatchWorld(
      database,
      {},
      {
        logger,
        around: {
          database: (real) => ({
            ...real,
            transaction: (work) =>
              fails-- > 0 ? Promise.reject(new Error('terminating connection')) : real.transaction(work),
          }),
        },
      },
    )
    fails = 1
    await waiting('10', '11')
    expect(await run()).toMatchObject([{ waiting: 'it failed; see the log' }])
    expect(logger.lines).toContainEqual(expect.objectContaining({ event: 'batch.run_failed' }))
    expect(bank.orders).toEqual([])
    await toRest()
    expect(Object.values(await states())).toEqual(['processed', 'processed'])
  })
})
