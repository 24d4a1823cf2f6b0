import type { ToolsLib } from '../../src/kit/tools-lib'
import type { Fault } from './fake-network'
import { aCredit, closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(closeRigs)

const reply = (status: number, body: unknown): Fault => ({
  effect: 'none',
  reply: { status, body: typeof body === 'string' ? body : JSON.stringify(body) },
})
const ROW = { transaction_id: 'w-1-back', user_id: 1001, currency: 'eur', amount: 10.5, status: true }
const available = () => rig.network.books.balanceOf(1001, 'eur').available

describe('a credit', () => {
  it('is sent as a final mint under our id, and the user has the money', async () => {
    expect(await rig.exchange.placeCredit(aCredit())).toEqual({ kind: 'done' })

    expect(rig.network.requestsTo('mint').map(({ rawBody }) => rawBody)).toEqual([
      '{"user_id":1001,"currency":"eur","amount":10.5,"description":"Withdrawal w-1 was returned by the bank",' +
        '"transaction_id":"w-1-back","status":true,"email":true}',
    ])
    expect(available()).toBe(1010.5)
  })

  it('mails nobody when mails are off', async () => {
    const quiet = await openRig({ mails: false })
    await quiet.exchange.placeCredit(aCredit())

    expect(quiet.network.books.mails).toEqual([])
  })

  it.each<readonly [string, Fault]>([
    ['a reset after the effect', { effect: 'done', reply: 'reset' }],
    ['half an answer', { effect: 'done', reply: 'cut' }],
    ['a page of HTML', reply(200, '<html>maintenance</html>')],
    ['nothing', reply(200, '')],
    ['the row of another mint', reply(200, { ...ROW, transaction_id: 'w-2-back' })],
    ['a row without an id', reply(200, { ...ROW, transaction_id: undefined })],
    ['a mint that waits for confirmation', reply(200, { ...ROW, status: false })],
    ['a row with a text as its status', reply(200, { ...ROW, status: 'true' })],
    ['a row with a word as its amount', reply(200, { ...ROW, amount: 'ten' })],
    ['401', reply(401, { message: 'Access denied' })],
    ['404', reply(404, { message: 'Not found' })],
    ['429', reply(429, { message: 'Too many requests' })],
    ['500', reply(500, { message: 'boom' })],
    ['400 with HTML', reply(400, '<html>')],
    ['400 that says it is there already', reply(400, { message: 'Transaction id already exists' })],
  ])('answered with %s is unknown', async (_what, fault) => {
    rig.network.failNext('mint', fault)

    expect(await rig.exchange.placeCredit(aCredit())).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/./),
    })
  })

  it('answered with 400 and a message is refused, in the exchange’s words', async () => {
    rig.network.failNext('mint', reply(400, { message: 'Invalid currency' }))

    expect(await rig.exchange.placeCredit(aCredit())).toEqual({
      kind: 'refused',
      message: 'Invalid currency',
    })
    expect(available()).toBe(1000)
  })

  it('for a user the network does not know is refused before anything is sent', async () => {
    expect(await rig.exchange.placeCredit(aCredit({ userId: 99 }))).toMatchObject({ kind: 'refused' })
    expect(rig.network.requests).toHaveLength(0)
  })

  it('that is never answered is unknown after the deadline', async () => {
    rig.network.failNext('mint', { effect: 'later', reply: 'hang' })
    const arrived = rig.network.hanging()
    const outcome = rig.exchange.placeCredit(aCredit())
    await arrived
    rig.clock.advance(TIMEOUT_MS)

    expect(await outcome).toEqual({ kind: 'unknown', why: 'DeadlineError DEADLINE' })
    expect(await rig.exchange.findCredit({ userId: 1, id: 'w-1-back' })).toEqual({ kind: 'absent' })
    rig.network.landLate()
    expect(await rig.exchange.findCredit({ userId: 1, id: 'w-1-back' })).toMatchObject({ kind: 'found' })
  })

  it('that was lost after its effect is refused as a repeat, stays unknown, and is found once', async () => {
    rig.network.failNext('mint', { effect: 'done', reply: 'reset' })
    await rig.exchange.placeCredit(aCredit())

    expect(await rig.exchange.placeCredit(aCredit())).toMatchObject({ kind: 'unknown' })
    expect(await rig.exchange.findCredit({ userId: 1, id: 'w-1-back' })).toEqual({
      kind: 'found',
      amount: '10.5',
      currency: 'eur',
      settled: true,
    })
    expect(available()).toBe(1010.5)
  })

  it('that is answered with the first one when repeated is done, and gives once', async () => {
    rig.network.books.repeatedBurn = 'answers_the_first'
    await rig.exchange.placeCredit(aCredit())

    expect(await rig.exchange.placeCredit(aCredit())).toEqual({ kind: 'done' })
    expect(available()).toBe(1010.5)
  })

  it('cannot be written without deciding on its status', () => {
    const rest = { transactionId: 'a', description: 'b', email: false } as const
    const mints = ({ wallet }: ToolsLib) => [
      // @ts-expect-error Left out, it would be final by accident.
      wallet.mintAssetByKitId(1, 'eur', 10, rest),
      // @ts-expect-error So would undefined,
      wallet.mintAssetByKitId(1, 'eur', 10, { ...rest, status: undefined }),
      // @ts-expect-error a boolean nobody knows,
      wallet.mintAssetByKitId(1, 'eur', 10, { ...rest, status: Date.now() > 0 }),
      // @ts-expect-error and options that are not there.
      wallet.mintAssetByKitId(1, 'eur', 10),
      // @ts-expect-error A pending mint gives nobody anything.
      wallet.mintAssetByKitId(1, 'eur', 10, { ...rest, status: false }),
      // @ts-expect-error Nor is there a mint that nobody could look for.
      wallet.mintAssetByKitId(1, 'eur', 10, { status: true, description: 'b', email: false }),
    ]

    // The proof is that the file compiles.
    expect(mints).toHaveLength(1)
  })
})

