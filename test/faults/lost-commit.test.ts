import { migrate } from '../../src/db/connect/migrate'
import { openServer } from '../../src/db/connect/pool'
import { verifyDatabase } from '../../src/db/verify'
import { createSandboxTables } from '../../src/sandbox/schema'
import { betweenExchange } from '../helpers/between'
import type { TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { type PostgresServer, startPostgres } from '../helpers/postgres-server'
import { TEST_CLOCK_SQL } from '../helpers/test-clock'
import { World } from '../helpers/world'

/**
 * Goal: what a commit said that waited for no disk is found out again, and every other commit is there. Method: a real
 * PostgreSQL that crashes right after an answer, seconds before anybody would have written such a commit down.
 */
describe('a crash of PostgreSQL right after an answer', () => {
  let server: PostgresServer
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    server = await startPostgres({ wal_writer_delay: '10s', autovacuum: 'off' })
    const url = server.url('postgres')
    const opened = openServer({ url, logger: silentLogger })
    await migrate(opened)
    await createSandboxTables(opened)
    await opened.transaction((tx) => tx.script(TEST_CLOCK_SQL))
    database = { ...opened, url, reset: () => Promise.resolve() }
    world = await World.create(database, { config: { mode: 'batch' } })
  }, 60_000)
  afterAll(async () => {
    await world.app.stop()
    await database.close()
    await server.destroy()
  })

  async function crash(): Promise<void> {
    await server.crash()
    await server.start()
    // Connections that broke are found out by whoever uses them next.
    for (let broken = true; broken;)
      broken = await database.query('select').then(
        () => false,
        () => true,
      )
  }

  const burnsOf = async (id: string) =>
    (await world.kit.ledger()).filter((burn) => burn.transactionId === id).length

  it.each([
    ['the process goes on', () => Promise.resolve()],
    ['another one takes over', () => world.start()],
  ])('leaves a lock to be found under its id, and no second one: %s', async (_who, goOn) => {
    const answered = await world.withdrawn(10)
    expect(answered.state).toBe('ready')
    await crash()
    expect(await world.row(answered.id)).toMatchObject({ state: 'requested', version: 1, heldAt: null })

    await goOn()
    await world.clock.advance(91_000)
    await world.engine.runner.tick()
    expect(await world.row(answered.id)).toMatchObject({ state: 'ready', version: 2, holdRepeated: false })
    expect(await burnsOf(answered.id)).toBe(1)
    expect((await world.journal(answered.id)).map(({ event }) => event)).toEqual([
      'withdrawal.requested',
      'hold.confirmed',
    ])
    expect(
      (await verifyDatabase(database, { stuckMinutes: 10, namedMax: 1 })).filter(({ count }) => count),
    ).toEqual([])
  })

  it('takes back no refusal: the user was told that it is canceled', async () => {
    const exchange = betweenExchange({
      placeHold: () => Promise.resolve({ kind: 'refused', why: 'balance', message: 'too little' }),
    })
    await world.start({ exchange })
    const { id, state } = await world.withdrawn(10)
    expect(state).toBe('canceled')
    await crash()
    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'insufficient_balance' })
    await world.start()
  })

  it('takes back nothing that came later, nor what came before that', async () => {
    const { id } = await world.withdrawn(11)
    await world.post({}, { path: `/${id}/cancel` }).expect(200)
    const { state, version } = await world.row(id)
    await crash()
    expect(await world.row(id)).toMatchObject({ state, version })
  })
})
