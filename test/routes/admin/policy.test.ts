import request from 'supertest'

import { FRESH_MS } from '../../../src/services/policy/book'
import { testDatabase } from '../../helpers/databases'
import { BASE, IBAN, World } from '../../helpers/world'
import { as, SEVERAL } from './two-operators'

const database = testDatabase('PostgreSQL')

const change = (world: World, policy: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  world.operate('/admin/policy', { policy, reason: 'the audit', ...more })
const idOf = async (sent: request.Test): Promise<string> =>
  ((await sent.expect(200)).body as { id: string }).id

describe('the policy', () => {
  let world: World
  beforeEach(async () => {
    world = await World.create(database)
  })

  it('is what the settings say until somebody changes it, and limits nothing', async () => {
    const { body } = await world.see('/admin/policy').expect(200)

    expect(body).toMatchObject({
      ...{ version: 0, fixed: [], may_change: true, needs_second: false },
      policy: { amounts: [], limits: [], ceilings: [], cooling_off_hours: 0 },
    })
    await world.withdraw(10).expect(200)
  })

  it('refuses what is over a limit, with the limit in the message', async () => {
    await change(world, {
      amounts: [{ currency: 'EUR', max: 50 }],
      limits: [{ of: 'user', per: 'day', currency: 'eur', amount: '60', count: 2 }],
    }).expect(200)

    const tooMuch = await world.withdraw(51).expect(400)
    expect(tooMuch.body).toMatchObject({
      ...{ code: 'amount_out_of_range', message: 'The largest withdrawal is 50 EUR.' },
    })
    await world.withdraw(40).expect(200)
    const { body, headers } = await world.withdraw(30).expect(409)
    expect(body).toMatchObject({
      code: 'limit_reached',
      message:
        'You can withdraw at most 2 withdrawals in EUR and 60 EUR a day. You have asked for 1 (40 EUR) so far. It starts anew at 00:00 UTC.',
    })
    expect(headers['retry-after']).toBe(String(15 * 3_600))
    const { body: options } = (await world.get('/options').expect(200)) as { body: unknown }
    expect(JSON.stringify(options)).toContain('"max":50')
  })

  it('holds what is above the ceiling for a person, after its amount is locked', async () => {
    await change(world, { ceilings: [{ currency: 'eur', amount: '100' }] }).expect(200)
    const small = await idOf(world.withdraw(100))
    const large = await idOf(world.withdraw(101))
    await world.runToRest()

    expect(await world.row(small)).toMatchObject({ state: 'processed' })
    expect(await world.row(large)).toMatchObject({ state: 'in_review', reasonCode: 'above_ceiling' })
    expect((await world.balance()).locked).toBe(101)
    await world.operate(`/admin/withdrawals/${large}/approve`, { reason: 'called the user' }).expect(200)
    await world.runToRest()
    expect(await world.row(large)).toMatchObject({ state: 'processed' })
  })

  it('lets a new account wait, which then goes on by itself, unless a person holds it', async () => {
    await change(world, { cooling_off_hours: 24 }).expect(200)
    const [one, two] = [await idOf(world.withdraw(10)), await idOf(world.withdraw(11))]

    expect(await world.row(one)).toMatchObject({ state: 'in_review', reasonCode: 'cooling_off' })
    // Looking at it now does not make it go on now.
    await world.operate(`/admin/withdrawals/${one}/retry`, { reason: 'in a hurry' }).expect(200)
    await world.runToRest(3_600_000)
    expect(await world.row(one)).toMatchObject({ state: 'in_review' })
    await world.operate(`/admin/withdrawals/${two}/hold`, { reason: 'looks odd' }).expect(200)
    await world.runToRest()

    expect(await world.row(one)).toMatchObject({ state: 'processed' })
    expect(await world.row(two)).toMatchObject({ state: 'in_review', reasonCode: 'held_by_operator' })
    expect(await idOf(world.withdraw(12))).toBeDefined()
  })

  it('is canceled by its user while it waits, and gives the balance back', async () => {
    await change(world, { cooling_off_hours: 1 }).expect(200)
    const id = await idOf(world.withdraw(10))
    await world.post({}, { path: `/${id}/cancel` }).expect(200)
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({ state: 'canceled' })
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('is kept in versions that say who, why and what, and is undone by saving an earlier one anew', async () => {
    await change(world, { cooling_off_hours: 24 }).expect(200)
    await change(world, { cooling_off_hours: 48 }, { version: 1 }).expect(200)
    await change(world, { cooling_off_hours: 1 }, { version: 1 }).expect(409)
    await change(world, { cooling_off_hours: 48 }).expect(409)
    await world.operate('/admin/policy/restore', { to: 1, reason: 'too long', version: 2 }).expect(200)

    const { body } = await world.see('/admin/policy/versions').expect(200)
    expect(body).toMatchObject({
      data: [
        {
          ...{ version: 3, restores: 1, by: 'operator:2', reason: 'too long' },
          changes: [{ name: 'cooling_off', after: expect.stringContaining('24 hours') as string }],
        },
        { version: 2, changes: [{ before: expect.stringContaining('24') as string }] },
        { version: 1, changes: [{ before: null }] },
      ],
    })
    await world.operate('/admin/policy/restore', { to: 0, reason: 'all of it' }).expect(200)
    await world.operate('/admin/policy/restore', { to: 99, reason: 'none' }).expect(404)
    expect((await world.see('/admin/policy').expect(200)).body).toMatchObject({
      ...{ version: 4, policy: { cooling_off_hours: 0 } },
    })
  })

  it.each([
    [
      'two amounts for one currency',
      { second_person_above: { EUR: 1_000, eur: 5 } },
      'policy.second_person_above.eur',
    ],
    ['an amount below nothing', { amounts: [{ currency: 'eur', max: -1 }] }, 'policy.amounts[0].max'],
    [
      'bounds that leave nothing',
      { amounts: [{ currency: 'eur', min: 9, max: 3 }] },
      'policy.amounts[0].max',
    ],
    ['a rule without a bound', { limits: [{ of: 'user', per: 'day', currency: 'eur' }] }, 'policy.limits[0]'],
    [
      'an amount of no currency',
      { limits: [{ of: 'user', per: 'day', amount: 1 }] },
      'policy.limits[0].currency',
    ],
    ['a mistyped member', { amount: [] }, 'policy.amount'],
    ['hours that are no number', { cooling_off_hours: 'a day' }, 'policy.cooling_off_hours'],
    ['two rules about the same', { ceilings: [CEILING(1), CEILING(2)] }, 'policy.ceilings[1]'],
    [
      'two approvers where there is one operator',
      { ceilings: [{ ...CEILING(1), approvers: 2 }] },
      'policy.ceilings[0].approvers',
    ],
    ['a role that is nobody’s', { duties: { stop: ['nobody'] } }, 'policy.duties.stop'],
  ])('is not changed by %s', async (_what, policy, path) => {
    const { body } = await change(world, policy).expect(400)

    expect(body).toMatchObject({ code: 'invalid_policy', errors: [{ path }] })
    expect((await world.see('/admin/policy')).body).toMatchObject({ version: 0 })
  })

  it('is tried on what was accepted before it is saved, and changes nothing by that', async () => {
    await world.withdraw(10).expect(200)
    const big = await idOf(world.withdraw(700))
    const policy = { ceilings: [{ currency: 'eur', amount: 500 }], amounts: [{ currency: 'eur', min: 20 }] }
    const { body } = await world.operate('/admin/policy/dry-run', { policy }).expect(200)

    expect(body).toMatchObject({
      ...{ looked: 2, refused: 1, held: 1 },
      rules: expect.arrayContaining([
        expect.objectContaining({ name: 'ceiling.eur', outcome: 'held', amount: '700', sample: [big] }),
        expect.objectContaining({ name: 'amount.eur', outcome: 'refused', count: 1, amount: '10' }),
      ]) as unknown,
      changes: [{ before: null }, { before: null }],
    })
    expect((await world.see('/admin/policy')).body).toMatchObject({ version: 0 })
    await world.operate('/admin/policy/dry-run', { policy: { amounts: 'all' } }).expect(400)
  })

  it('counts in another instance within seconds, without a restart', async () => {
    // The same tables changed past this instance, as another one does.
    await database.query(
      `insert into bank_withdrawal.policies values (1, '{"cooling_off_hours": 5}', null, 'operator:9', 'r', now())`,
    )
    await world.clock.advance(FRESH_MS)
    const id = await idOf(world.withdraw(10))

    expect(await world.row(id)).toMatchObject({ state: 'in_review', reasonCode: 'cooling_off' })
  })

  it('says what the users of the exchange may do, also where the policy is changed later', async () => {
    await change(world, { users: { flagged: 'refuse' } }).expect(200)
    await world.kit.changeUser(1, { flagged: true })
    const id = await idOf(world.withdraw(10))
    await world.runToRest()

    expect(await world.row(id)).toMatchObject({ state: 'canceled', reasonCode: 'refused_by_exchange' })
  })
})

function CEILING(amount: number) {
  return { currency: 'eur', amount }
}

it('does not change what the settings fix', async () => {
  const world = await World.create(database, { config: { flaggedUsers: 'review' } })
  const { body } = await change(world, { users: { flagged: 'pay' } }).expect(400)

  expect(body).toMatchObject({ errors: [{ path: 'policy.users.flagged' }] })
  expect((await world.see('/admin/policy')).body).toMatchObject({ fixed: ['users.flagged'] })
  await change(world, { users: { blocked: 'pay' } }).expect(200)
})

describe('where there are several operators', () => {
  let world: World
  beforeEach(async () => {
    world = await World.create(database, { config: SEVERAL })
  })

  const proposed = (body: unknown) => (body as { approval: { id: string; needed: number } }).approval
  async function inForce(policy: Record<string, unknown>): Promise<void> {
    const { body } = await as(world, 2)('/admin/policy', { policy }).expect(202)
    await as(world, 3)(`/admin/approvals/${proposed(body).id}/confirm`).expect(200)
  }

  it('one proposes a change of the policy and another confirms it', async () => {
    const { body } = await as(world, 2)('/admin/policy', { policy: { cooling_off_hours: 5 } }).expect(202)
    const { id } = proposed(body)

    expect((await world.see('/admin/policy')).body).toMatchObject({ version: 0, needs_second: true })
    await as(world, 2)(`/admin/approvals/${id}/confirm`).expect(403)
    await as(world, 3)(`/admin/approvals/${id}/confirm`).expect(200)
    expect((await world.see('/admin/policy')).body).toMatchObject({
      ...{ version: 1, policy: { cooling_off_hours: 5 }, by: 'operator:3' },
      reason: 'as 2 sees it (proposed by operator:2)',
    })
  })

  it('a proposal is void once the policy has changed', async () => {
    const { body } = await as(world, 2)('/admin/policy', { policy: { cooling_off_hours: 5 } }).expect(202)
    await database.query(
      `insert into bank_withdrawal.policies values (1, '{}', null, 'operator:9', 'r', now())`,
    )

    const { body: refused } = await as(world, 3)(`/admin/approvals/${proposed(body).id}/confirm`).expect(409)
    expect(refused).toMatchObject({ code: 'changed_meanwhile' })
  })

  it('three different ones let one above the ceiling go on, never its owner and nobody twice', async () => {
    await inForce({ ceilings: [{ currency: 'eur', amount: '50', approvers: 3 }] })
    const id = await idOf(world.withdraw(60))
    const { body } = await as(world, 2)(`/admin/withdrawals/${id}/approve`).expect(202)
    const approval = proposed(body)
    const confirm = (operator: number) => as(world, operator)(`/admin/approvals/${approval.id}/confirm`)

    expect(approval.needed).toBe(2)
    await confirm(1).expect(403)
    await confirm(2).expect(403)
    await confirm(3).expect(200)
    await confirm(3).expect(409)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'in_review' })
    await confirm(4).expect(200)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
  })

  it('what was said of one above the ceiling is void once the withdrawal has changed', async () => {
    await inForce({ ceilings: [{ currency: 'eur', amount: '50', approvers: 2 }] })
    const id = await idOf(world.withdraw(60))
    const { body } = await as(world, 2)(`/admin/withdrawals/${id}/approve`).expect(202)
    await as(world, 4)(`/admin/withdrawals/${id}/reject`).expect(200)

    await as(world, 3)(`/admin/approvals/${proposed(body).id}/confirm`).expect(409)
    await world.runToRest()
    expect(await world.row(id)).toMatchObject({ state: 'canceled' })
  })
})

describe('duties', () => {
  it('keep what the policy names for some roles from the others', async () => {
    const world = await World.create(database, { config: { operatorRoles: ['admin', 'support'] } })
    await change(world, { duties: { stop: ['admin'], policy: ['admin'] } }).expect(200)
    const support = (path: string, body: object) =>
      request(world.host())
        .post(`${BASE}${path}`)
        .set('Authorization', `Bearer ${world.token(4, 'support')}`)
        .send({ reason: 'r', ...body })

    const { body } = await support('/admin/stop', {}).expect(403)
    expect(body).toMatchObject({ message: 'Access denied: your role may not stop everything.' })
    await support('/admin/policy', { policy: { cooling_off_hours: 5 } }).expect(403)
    await world.operate('/admin/policy', { policy: { cooling_off_hours: 5 }, reason: 'r' }).expect(200)
    const id = await idOf(world.post({ currency: 'eur', amount: 10, bank_account: { iban: IBAN } }))
    await support(`/admin/withdrawals/${id}/approve`, {}).expect(200)
  })
})