describe('a credit that is looked for', () => {
  const find = () => rig.exchange.findCredit({ userId: 1, id: 'w-1-back' })

  it('is asked for by user and id among the deposits', async () => {
    expect(await find()).toEqual({ kind: 'absent' })
    expect(rig.network.requestsTo('deposits').map(({ url }) => url)).toEqual([
      '/v2/network/7/deposits?user_id=1001&transaction_id=w-1-back',
    ])
  })

  it('is found unsettled while the network has not confirmed it', async () => {
    rig.network.books.mint({ ...ROW, status: false })

    expect(await find()).toMatchObject({ kind: 'found', settled: false })
  })

  it('speaks through the one that gave money where one id has several', async () => {
    rig.network.books.repeatedBurn = 'burns_again'
    rig.network.books.mint(ROW)
    rig.network.books.mint({ ...ROW, status: false })

    expect(await find()).toMatchObject({ kind: 'found', settled: true })
    expect(rig.logger.lines).toEqual([
      { level: 'error', event: 'credit.found_twice', fields: { creditId: 'w-1-back', count: 2 } },
    ])
  })

  it.each<readonly [string, Fault]>([
    ['a page of HTML', reply(200, '<html>')],
    ['fewer rows than it says there are', reply(200, { count: 1, data: [] })],
    ['a row nobody can read', reply(200, { count: 1, data: [{ transaction_id: 'w-1-back' }] })],
    ['503', reply(503, 'down')],
    ['a reset', { effect: 'none', reply: 'reset' }],
  ])('answered with %s proves nothing', async (_what, fault) => {
    rig.network.failNext('deposits', fault)

    expect((await find()).kind).toBe('unknown')
  })

  it.each([0, -1, 1.5, Number.NaN])('is never looked for under the user id %p', async (userId) => {
    await expect(rig.exchange.findCredit({ userId, id: 'w-1-back' })).rejects.toThrow('positive integer')
    expect(rig.network.requests).toHaveLength(0)
  })
})
