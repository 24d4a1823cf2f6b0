import request from 'supertest'

import type { LookupOutcome } from '../../../src/ports/payment-provider'
import { sepaProvider } from '../../../src/providers/sepa'
import { between } from '../../helpers/between'
import { testDatabase } from '../../helpers/databases'
import { BASE, World } from '../../helpers/world'
import { booking } from '../../providers/sepa/bank-documents'
import { OPTIONS } from '../../providers/sepa/rig'
import { as, SEVERAL } from '../../routes/admin/two-operators'
import { expectError } from '../../routes/support'
import { fakeProvider } from '../fake-provider'

/** Goal: what two operators have to want is not had by one with other words, nor by whom it is about. */
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe('what needs a second person', () => {
  const database = testDatabase('PostgreSQL')

  it('is not sent again because one operator has it looked up, where two have to let it go on', async () => {
    let sent = 0
    const world = await World.create(database, {
      config: SEVERAL,
      provider: () =>
        fakeProvider({
          name: 'acme',
          capabilities: { lookup: 'none', keyLifetimeMs: 30 * DAY_MS },
          submit: () => {
            sent++
            throw new Error('ECONNRESET')
          },
        }),
    })
    const { id } = await world.withdrawn(500)
    await world.kit.changeUser(1, { flagged: true })
    await world.runToRest(2 * DAY_MS)
    expect(await world.row(id)).toMatchObject({ state: 'in_review', reasonCode: 'under_review' })
    const before = sent

    await as(world, 3)(`/admin/withdrawals/${id}/resume`).expect(202)
    const looked = await as(world, 3)(`/admin/withdrawals/${id}/resolve`, { to: 'in_doubt' })
    await world.runToRest(2 * DAY_MS)
    expect({ status: looked.status, sent: sent - before }).toEqual({ status: 202, sent: 0 })
  })

  it('is not confirmed by whoever it is about, where it is a report of the bank’s', async () => {
    const world = await World.create(database, {
      config: SEVERAL,
      around: { provider: () => sepaProvider(OPTIONS) },
    })
    const body = {
      ...{ currency: 'eur', amount: '1000' },
      bank_account: { account_holder: 'Jane Roe', iban: 'NL91ABNA0417164300' },
    }
    const { body: made } = await world.post(body, { userId: 2 }).expect(200)
    const row = await world.row((made as { id: string }).id)
    const hand = (userId: number) =>
      request(world.host())
        .post(`${BASE}/admin/files/sepa`)
        .query({ name: 'report.xml', reason: 'the statement of today' })
        .set('Authorization', `Bearer ${world.token(userId, 'admin')}`)
        .set('Content-Type', 'application/xml')
        .send(booking(row.endToEndId, '1000.00'))
    const { body: handed } = await hand(3).expect(202)
    const { id } = handed.approval as { id: string }
    expectError(await as(world, 2)(`/admin/approvals/${id}/confirm`), 'own_withdrawal')
    // Nor by handing it in, too.
    await hand(2).expect(202)
    await world.engine.watch.run()
    await world.runToRest(HOUR_MS)
    expect((await world.row(row.id)).state).toBe('submitted')
    await as(world, 4)(`/admin/approvals/${id}/confirm`).expect(200)
  })
})

describe('what came back before it was called paid', () => {
  const database = testDatabase('PostgreSQL')
  const REASON = { reason: 'asked the bank' }

  it('is not credited beside a balance that is still locked', async () => {
    const said: { now: LookupOutcome } = { now: { kind: 'unknown', why: 'no answer' } }
    let isDown = true
    const world = await World.create(database, {
      around: {
        provider: between({
          submit: () => Promise.reject(new Error('ECONNRESET')),
          lookup: () => Promise.resolve(said.now),
        }),
        exchange: (exchange) => ({
          ...exchange,
          releaseHold: (id) =>
            isDown ? Promise.resolve({ kind: 'unknown', why: 'down' }) : exchange.releaseHold(id),
        }),
      },
    })
    const { id } = await world.withdrawn(10)
    said.now = { kind: 'returned', reference: 'R-1', amount: '10', code: 'account_closed' }
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'releasing', returnedAmount: '10' })
    const act = (action: string, body: object) =>
      world.operate(`/admin/withdrawals/${id}/${action}`, { ...REASON, ...body })
    await act('hold', {}).expect(200)
    isDown = false
    for (const to of ['returning', 'returned'])
      await act('resolve', { to, evidence: 'ticket 12' }).expect(409, /still pending/)
    await world.runToRest(DAY_MS)
    expect((await world.row(id)).state).toBe('conflict')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 10 })
  })
})
