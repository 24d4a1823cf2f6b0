import type { LookupOutcome, PaymentProvider, Voided } from '../../../src/ports/payment-provider'
import { between } from '../../helpers/between'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { as } from '../../routes/admin/two-operators'

/** Goal: what a bank's file says is never lost with the answer to its upload, and a file it never got has an exit. */
let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())

const REASON = { reason: 'the bank never got it' }
const FILE = {
  name: 'F-1.xml',
  orderKey: 'B',
  currency: 'eur',
  total: '10',
  itemCount: 1,
  createdAt: '2026-01-05',
}

/** A provider that writes and reads files, holding one payout that its bank says nothing about. */
async function withFiles(
  changes: (key: () => string) => Partial<PaymentProvider>,
  config: Record<string, unknown> = {},
) {
  const said: { now: LookupOutcome } = { now: { kind: 'accepted', status: 'HANDED_OVER' } }
  const known = { key: '' }
  const world = await World.create(database, {
    config,
    around: {
      provider: (provider) => ({
        ...between({
          submit: (call, times, { key }) => {
            if (times > 1) return call()
            known.key = key
            return Promise.resolve({ kind: 'accepted', status: 'HANDED_OVER' })
          },
          lookup: (call, _times, { key }) => (key === known.key ? Promise.resolve(said.now) : call()),
        })(provider),
        ...changes(() => known.key),
      }),
    },
  })
  const { id } = await world.withdrawn(10)
  await world.runToRest(60_000)
  expect((await world.row(id)).state).toBe('submitted')
  return { world, id, said }
}

describe('a report of the bank', () => {
  const read = (key: () => string) => ({
    ingest: () =>
      Promise.resolve({
        ...{ documentId: 'D-1', isRepeated: false, payouts: [{ key: key() }] },
        problems: ['A booking of DE89370400440532013000 is none of ours.'],
        questions: [
          { payout: { key: key() }, message: 'It came back in dollars.' },
          { payout: { key: 'nobody' }, message: 'Another came back.' },
        ],
      }),
  })
  const upload = (world: World) =>
    world
      .operate('/admin/files/sandbox?name=camt.xml&reason=from+the+bank', {})
      .set('Content-Type', 'application/xml')
      .send('<x/>')

  it('stays on record with what could not be used, and asks about a payout of ours once', async () => {
    const { world, id } = await withFiles(read)
    for (let times = 0; times < 2; times++) await upload(world).expect(200)
    const { body } = await world.see('/admin/files/sandbox/reports').expect(200)
    expect(body.data).toHaveLength(2)
    expect(body.data[0]).toMatchObject({
      ...{ actor: 'operator:2', file: 'camt.xml', document_id: 'D-1', matched: 1, asked: 1 },
      problems: ['A booking of [account] is none of ours.'],
    })
    const { body: differences } = await world.see('/admin/differences').expect(200)
    expect(differences.data).toMatchObject([
      {
        ...{ kind: 'unclear_bank_fact', withdrawal_id: id },
        detail: { documentId: 'D-1', problem: 'It came back in dollars.' },
      },
    ])
  })

  it('with more sentences than are kept says how many there were', async () => {
    const sentences = Array.from({ length: 1_200 }, (_, number) => `A return of ${number} fits no payment.`)
    const many = { documentId: 'D-2', isRepeated: false, payouts: [], problems: sentences }
    const { world } = await withFiles(() => ({ ingest: () => Promise.resolve(many) }))
    const told = [...sentences.slice(0, 1_000), '… and 200 more.']
    expect((await upload(world).expect(200)).body).toMatchObject({ problems: told })
    const { body } = await world.see('/admin/files/sandbox/reports').expect(200)
    expect(body.data[0]).toMatchObject({ problems: told, problem_count: 1_200 })
  })

  it('that asks does not stop what a later clear fact decides', async () => {
    const { world, id, said } = await withFiles(read)
    await upload(world).expect(200)
    said.now = { kind: 'settled', reference: 'R', transactionId: 'T', amount: '10' }
    await world.runToRest()
    expect((await world.row(id)).state).toBe('processed')
  })

  it('is handed in to nobody who reads none', async () => {
    const world = await World.create(database)
    await world.see('/admin/files/sandbox/reports').expect(404, /provider_not_found/)
  })
})

