import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { BASE, World } from '../helpers/world'
import { expectError, failingDatabase, insertRows, sendRaw } from './support'

const HEADER =
  'id,created_at,updated_at,currency,amount,fee,method,bank,iban,swift,paypal_id,account_holder,status,stage,' +
  'reason,transaction_id,provider,provider_transaction_id'

const linesOf = (text: string): string[] => text.trimEnd().split('\n')

describe.each(DATABASE_KINDS)('GET /?format=csv on %s', (kind) => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    world = await World.create(database)
  })

  it('downloads a file called withdrawals.csv, a header line first', async () => {
    const { body } = await world.withdraw('10.5').expect(200)

    const { headers, text } = await world.get('/?format=csv').expect(200)

    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['content-disposition']).toBe('attachment; filename="withdrawals.csv"')
    const { id, created_at: at, transaction_id: paid } = body
    expect(linesOf(text)).toEqual([
      HEADER,
      `${id},${at},${at},eur,10.5,0,BANK,,DE89370400440532013000,,,Ada Lovelace,processed,completed,,${paid},sandbox,${paid}`,
    ])
  })

  it('is a header alone for a user without withdrawals', async () => {
    const { text } = await world.get('/?format=csv').expect(200)

    expect(linesOf(text)).toEqual([HEADER])
  })

  it('brings more rows than one page holds, each once, oldest first, though many share a moment', async () => {
    // Seven rows per microsecond: a cursor that loses digits or ties would lose or repeat rows.
    const rows = Array.from({ length: 1_203 }, (_, n) => ({
      id: `w-${String(n).padStart(8, '0')}`,
      createdAt: `2026-01-01T00:00:00.${String(Math.floor(n / 7)).padStart(6, '0')}Z`,
    }))
    await insertRows(database, [...rows].reverse())
    await insertRows(database, [{ id: 'of-grace-1', userId: 2 }])

    const { text } = await world.get('/?format=csv').expect(200)

    const [header, ...records] = linesOf(text)
    expect(header).toBe(HEADER)
    expect(records.map((line) => line.split(',')[0])).toEqual(rows.map(({ id }) => id))
  })

  it('has what was asked for in the last thousandth of a day in that day, and in no other', async () => {
    const last = '2026-01-01T23:59:59.999500Z'
    await insertRows(database, [
      { id: 'w-last-of-day', createdAt: last },
      { id: 'w-first-of-day', createdAt: '2026-01-02T00:00:00.000000Z' },
    ])
    const idsOf = async (day: string) => {
      const { text } = await world.get(`/?format=csv&start_date=${day}&end_date=${day}`).expect(200)
      return linesOf(text)
        .slice(1)
        .map((line) => line.split(',')[0])
    }
    expect(await idsOf('2026-01-01')).toEqual(['w-last-of-day'])
    expect(await idsOf('2026-01-02')).toEqual(['w-first-of-day'])
    // As it is shown, to the millisecond, it is found again.
    const { body } = await world.get('/?end_date=2026-01-01T23:59:59.999Z').expect(200)
    expect(body).toMatchObject({ count: 1, data: [{ created_at: '2026-01-01T23:59:59.999Z' }] })
  })
})

describe('GET /?format=csv', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    world = await World.create(database)
  })

  it.each([
    ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
    ['+cmd', "'+cmd"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['A, "B"', '"A, ""B"""'],
    // A spreadsheet of half of Europe begins a cell at each semicolon.
    ['Ada; =1+1', "Ada; '=1+1"],
    ['Ada;@SUM(A1)', "Ada;'@SUM(A1)"],
    ['Ada; Lovelace', 'Ada; Lovelace'],
  ])('makes no formula of the name %s', async (holder, cell) => {
    await world
      .withdraw(10, { bank_account: { iban: 'DE89370400440532013000', account_holder: holder } })
      .expect(200)

    const { text } = await world.get('/?format=csv').expect(200)

    expect(linesOf(text)[1]).toContain(`,${cell},processed,`)
  })

  it('keeps to the filters of the query', async () => {
    await insertRows(database, [
      { id: 'w-early-eur', createdAt: '2026-01-01T00:00:00Z' },
      { id: 'w-late-eur', createdAt: '2026-01-03T00:00:00Z' },
      { id: 'w-late-usd', createdAt: '2026-01-03T00:00:00Z', currency: 'usd' },
      { id: 'w-late-canceled', createdAt: '2026-01-03T00:00:00Z', state: 'canceled' },
    ])

    const query = '/?format=csv&currency=EUR&status=processed&start_date=2026-01-02&limit=1&page=9&order=desc'
    const { text } = await world.get(query).expect(200)

    expect(linesOf(text).map((line) => line.split(',')[0])).toEqual(['id', 'w-late-eur'])
  })

  it('refuses a bad filter before it starts a file', async () => {
    expectError(await world.get('/?format=csv&start_date=x'), 'invalid_request')
  })

  it('breaks the connection when the database fails half way: a part must not look like the whole', async () => {
    let pages = 0
    const logger = recordingLogger()
    world = await World.create(database, {
      logger,
      around: { database: failingDatabase(/order by created_at/, () => ++pages > 1) },
    })
    await insertRows(
      database,
      Array.from({ length: 600 }, (_, n) => ({ id: `w-${String(n).padStart(8, '0')}` })),
    )

    const headers = { Authorization: `Bearer ${world.token()}` }
    const download = sendRaw(world.host(), { method: 'GET', path: `${BASE}/?format=csv`, headers })

    await expect(download).rejects.toThrow(/aborted|hang up|ECONNRESET/)
    expect(logger.lines.map(({ event }) => event)).toContain('withdrawals.list_failed')
  })
})
