import { paid } from '../../src/services/steps/payout-facts'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World } from '../helpers/world'

/** Goal: a burn that was settled is found again. A bank may call one payment by two names; the exchange keeps the first. */
describe.each(DATABASE_KINDS)('the name a burn was settled under, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('stays where the bank calls the payment by another one later', async () => {
    const world = await World.create(database)
    const row = await world.row((await world.withdrawn(10)).id)
    expect(row.settledBurnId).not.toBeNull()
    const again = {
      kind: 'settled',
      reference: row.providerReference ?? '',
      transactionId: 'ANOTHER-NAME',
    } as const
    const move = paid(row, again, world.engine.stepDeps)
    expect(move.patch).toMatchObject({
      settledBurnId: row.settledBurnId,
      providerTransactionId: 'ANOTHER-NAME',
    })
  })
})
