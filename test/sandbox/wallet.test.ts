import { createSecretKey } from 'node:crypto'

import { createSandboxKit, type SandboxKit } from '../../src/sandbox/kit'
import { createSandboxTokens } from '../../src/sandbox/tokens'
import type { RepeatedBurn } from '../../src/sandbox/wallet'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../helpers/databases'
import { clockAlone } from '../services/clock-alone'

describe.each(DATABASE_KINDS)('the wallet of the sandbox on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  async function opened(repeatedBurn: RepeatedBurn = 'refused'): Promise<SandboxKit> {
    const tokens = createSandboxTokens(createSecretKey(Buffer.alloc(32, 7)))
    const kit = createSandboxKit({ database, tokens, clock: clockAlone(), repeatedBurn })
    await kit.open()
    return kit
  }
  const eur = async ({ wallet }: SandboxKit) => {
    const [balance] = await wallet.balancesOf(1)
    return { available: Number(balance?.available), locked: Number(balance?.locked) }
  }
  const kinds = async (kit: SandboxKit) =>
    (await kit.ledger()).map(({ kind: what, amount }) => `${what} ${amount}`)

  describe('a pending burn', () => {
    it('locks the amount and its fee', async () => {
      const kit = await opened()
      const burn = await kit.wallet.burn(1, 'eur', 10.5, {
        transactionId: 'w1',
        status: false,
        fee: 0.25,
        description: 'Withdrawal',
      })
      expect(burn).toMatchObject({
        ...{
          transaction_id: 'w1',
          user_id: 1,
          currency: 'eur',
          amount: 10.5,
          fee: 0.25,
          description: 'Withdrawal',
        },
        ...{
          status: false,
          rejected: false,
          dismissed: false,
          processing: false,
          waiting: false,
          onhold: false,
        },
      })
      expect(await eur(kit)).toEqual({ available: 9_989.25, locked: 10.75 })
    })

    it('that is settled is gone for good', async () => {
      const kit = await opened()
      await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false, fee: 1 })
      expect(await kit.wallet.updateBurn('w1', { status: true })).toMatchObject({
        status: true,
        rejected: false,
      })
      expect(await eur(kit)).toEqual({ available: 9_989, locked: 0 })
      expect(await kinds(kit)).toEqual(['lock 10', 'settle 10'])
    })

    it.each(['rejected', 'dismissed'])('that is %s is given back with its fee', async (flag) => {
      const kit = await opened()
      await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false, fee: 1 })
      expect(await kit.wallet.updateBurn('w1', { [flag]: true })).toMatchObject({
        [flag]: true,
        status: false,
      })
      expect(await eur(kit)).toEqual({ available: 10_000, locked: 0 })
      expect(await kinds(kit)).toEqual(['lock 10', 'release 10'])
    })

    it('is refused, and locks nothing, when the balance is too small for amount and fee together', async () => {
      const kit = await opened()
      const burn = kit.wallet.burn(1, 'eur', 10_000, { transactionId: 'w1', status: false, fee: 0.01 })
      await expect(burn).rejects.toMatchObject({
        statusCode: 400,
        error: { message: 'User balance is lower than amount' },
      })
      expect(await eur(kit)).toEqual({ available: 10_000, locked: 0 })
      expect(await kit.ledger()).toEqual([])
    })

    it.each([0, -1, NaN, Infinity, 'ten', null, undefined])(
      'of %p is refused before anything is asked',
      async (amount) => {
        const kit = await opened()
        const burn = kit.wallet.burn(1, 'eur', amount, { transactionId: 'w1', status: false })
        await expect(burn).rejects.toThrow('Parameter amount error: cannot be null')
        expect(await kit.ledger()).toEqual([])
      },
    )

    it('takes a balance that is there once, whoever asks at the same moment', async () => {
      const kit = await opened()
      const burns = Array.from({ length: 10 }, (_, n) =>
        kit.wallet.burn(1, 'eur', 4_000, { transactionId: `w${n}`, status: false }),
      )
      const results = await Promise.allSettled(burns)
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
      expect(await eur(kit)).toEqual({ available: 2_000, locked: 8_000 })
    })
  })

  it.each([{}, { status: true }, { status: undefined }])(
    'takes a burn with %p for a final one: the money is gone at once',
    async (options) => {
      const kit = await opened()
      const burn = await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', ...options } as {
        transactionId: string
      })
      expect(burn.status).toBe(true)
      expect(await eur(kit)).toEqual({ available: 9_990, locked: 0 })
      expect(await kinds(kit)).toEqual(['lock 10', 'settle 10'])
    },
  )

  describe('an update', () => {
    it('is absolute: every flag that is not named becomes false', async () => {
      const kit = await opened()
      await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false, description: 'Withdrawal' })
      expect(await kit.wallet.updateBurn('w1', { processing: true, onhold: true })).toMatchObject({
        processing: true,
        onhold: true,
      })
      expect(await kit.wallet.updateBurn('w1', { waiting: true })).toMatchObject({
        processing: false,
        waiting: true,
        onhold: false,
      })
      expect(await kit.wallet.updateBurn('w1', {})).toMatchObject({
        waiting: false,
        description: 'Withdrawal',
      })
      expect(await eur(kit)).toEqual({ available: 9_990, locked: 10 })
    })

    it('may name one flag, not two', async () => {
      const kit = await opened()
      await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false })
      await expect(kit.wallet.updateBurn('w1', { status: true, processing: true })).rejects.toThrow(
        'Can only update one parmaeter',
      )
      await expect(kit.wallet.updateBurn('w1', { status: true, rejected: true })).rejects.toThrow(
        'Can only update one parmaeter',
      )
      expect(await kinds(kit)).toEqual(['lock 10'])
    })

    it('may give the burn another id and description; it answers to the new id alone', async () => {
      const kit = await opened()
      await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false })
      const settled = await kit.wallet.updateBurn('w1', {
        status: true,
        updatedTransactionId: 'TX-1',
        updatedDescription: 'Paid',
      })
      expect(settled).toMatchObject({ transaction_id: 'TX-1', description: 'Paid', status: true })
      expect(await kit.wallet.burnsOf(1, 'w1')).toEqual([])
      expect(await kit.wallet.burnsOf(1, 'TX-1')).toMatchObject([{ id: settled.id }])
      await expect(kit.wallet.updateBurn('w1', {})).rejects.toMatchObject({ statusCode: 400 })
    })

    it.each(['status', 'rejected', 'dismissed'])(
      'of a burn that is final by %s is refused, and changes nothing',
      async (flag) => {
        const kit = await opened()
        await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false })
        await kit.wallet.updateBurn('w1', { [flag]: true })
        const before = [await eur(kit), await kit.wallet.burnsOf(1, 'w1'), await kit.ledger()]
        for (const options of [{ status: true }, { rejected: true }, { processing: true }, {}])
          await expect(kit.wallet.updateBurn('w1', options)).rejects.toMatchObject({
            statusCode: 400,
            error: { message: 'Withdrawal is already processed' },
          })
        expect([await eur(kit), await kit.wallet.burnsOf(1, 'w1'), await kit.ledger()]).toEqual(before)
      },
    )

    it('of a burn that is not there is refused', async () => {
      const kit = await opened()
      await expect(kit.wallet.updateBurn('w1', { status: true })).rejects.toMatchObject({
        statusCode: 400,
        error: { message: 'Withdrawal not found' },
      })
    })

    it('that settles and one that rejects at the same moment: one of them is made', async () => {
      const kit = await opened()
      await kit.wallet.burn(1, 'eur', 10, { transactionId: 'w1', status: false })
      // More is locked, so that a balance below nothing does not stop the second one.
      await kit.wallet.burn(1, 'eur', 100, { transactionId: 'w2', status: false })
      const updates = [{ status: true }, { rejected: true }, { status: true }, { rejected: true }]
      const results = await Promise.allSettled(updates.map((options) => kit.wallet.updateBurn('w1', options)))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await kit.ledger()).toHaveLength(3)
    })
  })

  describe('a second burn with a known id', () => {
    const options = { transactionId: 'w1', status: false }

    it('is refused where ids are unique', async () => {
      const kit = await opened('refused')
      await kit.wallet.burn(1, 'eur', 10, options)
      await expect(kit.wallet.burn(1, 'eur', 10, options)).rejects.toMatchObject({
        statusCode: 400,
        error: { message: 'Transaction with this id already exists' },
      })
      expect(await eur(kit)).toEqual({ available: 9_990, locked: 10 })
    })

    it('is one with the id that a burn has now, not with the one it had', async () => {
      const kit = await opened('refused')
      await kit.wallet.burn(1, 'eur', 10, options)
      await kit.wallet.updateBurn('w1', { status: true, updatedTransactionId: 'TX-1' })
      const again = kit.wallet.burn(1, 'eur', 10, { ...options, transactionId: 'TX-1' })
      await expect(again).rejects.toMatchObject({ statusCode: 400 })
      expect(await kit.wallet.burn(1, 'eur', 10, options)).toMatchObject({ transaction_id: 'w1' })
    })

    it('is answered with the first one where the wallet is that kind', async () => {
      const kit = await opened('answers_the_first')
      const first = await kit.wallet.burn(1, 'eur', 10, options)
      expect(await kit.wallet.burn(1, 'eur', 99, options)).toEqual(first)
      expect(await eur(kit)).toEqual({ available: 9_990, locked: 10 })
    })

    it('locks again where the wallet does not look at ids', async () => {
      const kit = await opened('burns_again')
      await kit.wallet.burn(1, 'eur', 10, options)
      await kit.wallet.burn(1, 'eur', 10, options)
      expect(await eur(kit)).toEqual({ available: 9_980, locked: 20 })
      expect(await kit.wallet.burnsOf(1, 'w1')).toHaveLength(2)
    })

    it.each(['refused', 'answers_the_first'] as const)(
      'locks once when ten come at the same moment, where it is %s',
      async (mode) => {
        const kit = await opened(mode)
        await Promise.allSettled(Array.from({ length: 10 }, () => kit.wallet.burn(1, 'eur', 10, options)))
        expect(await eur(kit)).toEqual({ available: 9_990, locked: 10 })
        expect(await kinds(kit)).toEqual(['lock 10'])
      },
    )
  })
})
