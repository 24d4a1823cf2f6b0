import { createBooksStore } from '../../../src/db/books'
import type { Database } from '../../../src/db/connect/database'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import type { World } from '../../helpers/world'
import { books, DAY_MS, HOUR_MS, type Run, worked } from './rig'

/**
 * Goal: a run says what it has seen and nothing more, does its work once, and goes on where it was left. Method: sides
 * that do not answer, processes that die in the middle, and many at once.
 */
describe.each(DATABASE_KINDS)('a run of the reconciliation, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const runs = async (world: World) =>
    (await world.see('/admin/reconciliation').expect(200)).body.data as (Run & Record<string, unknown>)[]
  const silent = () => Promise.reject(new Error('no answer in time'))

  it.each([
    [
      'burns',
      { listHolds: silent },
      /^The exchange’s burns of eur could not be read from .*no answer in time/,
    ],
    ['credits', { listCredits: silent }, /^The exchange’s credits of eur could not be read/],
    ['currencies', { listCurrencies: silent }, /no answer in time/],
  ])(
    'is incomplete where the %s of the exchange cannot be had, and invents nothing',
    async (_what, broken, said) => {
      const { world, reconciled, found } = await books(database, {
        around: { exchange: (exchange) => ({ ...exchange, ...broken }) },
      })
      await world.withdrawn(10)
      const run = await reconciled()
      expect(run).toMatchObject({ state: 'incomplete', agrees: false })
      expect(run.problems[0]).toMatch(said)
      expect(await found()).toEqual([])
    },
  )

  it('is incomplete where a provider lists nothing that can be read', async () => {
    const { world, reconciled, found } = await books(database, {
      around: {
        provider: (provider) => ({
          ...provider,
          listPayouts: () => Promise.resolve({ payouts: [{ key: 'BW-1' }] as never, next: null }),
        }),
      },
    })
    await world.withdrawn(10)
    const run = await reconciled()
    expect(run.state).toBe('incomplete')
    expect(run.problems).toEqual([expect.stringMatching(/payouts of sandbox .*malformed answer: a payout/)])
    expect(await found()).toEqual([])
  })

  it('is incomplete where nobody can say whether what does not match is so', async () => {
    let isSilent = false
    const { world, reconciled, found } = await books(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          findAllHolds: (query) =>
            isSilent ? Promise.resolve({ kind: 'unknown', why: 'no answer' }) : exchange.findAllHolds(query),
        }),
      },
    })
    await world.withdrawn(10)
    await database.query('delete from bank_withdrawal_sandbox.burns')
    isSilent = true
    expect(await reconciled()).toMatchObject({
      state: 'incomplete',
      problems: ['1 that may be row_without_burn: nobody could say for certain.'],
    })
    expect(await found()).toEqual([])
    isSilent = false
    expect(await reconciled()).toMatchObject({ state: 'complete', differences: { row_without_burn: 1 } })
  })

  it('asks for less at a time where an answer is not whole, and comes to its end', async () => {
    const { world, reconciled } = await books(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          listHolds: (range) =>
            range.until.getTime() - range.since.getTime() > 20 * 60_000
              ? Promise.reject(new Error('too much'))
              : exchange.listHolds(range),
        }),
      },
    })
    await world.withdrawn(10)
    const since = new Date(world.clock.now().getTime() - HOUR_MS).toISOString()
    const run = await reconciled({ since })
    // Each success is followed by a longer window again, which fails; but never five times in a row.
    expect(run).toMatchObject({ state: 'complete', agrees: true })
  })

  it('goes on where it was when its process dies, wherever that is, and finds the same', async () => {
    const deaths = { left: Number.POSITIVE_INFINITY, steps: 0 }
    const dying = (given: Database): Database => ({
      ...given,
      async transaction(work) {
        const result = await given.transaction(work)
        // What was committed stays, and nobody hears of it.
        if (++deaths.steps % 2 === 0 && deaths.left-- > 0) throw new Error('killed')
        return result
      },
    })
    const { world, found } = await books(database)
    for (const amount of [10, 11, 12]) await world.withdrawn(amount)
    await database.query('delete from bank_withdrawal_sandbox.burns where amount = 11')
    await world.clock.advance(2 * HOUR_MS)
    const [since, until] = [new Date(world.clock.now().getTime() - DAY_MS), world.clock.now()]
    const asked = { slot: null, since, until, askedBy: 'operator:2', reason: 'a look' }
    await createBooksStore(database).ask(asked)
    await world.start({ database: dying })
    deaths.left = 6
    for (let looks = 0; looks < 20; looks++) {
      const run = await world.app.reconciliation().work()
      if (run) break
      // Until the lease of the dead is over.
      await world.clock.advance(2 * 60_000)
    }
    expect(deaths.left).toBeLessThan(6)
    const [run] = await runs(world)
    expect(run).toMatchObject({ state: 'complete', differences: { row_without_burn: 1 }, withdrawals: 3 })
    expect((run?.lists ?? []).find(({ list, of }) => list === 'payouts' && of === 'sandbox')?.count).toBe(3)
    expect(await found()).toHaveLength(1)
  })

  it('is worked on by one of ten at once, and asked for once a day by all of them', async () => {
    const asked: string[] = []
    const { world } = await books(database, {
      config: { reconcileDays: 2 },
      around: {
        exchange: (exchange) => ({
          ...exchange,
          listHolds(range) {
            asked.push(`${range.currency} ${range.since.toISOString()}`)
            return exchange.listHolds(range)
          },
        }),
      },
    })
    await world.withdrawn(10)
    const atOnce = () => Promise.all(Array.from({ length: 10 }, () => world.app.reconciliation().work()))
    await atOnce()
    expect(await runs(world)).toMatchObject([{ asked_by: 'schedule', until: '2026-01-05T00:00:00.000Z' }])
    expect(new Set(asked).size).toBe(asked.length)
    await world.clock.advance(15 * HOUR_MS)
    await atOnce()
    expect(await runs(world)).toHaveLength(1)
    // An hour after the end of the day, and not before.
    await world.clock.advance(HOUR_MS)
    await atOnce()
    await world.start()
    await worked(world)
    expect(await runs(world)).toMatchObject([
      { until: '2026-01-06T00:00:00.000Z', since: '2026-01-04T00:00:00.000Z', withdrawals: 1, agrees: true },
      { until: '2026-01-05T00:00:00.000Z' },
    ])
  })

  it('asks the others for one window at a time, and for none once it has stopped', async () => {
    const asked = { now: 0, most: 0, times: 0 }
    const counted =
      <Given extends readonly unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
      async (...given: Given): Promise<Answer> => {
        asked.times++
        asked.most = Math.max(asked.most, ++asked.now)
        try {
          return await ask(...given)
        } finally {
          asked.now--
        }
      }
    let stopping: Promise<void> | undefined
    const { world } = await books(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          listHolds: counted(exchange.listHolds),
          listCredits: counted(exchange.listCredits),
        }),
        provider: (provider) => ({
          ...provider,
          listPayouts: counted((range) => {
            stopping ??= world.app.reconciliation().stop()
            return provider.listPayouts?.(range) ?? Promise.reject(new Error('It cannot list.'))
          }),
        }),
      },
    })
    await world.withdrawn(10)
    await world.clock.advance(2 * HOUR_MS)
    await world.operate('/admin/reconciliation', { reason: 'a look' }).expect(202)
    await world.app.reconciliation().work()
    await stopping
    expect(asked).toMatchObject({ now: 0, most: 1 })
    expect(await runs(world)).toMatchObject([{ state: 'running' }])
    const { times } = asked
    await world.app.reconciliation().work()
    expect(asked.times).toBe(times)
    // Whoever comes next goes on where it was.
    await world.start()
    await worked(world)
    expect(await runs(world)).toMatchObject([{ state: 'complete', withdrawals: 1 }])
    expect(asked).toMatchObject({ now: 0, most: 1 })
  })

  it('holds what it read against each other past the connections that move money', async () => {
    const { studies } = database
    if (!studies) return
    const { world } = await books(database)
    const texts: string[] = []
    await world.start({
      database: (given) => ({
        ...given,
        query: (text, ...rest) => {
          texts.push(text)
          return given.query(text, ...rest)
        },
        transaction: (work) =>
          given.transaction((tx) =>
            work({
              ...tx,
              query: (text, ...rest) => {
                texts.push(text)
                return tx.query(text, ...rest)
              },
            }),
          ),
      }),
    })
    await world.withdrawn(10)
    await database.query('delete from bank_withdrawal_sandbox.burns')
    await world.clock.advance(2 * HOUR_MS)
    await world.operate('/admin/reconciliation', { reason: 'a look' }).expect(202)
    texts.length = 0
    await worked(world)
    expect(await runs(world)).toMatchObject([{ differences: { row_without_burn: 1 }, withdrawals: 1 }])
    expect(texts.filter((text) => /reconciliation_candidates/.test(text))).not.toEqual([])
    const matches = /from bank_withdrawal\.journal\s+where at >=|nth <= \$3|sum\(amount\)/
    expect(texts.filter((text) => matches.test(text))).toEqual([])
  })

  it('leaves nothing of what was listed', async () => {
    const { world, reconciled } = await books(database)
    await world.withdrawn(10)
    await database.query('delete from bank_withdrawal_sandbox.burns')
    await reconciled()
    const left = await database.query(
      'select 1 from bank_withdrawal.reconciliation_items union all select 1 from bank_withdrawal.reconciliation_candidates',
    )
    expect(left).toEqual([])
  })

  it.each([
    ['no reason', {}, 400],
    ['an unknown member', { reason: 'r', days: 3 }, 400],
    ['a day instead of a time', { reason: 'r', since: '2026-01-01' }, 400],
    ['a time that there is not', { reason: 'r', since: '2026-13-41T00:00:00Z' }, 400],
    ['a number', { reason: 'r', until: 5 }, 400],
    ['an end in the future', { reason: 'r', until: '2027-01-01T00:00:00Z' }, 400],
    [
      'an end before its beginning',
      { reason: 'r', since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' },
      400,
    ],
    ['a year', { reason: 'r', since: '2025-01-01T00:00:00Z' }, 400],
  ])('is not begun by %s', async (_what, body, status) => {
    const { world } = await books(database)
    await world.operate('/admin/reconciliation', body).expect(status)
    expect(await runs(world)).toEqual([])
  })

  it('is refused while another one goes on, to users, and under a number that there is not', async () => {
    const { world } = await books(database, {
      around: { exchange: (exchange) => ({ ...exchange, listHolds: silent }) },
    })
    await world.operate('/admin/reconciliation', { reason: 'a look' }).expect(202)
    await world.operate('/admin/reconciliation', { reason: 'again' }).expect(409, /action_not_possible/)
    await world.post({ reason: 'r' }, { path: '/admin/reconciliation' }).expect(403)
    await world.get('/admin/reconciliation').expect(403)
    for (const id of ['77', 'x', '1%00', '9'.repeat(30)])
      await world.see(`/admin/reconciliation/${id}`).expect(404)
    await worked(world)
    await world.clock.advance(DAY_MS)
  })
})
