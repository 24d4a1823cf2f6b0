import { Writable } from 'node:stream'
import { inspect } from 'node:util'

import request, { type Response } from 'supertest'
import winston from 'winston'

import type { Database } from '../../src/db/connect/database'
import type { PaymentProvider, WebhookEvent } from '../../src/ports/payment-provider'
import { sepaProvider } from '../../src/providers/sepa'
import { createLogger } from '../../src/runtime/logger'
import { between } from '../helpers/between'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { keyNamed } from '../helpers/keys'
import { endpointAt, openReceiver, outbox } from '../helpers/receiver'
import { BASE, World, type WorldOptions } from '../helpers/world'
import { booking } from '../providers/sepa/bank-documents'
import { OPTIONS } from '../providers/sepa/rig'
import { as, SEVERAL } from '../routes/admin/two-operators'
import { OPERATIONS } from '../routes/answers'
import { DEFERRED } from '../routes/support'
import { fakeProvider } from '../services/fake-provider'

/**
 * Goal: what tells who is paid and where is nowhere but in its owner's answers and in what is for the bank. Method: values that
 * stand nowhere else are sent down every path, and all that was logged, answered and stored is searched for them.
 */
const IBAN = 'FR7630006000011234567890189'
const NAME = 'Zanzibar Quetzalcoatl'
const PAYPAL = 'canary.payee@zanzibar-mail.example'
const HANDLE = '@zanzibarquetzal'
const EMAIL = 'second.canary@zanzibar-post.example'
const TOKEN = 'A21AAFcanary-opaque-token-0123456789'
const PRINTED = IBAN.replace(/(.{4})/g, '$1 ').trim()
const DASHED = PRINTED.replaceAll(' ', '-')
/** As a text of somebody else's may have it. */
const TEXT = `${IBAN} ${IBAN.toLowerCase()}, ${PRINTED} (${DASHED}) ${PAYPAL} ${HANDLE} <${EMAIL}> Bearer ${TOKEN}`
const ACCOUNT = { iban: IBAN, account_holder: NAME }

const XML_TEXT = TEXT.replace(/[<>]/g, ' ')

/** Whatever of it is left when gaps and case are not looked at. */
const LEFT = [IBAN, IBAN.slice(-10), PAYPAL, HANDLE, EMAIL, TOKEN, 'zanzibar', 'quetzal'].map((each) =>
  each.toLowerCase(),
)
const found = (text: string): string[] => {
  const plain = text.toLowerCase()
  const close = plain.replace(/[\s.\u00a0-]/g, '')
  return LEFT.filter((each) => plain.includes(each) || close.includes(each.replace(/[\s.-]/g, '')))
}

