import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'

describe.each(DATABASE_KINDS)('one withdrawal in immediate mode on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('is paid and its burn settled before the request is answered', async () => {
    const world = await World.create(database)

    const { body } = await world.withdraw(10).expect(200)

    expect(body).toMatchObject({ status: 'processed', completed: true, amount: 10, currency: 'eur' })
    expect(await world.bank.executions()).toHaveLength(1)
    expect(await world.balance()).toEqual({ available: 9990, locked: 0 })
  })
})
