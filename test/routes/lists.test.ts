import { DATABASE_KINDS, openTestDatabase, type TestDatabase, testDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { expectError, failingDatabase, insertRows } from './support'

/** Ids `w-00000001` ... in the order of their creation, an hour apart. */
const idOf = (n: number): string => `w-${String(n).padStart(8, '0')}`
const hour = (n: number): string => new Date(Date.UTC(2026, 0, 1, n)).toISOString()
const countdown = (from: number, to: number): string[] =>
  Array.from({ length: from - to + 1 }, (_, index) => idOf(from - index))

const insertTwelve = (database: TestDatabase): Promise<void> =>
  insertRows(
    database,
    Array.from({ length: 12 }, (_, index) => ({
      id: idOf(index + 1),
      createdAt: hour(index + 1),
      amount: String(100 - index),
      currency: index % 3 === 0 ? 'usd' : 'eur',
      state: (['processed', 'canceled', 'in_review', 'processed'] as const)[index % 4] ?? 'processed',
    })),
  )

interface Listed {
  readonly body: {
    readonly withdrawals: readonly { id: string }[]
    readonly data: readonly { id: string }[]
  }
}
const ids = ({ body }: Listed): string[] => (body.withdrawals ?? body.data).map(({ id }) => id)

describe.each(DATABASE_KINDS)('The lists on %s', (kind) => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    world = await World.create(database)
    await insertTwelve(database)
    await insertRows(database, [
      { id: 'of-grace-1', userId: 2, createdAt: hour(5) },
      { id: 'of-grace-2', userId: 2, createdAt: hour(20) },
    ])
  })
  afterAll(() => database.close())

  it.each([
    ['', countdown(12, 3)],
    ['?offset=-1', countdown(12, 3)],
    ['?offset=0', countdown(12, 3)],
    ['?offset=10', countdown(2, 1)],
    ['?offset=12', []],
    ['?offset=1000000', []],
    ['?limit=3', countdown(12, 10)],
    ['?offset=3&limit=3', countdown(9, 7)],
    ['?limit=100', countdown(12, 1)],
    ['?order=desc&limit=2', countdown(12, 11)],
    ['?order=asc&limit=2', [idOf(1), idOf(2)]],
  ])('GET /list%s answers with the right rows, and counts all of them', async (query, expected) => {
    const answer = await world.get(`/list${query}`).expect(200)

    expect(ids(answer)).toEqual(expected)
    expect(answer.body).toEqual({
      withdrawals: expect.any(Array),
      more: false,
      recordsTotal: 12,
      recordsFiltered: 12,
      draw: 0,
    })
  })

  it.each([
    [idOf(7), [idOf(7)]],
    ['  93 ', [idOf(8)]],
    ['93,00', [idOf(8)]],
    ['93.001', []],
    ['of-grace-1', []],
    ['%', []],
    ["' or true --", []],
  ])('GET /list?search=%s finds one’s own by what is known of it', async (search, expected) => {
    const answer = await world.get(`/list?search=${encodeURIComponent(search)}`).expect(200)
    expect(ids(answer)).toEqual(expected)
    expect(answer.body).toMatchObject({ recordsTotal: 12, recordsFiltered: expected.length, more: false })
  })

  it.each([
    ['', countdown(12, 1), 12],
    ['?limit=5', countdown(12, 8), 12],
    ['?limit=5&page=2', countdown(7, 3), 12],
    ['?limit=5&page=3', countdown(2, 1), 12],
    ['?limit=5&page=4', [], 12],
    ['?limit=2&order=asc', [idOf(1), idOf(2)], 12],
    ['?limit=2&order_by=amount', [idOf(1), idOf(2)], 12],
    ['?limit=2&order_by=amount&order=asc', countdown(12, 11), 12],
    ['?limit=2&order_by=id&order=asc', [idOf(1), idOf(2)], 12],
    ['?limit=2&order_by=updated_at', countdown(12, 11), 12],
    ['?limit=4&order_by=currency', [10, 7, 4, 1].map(idOf), 12],
    ['?limit=3&order_by=status&order=asc', [3, 7, 11].map(idOf), 12],
    ['?currency=usd', [10, 7, 4, 1].map(idOf), 4],
    ['?currency=USD&limit=1', [idOf(10)], 4],
    ['?currency=xyz', [], 0],
    ['?status=canceled', [10, 6, 2].map(idOf), 3],
    ['?status=pending', [11, 7, 3].map(idOf), 3],
    ['?status=processed&currency=usd', [4, 1].map(idOf), 2],
    ['?start_date=2026-01-01T11:00:00Z', countdown(12, 11), 2],
    ['?start_date=2026-01-01T11:00:00.001Z', [idOf(12)], 1],
    ['?end_date=2026-01-01T02:00:00Z', countdown(2, 1), 2],
    ['?start_date=2026-01-01T04:00&end_date=2026-01-01T05:00', countdown(5, 4), 2],
    ['?start_date=2026-01-01T06:00%2B02:00&end_date=2026-01-01%2005:00', countdown(5, 4), 2],
    ['?start_date=2026-01-01&end_date=2026-01-02', countdown(12, 1), 12],
    ['?start_date=2026-01-02', [], 0],
    ['?end_date=0001-01-01', [], 0],
    ['?start_date=2026-01-01&end_date=2026-01-01', countdown(12, 1), 12],
    ['?currency=&status=&start_date=&limit=&page=&order_by=', countdown(12, 1), 12],
    ['?start_date=2026-01-02&end_date=2026-01-01', [], 0],
  ])('GET /%s answers with the right rows, and counts what matches', async (query, expected, count) => {
    const answer = await world.get(`/${query}`).expect(200)

    expect(ids(answer)).toEqual(expected)
    expect(Object.keys(answer.body as object)).toEqual(['count', 'more', 'data'])
    expect(answer.body.more).toBe(false)
    expect(answer.body.count).toBe(count)
  })

  it('show the same record as the withdrawal itself, which has its timeline too', async () => {
    const { body } = await world.get(`/${idOf(12)}`).expect(200)
    const { timeline, ...one } = body as { timeline: unknown }
    expect(timeline).toEqual([])
    const { body: list } = await world.get('/list?limit=1').expect(200)
    const { body: page } = await world.get('/?limit=1').expect(200)

    expect(list.withdrawals).toEqual([one])
    expect(page.data).toEqual([one])
    expect(one).toMatchObject({ amount: 89, status: 'processed', account_holder: 'Ada Lovelace' })
  })

  it.each([
    ['?draw=7', 7],
    ['?draw=0', 0],
    ['?draw=999999999', 999_999_999],
  ])('GET /list%s echoes the draw', async (query, draw) => {
    const { body } = await world.get(`/list${query}`).expect(200)

    expect(body.draw).toBe(draw)
  })

  it.each([
    '/list',
    '/',
    '/list?user_id=2',
    '/?user_id=2',
    '/?owner=2',
    '/?order_by=id',
    '/?start_date=2026-01-01',
  ])('GET %s shows nothing of another user', async (path) => {
    const mine = await world.get(path).expect(200)
    const theirs = await world.get(path, 2).expect(200)

    expect(ids(mine).filter((id) => !id.startsWith('w-'))).toEqual([])
    expect(ids(theirs).sort()).toEqual(['of-grace-1', 'of-grace-2'])
  })
})

