import express, { type NextFunction, type Request, type Response } from 'express'

import { between } from '../../helpers/between'
import { testDatabase } from '../../helpers/databases'
import { recordingLogger } from '../../helpers/loggers'
import { BASE, World } from '../../helpers/world'
import { DEFERRED, failingDatabase, insertRows, sendRaw } from '../support'

const REASON = { reason: 'asked the users' }
const PATH = '/admin/withdrawals/bulk/reject'

const database = testDatabase('PostgreSQL')

/** Three that wait for their provider's account to be filled. */
async function waiting() {
  const world = await World.create(database)
  const rows = [
    await world.withdrawn(DEFERRED),
    await world.withdrawn(DEFERRED),
    await world.withdrawn(DEFERRED),
  ]
  return { world, items: rows.map(({ id, version }) => ({ id, version })) }
}

describe('one decision about several withdrawals', () => {
  it('is done to each, with who decided and why in each journal', async () => {
    const { world, items } = await waiting()
    const { body } = await world.operate(PATH, { ...REASON, items, totals: { eur: '30.12' } }).expect(200)
    expect(body.data).toMatchObject(
      items.map(({ id }) => ({ id, ok: true, withdrawal: { state: 'releasing' } })),
    )
    for (const { id } of items)
      expect(await world.journal(id)).toContainEqual(
        expect.objectContaining({
          event: 'review.rejected',
          actor: 'operator:2',
          detail: expect.objectContaining(REASON),
        }),
      )
    await world.runToRest()
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it.each([PATH, '/Admin/WITHDRAWALS/Bulk/reject'])(
    'names no payee in a journal, asked for at %s',
    async (path) => {
      const { world, items } = await waiting()
      const said = { reason: 'Ada Lovelace has called', items, totals: { eur: '30.12' } }
      await world.operate(path, said).expect(200)
      for (const { id } of items) {
        const written = JSON.stringify(await world.journal(id))
        expect(written).toContain('[payee] has called')
        expect(written).not.toContain('Lovelace')
      }
    },
  )

  it('leaves alone what has changed since it was seen, says so, and goes on with the others', async () => {
    const { world, items } = await waiting()
    const [first, ...others] = items
    await world.operate(`/admin/withdrawals/${first?.id}/hold`, REASON).expect(200)
    const { body } = await world.operate(PATH, { ...REASON, items, totals: { eur: 30.12 } }).expect(200)
    expect(body.data).toMatchObject([
      { id: first?.id, ok: false, code: 'changed_meanwhile', message: expect.stringContaining('Look again') },
      ...others.map(({ id }) => ({ id, ok: true })),
    ])
    expect(await world.row(String(first?.id))).toMatchObject({ state: 'in_review' })
  })

  it('says of each what became of it where the database goes away in the middle', async () => {
    const logger = recordingLogger()
    let decided = -Infinity
    const around = { database: failingDatabase(/json_to_recordset/, () => ++decided === 2) }
    const world = await World.create(database, { logger, around })
    const made = [
      await world.withdrawn(DEFERRED),
      await world.withdrawn(DEFERRED),
      await world.withdrawn(DEFERRED),
    ]
    const items = made.map(({ id, version }) => ({ id, version }))
    decided = 0
    const { body } = await world.operate(PATH, { ...REASON, items, totals: { eur: 30.12 } }).expect(200)
    expect(body.data).toMatchObject([
      { id: items[0]?.id, ok: true },
      { id: items[1]?.id, ok: false, code: 'internal_error', message: expect.stringContaining('not known') },
      { id: items[2]?.id, ok: true },
    ])
    expect(JSON.stringify(body)).not.toContain('secret-detail')
    expect(logger.lines.find(({ event }) => event === 'decision.unclear')).toMatchObject({
      ...{ level: 'error', fields: { withdrawalId: items[1]?.id } },
    })
  })

  it.each([
    ['another sum', { totals: { eur: '30.13' } }, /The sum in eur is 30.12, not 30.13/],
    ['no sum of a currency', { totals: {} }, /The sum in eur is 30.12\. Nothing/],
    ['a currency that is not among them', { totals: { eur: '30.12', usd: '1' } }, /The sum in usd is 0/],
    ['a sum that is none', { totals: { eur: 'all' } }, /totals must be/],
    ['no reason', { reason: '' }, /reason must say why/],
    ['one twice', { twice: true }, /once/],
    ['no version', { unversioned: true }, /version/],
    ['none', { items: [] }, /1 to 100/],
  ])('is refused whole with %s', async (_what, given, message) => {
    const { world, items } = await waiting()
    const { twice = false, unversioned = false, ...changes } = given as Record<string, unknown>
    const [first] = items
    const sent = twice ? [...items, first] : unversioned ? items.map(({ id }) => ({ id })) : items
    const { body } = await world
      .operate(PATH, { ...REASON, items: sent, totals: { eur: '30.12' }, ...changes })
      .expect(400)
    expect(body).toMatchObject({ code: 'invalid_request', message: expect.stringMatching(message) })
    for (const { id, version } of items)
      expect(await world.row(id)).toMatchObject({ state: 'ready', version })
  })

  it('is refused whole where one is not there, and for what needs evidence of its own', async () => {
    const { world, items } = await waiting()
    const unknown = { id: 'no-such-withdrawal', version: 1 }
    await world.operate(PATH, { ...REASON, items: [...items, unknown], totals: { eur: '30.12' } }).expect(404)
    const { body } = await world
      .operate('/admin/withdrawals/bulk/resolve', { ...REASON, items, totals: { eur: '30.12' } })
      .expect(400)
    expect(body.message).toMatch(/approve, reject, hold/)
    for (const { id } of items) expect(await world.row(id)).toMatchObject({ state: 'ready' })
  })
})

describe('what is unusual about a withdrawal', () => {
  const hintsOf = async (world: World, id: string): Promise<readonly { code: string; text: string }[]> =>
    (await world.see(`/admin/withdrawals/${id}`).expect(200)).body.hints

  it('is said while it is open: a first payout, a new account, an amount beyond the habit, another name', async () => {
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: (call, times) =>
            times > 3 ? Promise.resolve({ kind: 'deferred', why: 'rate_limited' }) : call(),
        }),
      },
    })
    for (const amount of [10, 11, 12]) await world.withdraw(amount).expect(200)
    await world.clock.advance(1_000)
    const usual = await world.withdrawn(30)
    expect(await hintsOf(world, usual.id)).toEqual([])

    const bank_account = { iban: 'GB29NWBK60161331926819', account_holder: 'Somebody Else' }
    const { body } = await world.post({ currency: 'eur', amount: 40, bank_account }).expect(200)
    const codes = (await hintsOf(world, String(body.id))).map(({ code }) => code)
    expect(codes).toEqual(['new_account', 'unusual_amount', 'name_differs'])

    const other = await world.post(
      { currency: 'eur', amount: 5, bank_account: { iban: bank_account.iban } },
      { userId: 2 },
    )
    expect((await hintsOf(world, String(other.body.id))).map(({ code }) => code)).toEqual(['first_payout'])
  })
})

