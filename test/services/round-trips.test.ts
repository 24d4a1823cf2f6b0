import type { Database } from '../../src/db/connect/database'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { World, type WorldOptions } from '../helpers/world'

/**
 * Goal: how often one request goes to the database and back is known, and does not grow unseen; docs/performance.md says
 * the same numbers. Method: count what the plugin asks between the request and its answer, the bank's own books apart.
 */
describe('one request to withdraw goes to the database', () => {
  let database: TestDatabase
  const asked: string[] = []
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  const counting = (inner: Database): Database => ({
    ...inner,
    query(text, parameters, name) {
      if (!text.includes('provider_documents')) asked.push(name ?? text)
      return inner.query(text, parameters, name)
    },
    async transaction(work) {
      asked.push('begin and commit')
      return inner.transaction(work)
    },
  })

  async function withdraw(config: WorldOptions['config'], key?: string): Promise<string[]> {
    const world = await World.create(database, {
      config: { waitMs: 8_000, ...config },
      around: { database: counting },
    })
    asked.length = 0
    const body = { currency: 'eur', amount: 10, bank_account: { iban: 'DE89370400440532013000' } }
    await world.post(body, key === undefined ? {} : { key }).expect(200)
    const during = [...asked]
    await world.app.stop()
    return during
  }

  it('to be accepted', async () => {
    expect(await withdraw({ mode: 'batch' })).toEqual(['insert', 'change'])
  })

  it('to be accepted with every limit a kit has', async () => {
    const limits = { mode: 'batch', maxOpenWithdrawals: 3 }
    expect(await withdraw(limits, 'a-key-of-the-client')).toEqual(['find_by_key', 'insert', 'change'])
  })

  it('to be paid', async () => {
    expect(await withdraw({ mode: 'immediate' })).toEqual([
      'insert',
      // Lock confirmed; may its provider be called; intent to pay; paid; settled.
      ...['change', 'what_stops', 'change', 'change', 'change'],
    ])
  })
})
