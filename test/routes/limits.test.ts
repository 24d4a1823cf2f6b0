import { totp } from '../../src/sandbox/totp'
import { testDatabase } from '../helpers/databases'
import { World } from '../helpers/world'
import { BASE, IBAN } from '../helpers/world'
import { expectError, request10, sendRaw } from './support'
import { withClaims } from './tokens'

const STORED = 'a1b2c3d4e5f60718'
const UNVERIFIED = 'b1b2c3d4e5f60719'

describe('What a user may do', () => {
  const database = testDatabase('PostgreSQL')
  const world = (config: Record<string, unknown>) => World.create(database, { config })

  it('ends at as many open withdrawals as are allowed, of fifty at once too', async () => {
    const here = await world({ maxOpenWithdrawals: 3, mode: 'batch' })
    const answers = await Promise.all(Array.from({ length: 50 }, () => here.post(request10())))
    const refused = answers.filter(({ status }) => status !== 200)

    expect(refused).toHaveLength(47)
    for (const answer of refused)
      expectError(
        answer,
        'too_many_open_withdrawals',
        'You already have 3 open withdrawals. Please wait until one of them is done, or cancel one.',
      )
    expect((await here.balance()).locked).toBe(30)
    expect(await here.rows()).toHaveLength(3)

    const [first] = await here.rows()
    await here.post({}, { path: `/${first?.id}/cancel` }).expect(200)
    await here.post(request10()).expect(200)
  })

  it('does not end there for what is repeated under its key', async () => {
    const here = await world({ maxOpenWithdrawals: 1, mode: 'batch' })
    const { body } = await here.post(request10(), { key: 'k' }).expect(200)
    const again = await here.post(request10(), { key: 'k' }).expect(200)

    expect(again.body.id).toBe(body.id)
    expect(again.headers['idempotency-replayed']).toBe('true')
  })

  it('takes a new one-time code for each withdrawal', async () => {
    const here = await world({})
    const otpSecret = 'a secret'
    await here.kit.addUser({ id: 3, fullName: 'Alan Turing', balances: { eur: '100' }, otpSecret })
    const withCode = (key?: string) =>
      here.post(request10({ otp_code: totp(otpSecret, here.clock.now().getTime()) }), {
        userId: 3,
        ...(key !== undefined && { key }),
      })

    const { body } = await withCode('k').expect(200)
    expectError(
      await withCode(),
      'otp_invalid',
      'This one-time code has been used. Please wait for the next one.',
    )
    expect((await withCode('k').expect(200)).body.id).toBe(body.id)
    expect((await here.balance(3)).available).toBe(90)

    await here.clock.advance(61_000)
    await withCode().expect(200)
  })

  it.each([
    [['bank'], 200],
    [['paypal', 'wire'], 400],
    [[], 400],
    // Nobody has said what kinds of account this currency goes to: pounds to a euro account is no guess to make.
    [undefined, 400],
    // As the exchange's own page compares them.
    [[' Bank'], 200],
  ])('is to be paid to stored accounts of the off-ramp %p: %d', async (offramp, status) => {
    const here = await World.create(database, {
      around: { toolsLib: (lib) => ({ ...lib, getKitConfig: () => ({ offramp: { eur: offramp } }) }) },
    })
    const answer = await here.post({ amount: 10, bank_id: STORED, currency: 'eur' })

    expect(answer.status).toBe(status)
    if (status === 400)
      expectError(answer, 'destination_refused', 'EUR is not paid out to this kind of account.')
  })

  describe('where only stored accounts are paid to', () => {
    let here: World
    beforeAll(async () => {
      here = await world({ destinations: 'stored' })
    })

    it('works with the body that the exchange’s own form sends', async () => {
      const { body } = await here
        .post({ amount: 10, bank_id: STORED, currency: 'eur', otp_code: '' })
        .expect(200)

      expect(body).toMatchObject({ status: 'processed', iban: IBAN, account_holder: 'Ada Lovelace' })
    })

    it.each<readonly [string, Record<string, unknown>]>([
      ['an account in the request', { bank_account: { iban: IBAN } }],
      ['the fields of an account', { method: 'BANK', bank: 'B', iban: IBAN, swift: 'COBADEFFXXX' }],
      ['a PayPal address', { method: 'PAYPAL', paypal_id: 'a@b.c' }],
      ['an account nobody has verified', { bank_id: UNVERIFIED }],
    ])('does not work with %s', async (_what, destination) => {
      const answer = await here.post({ currency: 'eur', amount: 10, ...destination })

      expectError(answer, 'bank_account_not_verified')
    })
  })

  it('is nothing in an account that somebody else shares, unless the exchange allows it', async () => {
    const shared = (here: World, path = '/', body: unknown = request10()) =>
      sendRaw(here.host(), {
        path: `${BASE}${path}`,
        headers: {
          'Content-Type': 'application/json',
          Authorization: `Bearer ${withClaims({ is_sharedaccount: true })}`,
        },
        body: JSON.stringify(body),
      })
    const closed = await world({ mode: 'batch' })
    const { body } = await closed.post(request10()).expect(200)

    expectError(await shared(closed), 'forbidden', 'Withdrawals are not available in a shared account.')
    expectError(await shared(closed, `/${body.id}/cancel`, {}), 'forbidden')

    const open = await world({ allowSharedAccounts: true })
    expect((await shared(open)).status).toBe(200)
  })
})

describe('What an operator’s role may do', () => {
  const database = testDatabase('PostgreSQL')

  const asked = (here: World, scopes: unknown, method = 'GET', more: Record<string, unknown> = {}) =>
    sendRaw(here.host(), {
      path: `${BASE}/admin/providers${method === 'GET' ? '' : '/sandbox/pause'}`,
      method,
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${withClaims({ scopes, ...more })}`,
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify({ reason: 'A test', version: 0 }) }),
    })

  it('is everything for admin, and nothing for others', async () => {
    const here = await World.create(database)

    expect((await asked(here, ['user', 'admin'])).status).toBe(200)
    expect((await asked(here, ['user', 'admin'], 'POST')).status).toBe(200)
    for (const scopes of [
      ['user'],
      ['user', 'supervisor'],
      ['user', 'support'],
      ['Admin'],
      [],
      'admin',
      undefined,
    ]) {
      expectError(await asked(here, scopes), 'forbidden')
      expectError(await asked(here, scopes, 'POST'), 'forbidden')
    }
    expectError(await asked(here, ['user', 'admin'], 'GET', { is_sharedaccount: true }), 'forbidden')
  })

  it('is to look only, where the exchange says so', async () => {
    const here = await World.create(database, { config: { viewerRoles: 'supervisor, support' } })

    for (const role of ['supervisor', 'support']) {
      expect((await asked(here, ['user', role])).status).toBe(200)
      expectError(await asked(here, ['user', role], 'POST'), 'forbidden')
    }
    expectError(await asked(here, ['user', 'kyc']), 'forbidden')
  })

  it('may be given to a role of the exchange’s own', async () => {
    const here = await World.create(database, { config: { operatorRoles: 'treasury' } })

    expect((await asked(here, ['user', 'treasury'], 'POST')).status).toBe(200)
    expectError(await asked(here, ['user', 'admin']), 'forbidden')
  })
})
