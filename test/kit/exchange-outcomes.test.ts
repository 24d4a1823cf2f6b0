import type { HoldOutcome } from '../../src/ports/exchange'
import type { Fault } from './fake-network'
import { otherRealm } from './other-realm'
import { aHold, closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

/**
 * Goal: an answer is definite only when it is on the list of definite ones; whatever else a network, a proxy or a
 * broken kit can do is `unknown`, for every effect alike. Method: each of them is done over real HTTP.
 */
const EFFECTS = {
  placeHold: (rig: Rig) => rig.exchange.placeHold(aHold()),
  markProcessing: (rig: Rig) => rig.exchange.markProcessing('w-1'),
  settleHold: (rig: Rig) => rig.exchange.settleHold('w-1', 'TX-1'),
  releaseHold: (rig: Rig) => rig.exchange.releaseHold('w-1'),
} as const
type Effect = keyof typeof EFFECTS

const json = (status: number, body: unknown): Fault => ({
  effect: 'none',
  reply: { status, body: JSON.stringify(body) },
})
const HTML = '<html><body>502 Bad Gateway</body></html>'
const html = (status: number): Fault => ({ effect: 'none', reply: { status, body: HTML } })

const ROW = {
  transaction_id: 'w-1',
  currency: 'eur',
  amount: 10.5,
  status: false,
  rejected: false,
  dismissed: false,
  processing: false,
}
const without = (name: keyof typeof ROW) =>
  Object.fromEntries(Object.entries(ROW).filter(([field]) => field !== name))

const NO_PROOF: readonly (readonly [string, Fault])[] = [
  ['400 with a page of HTML', html(400)],
  ['400 with an empty body', { effect: 'none', reply: { status: 400, body: '' } }],
  ['400 with a list of errors and no message', json(400, { errors: [{ msg: 'no' }] })],
  ['400 with a message that is no text', json(400, { message: { code: 7 } })],
  ['400 with a JSON text', json(400, 'Insufficient balance')],
  ...[401, 403, 404, 408, 409, 425, 429, 500, 501, 502, 503, 504].map(
    (status) => [`${status} with a JSON message`, json(status, { message: 'Insufficient balance' })] as const,
  ),
  ['502 with a page of HTML', html(502)],
  ['302 to a login page', html(302)],
  ...[
    'Transaction id exists',
    'Transaction id already in use',
    'Duplicate transaction',
    'duplicate key value violates unique constraint',
    'transaction_id must be unique',
    'Withdrawal is already processed',
  ].map((message) => [`400 "${message}"`, json(400, { message })] as const),
  ['a reset connection', { effect: 'none', reply: 'reset' }],
  ['a reset connection after the effect', { effect: 'done', reply: 'reset' }],
  ['an answer that breaks off in the middle', { effect: 'done', reply: 'cut' }],
  ['200 with a page of HTML', html(200)],
  ['200 with an empty body', { effect: 'none', reply: { status: 200, body: '' } }],
  ['204', { effect: 'none', reply: { status: 204, body: '' } }],
  ...[null, 7, true, 'ok', [], [ROW], {}, { data: ROW }, { message: 'ok' }].map(
    (body) => [`200 with ${JSON.stringify(body)}`, json(200, body)] as const,
  ),
  ...(['transaction_id', 'currency', 'amount', 'status', 'rejected', 'dismissed'] as const).map(
    (name) => [`a row without ${name}`, json(200, without(name))] as const,
  ),
  ['a row with a numeric id', json(200, { ...ROW, transaction_id: 17 })],
  ['a row with a word as its amount', json(200, { ...ROW, amount: 'ten' })],
  ['a row with null as its amount', json(200, { ...ROW, amount: null })],
  ['a row with a list as its amount', json(200, { ...ROW, amount: [10.5] })],
  ['a row with a text as its status', json(200, { ...ROW, status: 'false' })],
  ['a row with a number as its flag', json(200, { ...ROW, rejected: 0 })],
  ['a row with null as its flag', json(200, { ...ROW, dismissed: null })],
]

describe.each(Object.keys(EFFECTS) as Effect[])('%s', (effect) => {
  let rig: Rig
  beforeEach(async () => {
    rig = await openRig()
  })
  afterEach(closeRigs)

  const endpoint = effect === 'placeHold' ? 'burn' : 'update'
  const act = (): Promise<HoldOutcome> => EFFECTS[effect](rig)

  it.each(NO_PROOF)('answered with %s is unknown', async (_what, fault) => {
    if (endpoint === 'update') await rig.exchange.placeHold(aHold())
    rig.network.failNext(endpoint, fault)

    expect(await act()).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/./) })
  })

  it.each([
    ['Insufficient balance', 'balance'],
    ['User balance is lower than amount', 'balance'],
    ['Not enough funds', 'balance'],
    ['Withdrawal not found', 'other'],
    ['Invalid currency', 'other'],
  ])('answered with 400 "%s" is refused, because of: %s', async (message, why) => {
    rig.network.failNext(endpoint, json(400, { message }))

    expect(await act()).toEqual({ kind: 'refused', why, message })
  })

  it('answered with the row of another burn is never taken for ours', async () => {
    rig.network.failNext(endpoint, json(200, { ...ROW, transaction_id: 'w-2' }))

    // A lock is reported under the name it got: asking again under ours would lock a second time.
    const expected = effect === 'placeHold' ? { kind: 'done', hold: { id: 'w-2' } } : { kind: 'unknown' }
    expect(await act()).toMatchObject(expected)
  })

  it('answered with a message of any length repeats only the beginning of it', async () => {
    rig.network.failNext(endpoint, json(400, { message: 'no '.repeat(1_000) }))

    expect(await act()).toEqual({ kind: 'refused', why: 'other', message: 'no '.repeat(100) })
  })

  it('answered with 422 and a JSON message is refused', async () => {
    rig.network.failNext(endpoint, json(422, { message: 'Invalid currency' }))

    expect(await act()).toMatchObject({ kind: 'refused', why: 'other' })
  })

  it('to a port nobody listens on is unknown', async () => {
    await rig.network.close()

    expect(await act()).toEqual({ kind: 'unknown', why: 'RequestError ECONNREFUSED' })
  })

  it('to a name that cannot be resolved is unknown', async () => {
    rig.kit.state.resolves = false
    rig.kit.state.url = 'http://network.invalid'

    expect(await act()).toEqual({ kind: 'unknown', why: 'RequestError ENOTFOUND' })
  })

  it('that is never answered is unknown after the deadline, and not before', async () => {
    rig.network.failNext(endpoint, { effect: 'none', reply: 'hang' })
    const arrived = rig.network.hanging()
    let isOver = false
    const outcome = act().finally(() => (isOver = true))
    await arrived

    rig.clock.advance(TIMEOUT_MS - 1)
    await new Promise(setImmediate)
    expect(isOver).toBe(false)

    rig.clock.advance(1)
    expect(await outcome).toEqual({ kind: 'unknown', why: 'DeadlineError DEADLINE' })
  })

  it('leaves no deadline running once it is answered', async () => {
    await act()

    expect(rig.clock.running).toBe(0)
  })

  it('in a kit whose network library is missing is unknown', async () => {
    rig.kit.state.hasNetworkLibrary = false

    expect(await act()).toEqual({ kind: 'unknown', why: 'TypeError' })
  })
})

