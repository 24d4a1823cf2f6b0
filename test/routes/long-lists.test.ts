import { type Database, listsOf } from '../../src/db/connect/database'
import { openTestDatabase, type TestDatabase, testDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { expectError, insertRows } from './support'

/** Goal: a long list is answered or refused with the bound that was passed, and never stops a client short of its end. */
const idOf = (n: number): string => `w-${String(n).padStart(8, '0')}`

describe('A list of more than ten thousand', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database)
    await insertRows(
      database,
      Array.from({ length: 10_120 }, (_, n) => ({
        id: idOf(n),
        createdAt: new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString(),
        currency: n < 10 ? 'usd' : 'eur',
        state: n % 1_000 === 0 ? ('canceled' as const) : ('processed' as const),
      })),
    )
  }, 60_000)
  afterAll(() => database.close())

  it('says that there are more than it counts', async () => {
    const { body: list } = await world.get('/list').expect(200)
    expect(list).toMatchObject({ recordsTotal: 10_000, recordsFiltered: 10_000, more: true })
    const { body: page } = await world.get('/').expect(200)
    expect(page).toMatchObject({ count: 10_000, more: true })
    const { body: few } = await world.get('/?currency=usd').expect(200)
    expect(few).toMatchObject({ count: 10, more: false })
  })

  it('is read to its end by a client that reads as many as there are said to be', async () => {
    const seen: string[] = []
    for (let total = 1; seen.length < total;) {
      const { body } = await world.get(`/list?limit=100&order=asc&offset=${seen.length}`).expect(200)
      const rows = body.withdrawals as { id: string }[]
      seen.push(...rows.map(({ id }) => id))
      total = body.recordsTotal as number
    }
    expect(seen).toEqual(Array.from({ length: 10_120 }, (_, n) => idOf(n)))
  }, 60_000)

  it.each(['amount', 'currency', 'id', 'updated_at'])(
    'is not ordered by %s, and says up to where',
    async (sort) => {
      const answer = await world.get(`/?order_by=${sort}`)
      expectError(answer, 'list_too_long')
      expect(answer.body.message).toMatch(new RegExp(`10,000.*${sort}.*created_at`))
      const { body } = await world.get(`/?order_by=${sort}&currency=usd`).expect(200)
      expect(body.count).toBe(10)
    },
  )

  it('is ordered by status, and has no pages behind the ten thousandth with it or with a filter', async () => {
    const { body } = await world.get('/?order_by=status&order=desc&limit=12').expect(200)
    const statuses = (body.data as { status: string }[]).map(({ status }) => status)
    expect(statuses).toEqual([...Array<string>(11).fill('canceled'), 'processed'])
    await world.get('/?order_by=status&limit=100&page=100').expect(200)
    for (const query of ['order_by=status', 'currency=eur', 'status=processed', 'start_date=2026-01-01']) {
      const answer = await world.get(`/?${query}&limit=100&page=101`)
      expectError(answer, 'list_too_long')
      expect(answer.body.message).toContain('10,000')
    }
    await world.get('/?currency=usd&limit=100&page=101').expect(200)
  })

  it('is downloaded whole', async () => {
    const { text } = await world.get('/?format=csv').expect(200)
    expect(text.trimEnd().split('\n')).toHaveLength(10_121)
  }, 60_000)
})

describe('Who asks for many lists at once', () => {
  const database = testDatabase('PostgreSQL')

  /** Lists that are answered when the test says so; one of `slow`'s makes all his later ones wait. */
  function held() {
    const asked: number[] = []
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const around = (inner: Database): Database => ({
      ...inner,
      lists: {
        async query(text, parameters) {
          const userId = Number(parameters?.[0])
          asked.push(userId)
          if (userId === 1) await released
          return listsOf(inner).query(text, parameters)
        },
      },
    })
    return { asked, release: () => release(), around }
  }

  it('has one read after the other, is told when too many wait, and keeps nobody else waiting', async () => {
    const { asked, release, around } = held()
    const world = await World.create(database, { around: { database: around } })
    await insertRows(database, [{ id: 'of-ada-1' }, { id: 'of-grace-1', userId: 2 }])

    const lists = Array.from({ length: 25 }, () => world.get('/list').then((answer) => answer))
    const refused = await Promise.any(
      lists.map(async (list) => {
        const answer = await list
        return answer.status === 200 ? Promise.reject(new Error('answered')) : answer
      }),
    )
    expectError(refused, 'lists_busy')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    const { body } = await world.get('/list', 2).expect(200)
    expect(body.recordsTotal).toBe(1)
    // The page and the total of one list.
    expect(asked.filter((userId) => userId === 1)).toHaveLength(2)

    release()
    const statuses = (await Promise.all(lists)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(21)
    expect(statuses.filter((status) => status === 503)).toHaveLength(4)
  })

  it('is told so when reading one takes too long', async () => {
    const around = (inner: Database): Database => ({
      ...inner,
      lists: { query: () => Promise.reject(Object.assign(new Error('canceled'), { code: '57014' })) },
    })
    const world = await World.create(database, { around: { database: around } })
    expectError(await world.get('/list'), 'lists_busy')
    expectError(await world.get('/?format=csv'), 'lists_busy')
  })
})