describe('the operators’ CSV', () => {
  it('has what the filters find, newest first, with accounts masked and no formulas', async () => {
    const world = await World.create(database)
    await insertRows(database, [
      { id: 'withdrawal-a', createdAt: '2026-01-02T00:00:00Z' },
      { id: 'withdrawal-b', createdAt: '2026-01-03T00:00:00Z', userId: 7 },
      { id: 'withdrawal-c', createdAt: '2026-01-04T00:00:00Z', currency: 'usd' },
    ])
    const { text, headers } = await world.see('/admin/withdrawals?format=csv&currency=eur').expect(200)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    const lines = text.trim().split('\n')
    expect(lines[0]).toMatch(/^id,created_at,state,/)
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['withdrawal-b', 'withdrawal-a'])
    await world.see('/admin/withdrawals?format=xml').expect(400)
  })

  it('that the database breaks off ends there, is told to the log, and to no handler of the host’s', async () => {
    const logger = recordingLogger()
    let pages = 0
    const world = await World.create(database, {
      logger,
      around: { database: failingDatabase(/looked_at/, () => ++pages > 1) },
    })
    await insertRows(
      database,
      Array.from({ length: 600 }, (_, n) => ({ id: `withdrawal-${n}` })),
    )
    const heard: unknown[] = []
    const host = express().use(world.app.router)
    host.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
      heard.push(error)
      res.destroy()
    })
    const headers = { Authorization: `Bearer ${world.token(2, 'admin')}` }
    const path = `${BASE}/admin/withdrawals?format=csv`
    await expect(sendRaw(host, { method: 'GET', path, headers })).rejects.toThrow(
      /aborted|hang up|ECONNRESET/,
    )
    expect(heard).toEqual([])
    expect(logger.lines.filter(({ event }) => event.startsWith('request.'))).toMatchObject([
      { level: 'error', event: 'request.broken_off', fields: { method: 'GET', route: BASE } },
    ])
  })
})
