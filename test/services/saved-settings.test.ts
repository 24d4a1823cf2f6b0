import { between } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'

/** Goal: what this process has known for a while it knows behind a save of the settings too, which makes all parts anew. */
describe('A save of the settings', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  async function inDoubt() {
    let sends = 0
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: (call) => (++sends === 1 ? Promise.reject(new Error('ECONNRESET')) : call()),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    expect(await world.row(id)).toMatchObject({ state: 'in_doubt' })
    let version = 0
    const look = async () => {
      await world.engine.store.wake(id)
      await world.engine.runner.tick()
    }
    return {
      world,
      look,
      sends: () => sends,
      async save() {
        const values = { detailsKeptDays: 400 + version }
        const saved = { version: version++, values, reason: 'a test' }
        const before = world.engine
        await world.operate('/admin/settings', saved).expect(200)
        expect(world.engine).not.toBe(before)
      },
    }
  }

  it('begins no quiet time anew: a payout that never arrived leaves as soon as without it', async () => {
    const { world, look, sends, save } = await inDoubt()
    await look()
    for (let minute = 0; minute < 3; minute++) {
      await world.clock.advance(60_000)
      await save()
      await look()
    }
    expect(sends()).toBe(2)
    expect(await world.bank.executions()).toHaveLength(1)
  })

  it('ends none early either: where the clock of the database was set ahead, its own time is kept', async () => {
    const { world, look, sends, save } = await inDoubt()
    await look()
    await world.clock.advance(60_000)
    await world.clock.stepDatabase(60 * 60_000)
    await save()
    await look()
    expect(sends()).toBe(1)
  })
})