describe('Who is paid, and where', () => {
  let database: TestDatabase
  let written: string
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  /** Our own logger, at every level. */
  function logger() {
    written = ''
    const made = createLogger('debug')
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk)
        done()
      },
    })
    made.clear().add(new winston.transports.Stream({ stream }))
    return made
  }
  const open = (options: WorldOptions = {}) =>
    World.create(database, {
      ...options,
      logger: logger(),
      config: { encryptionKeys: keyNamed('k1'), destinations: 'any', ...options.config },
    })
  /** Every row of every table of ours, as text. */
  async function stored(): Promise<string> {
    const tables = await database.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'bank_withdrawal'`,
    )
    const rows = await Promise.all(
      tables.map(({ name }) => database.query(`select t::text as row from bank_withdrawal.${name} t`)),
    )
    return JSON.stringify(rows)
  }
  async function nowhere(): Promise<void> {
    expect(written).not.toBe('')
    expect(found(written)).toEqual([])
    expect(found(await stored())).toEqual([])
  }
  const paid = async (world: World, body: Record<string, unknown> = {}) => {
    const answer = await world.post({ currency: 'eur', amount: 10, bank_account: ACCOUNT, ...body })
    return (answer.body as { id: string }).id
  }

  it('is in the answers to its owner, and in no operator’s', async () => {
    const world = await open()
    const id = await paid(world)
    const payee = await world.post({ currency: 'eur', amount: 11, method: 'PAYPAL', paypal_id: PAYPAL })
    await world.post({ currency: 'eur', amount: 12, method: 'PAYPAL', paypal_id: HANDLE })
    const mine = [(await world.get(`/${id}`)).text, (await world.get('/?format=csv')).text, payee.text].join()
    expect(mine).toContain(IBAN)
    expect(mine).toContain(PAYPAL)
    for (const path of [
      `/withdrawals/${id}`,
      '/withdrawals',
      '/withdrawals?format=csv',
      '/overview',
      '/batches',
    ])
      expect(found((await world.see(`/admin${path}`).expect(200)).text)).toEqual([])
    expect(found((await world.get(`/${id}`, 2)).text)).toEqual([])
    await nowhere()
  })

  it('is in no answer of any address to an operator or to another user, who asks each for it', async () => {
    const world = await open()
    const id = await paid(world)
    await world.post({ currency: 'eur', amount: 11, method: 'PAYPAL', paypal_id: PAYPAL })
    const row = await world.row(id)
    await world.engine.store.quarantine({
      ...{ userId: 1, destinationHash: row.destinationHash, withdrawalId: id, masked: row.destinationMasked },
      reasonCode: 'account_closed',
    })
    await world.operate('/admin/reconciliation', { reason: 'to see' })
    const asked = OPERATIONS.filter(({ method }) => method === 'get')
    const reason = encodeURIComponent(TEXT)
    const [operator, other] = [world.token(2, 'admin'), world.token(2)]
    const ways = asked.flatMap(({ path }) => [
      { at: path.replace(/\{\w+\}/g, id), query: `?reason=${reason}`, token: operator },
      { at: path.replace(/\{\w+\}/g, '1'), query: `?q=${IBAN}&account=${IBAN.slice(-4)}`, token: operator },
      { at: path.replace(/\{\w+\}/g, id), query: '', token: other },
    ])
    const leaking: string[] = []
    for (const { at, query, token } of ways) {
      const { text } = await request(world.host())
        .get(`${BASE}${at}${query}`)
        .set('Authorization', `Bearer ${token}`)
      if (found(text).length > 0) leaking.push(`${at} ${text.slice(0, 300)}`)
    }
    expect(asked.length).toBeGreaterThan(40)
    expect(leaking).toEqual([])
    await nowhere()
  })

  it('is in nothing that the exchange’s own systems and its operators are told', async () => {
    const receiver = await openReceiver()
    receiver.answers = () => 500
    const world = await open({ config: { privateEndpoints: true } })
    for (const audience of ['systems', 'operators']) await endpointAt(world, receiver.url, { audience })
    const id = await paid(world)
    await world.post({ currency: 'eur', amount: 11, method: 'PAYPAL', paypal_id: PAYPAL })
    await world.post({ currency: 'eur', amount: 12, method: 'PAYPAL', paypal_id: HANDLE })
    await world.operate(`/admin/withdrawals/${await paid(world, { amount: DEFERRED })}/hold`, {
      reason: TEXT,
    })
    await world.app.telling().sweep()
    await outbox(world).run()
    receiver.answers = () => 200
    await world.clock.advance(60_000)
    await outbox(world).run()
    receiver.close()
    expect(receiver.received.some(({ data }) => data.id === id)).toBe(true)
    expect(receiver.received.some(({ type }) => type === 'notice.opened')).toBe(true)
    expect(found(JSON.stringify(receiver.received))).toEqual([])
    expect(found((await world.see('/admin/deliveries').expect(200)).text)).toEqual([])
    await nowhere()
  })

  it('is not repeated to who sends it in a wrong place, nor kept', async () => {
    const world = await open()
    const wrong: unknown[] = [
      { currency: TEXT, amount: 10, bank_account: ACCOUNT },
      { currency: 'eur', amount: IBAN, bank_account: ACCOUNT },
      { currency: 'eur', amount: 10, method: NAME, bank_account: ACCOUNT },
      { currency: 'eur', amount: 10, bank_account: { iban: `${IBAN}/${NAME}`, account_holder: NAME } },
      { currency: 'eur', amount: 10, bank_account: { iban: `${NAME}!`, account_holder: IBAN } },
      { currency: 'eur', amount: 10, method: 'PAYPAL', paypal_id: `${PAYPAL} ${HANDLE}`.repeat(9) },
      `{"currency":"eur","amount":10,"bank_account":{"iban":"${IBAN}","account_holder":"${NAME}"`,
    ]
    for (const body of wrong) {
      const answer = await world.post(body)
      expect([answer.status >= 400 && answer.status < 500, found(answer.text)]).toEqual([true, []])
    }
    for (const path of [`/${IBAN}`, `/?currency=${IBAN}`, `/list?q=${encodeURIComponent(TEXT)}`])
      expect(found((await world.get(path)).text)).toEqual([])
    const bearer = await request(world.host()).get(`${BASE}/list`).set('Authorization', `Bearer ${TOKEN}`)
    expect([bearer.status, found(bearer.text)]).toEqual([401, []])
    await nowhere()
  })

  it.each<[string, Partial<PaymentProvider>]>([
    ['throws them', { submit: () => Promise.reject(new Error(`no such payee ${NAME}: ${TEXT}`)) }],
    ['does not know', { submit: () => Promise.resolve({ kind: 'unknown', why: `${NAME} ${TEXT}` }) }],
    [
      'declines with them',
      {
        submit: () =>
          Promise.resolve({ kind: 'declined', code: 'account_closed', status: `AC04 ${NAME} ${TEXT}` }),
      },
    ],
    [
      'accepts with them, and throws them at each look',
      {
        submit: () => Promise.resolve({ kind: 'accepted', reference: 'R1', status: `${NAME} ${TEXT}` }),
        lookup: () => Promise.reject(new Error(TEXT)),
      },
    ],
    [
      'says them at each look',
      {
        submit: () => Promise.resolve({ kind: 'accepted', reference: 'R1' }),
        lookup: () => Promise.resolve({ kind: 'accepted', reference: 'R1', status: TEXT }),
      },
    ],
  ])('is in nothing that is kept of a provider that %s', async (_what, answers) => {
    const world = await open({ provider: () => ({ ...fakeProvider(), ...answers }) })
    const id = await paid(world)
    await world.runToRest(3_600_000)
    expect(found(JSON.stringify(await world.journal(id)))).toEqual([])
    expect(found((await world.see(`/admin/withdrawals/${id}`)).text)).toEqual([])
    await nowhere()
  })

  it('is in no word about a database that repeats it in its errors, and in no crash', async () => {
    let isBroken = false
    const fail = () =>
      Promise.reject(
        Object.assign(new Error(`duplicate key: ${TEXT}`), {
          ...{ detail: `Key (destination)=(${NAME} ${TEXT})`, where: TEXT, parameters: [IBAN, NAME] },
        }),
      )
    const breaking = (inner: Database): Database => ({
      ...{ kind: inner.kind, close: inner.close },
      query: (...given) => (isBroken ? fail() : inner.query(...given)),
      transaction: (work) => (isBroken ? fail() : inner.transaction(work)),
    })
    const world = await open({ around: { database: breaking } })
    await paid(world)
    isBroken = true
    const broken = [
      await world.post({ currency: 'eur', amount: 10, bank_account: ACCOUNT }),
      await world.get('/list'),
      await world.see('/admin/overview'),
    ]
    await world.engine.runner.tick().catch(() => {})
    await world.engine.watch.run()
    await world.engine.batches.run().catch(() => {})
    isBroken = false
    expect(broken.map(({ status, text }) => [status >= 500, found(text)])).toEqual(
      broken.map(() => [true, []]),
    )
    await nowhere()
  })

  it('is in no event that is kept', async () => {
    const event: WebhookEvent = { id: `evt ${IBAN} ${PAYPAL}`, type: `payout of ${TEXT}`, payouts: [] }
    const webhook = { verify: () => Promise.resolve('genuine' as const), parse: () => event }
    const world = await open({ provider: () => ({ ...fakeProvider(), webhook }) })
    const deliver = () =>
      request(world.host()).post(`${BASE}/webhooks/acme`).send({ account: IBAN, name: NAME, text: TEXT })
    await deliver().expect(200)
    await deliver().expect(200)
    expect(await database.query('select from bank_withdrawal.webhook_events')).toHaveLength(1)
    await nowhere()
  })

  it('is masked in what operators say, and in files and reports only for who has a reason', async () => {
    const world = await open({ provider: () => sepaProvider(OPTIONS), config: { viewerRoles: 'supervisor' } })
    const id = await paid(world)
    const row = await world.row(id)
    await world.operate('/admin/providers/sepa/pause', { reason: TEXT }).expect(200)
    await world.operate(`/admin/withdrawals/${id}/approve`, { reason: TEXT, evidence: TEXT })
    await world.operate('/admin/stop', { reason: TEXT, message: TEXT })
    await world.operate('/admin/stop/lift', { reason: TEXT }).expect(200)
    const { body: files } = await world.see('/admin/files/sepa').expect(200)
    const name = String((files.data as { name: string }[])[0]?.name)
    const viewed = await request(world.host())
      .get(`${BASE}/admin/files/sepa/${name}`)
      .set('Authorization', `Bearer ${world.token(4, 'supervisor')}`)
      .responseType('blob')
    expect(found(Buffer.from(viewed.body as Buffer).toString())).toEqual([])
    const whole = await world
      .see(`/admin/files/sepa/${name}?reason=${encodeURIComponent(TEXT)}`)
      .responseType('blob')
    expect(Buffer.from(whole.body as Buffer).toString()).toContain(IBAN)

    const report = booking(row.endToEndId, '10.00').replace(
      '</Refs>',
      `</Refs><AddtlTxInf>${XML_TEXT} ${NAME}</AddtlTxInf>`,
    )
    const handed = await request(world.host())
      .post(`${BASE}/admin/files/sepa`)
      .query({ name: `${IBAN}.xml`, reason: TEXT })
      .set('Authorization', `Bearer ${world.token(2, 'admin')}`)
      .set('Content-Type', 'application/xml')
      .send(report)
      .expect(200)
    const odd = await request(world.host())
      .post(`${BASE}/admin/files/sepa`)
      .query({ name: 'odd.xml', reason: 'r' })
      .set('Authorization', `Bearer ${world.token(2, 'admin')}`)
      .set('Content-Type', 'application/xml')
      .send(
        `<Document><BkToCstmrStmt><Stmt><Ntry><Amt>${IBAN}</Amt><NtryRef>${XML_TEXT}</NtryRef></Ntry></Stmt></BkToCstmrStmt></Document>`,
      )
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
    expect(
      found([handed.text, odd.text, (await world.see('/admin/files/sepa/reports')).text].join()),
    ).toEqual([])
    await nowhere()
  })

  it('is masked in what operators say of a withdrawal, where no pattern finds it, and the answer says so', async () => {
    const refusing = { submit: () => Promise.resolve({ kind: 'deferred', why: 'batch_refused' } as const) }
    const world = await open({
      config: SEVERAL,
      around: { provider: between(refusing) },
    })
    const [id, second] = [await paid(world), await paid(world, { amount: 500 })]
    await world.runToRest(3_600_000)
    const said = {
      reason: `Ticket 9: ${NAME.toUpperCase()}, or ${NAME.split(' ').reverse().join(', ')} of ${TEXT}`,
    }
    const masked: [string, Response][] = []
    const told = async (what: string, sent: Promise<Response>) => masked.push([what, await sent])
    const act = (path: string, more: Record<string, unknown> = {}, userId = 2) =>
      as(world, userId)(`/admin${path}`, { ...said, ...more }).then((answer) => answer)

    const { version, state } = await world.row(id)
    expect([state, (await world.row(second)).state]).toEqual(['in_review', 'in_review'])
    const items = [{ id, version }]
    await told('hold', act(`/withdrawals/bulk/hold`, { items, totals: { eur: 10 } }))
    await told('approve', act(`/withdrawals/${id}/reject`, { evidence: said.reason }))
    const proposed = await act(`/withdrawals/${second}/approve`)
    await told('propose', Promise.resolve(proposed))
    const approval = (proposed.body as { approval: { id: string; reason: string } }).approval
    expect(approval.reason).toMatch(/^Ticket 9: \[payee\], or \[payee\] of /)
    await told('confirm', act(`/approvals/${approval.id}/confirm`, {}, 3))
    const opened = await database.query<{ id: string }>(
      `insert into bank_withdrawal.differences (withdrawal_id, kind, detail, opened_at)
       values ($1, 'unclear_bank_fact', '{}', now()), ($1, 'paid_but_released', '{}', now()) returning id::text`,
      [id],
    )
    await told('resolve', act(`/differences/${opened[0]?.id}/resolve`))
    await told('resolve all', act(`/differences/${id}/paid_but_released/resolve`))
    const { destinationHash } = await world.row(id)
    await world.engine.store.quarantine({
      ...{ userId: 1, destinationHash, withdrawalId: id, masked: '…', reasonCode: 'account_closed' },
    })
    await told('lift', act(`/quarantine/${destinationHash}/lift`))

    expect(
      masked.map(([what, { status, headers }]) => [what, status < 300, headers['reason-masked']]),
    ).toEqual(masked.map(([what]) => [what, true, 'payee']))
    // A desk that comes from another address may read it, too.
    for (const [, { headers }] of masked)
      expect(headers['access-control-expose-headers']).toContain('Reason-Masked')
    const why = encodeURIComponent(said.reason)
    for (const format of ['json', 'html'])
      expect(
        found(
          (await world.see(`/admin/withdrawals/${id}/evidence?format=${format}&reason=${why}`).expect(200))
            .text,
        ),
      ).toEqual([])
    const harmless = await as(world, 2)(`/admin/withdrawals/${second}/hold`, { reason: 'Ticket 10' })
    expect(harmless.headers['reason-masked']).toBeUndefined()
    await nowhere()
  })

  it('is in nothing that a program that prints its parts would show', async () => {
    const world = await open()
    await paid(world)
    const { runner } = world.engine
    await runner.tick()
    expect(found(inspect([runner, world.engine.store], { depth: 6, showHidden: true }))).toEqual([])
  })
})
