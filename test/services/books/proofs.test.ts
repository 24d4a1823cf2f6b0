import { createHash } from 'node:crypto'

import { createBooksStore } from '../../../src/db/books'
import { createNoticeStore } from '../../../src/db/notices'
import { createPayoutProofs } from '../../../src/services/books/proofs'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { silentLogger } from '../../helpers/loggers'
import { World } from '../../helpers/world'
import { DAY_MS, HOUR_MS } from './rig'

/** Goal: what was said of a day that is over is never said otherwise, whatever becomes of what was open then. */
const TODAY = '2026-01-05'

describe.each(DATABASE_KINDS)("a day's proof, on %s", (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const proofOf = async (world: World, day = TODAY) =>
    (await world.see(`/admin/proofs/${day}`).expect(200)).body as Record<string, unknown>

  it('counts and sums what came into each state, and what was open at its end', async () => {
    const world = await World.create(database)
    await world.withdrawn(10)
    await world.withdrawn('20.5')
    await world.withdraw(5, { currency: 'usd' }).expect(200)
    await world.withdrawn('7.03')
    const { id } = await world.withdrawn('8.04')
    await world.clock.advance(HOUR_MS)
    const proof = await proofOf(world)
    expect(proof).toMatchObject({ day: TODAY, closed: false, open_items_left_out: 0, open_differences: 0 })
    expect(proof.moved).toEqual(
      expect.arrayContaining([
        { currency: 'eur', state: 'processed', count: 2, amount: '30.5', payout_amount: '30.5' },
        { currency: 'eur', state: 'canceled', count: 1, amount: '7.03', payout_amount: '7.03' },
        { currency: 'eur', state: 'requested', count: 4, amount: '45.57', payout_amount: '45.57' },
        { currency: 'usd', state: 'processed', count: 1, amount: '5', payout_amount: '5' },
      ]),
    )
    expect(proof.open).toEqual([
      { currency: 'eur', state: 'ready', count: 1, amount: '8.04', payout_amount: '8.04' },
    ])
    expect(proof.open_items).toMatchObject([{ id, state: 'ready', amount: '8.04', provider: 'sandbox' }])
  })

  it('is the same for good once its day is over for an hour, though what was open has moved on', async () => {
    const world = await World.create(database, { config: { encryptionKeys: keyNamed('k1') } })
    await world.withdrawn(10)
    const { id } = await world.withdrawn('8.04')
    await world.clock.advance(15 * HOUR_MS)
    expect(await proofOf(world)).toMatchObject({ closed: false, until: '2026-01-06T00:00:00.000Z' })
    await world.clock.advance(HOUR_MS)
    const closed = await proofOf(world)
    expect(closed).toMatchObject({ closed: true, signature: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(closed.hash).toBe(createHash('sha256').update(String(closed.content)).digest('hex'))

    await world.bank.fund()
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('processed')
    await world.clock.advance(HOUR_MS)
    expect(await proofOf(world)).toEqual(closed)
    expect((await proofOf(world, '2026-01-06')).moved).toContainEqual(
      expect.objectContaining({ state: 'processed', amount: '8.04' }),
    )
  })

  it('says the same when it is worked out late: the journal tells what was open then', async () => {
    const world = await World.create(database)
    await world.withdrawn(10)
    await world.withdrawn('8.04')
    const books = createBooksStore(database)
    const range = { since: new Date(`${TODAY}T00:00:00Z`), until: new Date('2026-01-06T00:00:00Z') }
    const before = await books.readDay(range)
    await world.clock.advance(DAY_MS)
    await world.bank.fund()
    await world.runToRest(DAY_MS)
    expect(await books.readDay(range)).toEqual(before)
  })

  it('is closed by itself, once, and kept from whoever would say otherwise', async () => {
    const world = await World.create(database)
    await world.withdrawn(10)
    await world.clock.advance(20 * HOUR_MS)
    const proofs = createPayoutProofs({
      books: createBooksStore(database),
      notices: createNoticeStore(database),
      signer: null,
      logger: silentLogger,
    })
    const closed = await Promise.all([proofs.close(), proofs.close()])
    expect(Math.max(...closed)).toBe(7)
    const { body } = await world.see('/admin/proofs').expect(200)
    expect((body.data as { day: string }[])[0]).toMatchObject({ day: TODAY })
    expect(body.data).toHaveLength(7)
    await expect(database.query(`update bank_withdrawal.payout_proofs set hash = ''`)).rejects.toThrow(
      /stays as it was said/,
    )
  })

  it('is a notice where it cannot be closed, keeps no other day open, and is over when it is closed', async () => {
    const world = await World.create(database)
    await world.withdrawn(10)
    await world.clock.advance(20 * HOUR_MS)
    const books = createBooksStore(database)
    const notices = createNoticeStore(database)
    let isBroken = true
    const proofs = createPayoutProofs({
      books: {
        ...books,
        readDay: (range) =>
          isBroken && range.since.toISOString().startsWith(TODAY)
            ? Promise.reject(new Error(`no space left on DE89370400440532013000`))
            : books.readDay(range),
      },
      ...{ notices, signer: null, logger: silentLogger },
    })
    expect(await proofs.close()).toBe(6)
    await proofs.close()
    const seen = await world.see('/admin/notices').expect(200)
    expect(seen.body).toMatchObject({
      data: [
        {
          kind: 'proof_open',
          count: 1,
          examples: [{ day: TODAY, why: expect.stringContaining('no space') }],
        },
      ],
    })
    expect(seen.text).not.toContain('DE89370400440532013000')
    isBroken = false
    expect(await proofs.close()).toBe(1)
    expect((await world.see('/admin/notices')).body).toMatchObject({ data: [{ count: 0 }] })
  })

  it('is a file, too', async () => {
    const world = await World.create(database)
    await world.withdrawn(10)
    await world.clock.advance(HOUR_MS)
    const { text, headers } = await world.see(`/admin/proofs/${TODAY}?format=csv`).expect(200)
    expect(headers['content-disposition']).toBe('attachment; filename="payouts-2026-01-05.csv"')
    expect(text).toContain('\nmoved,eur,processed,1,10,10,')
    expect(text).toMatch(/\nhash,,,,,,,,,[0-9a-f]{64}\n/)
  })

  it.each(['x', '2026-1-5', '2026-02-30', '2026-01-06', '2026-01-05T00:00:00Z', '%00', '9'.repeat(40)])(
    'is not made of %s',
    async (day) => {
      const world = await World.create(database)
      await world.see(`/admin/proofs/${day}`).expect(400)
      await world.get(`/admin/proofs/${TODAY}`).expect(403)
      await world.see(`/admin/proofs/${TODAY}?format=pdf`).expect(400)
    },
  )
})