describe('a file that never reached the bank', () => {
  const outbox = (voids: (key: string) => Voided | null) => (key: () => string) => ({
    outbox: {
      list: () => Promise.resolve([FILE]),
      read: () => Promise.resolve(null),
      void: () => Promise.resolve(voids(key())),
    },
  })
  const VOID = `/admin/files/sandbox/${FILE.name}/void`

  it('is voided with a reason, and its payout leaves again under a new key', async () => {
    const { world, id, said } = await withFiles(outbox((key) => ({ kind: 'voided', payouts: [{ key }] })))
    const before = await world.row(id)
    await world.operate(VOID, {}).expect(400)
    said.now = { kind: 'voided' }
    await world.operate(VOID, REASON).expect(200, { voided: true, matched: 1 })
    await world.runToRest()
    const row = await world.row(id)
    expect(row).toMatchObject({ state: 'processed', retiredPayouts: 1 })
    expect(row.payoutKey).not.toBe(before.payoutKey)
    const done = await world.engine.store.listOperatorActions({ subject: 'sandbox', limit: 5 })
    expect(done.map(({ action, actor, reason }) => [action, actor, reason])).toEqual([
      ['file.voided', 'operator:2', REASON.reason],
      ['file.void_asked', 'operator:2', REASON.reason],
    ])
  })

  it('is voided by two where its total is above the ceiling, for its payouts leave again', async () => {
    const voids = outbox((key) => ({ kind: 'voided', payouts: [{ key }] }))
    const { world, id } = await withFiles(voids, { operators: 'several' })
    const { body } = await as(world, 2)(VOID).expect(202)
    expect(body.approval).toMatchObject({ action: 'file.void', content: { file: FILE.name, amount: '10' } })
    expect(await world.engine.store.listOperatorActions({ subject: 'sandbox', limit: 5 })).toEqual([])
    await as(world, 3)(`/admin/approvals/${body.approval.id}/confirm`).expect(200)
    const [done] = await world.engine.store.listOperatorActions({ subject: 'sandbox', limit: 5 })
    expect(done).toMatchObject({ action: 'file.voided', actor: 'operator:3', detail: { matched: 1 } })
    expect((await world.row(id)).state).toBe('submitted')
  })

  it('of which nobody can say what it speaks waits for another, whatever it is about', async () => {
    const read = () => {
      reads++
      return Promise.resolve({ documentId: 'D', isRepeated: false, payouts: [], problems: [] })
    }
    let reads = 0
    const { world } = await withFiles(() => ({ ingest: read }), {
      operators: 'several',
      secondPersonAbove: 'eur=100',
    })
    const hand = as(world, 2)('/admin/files/sandbox?reason=from+the+bank')
    const { body } = await hand.set('Content-Type', 'application/xml').send('<x/>').expect(202)
    expect(reads).toBe(0)
    await as(world, 3)(`/admin/approvals/${body.approval.id}/confirm`).expect(200)
    expect(reads).toBe(1)
  })

  it('that the bank has answered for is not voided', async () => {
    const { world, id } = await withFiles(
      outbox(() => ({ kind: 'refused', message: 'The bank has booked it.' })),
    )
    await world.operate(VOID, REASON).expect(409, /The bank has booked it/)
    expect((await world.row(id)).state).toBe('submitted')
  })

  it.each(['F-2.xml', 'a%00b', 'x'.repeat(400)])('is not called %p', async (name) => {
    const { world } = await withFiles(outbox(() => null))
    await world.operate(`/admin/files/sandbox/${name}/void`, REASON).expect(404, /file_not_found/)
    expect(await world.engine.store.listOperatorActions({ subject: 'sandbox', limit: 5 })).toEqual([])
  })

  it('cannot be voided where a provider voids none, nor at one that nobody knows', async () => {
    const world = await World.create(database)
    for (const provider of ['sandbox', 'nobody'])
      await world.operate(`/admin/files/${provider}/x/void`, REASON).expect(404, /provider_not_found/)
  })
})
