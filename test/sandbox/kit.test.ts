import { createSecretKey } from 'node:crypto'

import { createSandboxKit, type SandboxKit, type SandboxUser } from '../../src/sandbox/kit'
import { createSandboxTokens } from '../../src/sandbox/tokens'
import { totp } from '../../src/sandbox/totp'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { clockAlone } from '../services/clock-alone'

const tokens = createSandboxTokens(createSecretKey(Buffer.alloc(32, 7)))
const WITH_OTP: SandboxUser = {
  id: 3,
  fullName: 'Alan Turing',
  balances: { eur: '5' },
  otpSecret: '12345678901234567890',
}

describe('the kit of the sandbox', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const clock = clockAlone()
  const made = (): SandboxKit => createSandboxKit({ database, tokens, clock })
  async function opened(): Promise<SandboxKit> {
    const kit = made()
    await kit.open()
    return kit
  }

  it('starts with users 1 and 2, who hold 10,000 eur and 10,000 usd each', async () => {
    const { toolsLib } = await opened()
    for (const id of [1, 2])
      expect(await toolsLib.wallet.getUserBalanceByKitId(id)).toEqual({
        ...{
          user_id: id,
          eur_balance: 10_000,
          eur_available: 10_000,
          usd_balance: 10_000,
          usd_available: 10_000,
        },
      })
  })

  it('changes nothing when it is opened again, by this or another process', async () => {
    const kit = await opened()
    await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false })
    await Promise.all([kit.open(), made().open(), made().open()])
    expect(await made().wallet.balancesOf(1)).toMatchObject([
      { currency: 'eur', available: '9990', locked: '10' },
      { currency: 'usd' },
    ])
    expect(await made().ledger()).toHaveLength(1)
  })

  it('adds a user once, and never fills up a balance', async () => {
    const kit = await opened()
    await kit.addUser(WITH_OTP)
    await kit.wallet.burn(3, 'eur', 5, { transactionId: 'w1' })
    await kit.addUser({ ...WITH_OTP, fullName: 'Somebody Else', balances: { eur: '500', usd: '1' } })
    expect(await kit.wallet.balancesOf(3)).toEqual([{ currency: 'eur', available: '0', locked: '0' }])
    expect(await kit.toolsLib.user.getUserByKitId(3, true, false)).toMatchObject({
      full_name: 'Alan Turing',
      otp_enabled: true,
    })
  })

  it('knows its users by id, with a network id that is another number', async () => {
    const { toolsLib } = await opened()
    expect(await toolsLib.user.getUserByKitId(1, true, false)).toMatchObject({
      ...{ id: 1, network_id: 1001, otp_enabled: false, full_name: 'Ada Lovelace' },
      bank_account: [
        { id: 'a1b2c3d4e5f60718', status: 3 },
        { id: 'b1b2c3d4e5f60719', status: 1 },
      ],
    })
    expect(await toolsLib.user.getUserByKitId(99, true, false)).toBeNull()
  })

  it('shows what an operator says of a user, and leaves what he did not name', async () => {
    const kit = await opened()
    await kit.changeUser(1, { flagged: true })
    await kit.changeUser(1, { deactivated: true, withdrawal_blocked: '2126-01-01T00:00:00Z' })

    expect(await kit.toolsLib.user.getUserByKitId(1, true, false)).toMatchObject({
      ...{ activated: false, flagged: true, id_data: { status: 3 } },
      withdrawal_blocked: new Date('2126-01-01T00:00:00Z'),
    })
  })

  it('asks for the right code of a user with OTP, and for none of the others', async () => {
    const kit = await opened()
    await kit.addUser(WITH_OTP)
    const verify = kit.toolsLib.security.verifyOtpBeforeAction as (
      id: number,
      code: unknown,
    ) => Promise<unknown>
    await expect(verify(1, undefined)).resolves.toBe(true)
    await expect(verify(3, totp(String(WITH_OTP.otpSecret), clock.now().getTime()))).resolves.toBe(true)
    for (const code of [undefined, '000000', '１２３４５６'])
      await expect(verify(3, code)).rejects.toThrow('Invalid OTP Code')
    await expect(verify(99, undefined)).rejects.toThrow('User not found')
  })

  it.each(['eur', 'usd', 'usdt'])('knows the coin %s, and hands out a copy of it', async (symbol) => {
    const { toolsLib } = await opened()
    const coin = (await toolsLib.getKitCoin(symbol)) as Record<string, unknown>
    expect(coin).toMatchObject({ symbol })
    coin.symbol = 'changed'
    expect(await toolsLib.getKitCoin(symbol)).toMatchObject({ symbol })
  })

  it.each(['xyz', '', 'constructor', 'toString', '__proto__'])(
    'answers with an empty coin for %p',
    async (symbol) => {
      const { toolsLib } = await opened()
      expect(await toolsLib.getKitCoin(symbol)).toEqual({})
    },
  )

  describe('checks a bearer token', () => {
    interface Outcome {
      status?: number
      body?: unknown
      passed?: boolean
      auth?: unknown
    }
    /** As Express would call it; the kit's middleware answers through `req.res`. */
    async function check(
      kit: SandboxKit,
      authorization: unknown,
      scopes: readonly string[] = ['user'],
    ): Promise<Outcome> {
      const outcome: Outcome = {}
      const res = {
        status: (status: number) => ({ json: (body: unknown) => Object.assign(outcome, { status, body }) }),
      }
      const req: { headers: object; res: object; auth?: unknown } = { headers: { authorization }, res }
      const middleware = kit.toolsLib.security.verifyBearerTokenExpressMiddleware([...scopes]) as (
        req: object,
        res: object,
        next: () => void,
      ) => Promise<unknown>
      await middleware(req, res, () => {
        outcome.passed = true
        outcome.auth = req.auth
      })
      return outcome
    }

    it('and lets it pass with who it is of', async () => {
      const kit = await opened()
      const outcome = await check(kit, `Bearer ${tokens.sign(1, ['user'])}`)
      expect(outcome).toMatchObject({ passed: true, auth: { sub: { id: 1 }, scopes: ['user'] } })
    })

    it.each<[string, unknown, number]>([
      ['nothing', undefined, 401],
      ['a list', ['Bearer x', 'Bearer y'], 401],
      ['another scheme', 'Basic abc', 401],
      ['no token', 'Bearer ', 401],
      [
        'another key',
        `Bearer ${createSandboxTokens(createSecretKey(Buffer.alloc(32, 8))).sign(1, ['user'])}`,
        401,
      ],
      ['other scopes', `Bearer ${tokens.sign(1, ['ops'])}`, 403],
      ['no scopes', `Bearer ${tokens.sign(1, [])}`, 403],
      ['a text as scopes', `Bearer ${tokens.sign(1, 'user' as unknown as string[])}`, 403],
    ])('and refuses %s', async (_what, authorization, status) => {
      const outcome = await check(await opened(), authorization)
      expect(outcome).toMatchObject({ status, body: { message: expect.stringMatching(/^Access denied: /) } })
      expect(outcome.passed).toBeUndefined()
    })

    it('and refuses one of a user who was deactivated', async () => {
      const kit = await opened()
      await database.query('update bank_withdrawal_sandbox.users set deactivated = true where id = 1')
      expect(await check(kit, `Bearer ${tokens.sign(1, ['user'])}`)).toMatchObject({ status: 401 })
      expect(await check(kit, `Bearer ${tokens.sign(2, ['user'])}`)).toMatchObject({ passed: true })
    })
  })
})
