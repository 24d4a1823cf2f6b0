import { createHash } from 'node:crypto'

import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { IBAN, World } from '../../helpers/world'
import { HOUR_MS } from './rig'

/** Goal: an auditor gets all there is about one withdrawal, sees whether it was tampered with, and no account. */
const EVIL = '<img src=x onerror=alert(1)>'
let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())

const taken = (world: World, id: string, query = 'reason=a%20dispute') =>
  world.see(`/admin/withdrawals/${id}/evidence?${query}`)

/** As the docs say it, for whoever has nothing of ours: JSON with sorted keys. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

it('holds the journal with its hashes, what both sides say now, and what was decided, and no account', async () => {
  const world = await World.create(database, { config: { encryptionKeys: keyNamed('k1') } })
  const { id } = await world.withdrawn('10.04')
  await world.operate(`/admin/withdrawals/${id}/hold`, { reason: EVIL }).expect(200)
  await world.operate(`/admin/withdrawals/${id}/resume`, { reason: 'fine' }).expect(200)
  await world.bank.fund()
  await world.runToRest(HOUR_MS)
  const { body, text, headers } = await taken(world, id).expect(200)
  expect(headers['content-disposition']).toBe(`attachment; filename=evidence-${id}.json`)
  expect(body).toMatchObject({
    ...{ made_for: 'operator:2', reason: 'a dispute', journal_is_intact: true },
    withdrawal: { id, state: 'processed', amount: 10.04 },
    exchange_says: { burns: [{ state: 'settled', amount: '10.04' }] },
    provider_says: { kind: 'settled', amount: '10.04' },
  })
  expect((body.journal as { event: string; hash: string }[]).map(({ hash }) => hash)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{64}$/)]),
  )
  expect((body.journal as { event: string }[]).map(({ event }) => event)).toContain('held.by_operator')
  const { hash, ...rest } = body as Record<string, unknown>
  expect(hash).toBe(createHash('sha256').update(sorted(rest)).digest('hex'))
  expect(text).not.toContain(IBAN)

  const page = await taken(world, id, 'reason=r&format=html').expect(200)
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'/)
  expect(page.text).toContain('The journal is whole')
  expect(page.text).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page.text).not.toContain('<img')
  expect(page.text).not.toContain(IBAN)
})

it('lets whoever has nothing of ours work the chain out: each hash is over a text that begins with the one before', async () => {
  const world = await World.create(database)
  const { id } = await world.withdrawn(10)
  const { body } = await taken(world, id).expect(200)
  let before = ''
  for (const entry of body.journal as Record<string, unknown>[]) {
    const hashed = String(entry.hashed)
    expect(createHash('sha256').update(hashed).digest('hex')).toBe(entry.hash)
    const [first, of, seq, at, event, from, to, actor, reasonCode, detail] = JSON.parse(hashed) as unknown[]
    expect(first).toBe(before)
    expect(Date.parse(`${String(at).slice(0, 23).replace(' ', 'T')}Z`)).toBe(Date.parse(String(entry.at)))
    expect({ of, seq, event, from, to, actor, reasonCode, detail }).toEqual({
      ...{ of: id, seq: entry.seq, event: entry.event, from: entry.from, to: entry.to, actor: entry.actor },
      ...{ reasonCode: entry.reason_code ?? null, detail: entry.detail },
    })
    before = String(entry.hash)
  }
  expect(before).not.toBe('')
})

it('shows an entry that somebody has changed', async () => {
  const world = await World.create(database)
  const { id } = await world.withdrawn(10)
  await database.transaction((tx) =>
    tx.script(`set local session_replication_role = replica;
      update bank_withdrawal.journal set actor = 'operator:9' where withdrawal_id = '${id}' and seq = 2`),
  )
  const { body } = await taken(world, id).expect(200)
  expect(body.journal_is_intact).toBe(false)
  expect((body.journal as { seq: number; intact: boolean }[]).filter(({ intact }) => !intact)).toMatchObject([
    { seq: 2 },
  ])
})

it('says that a side did not answer, and is handed out all the same', async () => {
  const world = await World.create(database, {
    around: {
      exchange: (exchange) => ({
        ...exchange,
        findAllHolds: () => Promise.resolve({ kind: 'unknown', why: 'no answer in time' }),
      }),
      provider: (provider) => ({ ...provider, lookup: () => Promise.reject(new Error('reset')) }),
    },
  })
  const { id } = await world.withdrawn(10)
  const { body } = await taken(world, id).expect(200)
  expect(body).toMatchObject({
    exchange_says: { unknown: 'no answer in time' },
    provider_says: { kind: 'unknown', why: expect.stringMatching(/reset/) },
  })
})

it('is on record with who took it and why, and is not handed out without a reason', async () => {
  const world = await World.create(database)
  const { id } = await world.withdrawn(10)
  await taken(world, id, '').expect(400, /reason must say/)
  await taken(world, id, `reason=${'x'.repeat(501)}`).expect(400)
  await taken(world, id, 'reason=r&format=pdf').expect(400)
  await taken(world, 'nobody').expect(404)
  await taken(world, '1%00').expect(404)
  await world.get(`/admin/withdrawals/${id}/evidence?reason=r`).expect(403)
  const { store } = world.engine
  expect(await store.listOperatorActions({ subject: id, limit: 9 })).toEqual([])
  await taken(world, id).expect(200)
  expect(await store.listOperatorActions({ subject: id, limit: 9 })).toMatchObject([
    { action: 'evidence.taken', actor: 'operator:2', reason: 'a dispute' },
  ])
})
