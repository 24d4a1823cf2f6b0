import { createBooksStore } from '../../../src/db/books'
import { lookForConcerns } from '../../../src/db/concerns'
import { createFloatStore } from '../../../src/db/float'
import { createNoticeStore } from '../../../src/db/notices'
import { createStore } from '../../../src/db/store'
import { NOTICE_KINDS } from '../../../src/domain/notices'
import { createFloatWatch } from '../../../src/services/watch/float-watch'
import { between, betweenExchange } from '../../helpers/between'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { silentLogger } from '../../helpers/loggers'
import { endpointAt, openReceiver, outbox, type Receiver, TELLING } from '../../helpers/receiver'
import { World } from '../../helpers/world'
import { insertRows } from '../../routes/support'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Goal: who is woken at night is woken once, and told what it is. Method: the sweep is run by hand, a real receiver listens. */
describe.each(DATABASE_KINDS)('what operators are told, on %s', (kind) => {
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

  const sweep = async (world: World) => {
    await world.app.telling().sweep()
    await outbox(world).run()
  }
  const operators = (world: World, given: Record<string, unknown> = {}) =>
    endpointAt(world, receiver.url, { audience: 'operators', name: 'night shift', ...given })
  /** As an outage leaves them, written past the engine. */
  async function doubt(from: number, to: number): Promise<void> {
    const ids = Array.from({ length: to - from }, (_, n) => `doubted-${String(from + n).padStart(6, '0')}`)
    await insertRows(
      database,
      ids.map((id) => ({ id })),
    )
    await database.query(
      `insert into bank_withdrawal.differences (kind, withdrawal_id, fact, detail, opened_at)
       select 'unresolved', id, '', '{}', bank_withdrawal.clock() from unnest($1::text[]) id`,
      [ids],
    )
  }

  it('is one message about a thousand doubts, one when there are more, and one when they are gone', async () => {
    const world = await World.create(database, { config: TELLING })
    await operators(world)
    await doubt(0, 1_000)
    await sweep(world)
    await sweep(world)
    expect(receiver.received).toHaveLength(1)
    expect(receiver.received[0]).toMatchObject({
      type: 'notice.opened',
      data: {
        ...{
          kind: 'question',
          about: 'unresolved',
          severity: 'warning',
          count: 1_000,
          new: 1_000,
          sequence: 1,
        },
        title: 'Questions are open: Nobody can say whether it was sent',
      },
    })
    expect(receiver.received[0]?.data.examples).toHaveLength(5)

    await doubt(1_000, 1_007)
    await sweep(world)
    expect(receiver.received).toHaveLength(1)
    await world.clock.advance(15 * MINUTE_MS)
    await sweep(world)
    await sweep(world)
    expect(receiver.received.slice(1).map(({ type, data }) => [type, data.count, data.new])).toEqual([
      ['notice.grew', 1_007, 7],
    ])

    await database.query(
      `update bank_withdrawal.differences set resolved_at = bank_withdrawal.clock(), resolved_by = 'operator:2',
              resolution = 'the bank has said so'`,
    )
    await sweep(world)
    expect((await world.see('/admin/notices')).body).toMatchObject({ data: [{ count: 0, messages: 2 }] })
    expect(receiver.received).toHaveLength(2)
    await world.clock.advance(5 * MINUTE_MS)
    await sweep(world)
    expect(receiver.received.slice(2).map(({ type, data }) => [type, data.sequence])).toEqual([
      ['notice.cleared', 3],
    ])
    expect((await world.see('/admin/notices')).body).toEqual({ data: [] })
    expect((await world.see('/admin/notices?open=false')).body).toMatchObject({
      data: [{ kind: 'question' }],
    })
    expect(await world.app.telling().sweep()).toBe(0)
  })

  it.each([
    ['review', 'unknown', `update bank_withdrawal.withdrawals set state = 'in_review'`],
    [
      'conflict',
      'amount_mismatch',
      `update bank_withdrawal.withdrawals set state = 'conflict', contradiction = 'amount_mismatch'`,
    ],
    [
      'batch_failed',
      'sandbox',
      `insert into bank_withdrawal.batches (id, provider, currency, batch_key, state, item_count, total, payload_hash,
         created_at, sent_at, updated_at)
       select id, provider, currency, 'BB-' || id, 'refused', 1, amount, 'h', at, at, at
         from bank_withdrawal.withdrawals, bank_withdrawal.clock() at`,
    ],
    [
      'question',
      'payout_missing',
      `insert into bank_withdrawal.differences (kind, withdrawal_id, fact, detail, opened_at)
       select 'payout_missing', id, '', '{}', bank_withdrawal.clock() from bank_withdrawal.withdrawals`,
    ],
  ])('is one message about a thousand of %s', async (kind, about, planted) => {
    const world = await World.create(database, { config: TELLING })
    await operators(world)
    const state = kind === 'review' ? 'in_review' : 'processed'
    await insertRows(
      database,
      Array.from({ length: 1_000 }, (_, n) => ({ id: `planted-${String(n).padStart(6, '0')}`, state })),
    )
    await database.query(planted)
    await sweep(world)
    await sweep(world)
    expect(receiver.received.map(({ data }) => [data.kind, data.about, data.count])).toEqual([
      [kind, about, 1_000],
    ])
  })

  it('is an age that passed its limit, and money that runs out, each once, as the machine finds them', async () => {
    let isRefusing = true
    const settleHold = betweenExchange({
      settleHold: (call) =>
        isRefusing ? Promise.resolve({ kind: 'refused', why: 'other', message: 'no' }) : call(),
    })
    const world = await World.create(database, {
      config: { ...TELLING, mode: 'batch' },
      around: { exchange: settleHold },
    })
    await operators(world)
    await world.withdrawn(10)
    await world.engine.batches.run()
    await world.runToRest(3 * 60 * MINUTE_MS)
    await world.engine.watch.run()
    const place = { provider: 'sandbox', currency: 'eur', reason: 'bank portal' }
    await world.operate('/admin/float', { ...place, available: '5' }).expect(200)
    await world.withdrawn(50)
    await createFloatWatch({
      ...{ store: createFloatStore(database), notices: createNoticeStore(database) },
      ...{ providers: world.app.providers(), clock: world.clock, logger: silentLogger },
      leavesAt: (_name, now) => now,
      settings: { fundingLeadDays: 2, fundingCoverDays: 7 },
    })()
    await sweep(world)
    await sweep(world)
    expect(receiver.received.map(({ data }) => [data.kind, data.about, data.count]).sort()).toEqual([
      ['float', 'sandbox', 1],
      ['question', 'stuck', 1],
    ])
    isRefusing = false
  })

  it('has what is urgent, however many milder things are older', async () => {
    const world = await World.create(database, { config: TELLING })
    await doubt(0, 3)
    const later = { withdrawalId: 'doubted-000002', fact: '', detail: {} }
    await world.engine.store.openDifference({ kind: 'paid_after_release', ...later })
    await insertRows(database, [
      { id: 'in-review-1', state: 'in_review' },
      { id: 'in-review-2', state: 'in_review' },
      { id: 'in-conflict' },
    ])
    await database.query(
      `update bank_withdrawal.withdrawals set state = 'conflict', contradiction = 'amount_mismatch' where id = 'in-conflict'`,
    )
    const found = await lookForConcerns(database, { withReturns: false, withReconciliation: false }, 1)
    expect(found.map(({ kind: what, about }) => `${what} ${about}`).sort()).toEqual([
      'conflict amount_mismatch',
      'question paid_after_release',
      'question unresolved',
      'review unknown',
    ])
  })

  it('comes in order: what is said of a notice later waits for what was said before, and of no other', async () => {
    const world = await World.create(database, { config: TELLING })
    await operators(world)
    await doubt(0, 3)
    receiver.answers = ({ data }) => (data.kind === 'question' ? 500 : 200)
    await sweep(world)
    await doubt(3, 7)
    await insertRows(database, [{ id: 'reviewed-1', state: 'in_review' }])
    await world.clock.advance(15 * MINUTE_MS)
    await sweep(world)
    const heard = () => receiver.received.map(({ type, data }) => [type, data.kind, data.count])
    expect(heard().filter(([, kind]) => kind === 'review')).toEqual([['notice.opened', 'review', 1]])
    expect(
      new Set(
        heard()
          .filter(([, kind]) => kind === 'question')
          .map(String),
      ),
    ).toEqual(new Set(['notice.opened,question,3']))
    receiver.answers = () => 200
    receiver.received.length = 0
    await world.clock.advance(60 * MINUTE_MS)
    await outbox(world).run()
    expect(heard()).toEqual([
      ['notice.opened', 'question', 3],
      ['notice.grew', 'question', 7],
    ])
  })

  it('is a provider that went silent, once in all instances, and not again when it comes and goes', async () => {
    let isSilent = true
    const { provider } = {
      provider: between({ submit: (call) => (isSilent ? Promise.reject(new Error('hung up')) : call()) }),
    }
    const world = await World.create(database, { config: TELLING, around: { provider } })
    await operators(world, { kinds: ['breaker_open'] })
    for (let made = 0; made < 6; made++) await world.withdraw(10)
    await sweep(world)
    expect(receiver.received.map(({ type, data }) => [type, data.kind, data.about])).toEqual([
      ['notice.opened', 'breaker_open', 'sandbox'],
    ])
    isSilent = false
    // Half open, and open again: as long as nothing lasts it is the same outage.
    await world.clock.advance(MINUTE_MS)
    await sweep(world)
    expect(receiver.received).toHaveLength(1)
    await world.runToRest()
    await sweep(world)
    await world.clock.advance(6 * MINUTE_MS)
    await sweep(world)
    expect(receiver.received.map(({ type }) => type)).toEqual(['notice.opened', 'notice.cleared'])
  })

  it('is what waits for a person, what contradicts, a batch that failed, a stop, and an endpoint that is gone', async () => {
    const world = await World.create(database, { config: TELLING })
    await operators(world)
    await insertRows(database, [
      { id: 'reviewed-1', state: 'in_review' },
      { id: 'reviewed-2', state: 'in_review' },
      { id: 'conflicting', state: 'processed' },
    ])
    await database.query(
      `update bank_withdrawal.withdrawals set state = 'conflict', contradiction = 'amount_mismatch' where id = 'conflicting'`,
    )
    await database.query(
      `insert into bank_withdrawal.batches (id, provider, currency, batch_key, state, item_count, total, payload_hash,
         created_at, sent_at, updated_at)
       select 'batch-0001', 'sandbox', 'eur', 'BB-1', 'refused', 3, 30, 'h', at, at, at from bank_withdrawal.clock() at`,
    )
    await database.query(
      `insert into bank_withdrawal.provider_states (provider, is_paused, reason, actor, version, updated_at)
       values ('sandbox', true, 'no more float', 'worker', 1, bank_withdrawal.clock())`,
    )
    await createStore(database).setStopped({
      ...{ isStopped: true, message: 'm', reason: 'r', actor: 'operator:2', version: 0 },
    })
    await world.app.telling().notices.raise({
      ...{ kind: 'float', about: 'sandbox eur', subject: 'sandbox eur', facts: { amount: '100' } },
    })
    await sweep(world)
    expect(
      receiver.received.map(({ data }) => [data.kind, data.about, data.count, data.severity]).sort(),
    ).toEqual([
      ['batch_failed', 'sandbox', 1, 'warning'],
      ['conflict', 'amount_mismatch', 1, 'urgent'],
      ['float', 'sandbox eur', 1, 'urgent'],
      ['provider_paused', 'sandbox', 1, 'urgent'],
      ['review', 'unknown', 2, 'notice'],
      ['stopped', 'everything', 1, 'urgent'],
    ])
    await world.app.telling().notices.clear('float', 'sandbox eur')
    await sweep(world)
    await world.clock.advance(6 * MINUTE_MS)
    await sweep(world)
    expect(
      receiver.received.filter(({ type }) => type === 'notice.cleared').map(({ data }) => data.kind),
    ).toEqual(['float'])
    const { body } = await world.see('/admin/endpoints').expect(200)
    expect((body as { kinds: Record<string, string[]> }).kinds.operators).toEqual(NOTICE_KINDS)
  })

  it('comes by the exchange’s own mail where that is offered, and again where nobody knows that it left', async () => {
    const mails: unknown[][] = []
    let fails = true
    const world = await World.create(database, {
      config: TELLING,
      around: {
        toolsLib: (toolsLib) => ({
          ...toolsLib,
          sendCustomEmail: (...given: unknown[]) => {
            mails.push(given)
            return fails
              ? Promise.reject(new Error('421 try later; password=secret-detail'))
              : Promise.resolve()
          },
        }),
      },
    })
    const night = { audience: 'operators', name: 'night', url: 'mailto:night@exchange.example', reason: 'r' }
    expect((await world.operate('/admin/endpoints', night)).body).toMatchObject({ on: true })
    for (const wrong of ['mailto:a@b.example,c@d.example', 'mailto:a@b.example?cc=c@d.example', 'mailto:a'])
      await world.operate('/admin/endpoints', { ...night, url: wrong }).expect(422)
    await world.operate('/admin/endpoints', { ...night, audience: 'systems' }).expect(422)
    await doubt(0, 7)
    await sweep(world)
    const failed = await world.see('/admin/deliveries?state=waiting').expect(200)
    expect((failed.body as { data: unknown[] }).data).toMatchObject([
      { last_error: expect.stringMatching(/^mail failed/) },
    ])
    expect(failed.text).not.toContain('secret-detail')
    fails = false
    await world.clock.advance(MINUTE_MS)
    await outbox(world).run()
    const [first, second] = mails
    expect(mails).toHaveLength(2)
    expect(first).toEqual(second)
    expect(second?.slice(0, 2)).toEqual([
      'night@exchange.example',
      'Withdrawals: New: Questions are open: Nobody can say whether it was sent',
    ])
    expect(second?.[2]).toContain('<p>7 open, 5 of them below.</p>')

    const without = await World.create(database, { config: TELLING })
    await without.operate('/admin/endpoints', night).expect(422)
  })

  it('is kept until somebody listens, and told then', async () => {
    const world = await World.create(database, { config: TELLING })
    await doubt(0, 3)
    await sweep(world)
    expect((await world.see('/admin/notices')).body).toMatchObject({
      data: [
        { kind: 'question', count: 3, messages: 0, examples: [{ withdrawal_id: 'doubted-000000' }, {}, {}] },
      ],
    })
    await operators(world)
    await sweep(world)
    expect(receiver.received.map(({ data }) => data.count)).toEqual([3])
    const [notice] = ((await world.see('/admin/notices')).body as { data: { id: string }[] }).data
    const items = await world.see(`/admin/notices/${String(notice?.id)}/items`).expect(200)
    expect((items.body as { data: unknown[] }).data).toHaveLength(3)
    await world.see('/admin/notices?open=perhaps').expect(400)
  })

  it('tells of an endpoint that took nothing for three days by those that listen', async () => {
    const world = await World.create(database, { config: TELLING })
    const deaf = await endpointAt(world, 'http://127.0.0.1:9/gone')
    await world.withdrawn(10)
    for (let days = 0; days < 4; days++) {
      await outbox(world).run()
      await world.clock.advance(24 * 60 * MINUTE_MS)
    }
    await outbox(world).run()
    await operators(world)
    await sweep(world)
    expect(receiver.received.map(({ data }) => [data.kind, data.about])).toEqual([['delivery_dead', deaf.id]])
  })

  it('tells of an endpoint that takes nothing by the others only, and of what they do not take of it not at all', async () => {
    const world = await World.create(database, { config: TELLING })
    const deaf = await endpointAt(world, 'http://127.0.0.1:9/gone', { audience: 'operators', name: 'deaf' })
    await doubt(0, 1)
    await sweep(world)
    await days(world, 4)
    const other = await operators(world, { kinds: ['delivery_dead'] })
    receiver.answers = () => 500
    await sweep(world)
    expect(receiver.received.map(({ data }) => [data.kind, data.about])).toEqual([['delivery_dead', deaf.id]])
    await days(world, 4)
    const dead = (await world.see('/admin/deliveries?state=dead').expect(200)).body as {
      data: { endpoint: string }[]
    }
    expect(dead.data.map(({ endpoint }) => endpoint).sort()).toEqual([deaf.id, other.id].sort())
    await sweep(world)
    const open = await world.see('/admin/notices').expect(200)
    expect((open.body as { data: { kind: string; about: string }[] }).data).toMatchObject([
      { kind: 'delivery_dead', about: deaf.id },
      { kind: 'question' },
    ])
  })

  it('keeps what nobody wants to hear until somebody does', async () => {
    const world = await World.create(database, { config: TELLING })
    await operators(world, { kinds: ['stopped'] })
    await doubt(0, 2)
    await sweep(world)
    expect(receiver.received).toEqual([])
    await operators(world, { name: 'day shift', kinds: ['question'] })
    await sweep(world)
    expect(receiver.received.map(({ data }) => [data.kind, data.count, data.sequence])).toEqual([
      ['question', 2, 1],
    ])
  })

  it('is a reconciliation that did not see everything, until that was seen', async () => {
    const world = await World.create(database, { config: TELLING })
    await operators(world, { kinds: ['books_incomplete'] })
    await ran(world, [1, 4], 'complete')
    await ran(world, [2, 5], 'incomplete')
    await sweep(world)
    expect(receiver.received).toMatchObject([
      { data: { kind: 'books_incomplete', count: 1, examples: [{ asked_by: 'schedule' }] } },
    ])
    // It has seen the end of those days, and not their beginning: nothing is made good by that but where others saw it.
    await ran(world, [4.5, 5], 'complete')
    expect(await openKinds(world)).toEqual([['books_incomplete', 1]])
    await ran(world, [3, 6], 'complete')
    expect(await openKinds(world)).toEqual([['books_incomplete', 0]])
    await world.clock.advance(6 * MINUTE_MS)
    await sweep(world)
    expect(receiver.received.map(({ type }) => type)).toEqual(['notice.opened', 'notice.cleared'])
  })

  it('is two days without a whole reconciliation, where one is to be made each day', async () => {
    const world = await World.create(database, { config: TELLING })
    await ran(world, [1, 4], 'complete')
    await days(world, 1)
    await ran(world, [2, 5], 'incomplete')
    await days(world, 0.9)
    expect(await openKinds(world)).toEqual([['books_incomplete', 1]])
    await days(world, 0.2)
    expect(await openKinds(world)).toEqual([
      ['books_overdue', 1],
      ['books_incomplete', 1],
    ])
    await ran(world, [2, 6], 'complete')
    expect(await openKinds(world)).toEqual([
      ['books_overdue', 0],
      ['books_incomplete', 0],
    ])

    const unasked = await World.create(database, { config: { ...TELLING, reconcileDays: 0 } })
    await ran(unasked, [1, 4], 'complete')
    await days(unasked, 9)
    expect(await openKinds(unasked)).toEqual([])
  })

  const openKinds = async (world: World) => {
    await world.app.telling().sweep()
    const { body } = await world.see('/admin/notices').expect(200)
    return (body as { data: { kind: string; count: number }[] }).data.map(({ kind, count }) => [kind, count])
  }
  async function days(world: World, count: number): Promise<void> {
    for (let left = count; left > 0; left--) {
      await outbox(world).run()
      await world.clock.advance(Math.min(left, 1) * DAY_MS)
    }
    await outbox(world).run()
  }
  /** A run over these days of January, as it has ended. */
  async function ran(world: World, [from, to]: [number, number], state: 'complete' | 'incomplete') {
    const books = createBooksStore(database)
    const [since, until] = [new Date(from * DAY_MS), new Date(to * DAY_MS)]
    await books.ask({ slot: null, since, until, askedBy: 'schedule', reason: 'each day' })
    const run = await books.claim({ owner: 'o', seconds: 60 })
    if (!run) throw new Error('Nothing was asked for.')
    await books.end(run, { place: run.place, state })
    await world.clock.advance(1_000)
  }
})
