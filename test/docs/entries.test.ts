import { createBooksStore } from '../../src/db/books'
import { createStore } from '../../src/db/store'
import { ENTRIES } from '../../src/domain/states'
import { draft, LEASE } from '../db/rows'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'

describe.each(DATABASE_KINDS)('The ways in that docs/states.md shows, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    await database.reset()
  })
  afterAll(() => database.close())

  it('are those that statements insert rows into', async () => {
    const store = createStore(database)
    await store.insertWithdrawal(draft(1), LEASE)
    await store.insertAdopted(draft(2), null)
    await store.insertAdopted(draft(3), { reasonCode: 'code_not_checked', findings: null })

    const books = createBooksStore(database)
    const kind = 'burn_without_row'
    await store.openDifference({ kind, withdrawalId: draft(4).id, fact: '', detail: {} })
    const lost = { ...draft(4), settledBurnId: null }
    await books.insertLost(lost, { differenceId: '1', actor: 'operator:2', reason: 'r', detail: {} })

    const begun = await database.query<{ to_state: string }>(
      'select distinct to_state from bank_withdrawal.journal where from_state is null order by 1',
    )
    expect(begun.map(({ to_state }) => to_state)).toEqual(Object.keys(ENTRIES).sort())
  })
})