describe('a lock the kit itself refuses, before anything is sent,', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await openRig()
  })
  afterEach(async () => {
    await closeRigs()
    expect(rig.network.requests).toHaveLength(0)
  })

  it('is refused for a user the network does not know', async () => {
    const message = 'User is not registered on the network'

    expect(await rig.exchange.placeHold(aHold({ userId: 99 }))).toEqual({
      kind: 'refused',
      why: 'other',
      message,
    })
  })

  it('is refused for a user the kit does not know', async () => {
    const burnAssetByKitId = () =>
      otherRealm.native((_resolve, reject) => reject(otherRealm.error('Error', 'User not found')))
    const wallet = { ...rig.kit.toolsLib.wallet, burnAssetByKitId }
    const other = await openRig({ toolsLib: { ...rig.kit.toolsLib, wallet } })

    expect(await other.exchange.placeHold(aHold())).toEqual({
      kind: 'refused',
      why: 'other',
      message: 'User not found',
    })
  })

  it('is refused, as any update is, without an id', async () => {
    expect(await rig.exchange.markProcessing('')).toMatchObject({ kind: 'refused', why: 'other' })
  })

  it('is refused for an id that is none', async () => {
    expect(await rig.exchange.placeHold(aHold({ userId: 1.5 }))).toMatchObject({
      kind: 'refused',
      why: 'other',
    })
  })

  it('is refused for an amount of nothing', async () => {
    expect(await rig.exchange.placeHold(aHold({ amount: '0' }))).toMatchObject({
      kind: 'refused',
      why: 'other',
    })
  })

  it.each([
    ['TypeError', {}],
    ['SequelizeDatabaseError', { original: { code: '57P01' } }],
    ['Error', { code: 'ECONNRESET' }],
  ])('is unknown when what is thrown is a %s in the words of a refusal', async (name, fields) => {
    const words = name === 'Error' ? 'read ECONNRESET' : 'User not found'
    const toolsLib = {
      ...rig.kit.toolsLib,
      wallet: {
        ...rig.kit.toolsLib.wallet,
        burnAssetByKitId: () =>
          otherRealm.native((_resolve, reject) => reject(otherRealm.error(name, words, fields))),
      },
    }
    const other = await openRig({ toolsLib })
    const outcome = await other.exchange.placeHold(aHold())

    expect(outcome.kind).toBe('unknown')
  })

  it.each([undefined, null, 'User not found', 42, {}, [], { statusCode: '400', error: { message: 'no' } }])(
    'is unknown when %p is thrown',
    async (thrown) => {
      const toolsLib = {
        ...rig.kit.toolsLib,
        wallet: {
          ...rig.kit.toolsLib.wallet,
          burnAssetByKitId: () => otherRealm.bluebird((_resolve, reject) => reject(thrown)),
        },
      }
      const other = await openRig({ toolsLib })
      const outcome = await other.exchange.placeHold(aHold())

      expect(outcome).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/./) })
    },
  )
})
