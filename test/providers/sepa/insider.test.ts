import request from 'supertest'

import { sepaProvider } from '../../../src/providers/sepa'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { BASE, World } from '../../helpers/world'
import { as, SEVERAL } from '../../routes/admin/two-operators'
import { expectError } from '../../routes/support'
import { booking, statusReport } from './bank-documents'
import { OPTIONS } from './rig'

/** Goal: no operator makes money alone out of a bank's report that he has written himself. */
const KEYS = keyNamed('k1')
const ACCOUNT = { account_holder: 'Jane Roe', iban: 'NL91ABNA0417164300' }
const INSIDER = 2
const OTHER = 3

describe.each(DATABASE_KINDS)('a report that one operator hands in, on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const createWorld = (config: Record<string, unknown>) =>
    World.create(database, { config, around: { provider: () => sepaProvider(OPTIONS) } })
  async function withdraw(world: World, userId: number, amount: string) {
    const body = { currency: 'eur', amount, bank_account: ACCOUNT }
    const { body: made } = await world.post(body, { userId }).expect(200)
    return world.row((made as { id: string }).id)
  }
  const hand = (world: World, document: string, userId = INSIDER, reason = 'the statement of today') =>
    request(world.host())
      .post(`${BASE}/admin/files/sepa`)
      .query({ name: 'report.xml', reason })
      .set('Authorization', `Bearer ${world.token(userId, 'admin')}`)
      .set('Content-Type', 'application/xml')
      .send(document)
  const goOn = async (world: World) => {
    await world.engine.watch.run()
    await world.runToRest(3_600_000)
  }

  it.each([
    ['there are several operators', SEVERAL],
    ['there is one', {}],
  ])('does not make him money out of his own withdrawal where %s', async (_where, config) => {
    const world = await createWorld(config)
    const row = await withdraw(world, INSIDER, '1000')
    await hand(world, booking(row.endToEndId, '1000.00'))
    await goOn(world)
    await hand(world, booking(row.endToEndId, '1000.00', { isReturn: true }))
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('submitted')
    expect(await world.balance(INSIDER)).toEqual({ available: 9_000, locked: 1_000 })
  })

  it.each(['immediate', 'batch'])(
    'does not let him call a file void that one of his own is in (%s): it would leave again',
    async (mode) => {
      const world = await createWorld({ mode })
      const row = await withdraw(world, INSIDER, '10')
      await world.runToRest(600_000)
      const { body: files } = await world.see('/admin/files/sepa').expect(200)
      const path = `/admin/files/sepa/${(files.data as { name: string }[])[0]?.name}/void`
      expectError(await as(world, INSIDER)(path), 'own_withdrawal')
      await world.runToRest(600_000)
      expect(await world.row(row.id)).toMatchObject({ state: 'submitted', payoutKey: row.payoutKey })
      expect((await as(world, OTHER)(path).expect(200)).body).toEqual({ voided: true, matched: 1 })
    },
  )

  it('does not let him confirm that another calls it void, either', async () => {
    const world = await createWorld({ ...SEVERAL, mode: 'batch' })
    await withdraw(world, INSIDER, '1000')
    await world.runToRest(600_000)
    const { body: files } = await world.see('/admin/files/sepa').expect(200)
    const path = `/admin/files/sepa/${(files.data as { name: string }[])[0]?.name}/void`
    const { body: proposed } = await as(world, OTHER)(path).expect(202)
    const confirmed = `/admin/approvals/${(proposed as { approval: { id: string } }).approval.id}/confirm`
    expectError(await as(world, INSIDER)(confirmed), 'own_withdrawal')
    await as(world, INSIDER + 2)(confirmed).expect(200)
  })

  it('settles what another has confirmed, from the very bytes that were handed in', async () => {
    const world = await createWorld({ ...SEVERAL, encryptionKeys: KEYS })
    const row = await withdraw(world, 1, '1000')
    const document = booking(row.endToEndId, '1000.00')
    const { body } = await hand(world, document).expect(202)
    expect(body).toMatchObject({
      ...{ held: 1, matched: 0, problems: [] },
      approval: {
        ...{
          action: 'file.take_in',
          state: 'open',
          asked_by: 'operator:2',
          reason: 'the statement of today',
        },
        content: { file: 'report.xml', documentId: body.document_id, bytes: document.length, payouts: 1 },
      },
    })
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('submitted')
    const [kept] = await database.query<{ content: string }>(
      'select content from bank_withdrawal.bank_reports',
    )
    expect(kept?.content).toMatch(/^sealed:k1:/)
    const download = await world
      .see(`/admin/files/sepa/reports/${body.document_id}?reason=to+compare`)
      .responseType('blob')
      .expect(200)
    expect(Buffer.from(download.body as Buffer).toString()).toBe(document)

    const { id } = body.approval as { id: string }
    expectError(await as(world, INSIDER)(`/admin/approvals/${id}/confirm`), 'own_proposal')
    await as(world, OTHER)(`/admin/approvals/${id}/confirm`).expect(200)
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('processed')
    await hand(world, document).expect(200)
    const { body: reports } = await world.see('/admin/files/sepa/reports').expect(200)
    expect(
      (reports.data as { actor: string; held: number }[]).map(({ actor, held }) => [actor, held]),
    ).toEqual([
      ['operator:2', 0],
      ['operator:3', 0],
      ['operator:2', 1],
    ])
  })

  it.each([
    ['amount = 10, payout_amount = 10', 1],
    ['user_id = 1', INSIDER],
  ])(
    'waits for another by what was accepted, whatever the table says meanwhile (%s)',
    async (forged, owner) => {
      const world = await createWorld({ ...SEVERAL, encryptionKeys: KEYS })
      const row = await withdraw(world, owner, '1000')
      await database.query(`update bank_withdrawal.withdrawals set ${forged} where id = $1`, [row.id])
      const { body } = await hand(world, booking(row.endToEndId, '1000.00')).expect(202)
      expect(body).toMatchObject({ held: 1, matched: 0 })
    },
  )

  it('counts at once for what is not above the ceiling, and leaves the rest of it for another', async () => {
    const world = await createWorld(SEVERAL)
    const [small, large] = [await withdraw(world, 1, '10'), await withdraw(world, 1, '1000')]
    const both = booking(small.endToEndId, '10.00').replace(
      '</Stmt>',
      `${/<Ntry>.*<\/Ntry>/s.exec(booking(large.endToEndId, '1000.00'))?.[0]}</Stmt>`,
    )
    const { body } = await hand(world, both).expect(202)
    expect(body).toMatchObject({ held: 1, matched: 1 })
    await goOn(world)
    expect((await world.row(small.id)).state).toBe('processed')
    expect((await world.row(large.id)).state).toBe('submitted')
    // Handing it in once more is no second person.
    expect((await hand(world, both).expect(202)).body.approval.id).toBe(body.approval.id)
    // Another who has it from the bank, too, is.
    await hand(world, both, OTHER).expect(200)
    await goOn(world)
    expect((await world.row(large.id)).state).toBe('processed')
  })

  it('of a booking of the whole file decides over no payment in it while one of them waits', async () => {
    const world = await createWorld({ ...SEVERAL, mode: 'batch' })
    const [small, large] = [await withdraw(world, 1, '10'), await withdraw(world, 1, '1000')]
    await world.runToRest(600_000)
    const { body: files } = await world.see('/admin/files/sepa').expect(200)
    const name = (files.data as { name: string }[])[0]?.name.replace(/\.xml$/, '') ?? ''
    const whole = booking(`${name}-P1`, '1010.00')
      .replace('EndToEndId>', 'PmtInfId>')
      .replace('EndToEndId>', 'PmtInfId>')
    await hand(world, whole).expect(202)
    await goOn(world)
    for (const { id } of [small, large]) expect((await world.row(id)).state).toBe('submitted')
    await hand(world, whole, OTHER).expect(200)
    await goOn(world)
    for (const { id } of [small, large]) expect((await world.row(id)).state).toBe('processed')
  })

  it('reads accounts on record, with a reason, and only whoever may act reads them at all', async () => {
    const world = await createWorld({ encryptionKeys: KEYS, viewerRoles: 'supervisor' })
    await withdraw(world, 1, '50')
    const { body } = await world.see('/admin/files/sepa').expect(200)
    const path = `/admin/files/sepa/${(body.data as { name: string }[])[0]?.name}`
    const viewer = (at: string) =>
      request(world.host())
        .get(`${BASE}${at}`)
        .set('Authorization', `Bearer ${world.token(4, 'supervisor')}`)
        .responseType('blob')
    const reads = () =>
      world.engine.store.listOperatorActions({ subject: 'sepa', action: 'file.read', limit: 9 })

    expectError(await world.see(path), 'invalid_request')
    const masked = await viewer(path).expect(200)
    expect(Buffer.from(masked.body as Buffer).toString()).toContain('<InstdAmt Ccy="EUR">50.00</InstdAmt>')
    expect(Buffer.from(masked.body as Buffer).toString()).not.toMatch(
      /[A-Z]{2}\d{2}[A-Z0-9]{10,}<\/IBAN>|Roe/,
    )
    expect(masked.headers['content-disposition']).toContain('masked-')
    await viewer('/admin/files/sepa/reports/nothing?reason=r').expect(403)
    expect(await reads()).toEqual([])

    const whole = await world.see(`${path}?reason=to+the+bank`).responseType('blob').expect(200)
    expect(Buffer.from(whole.body as Buffer).toString()).toMatch(/<IBAN>[A-Z]{2}\d{2}[A-Z0-9]{10,}<\/IBAN>/)
    expect(await reads()).toMatchObject([{ actor: 'operator:2', reason: 'to the bank' }])
  })

  it('is asked for where it is from', async () => {
    const world = await createWorld({})
    expectError(await hand(world, booking('X', '1.00'), INSIDER, ''), 'invalid_request')
    expect(await database.query('select from bank_withdrawal.bank_reports')).toEqual([])
    expectError(await world.see('/admin/files/sepa/reports/nothing?reason=a+look'), 'file_not_found')
  })

  it('never credits what came back of a payment that only a word of the bank’s called paid', async () => {
    const world = await World.create(database, {
      around: { provider: () => sepaProvider({ ...OPTIONS, settleOn: 'acsc' }) },
    })
    const row = await withdraw(world, 1, '50')
    const { body: files } = await world.see('/admin/files/sepa').expect(200)
    const [file] = files.data as { name: string }[]
    await hand(world, statusReport(file?.name.replace(/\.xml$/, '') ?? '', row.endToEndId, 'ACSC')).expect(
      200,
    )
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('processed')
    const back = await hand(world, booking(row.endToEndId, '50.00', { isReturn: true })).expect(200)
    expect(back.body.problems).toEqual([expect.stringContaining('has not booked that it was paid')])
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('processed')
    expect(await world.balance()).toEqual({ available: 9_950, locked: 0 })
    await hand(world, booking(row.endToEndId, '50.00')).expect(200)
    await goOn(world)
    expect((await world.row(row.id)).state).toBe('returned')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })
})
