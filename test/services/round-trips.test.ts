import type { Database } from '../../src/db/connect/database'
import { createGateStore } from '../../src/db/gates'
import { createStore } from '../../src/db/store'
import { CODE_LOCK_RULE } from '../../src/services/limits/code-locks'
import { draft, LEASE } from '../db/rows'
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
    expect(await withdraw({ mode: 'batch' })).toEqual(['insert', 'change_alike'])
  })

  it('to be accepted with every limit a kit has', async () => {
    const limits = { mode: 'batch', maxOpenWithdrawals: 3 }
    expect(await withdraw(limits, 'a-key-of-the-client')).toEqual(['find_by_key', 'insert', 'change_alike'])
  })

  it('together with what others ask at the same moment, and hears its own answer', async () => {
    const store = createStore(counting(database))
    const gates = createGateStore(counting(database))
    const rule = { ...CODE_LOCK_RULE, free: 4 }
    await store.insertWithdrawal(draft(1, { userId: 3, idempotencyKey: 'key' }), LEASE)
    await store.setProviderPaused({ provider: 'modulr', isPaused: true, reason: '', actor: '', version: 0 })
    await gates.addWrongCode(5, rule)
    asked.length = 0
    const users = [1, 2, 3, 4, 5, 6]

    const [rows, stops, locks] = await Promise.all([
      Promise.all(users.map((userId) => store.findByIdempotencyKey(userId, 'key'))),
      Promise.all(['sandbox', 'modulr', 'sandbox', 'sepa'].map((provider) => store.whatStops(provider))),
      Promise.all(users.map((userId) => gates.findCodeLock(userId, rule))),
    ])

    expect(rows.map((row) => row?.userId ?? null)).toEqual([null, null, 3, null, null, null])
    expect(stops).toEqual([null, 'pause', null, null])
    expect(locks.map((lock) => lock?.userId ?? null)).toEqual([null, null, null, null, 5, null])
    // The first of each goes at once, the others with each other.
    expect(asked.sort()).toEqual([
      ...['find_by_key', 'find_by_key', 'find_code_locks', 'find_code_locks', 'what_stops', 'what_stops'],
    ])
  })

  it('to be paid', async () => {
    expect(await withdraw({ mode: 'immediate' })).toEqual([
      'insert',
      // Lock confirmed; may its provider be called; intent to pay; paid; settled.
      ...['change_alike', 'what_stops', 'change_alike', 'change_alike', 'change_alike'],
    ])
  })
})
