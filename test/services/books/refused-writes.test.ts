import { randomBytes } from 'node:crypto'

import type { Database } from '../../../src/db/connect/database'
import type { ListedHold } from '../../../src/ports/exchange'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { books } from './rig'

/**
 * Goal: what the database does not take ends as something that a person sees, and is not tried for ever. Method: a list
 * with a name that no database holds, a question that a constraint refuses, and joins that never come to their end.
 */
describe.each(DATABASE_KINDS)('a reconciliation that the database refuses something, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  /** Each burn is listed once more, as one of somebody else's under this name. */
  const listedAs = (id: string) => {
    const another = (hold: ListedHold): ListedHold => ({ ...hold, id, description: null })
    return books(database, {
      around: {
        exchange: (exchange) => ({
          ...exchange,
          listHolds: async (range) => {
            const listed = await exchange.listHolds(range)
            return [...listed, ...listed.map(another)]
          },
        }),
      },
    })
  }

  it('sees everything though a burn of somebody else has a name that no text of a database is', async () => {
    const { world, reconciled } = await listedAs('b\u0000d \ud83d')
    await world.withdrawn(10)
    expect(await reconciled()).toMatchObject({ state: 'complete', agrees: true, withdrawals: 1 })
  })

  it('is incomplete where a list holds what the database refuses, and sees all other lists', async () => {
    // More than an entry of an index holds, and not to be written shorter.
    const { world, reconciled, found } = await listedAs(randomBytes(8_000).toString('hex'))
    await world.withdrawn(10)
    const run = await reconciled()
    expect(run).toMatchObject({ state: 'incomplete', agrees: false, withdrawals: 1 })
    expect(run.problems).toEqual([
      expect.stringMatching(/^The exchange’s burns of eur could not be read from/),
    ])
    expect(run.lists.filter(({ whole }) => !whole)).toMatchObject([{ list: 'burns', of: 'eur' }])
    expect(await found()).toEqual([])
  })

  it('says that nobody could say for certain where one question cannot be stored, and asks all others', async () => {
    const { world, reconciled, found } = await books(database)
    const refused = String((await world.withdrawn(10)).id)
    const asked = String((await world.withdrawn(11)).id)
    await database.query('delete from bank_withdrawal_sandbox.burns')
    await database.query(
      `alter table bank_withdrawal.differences add constraint one_is_refused check (withdrawal_id <> '${refused}')`,
    )
    const run = await reconciled()
    await database.query('alter table bank_withdrawal.differences drop constraint one_is_refused')
    expect(run).toMatchObject({ state: 'incomplete', differences: { row_without_burn: 1 } })
    expect(run.problems).toEqual(['1 that may be row_without_burn: nobody could say for certain.'])
    expect(await found()).toMatchObject([{ withdrawal_id: asked }])
  })

  it.each([
    ['items', 'burn_without_row'],
    ['credits', 'credited_twice'],
  ])('is incomplete where the %s cannot be matched, however often it is tried', async (_phase, named) => {
    const { world, reconciled } = await books(database)
    await world.withdrawn(10)
    const slow = <By extends Pick<Database, 'query'>>(by: By): By => ({
      ...by,
      query: (text: string, ...rest: [(readonly unknown[])?, string?]) =>
        text.includes(`'${named}' as kind`)
          ? Promise.reject(
              Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }),
            )
          : by.query(text, ...rest),
    })
    await world.start({
      database: (given) => ({ ...slow(given), ...(given.studies && { studies: slow(given.studies) }) }),
    })
    const run = await reconciled()
    expect(run.state).toBe('incomplete')
    expect(run.problems).toEqual([expect.stringMatching(/could not be held against.*statement timeout/)])
  })
})
