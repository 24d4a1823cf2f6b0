import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { IBAN, World } from '../helpers/world'
import { insertRows } from './support'

/** Goal: a user finds one of theirs by what stands in their letter, however long ago it was, and nobody else's. */
describe('GET /list?search=', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database)
  })
  afterAll(() => database.close())

  const found = async (search: string, more = '', userId = 1) => {
    const { body } = await world.get(`/list?search=${encodeURIComponent(search)}${more}`, userId).expect(200)
    const { withdrawals, recordsFiltered, recordsTotal } = body as {
      withdrawals: { id: string }[]
      recordsFiltered: number
      recordsTotal: number
    }
    expect(recordsTotal).toBe(userId === 1 ? 2 : 0)
    return { ids: withdrawals.map(({ id }) => id), all: recordsFiltered }
  }

  it('finds by every number, by the account, whole or its end, and page by page', async () => {
    const first = await world.withdrawn(10)
    const second = await world.withdrawn(11)
    const both = { ids: [second.id, first.id], all: 2 }
    for (const account of [IBAN, 'de89 3704 0044 0532 0130 00', IBAN.slice(-4)])
      expect([account, await found(account)]).toEqual([account, both])
    expect(await found(IBAN, '&limit=1&offset=1')).toEqual({ ids: [first.id], all: 2 })
    const { providerTransactionId } = await world.row(first.id)
    for (const number of [first.id, String(providerTransactionId), '10', '10.00', '10,0'])
      expect([number, await found(number)]).toEqual([number, { ids: [first.id], all: 1 }])
    for (const number of [first.id, IBAN, '10'])
      expect([number, await found(number, '', 2)]).toEqual([number, { ids: [], all: 0 }])
  })

  it('refuses what is no line of text', async () => {
    for (const search of ['a'.repeat(129), 'a%00', 'a%0A'])
      await world.get(`/list?search=${search}`).expect(400)
    await world.get('/list?search=a&search=b').expect(400)
  })

  it('looks through the newest ten thousand, and says that there are older ones', async () => {
    const rows = Array.from({ length: 10_050 }, (_, n) => ({
      ...{ id: `old-${String(n).padStart(8, '0')}`, userId: 2, amount: String(n + 1) },
      createdAt: new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString(),
    }))
    await insertRows(database, rows)
    const { body: near } = await world.get('/list?search=10050', 2).expect(200)
    expect(near).toMatchObject({ recordsFiltered: 1, recordsTotal: 10_000, more: true })
    const { body: far } = await world.get('/list?search=3', 2).expect(200)
    expect(far).toMatchObject({ recordsFiltered: 0, more: true })
  })
})
