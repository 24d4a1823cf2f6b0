import { testDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { DEFERRED, expectError, request10 } from '../support'
import { as } from './two-operators'

/** Goal: nobody answers as an operator what is asked about their own withdrawals. Method: user 3, who is an operator too. */
describe('What an operator is asked about themselves', () => {
  const database = testDatabase('PostgreSQL')

  async function open() {
    const world = await World.create(database)
    await world.kit.addUser({
      id: 3,
      fullName: 'Alan Turing',
      balances: { eur: '100' },
      otpSecret: 'a secret',
    })
    const asked = (withdrawalId: string, kind: string, detail: object = {}) =>
      database
        .query<{ id: string }>(
          `insert into bank_withdrawal.differences (withdrawal_id, kind, detail, opened_at)
           values ($1, $2, $3::jsonb, now()) returning id::text`,
          [withdrawalId, kind, JSON.stringify(detail)],
        )
        .then(([made]) => String(made?.id))
    return { world, asked }
  }

  it('is answered by another one, as one question and as all of a kind', async () => {
    const { world, asked } = await open()
    const { id } = await world.withdrawn(DEFERRED)
    await database.query('update bank_withdrawal.withdrawals set user_id = 3 where id = $1', [id])
    const one = await asked(id, 'paid_but_released')
    await asked(id, 'unclear_bank_fact')

    expectError(await as(world, 3)(`/admin/differences/${one}/resolve`), 'own_withdrawal')
    expectError(await as(world, 3)(`/admin/differences/${id}/unclear_bank_fact/resolve`), 'own_withdrawal')
    expect(await world.asked()).toHaveLength(2)

    await as(world, 2)(`/admin/differences/${one}/resolve`).expect(200)
    await as(world, 2)(`/admin/differences/${id}/unclear_bank_fact/resolve`).expect(200)
    expect(await world.asked()).toEqual([])
  })

  it('is answered by another one also where only the exchange says whose burn it is', async () => {
    const { world, asked } = await open()
    const one = await asked('a-burn', 'burn_without_row', { exchange: { userId: 3 } })
    expectError(await as(world, 3)(`/admin/differences/${one}/resolve`), 'own_withdrawal')
    expectError(await as(world, 3)('/admin/differences/a-burn/burn_without_row/resolve'), 'own_withdrawal')
    await as(world, 2)('/admin/differences/a-burn/burn_without_row/resolve').expect(200)
  })

  it('leaves their own one-time codes locked, whoever has their session', async () => {
    const { world } = await open()
    const guess = () => world.post(request10({ otp_code: '000000' }), { userId: 3 })
    for (let sent = 0; sent < 5; sent++) expectError(await guess(), 'otp_invalid')
    expectError(
      await as(world, 3)('/admin/code-locks/3/lift'),
      'forbidden',
      'Your own codes are locked: another operator lets you try again, or the time that you were told.',
    )
    expectError(await guess(), 'otp_locked')
    await as(world, 2)('/admin/code-locks/3/lift').expect(200)
    // A lock that was just seen is believed for five seconds.
    await world.clock.advance(5_000)
    expectError(await guess(), 'otp_invalid')
  })
})
