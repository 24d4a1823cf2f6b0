import request from 'supertest'

import { createRetentionStore } from '../../../src/db/retention'
import { verifyDatabase } from '../../../src/db/verify'
import type { PaymentProvider } from '../../../src/ports/payment-provider'
import { sepaProvider } from '../../../src/providers/sepa'
import { createRetentionRun } from '../../../src/services/retention'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { silentLogger } from '../../helpers/loggers'
import { BASE, World } from '../../helpers/world'
import { expectError } from '../../routes/support'
import { booking } from './bank-documents'
import { OPTIONS } from './rig'

const DAY_MS = 86_400_000

/** Goal: names and accounts in files for the bank end with the time set for them, and nothing that may still matter does. */
describe.each(DATABASE_KINDS)('The content of a file for the bank, on %s', (kind) => {
  let database: TestDatabase
  let provider: PaymentProvider
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const createWorld = () =>
    World.create(database, {
      config: { encryptionKeys: keyNamed('k1') },
      around: {
        provider: () => {
          provider = sepaProvider(OPTIONS)
          return provider
        },
      },
    })
  const night = () =>
    createRetentionRun({
      retention: createRetentionStore(database),
      providers: [provider],
      keptDays: { details: 0, accounts: 0, reports: 0, events: 0, files: 60 },
      logger: silentLogger,
    })()
  async function withdraw(world: World, amount: string) {
    const bank_account = { account_holder: 'Jane Roe', iban: 'NL91ABNA0417164300' }
    const { body } = await world.post({ currency: 'eur', amount, bank_account }).expect(200)
    return world.row((body as { id: string }).id)
  }
  const handIn = (world: World, document: string) =>
    request(world.host())
      .post(`${BASE}/admin/files/sepa`)
      .query({ name: 'report.xml', reason: 'the statement of today' })
      .set('Authorization', `Bearer ${world.token(2, 'admin')}`)
      .set('Content-Type', 'application/xml')
      .send(document)
  const listed = async (world: World) =>
    ((await world.see('/admin/files/sepa').expect(200)).body as { data: Record<string, unknown>[] }).data
  const download = (world: World, name: unknown) =>
    world.see(`/admin/files/sepa/${String(name)}?reason=to+compare`)
  async function paid(world: World, amount: string) {
    const row = await withdraw(world, amount)
    await handIn(world, booking(row.endToEndId, `${amount}.00`)).expect(200)
    await world.engine.watch.run()
    await world.runToRest(3_600_000)
    return row
  }
  /** As after the years for which what ended is watched. */
  const atRest = () =>
    database.query('update bank_withdrawal.withdrawals set watch_at = null where next_run_at is null')
  const pieces = () =>
    database.query(`select id from bank_withdrawal.provider_documents where id like 'file/%'`)

  it('is gone after it; the file’s name, sum, count and what the bank has said of it stay', async () => {
    const world = await createWorld()
    const row = await paid(world, '50')
    const [before] = await listed(world)
    await download(world, before?.name).expect(200)
    await atRest()
    const range = { since: new Date(0), until: new Date('2100-01-01'), cursor: null }
    const reconciled = await provider.listPayouts?.(range)
    expect(reconciled?.payouts).toMatchObject([{ key: row.payoutKey, state: 'paid' }])

    await world.clock.advance(59 * DAY_MS)
    expect(await night()).toBe(0)
    await world.clock.advance(2 * DAY_MS)
    expect(await night()).toBe(1)
    expect(await night()).toBe(0)

    expect(await pieces()).toEqual([])
    const erased = { ...before, erased_at: world.clock.now().toISOString() }
    expect(await listed(world)).toEqual([erased])
    expectError(await download(world, before?.name), 'file_not_found')
    expect(await provider.listPayouts?.(range)).toEqual(reconciled)
    const again = await handIn(world, booking(row.endToEndId, '50.00')).expect(200)
    expect(again.body).toMatchObject({ repeated: true })
    expectError(
      await world.operate(`/admin/files/sepa/${String(before?.name)}/void`, { reason: 'never handed in' }),
      'action_not_possible',
    )
    expect(
      await world.engine.store.listOperatorActions({
        ...{ subject: 'retention', action: 'retention.files', limit: 9 },
      }),
    ).toMatchObject([{ actor: 'retention', detail: { erased: 1, olderThanDays: 60, provider: 'sepa' } }])
    expect(
      (await verifyDatabase(database, { stuckMinutes: 30, namedMax: 10 })).filter(({ count }) => count > 0),
    ).toEqual([])
  })

  it('stays while a payment in it has not ended, or is watched, or changed not long ago', async () => {
    const world = await createWorld()
    await withdraw(world, '50')
    await paid(world, '51')
    await world.clock.advance(61 * DAY_MS)
    expect(await night()).toBe(0)

    await database.query(`update bank_withdrawal.withdrawals set watch_at = null, updated_at = bank_withdrawal.clock()
                           where state = 'processed'`)
    expect(await night()).toBe(0)
    await world.clock.advance(61 * DAY_MS)
    expect(await night()).toBe(1)
    expect(await pieces()).toHaveLength(1)
    expect((await listed(world)).map(({ total, erased_at }) => [total, erased_at !== undefined])).toEqual([
      ['51.00', true],
      ['50.00', false],
    ])
  })

  it('stays while the payment of a voided file, which left in another one, has not ended', async () => {
    const world = await createWorld()
    const row = await withdraw(world, '50')
    const [file] = await listed(world)
    await world
      .operate(`/admin/files/sepa/${String(file?.name)}/void`, { reason: 'never handed in' })
      .expect(200)
    await world.runToRest(3_600_000)
    await world.clock.advance(61 * DAY_MS)

    expect((await world.row(row.id)).payoutKey).not.toBe(row.payoutKey)
    expect(await night()).toBe(0)
  })

  it('stays where a payment in it is none that is known, and goes where the file was never sent', async () => {
    const world = await createWorld()
    const { payoutKey } = await paid(world, '50')
    await atRest()
    await database.query(
      `insert into bank_withdrawal.provider_documents (provider, id, value, version, updated_at)
       values ('sepa', 'file/${'a'.repeat(64)}/0000', '"x"', 1, bank_withdrawal.clock())`,
    )
    await world.clock.advance(61 * DAY_MS)
    const { areOver } = createRetentionStore(database).filesOf('sepa', 60)

    expect(await areOver([payoutKey])).toBe(true)
    expect(await areOver([payoutKey, 'BW-unknown'])).toBe(false)
    expect(await night()).toBe(2)
    expect(await pieces()).toEqual([])
  })
})
