import { createHash } from 'node:crypto'

import request from 'supertest'

import { createRetentionStore } from '../../../src/db/retention'
import { verifyDatabase } from '../../../src/db/verify'
import { sepaProvider } from '../../../src/providers/sepa'
import { createRetentionRun } from '../../../src/services/retention'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { silentLogger } from '../../helpers/loggers'
import { BASE, World } from '../../helpers/world'
import { as, SEVERAL } from '../../routes/admin/two-operators'
import { expectError } from '../../routes/support'
import { booking } from './bank-documents'
import { OPTIONS } from './rig'

const DAY_MS = 86_400_000
const FIRST = 2
const SECOND = 3

/** Goal: a report’s bytes end with the time set for them, and what was decided by them does not come undone. */
describe.each(DATABASE_KINDS)('the bytes of a bank’s report, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const night = () =>
    createRetentionRun({
      retention: createRetentionStore(database),
      providers: [],
      keptDays: { details: 0, accounts: 0, reports: 60, events: 0, files: 0 },
      logger: silentLogger,
    })()
  const createWorld = (config: Record<string, unknown> = {}) =>
    World.create(database, {
      config: { encryptionKeys: keyNamed('k1'), ...config },
      around: { provider: () => sepaProvider(OPTIONS) },
    })
  async function withdraw(world: World, amount: string) {
    const body = {
      currency: 'eur',
      amount,
      bank_account: { account_holder: 'Jane Roe', iban: 'NL91ABNA0417164300' },
    }
    const { body: made } = await world.post(body).expect(200)
    return world.row((made as { id: string }).id)
  }
  const hand = (world: World, document: string, userId = FIRST) =>
    request(world.host())
      .post(`${BASE}/admin/files/sepa`)
      .query({ name: 'report.xml', reason: 'the statement of today' })
      .set('Authorization', `Bearer ${world.token(userId, 'admin')}`)
      .set('Content-Type', 'application/xml')
      .send(document)
  const look = (world: World, document: string) =>
    world.see(`/admin/files/sepa/reports/${digestOf(document)}?reason=to+compare`)
  const goOn = async (world: World) => {
    await world.engine.watch.run()
    await world.runToRest(3_600_000)
  }
  const contents = async () =>
    (await database.query<{ content: string }>('select content from bank_withdrawal.bank_reports')).map(
      ({ content }) => content.split(':')[0],
    )
  const digestOf = (document: string) => createHash('sha256').update(document).digest('hex')

  it('are gone after it; who handed in which stays, and the same report once more changes nothing', async () => {
    const world = await createWorld()
    const row = await withdraw(world, '50')
    const document = booking(row.endToEndId, '50.00')
    await hand(world, document).expect(200)
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('processed')

    await world.clock.advance(59 * DAY_MS)
    expect(await night()).toBe(0)
    await world.clock.advance(2 * DAY_MS)
    expect(await night()).toBe(1)
    expect(await night()).toBe(0)
    expect(await contents()).toEqual(['erased'])
    expectError(await look(world, document), 'file_not_found')
    const said = await world.engine.store.findBankReport('sepa', digestOf(document))
    expect(said).toMatchObject({
      name: 'report.xml',
      handedInBy: 'operator:2',
      reason: 'the statement of today',
    })
    expect(
      await world.engine.store.listOperatorActions({
        ...{ subject: 'retention', action: 'retention.reports', limit: 9 },
      }),
    ).toMatchObject([{ actor: 'retention', detail: { erased: 1, olderThanDays: 60 } }])
    await goOn(world)
    expect(
      (await verifyDatabase(database, { stuckMinutes: 30, namedMax: 10 })).filter(({ count }) => count > 0),
    ).toEqual([])

    const again = await hand(world, document, SECOND).expect(200)
    expect(again.body).toMatchObject({ repeated: true })
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_950, locked: 0 })
    // Whoever has them brings them back, until the next night.
    await look(world, document).expect(200)
    expect(await night()).toBe(1)
  })

  it('stay while a second person has not said their word about them, however old they are', async () => {
    const world = await createWorld(SEVERAL)
    const row = await withdraw(world, '1000')
    const { body } = await hand(world, booking(row.endToEndId, '1000.00')).expect(202)
    await world.clock.advance(400 * DAY_MS)
    expect(await night()).toBe(0)

    await as(world, SECOND)(`/admin/approvals/${(body.approval as { id: string }).id}/confirm`).expect(200)
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('processed')
    expect(await night()).toBe(1)
    expect(await contents()).toEqual(['erased'])
  })
})