describe('A bad query', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database)
  })
  afterAll(() => database.close())

  const NUMBERS = [
    '-2',
    '0x1',
    '1.5',
    'NaN',
    '1e9',
    ' 1',
    '+1',
    '1e18',
    "1' OR 1=1--",
    '9'.repeat(400),
    '%00',
    '１',
  ]
  const both = (query: string): string[] => [`/list?${query}`, `/?${query}`]
  const BAD: readonly string[] = [
    ...NUMBERS.flatMap((value) => both(`limit=${value}`)),
    ...both('limit=0'),
    ...both('limit=101'),
    ...both('limit=5&limit=6'),
    ...NUMBERS.map((value) => `/list?offset=${value}`),
    '/list?offset=1000001',
    '/list?offset=1&offset=2',
    ...NUMBERS.map((value) => `/list?draw=${value}`),
    '/list?draw=-1',
    '/list?draw=1000000000',
    '/list?draw=1&draw=2',
    ...NUMBERS.map((value) => `/?page=${value}`),
    '/?page=0',
    '/?page=10001',
    '/?page=1&page=2',
    ...['ASC', 'up', 'asc;drop table x', 'asc&order=asc'].flatMap((value) => both(`order=${value}`)),
    // prettier-ignore
    ...['amount;drop', 'amount--', 'user_id', 'idempotency_key', 'destination', '(select 1)', 'Amount', 'constructor', 'id&order_by=id'].map(
      (value) => `/?order_by=${value}`),
    ...['done', 'PENDING', 'ready', "' OR 1=1--", 'pending&status=processed'].map(
      (value) => `/?status=${value}`,
    ),
    ...['CSV', 'json', 'xlsx', 'csv&format=csv'].map((value) => `/?format=${value}`),
    // prettier-ignore
    ...['eur;drop', "eur' OR 1=1--", 'e'.repeat(21), 'e%00', 'eur&currency=usd', '*'].map((value) => `/?currency=${value}`),
    // prettier-ignore
    ...['9999-99-99', '2026-02-31', '2026-13-01', '2026-00-10', '0000-01-01', '26-01-01', 'yesterday', '1735689600', '2026-01-01T',
      '2026-01-01T25:00', '2026-01-01T10:61', '2026-01-01T10:00Z0', '9999-12-31T23:59-02:00', '0001-01-01T00:00%2B23:00',
      '%2B010000-01-01', '2026-01-01%00', "2026-01-01'--", '2026-01-01&start_date=2026-01-02'].flatMap((value) =>
      [`/?start_date=${value}`, `/?end_date=${value.replace('start_date', 'end_date')}`]),
  ]

  it.each(BAD)('GET %s is refused with 400', async (path) => {
    expectError(await world.get(path), 'invalid_request')
  })
})

describe('While the database fails', () => {
  const database = testDatabase('PostgreSQL')

  it.each([
    ['/list', /order by/],
    ['/', /order by/],
    ['/?format=csv', /order by/],
    ['/list', /count\(\*\)/],
    ['/', /count\(\*\)/],
  ])('GET %s says so in the words of the contract, and nothing of why (%s)', async (path, pattern) => {
    let isStarted = false
    const around = { database: failingDatabase(pattern, () => isStarted) }
    const world = await World.create(database, { around })
    isStarted = true

    const answer = await world.get(path)

    expectError(answer, 'list_failed', 'Error getting Withdrawals')
    expect(answer.text).not.toMatch(/secret|terminating/)
  })
})
