import { totp } from '../../src/sandbox/totp'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { IBAN, World } from '../helpers/world'
import { expectError, request10 } from './support'

const VERIFIED = 'a1b2c3d4e5f60718'
const UNVERIFIED = 'b1b2c3d4e5f60719'

describe('POST /', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    world = await World.create(database)
  })

  it.each(['eur', 'EUR', 'Eur', 'eUR'])('takes the currency written as %s', async (currency) => {
    const { body } = await world.post(request10({ currency })).expect(200)

    expect(body.currency).toBe('eur')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
  })

  it.each([
    ['10', 10],
    ['1', 1],
    ['10.5', 10.5],
    ['10.50', 10.5],
    ['1e1', 10],
    ['1000.1', 1000.1],
    ['"10"', 10],
    ['"10.50"', 10.5],
    ['"10.500000"', 10.5],
    ['"9999.99"', 9999.99],
  ])('takes the amount %s as %d', async (literal, amount) => {
    const { body } = await world.post(
      `{"currency":"eur","amount":${literal},"bank_account":{"iban":"${IBAN}"}}`,
    )

    expect(body).toMatchObject({ amount, status: 'processed' })
    expect((await world.kit.ledger()).map((line) => Number(line.amount))).toEqual([amount, amount])
    expect((await world.bank.executions()).map((execution) => Number(execution.amount))).toEqual([amount])
  })

  it('refuses a body with two equal keys: whoever read it before us may have believed the other', async () => {
    const { body } = await world
      .post(`{"amount":11,"currency":"eur","bank_account":{"iban":"${IBAN}"},"amount":10}`)
      .expect(400)

    expect(body.code).toBe('invalid_request')
    expect(await world.balance()).toEqual({ available: 10_000, locked: 0 })
  })

  it('takes a body that is labelled as a kind of JSON', async () => {
    await world.post(request10()).set('Content-Type', 'application/vnd.exchange+json').expect(200)
  })

  it.each(['bank_account', 'bank_id'])(
    'refuses a stored account in %s that is not verified yet',
    async (field) => {
      const answer = await world.post({ currency: 'eur', amount: 10, [field]: UNVERIFIED })

      expectError(answer, 'bank_account_not_verified', 'This bank account is not verified yet.')
      expect(await world.rows()).toEqual([])
    },
  )

  it.each(['bank_account', 'bank_id'])(
    'refuses a stored account in %s that the user does not have',
    async (field) => {
      const answer = await world.post({ currency: 'eur', amount: 10, [field]: 'ffffffffffffffff' })

      expectError(answer, 'bank_account_not_found', 'You have no bank account with this id.')
      expect(await world.rows()).toEqual([])
    },
  )

  it('does not pay to a stored account of another user', async () => {
    const answer = await world.post({ currency: 'eur', amount: 10, bank_id: VERIFIED }, { userId: 2 })

    expectError(answer, 'bank_account_not_found')
    expect(await world.rows()).toEqual([])
  })

  it('never lets out more than the balance, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => world.withdraw(1_000)))

    const paid = answers.filter(({ body }) => body.status === 'processed')
    expect(paid).toHaveLength(10)
    for (const { body } of answers.filter((answer) => !paid.includes(answer)))
      expect(body.code ?? body.reason_code).toBe('insufficient_balance')
    expect(await world.balance()).toEqual({ available: 0, locked: 0 })
    expect(await world.bank.executions()).toHaveLength(10)
  })

  it.each([
    ['as the user is called at the exchange', 'Alan  Turing', 'Alan Turing'],
    ['not at all where that holds what cannot be seen', 'Alan \u202egniruT', undefined],
    ['not at all where that is longer than any name', 'A'.repeat(141), undefined],
  ])('calls the payee %s', async (_what, fullName, shown) => {
    await world.kit.addUser({ id: 3, fullName, balances: { eur: '100' } })

    const { body } = await world.post(request10(), { userId: 3 }).expect(200)
    expect(body.account_holder).toBe(shown)
  })

  describe('of a user with one-time codes', () => {
    const otpSecret = 'a secret'
    beforeEach(() =>
      world.kit.addUser({ id: 3, fullName: 'Alan Turing', balances: { eur: '100' }, otpSecret }),
    )

    it('is accepted with the code of the moment', async () => {
      const otp_code = totp(otpSecret, world.clock.now().getTime())

      await world.post(request10({ otp_code }), { userId: 3 }).expect(200)
    })

    it.each([
      ['no code', undefined, 'otp_required'],
      ['an empty code', '', 'otp_required'],
      ['a wrong code', '000000', 'otp_invalid'],
    ] as const)('is refused with %s, and nothing is locked', async (_what, otp_code, code) => {
      const answer = await world.post(request10({ otp_code }), { userId: 3 })

      expectError(answer, code)
      expect(await world.balance(3)).toEqual({ available: 100, locked: 0 })
    })
  })
})
