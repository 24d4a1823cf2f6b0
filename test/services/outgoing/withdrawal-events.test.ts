import type { Queryable } from '../../../src/db/connect/database'
import { createDeliveryStore } from '../../../src/db/deliveries'
import { createEndpointStore } from '../../../src/db/endpoints'
import { createNoticeStore } from '../../../src/db/notices'
import { createOutbox } from '../../../src/workers/outbox'
import { Mortal } from '../../faults/crash'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { silentLogger } from '../../helpers/loggers'
import { endpointAt, openReceiver, outbox, type Receiver, TELLING, verify } from '../../helpers/receiver'
import { World } from '../../helpers/world'

const HOUR_MS = 3_600_000
/** The statement that follows a message’s answer. */
const RECORD_OF_THE_ANSWER = 'database: with ended as ( update bank_withdrawal.deliveries set lease_'

/** Goal: the exchange's own systems hear everything, in order, and can believe it. Method: a real receiver, a clock that is moved. */
describe.each(DATABASE_KINDS)('what the exchange’s own systems hear, on %s', (kind) => {
  let database: TestDatabase
  let receiver: Receiver
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(async () => {
    receiver = await openReceiver()
  })
  afterEach(() => receiver.close())
  afterAll(() => database.close())

  const open = (config: Record<string, unknown> = {}) =>
    World.create(database, { config: { ...TELLING, ...config } })
  const heardOf = (id: string) =>
    receiver.received.filter(({ data }) => data.id === id).map(({ type }) => type)

  it('is each step of a withdrawal, in order, signed so that the library believes it', async () => {
    const world = await open()
    const { secret } = await endpointAt(world, receiver.url)
    const paid = await world.withdrawn(10)
    await outbox(world).run()

    expect(heardOf(paid.id)).toEqual([
      'withdrawal.created',
      'withdrawal.locked',
      'withdrawal.sending',
      'withdrawal.paid',
    ])
    const last = receiver.received.at(-1)
    expect(last && verify(world, secret, last)).toMatchObject({
      type: 'withdrawal.paid',
      data: { id: paid.id, user_id: 1, amount: 10, currency: 'eur', status: 'processed', stage: 'completed' },
    })
    expect(() => last && verify(world, 'whsec_c29tZWJvZHkgZWxzZQ==', last)).toThrow('No matching signature')
    const sequences = receiver.received.map(({ data }) => Number(data.sequence))
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
    expect(await outbox(world).run()).toBe(0)
  })

  it('is told to an endpoint that was made while an older look is telling, too', async () => {
    const world = await open()
    await endpointAt(world, receiver.url)
    await world.withdrawn(10)
    const endpoints = createEndpointStore(database)
    const looked = await endpoints.list()
    const { id: late } = await endpointAt(world, receiver.url, { name: 'archive' })
    const { id } = await world.withdrawn(20)
    const telling = createOutbox({
      ...{ endpoints: { list: () => Promise.resolve(looked) }, deliveries: createDeliveryStore(database) },
      ...{ notices: createNoticeStore(database), recipients: () => Promise.resolve(new Map()) },
      ...{ deliver: () => Promise.resolve(), circuits: { waitMs: () => 0 } },
      ...{ newOwner: () => 'one', logger: silentLogger },
    })
    await outbox(world).seen()
    await telling.run()
    const told = await database.query<{ id: string }>(
      `select event_id as id from bank_withdrawal.deliveries where endpoint_id = $1 and subject = $2 order by id`,
      [late, id],
    )
    expect(told).toHaveLength(4)
  })

  it('is forgotten in its time also where its endpoint was switched off before it was taken', async () => {
    const world = await open()
    const { id, version } = await endpointAt(world, receiver.url)
    receiver.answers = () => 500
    await world.withdrawn(10)
    await outbox(world).run()
    await world.operate(`/admin/endpoints/${id}`, { version, on: false, reason: 'it is rebuilt' }).expect(200)
    const left = async () => {
      await outbox(world).forget()
      return (await database.query('select from bank_withdrawal.deliveries')).length
    }
    await world.clock.advance(92 * 24 * HOUR_MS)
    expect(await left()).toBe(4)
    await world.clock.advance(2 * 24 * HOUR_MS)
    expect(await left()).toBe(0)
  })

  it('is held back for one withdrawal while a message of it is not taken, and for no other', async () => {
    const world = await open()
    await endpointAt(world, receiver.url)
    const [one, two] = [await world.withdrawn(10), await world.withdrawn(20)]
    const isRefused = ({ id }: { readonly id: string }) => id.startsWith(`wd_${one.id}_2_`)
    receiver.answers = (message) => (isRefused(message) ? 500 : 200)
    await outbox(world).run()

    expect(heardOf(one.id)).toEqual(['withdrawal.created', 'withdrawal.locked'])
    expect(heardOf(two.id)).toHaveLength(4)
    receiver.answers = () => 200
    expect(await outbox(world).run()).toBe(0)
    await world.clock.advance(10_000)
    await outbox(world).run()
    expect(heardOf(one.id)).toEqual([
      'withdrawal.created',
      'withdrawal.locked',
      'withdrawal.locked',
      'withdrawal.sending',
      'withdrawal.paid',
    ])
    const tries = receiver.received.filter(isRefused).map(({ id }) => id)
    expect(tries).toEqual([tries[0], tries[0]])
  })

  it('is given up after three days, seen by operators, and sent again when one of them wants it', async () => {
    const world = await open()
    const { id: endpoint } = await endpointAt(world, receiver.url)
    const { id } = await world.withdrawn(10)
    receiver.answers = () => 503
    for (let hours = 0; hours <= 73; hours++) {
      await outbox(world).run()
      await world.clock.advance(HOUR_MS)
    }
    const tries = receiver.received.filter(({ id: event }) => event.startsWith(`wd_${id}_1_`)).length
    expect(tries).toBeGreaterThan(10)
    const dead = await world.see('/admin/deliveries?state=dead').expect(200)
    const found = (dead.body as { data: Record<string, unknown>[] }).data
    expect(found.map(({ kind: each }) => each).sort()).toEqual([
      'withdrawal.created',
      'withdrawal.locked',
      'withdrawal.paid',
      'withdrawal.sending',
    ])
    expect(found[0]).toMatchObject({ endpoint, subject: id, last_status: 503 })
    expect((await world.see('/admin/endpoints')).body).toMatchObject({ data: [{ dead: 4, waiting: 0 }] })

    receiver.answers = () => 200
    receiver.received.length = 0
    const path = `/admin/deliveries/${String(found[0]?.id)}/send-again`
    await world.operate(path, {}).expect(400)
    await world.operate(path, { reason: 'it is up again' }).expect(200)
    await world.operate(path, { reason: 'it is up again' }).expect(409)
    await outbox(world).run()
    expect(receiver.received).toHaveLength(1)
    const { body } = await world.see(`/admin/audit`).expect(200)
    expect((body as { data: unknown[] }).data).toContainEqual(
      expect.objectContaining({
        action: 'delivery.sent_again',
        reason: 'it is up again',
        actor: 'operator:2',
      }),
    )
    await world.operate(path, { reason: 'once more' }).expect(409)
    await world.operate('/admin/deliveries/999999/send-again', { reason: 'none' }).expect(404)
  })

  it('is heard again under the same id when the sender dies between the answer and its record', async () => {
    const world = await open()
    await endpointAt(world, receiver.url)
    const { id } = await world.withdrawn(10)
    const mortal = new Mortal({ edge: RECORD_OF_THE_ANSWER, when: 'before' })
    await world.start({ database: mortal.database })
    void outbox(world).run()
    await mortal.death
    const before = receiver.received.map((each) => each.id)
    expect(before).toEqual([expect.stringContaining(`wd_${id}_1_`)])

    await world.start()
    expect(await outbox(world).run()).toBe(0)
    await world.clock.advance(31_000)
    await outbox(world).run()
    expect(receiver.received.map((each) => each.id)).toEqual([
      ...[...before, ...before],
      ...[2, 3, 5].map((seq): unknown => expect.stringContaining(`wd_${id}_${seq}_`)),
    ])
  })

  it('leaves from one of several instances at a time', async () => {
    const world = await open()
    await endpointAt(world, receiver.url)
    const first = outbox(world)
    const ids: string[] = []
    for (let made = 0; made < 5; made++) ids.push((await world.withdrawn(10)).id)
    await world.start()
    await Promise.all([first.run(), outbox(world).run(), first.run(), outbox(world).run()])
    await Promise.all([first.run(), outbox(world).run()])
    expect(receiver.received).toHaveLength(20)
    expect(new Set(receiver.received.map((each) => each.id)).size).toBe(20)
    for (const id of ids)
      expect(heardOf(id)).toEqual(
        ['created', 'locked', 'sending', 'paid'].map((each) => `withdrawal.${each}`),
      )
  })

  it('is signed with the old secret and the new one for as long as an operator said', async () => {
    const world = await open()
    const old = await endpointAt(world, receiver.url)
    const path = `/admin/endpoints/${old.id}/rotate`
    await world.operate(path, { version: 7, reason: 'yearly' }).expect(409)
    const { body } = await world.operate(path, { version: 1, keep_hours: 1, reason: 'yearly' }).expect(200)
    const anew = body as { secret: string; version: number }
    expect([anew.version, anew.secret === old.secret]).toEqual([2, false])
    await world.withdrawn(10)
    await outbox(world).run()
    for (const message of receiver.received)
      for (const secret of [old.secret, anew.secret]) verify(world, secret, message)

    receiver.received.length = 0
    await world.clock.advance(HOUR_MS)
    await world.withdrawn(10)
    await outbox(world).run()
    for (const message of receiver.received) {
      verify(world, anew.secret, message)
      expect(() => verify(world, old.secret, message)).toThrow('No matching signature')
    }
    expect(receiver.received).toHaveLength(4)
  })

  it('comes also from a transaction that commits after later ones', async () => {
    const world = await open()
    await endpointAt(world, receiver.url)
    const [early, late] = [await world.withdrawn(10), await world.withdrawn(11)]
    await outbox(world).run()
    receiver.received.length = 0
    const entry = (tx: Queryable, id: string, seq: number) =>
      tx.query(
        `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor)
         values ($1, $2, bank_withdrawal.clock(), 'test', 'processed', 'returning', 'worker')`,
        [id, seq],
      )
    // An embedded database has one connection, and so no transaction beside another.
    if (kind === 'PostgreSQL')
      await database.transaction(async (tx) => {
        await entry(tx, early.id, early.version + 1)
        await entry(database, late.id, late.version + 1)
        // At once, while this one is open.
        await world.app.telling().outbox.run()
      })
    else for (const row of [early, late]) await entry(database, row.id, row.version + 1)
    await outbox(world).run()
    expect(receiver.received.map(({ data }) => data.id).sort()).toEqual([early.id, late.id].sort())
  })

  it('comes in order where an earlier entry was written by a transaction with a later number', async () => {
    const world = await open()
    await endpointAt(world, receiver.url)
    const { id } = await world.withdrawn(10)
    await outbox(world).run()
    receiver.received.length = 0
    for (let spent = 0; spent < 5; spent++) await database.query('select pg_current_xact_id()')
    // Numbers are given out at a transaction's first write, and this one waited for the other afterwards.
    await database.query(
      `insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor, tx)
       select $1, seq, bank_withdrawal.clock(), 'test', from_state, to_state, 'worker',
              ((pg_current_xact_id()::text::bigint + 89 - seq)::text)::xid8
         from (values (90, 'processed', 'returning'), (91, 'returning', 'returned')) as e (seq, from_state, to_state)`,
      [id],
    )
    await outbox(world).run()
    expect(heardOf(id)).toEqual(['withdrawal.returning', 'withdrawal.returned'])
  })
})
