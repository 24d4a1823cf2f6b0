import type { ToolsLib } from '../../src/kit/tools-lib'
import { aHold, closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

/**
 * Goal: every effect on the wallet is sent exactly as kit.md 6.2 and 6.3 demand. Method: the bytes that arrive at
 * the network are read, not what our code believes it sent.
 */
describe('an effect on the wallet', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await openRig()
  })
  afterEach(closeRigs)

  describe('a lock', () => {
    it('is sent as a pending burn under our id, and is pending in the books', async () => {
      const outcome = await rig.exchange.placeHold(aHold())

      expect(rig.network.requestsTo('burn').map(({ rawBody }) => rawBody)).toEqual([
        '{"user_id":1001,"currency":"eur","amount":10.5,"description":"Withdrawal w-1 to bank account",' +
          '"transaction_id":"w-1","status":false,"email":true}',
      ])
      expect(outcome).toEqual({
        kind: 'done',
        hold: {
          id: 'w-1',
          userId: null,
          currency: 'eur',
          amount: '10.5',
          state: 'pending',
          processing: false,
          waiting: false,
          onHold: false,
        },
      })
      expect(rig.network.books.balanceOf(1001, 'eur')).toEqual({ available: 989.5, locked: 10.5 })
    })

    it.each([
      '0.1',
      '0.3',
      '0.07',
      '19.99',
      '1000000.01',
      '123456789012.345',
      '0.000000000000001',
      '9999999999999.99',
    ])('of %s is sent as the JSON number that reads the same', async (amount) => {
      rig.network.books.fund(1001, 'eur', '99999999999999')

      const outcome = await rig.exchange.placeHold(aHold({ amount }))

      const raw = rig.network.requestsTo('burn').at(-1)?.rawBody ?? ''
      const sent = /"amount":([^,]+),/.exec(raw)?.[1]
      expect(Number(sent)).toBe(Number(amount))
      expect(sent).toBe(JSON.stringify(Number(amount)))
      expect(outcome).toMatchObject({ kind: 'done', hold: { amount } })
    })

    it('carries a fee as a number, and no fee where there is none', async () => {
      await rig.exchange.placeHold(aHold({ fee: '0.35' }))
      await rig.exchange.placeHold(aHold({ id: 'w-2', fee: '0' }))

      const [first, second] = rig.network
        .requestsTo('burn')
        .map(({ rawBody }) => JSON.parse(rawBody) as object)
      expect(first).toMatchObject({ fee: 0.35 })
      expect(second).not.toHaveProperty('fee')
      expect(rig.network.books.balanceOf(1001, 'eur').locked).toBe(21.35)
    })

    it('makes the network write no mail when mails are off', async () => {
      const quiet = await openRig({ mails: false })
      await quiet.exchange.placeHold(aHold())
      await quiet.exchange.settleHold('w-1', 'w-1')
      const { mails } = quiet.network.books

      expect(mails).toEqual([])
    })

    it('cannot be written as a burn that is final at once', () => {
      const rest = { transactionId: 'a', description: 'b', email: false } as const
      const finalBurns = ({ wallet }: ToolsLib) => [
        // @ts-expect-error Left out, the status means a burn that is final at once.
        wallet.burnAssetByKitId(1, 'eur', 10, rest),
        // @ts-expect-error So does true,
        wallet.burnAssetByKitId(1, 'eur', 10, { ...rest, status: true }),
        // @ts-expect-error and undefined,
        wallet.burnAssetByKitId(1, 'eur', 10, { ...rest, status: undefined }),
        // @ts-expect-error and null,
        wallet.burnAssetByKitId(1, 'eur', 10, { ...rest, status: null }),
        // @ts-expect-error and a boolean that nobody knows,
        wallet.burnAssetByKitId(1, 'eur', 10, { ...rest, status: Date.now() > 0 }),
        // @ts-expect-error and options that are not there.
        wallet.burnAssetByKitId(1, 'eur', 10),
        // @ts-expect-error Nor can a burn be made that nobody could look for.
        wallet.burnAssetByKitId(1, 'eur', 10, { status: false, description: 'b', email: false }),
        // @ts-expect-error An amount is a number: a text would be sent as a text.
        wallet.burnAssetByKitId(1, 'eur', '10', { ...rest, status: false }),
      ]

      // The proof is that the file compiles.
      expect(finalBurns).toHaveLength(1)
    })
  })

  describe('an update', () => {
    const NONE = {
      status: false,
      rejected: false,
      dismissed: false,
      processing: false,
      waiting: false,
      onhold: false,
    }
    beforeEach(() => rig.exchange.placeHold(aHold()))

    it('that marks a burn sets processing alone, and mails nobody', async () => {
      const outcome = await rig.exchange.markProcessing('w-1')

      expect(rig.network.lastBody('update')).toEqual({
        ...NONE,
        transaction_id: 'w-1',
        processing: true,
        email: false,
      })
      expect(outcome).toMatchObject({ kind: 'done', hold: { state: 'pending', processing: true } })
    })

    it('that settles sets status alone, under the provider’s id', async () => {
      const outcome = await rig.exchange.settleHold('w-1', 'TX-9')

      expect(rig.network.lastBody('update')).toEqual({
        ...NONE,
        transaction_id: 'w-1',
        status: true,
        email: true,
        updated_transaction_id: 'TX-9',
      })
      expect(outcome).toMatchObject({ kind: 'done', hold: { id: 'TX-9', state: 'settled' } })
    })

    it('that settles under the same id sends no new id', async () => {
      const outcome = await rig.exchange.settleHold('w-1', 'w-1')

      expect(rig.network.lastBody('update')).toEqual({
        ...NONE,
        transaction_id: 'w-1',
        status: true,
        email: true,
      })
      expect(outcome).toMatchObject({ kind: 'done', hold: { id: 'w-1', state: 'settled' } })
    })

    it('that releases sets rejected alone, and gives the balance back', async () => {
      const outcome = await rig.exchange.releaseHold('w-1')

      expect(rig.network.lastBody('update')).toEqual({
        ...NONE,
        transaction_id: 'w-1',
        rejected: true,
        email: true,
      })
      expect(outcome).toMatchObject({ kind: 'done', hold: { state: 'released' } })
      expect(rig.network.books.balanceOf(1001, 'eur')).toEqual({ available: 1000, locked: 0 })
    })

    it('never changes address or description, which would clear the flags', async () => {
      await rig.exchange.markProcessing('w-1')
      await rig.exchange.settleHold('w-1', 'TX-9')

      for (const { rawBody } of rig.network.requestsTo('update'))
        expect(rawBody).not.toMatch(/updated_(address|description)/)
    })

    it('of a burn that was renamed is refused under the old id, and the look-up finds it under the new one', async () => {
      await rig.exchange.settleHold('w-1', 'TX-9')

      expect(await rig.exchange.settleHold('w-1', 'TX-9')).toMatchObject({
        kind: 'refused',
        message: 'Withdrawal not found',
      })
      expect(await rig.exchange.findHold({ userId: 1, ids: ['w-1', 'TX-9'] })).toMatchObject({
        kind: 'found',
        hold: { id: 'TX-9', state: 'settled' },
      })
    })
  })

  it('that lands after its deadline is not there at first, and is found once it has landed', async () => {
    rig.network.failNext('burn', { effect: 'later', reply: 'hang' })
    const arrived = rig.network.hanging()
    const outcome = rig.exchange.placeHold(aHold())
    await arrived
    rig.clock.advance(TIMEOUT_MS)

    expect((await outcome).kind).toBe('unknown')
    expect(await rig.exchange.findHold({ userId: 1, ids: ['w-1'] })).toEqual({ kind: 'absent' })

    rig.network.landLate()
    expect(await rig.exchange.findHold({ userId: 1, ids: ['w-1'] })).toMatchObject({
      kind: 'found',
      hold: { state: 'pending', userId: 1 },
    })
  })

  it('is signed by the kit, and never touches a user it was not meant for', async () => {
    rig.network.books.fund(1002, 'eur', '1000')
    await rig.exchange.placeHold(aHold({ userId: 2 }))

    expect(rig.network.requestsTo('burn').at(-1)?.headers).toMatchObject({
      'api-signature': expect.any(String),
    })
    expect(rig.network.books.balanceOf(1001, 'eur')).toEqual({ available: 1000, locked: 0 })
    expect(rig.network.books.balanceOf(1002, 'eur')).toEqual({ available: 989.5, locked: 10.5 })
  })
})
