import type { HoldSearch } from '../../src/ports/exchange'
import type { Fault } from './fake-network'
import { aHold, closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(closeRigs)

const find = (...ids: string[]): Promise<HoldSearch> => rig.exchange.findHold({ userId: 1, ids })
const answered = (body: unknown): Fault => ({
  effect: 'none',
  reply: { status: 200, body: typeof body === 'string' ? body : JSON.stringify(body) },
})
const ROW = { transaction_id: 'w-1', user_id: 1001, currency: 'eur', amount: 10.5, status: false }
const PENDING = { ...ROW, rejected: false, dismissed: false, processing: false }

describe('a burn that is looked for', () => {
  it('is absent where there is none', async () => {
    expect(await find('w-1')).toEqual({ kind: 'absent' })
  })

  it('is found with everything that is known of it, the kit’s user id included', async () => {
    await rig.exchange.placeHold(aHold())

    expect(await find('w-1')).toEqual({
      kind: 'found',
      hold: {
        ...{ id: 'w-1', userId: 1, currency: 'eur', amount: '10.5', state: 'pending' },
        ...{ processing: false, waiting: false, onHold: false },
      },
    })
  })

  it('is asked for by user and id, and by nothing that could hide it', async () => {
    await find('w-1')

    expect(rig.network.requestsTo('withdrawals').map(({ url }) => url)).toEqual([
      '/v2/network/7/withdrawals?user_id=1001&transaction_id=w-1',
    ])
  })

  it('is found though it is on hold', async () => {
    rig.network.books.burn({
      user_id: 1001,
      currency: 'eur',
      amount: 10.5,
      transaction_id: 'w-1',
      status: false,
      onhold: true,
    })

    expect(await find('w-1')).toMatchObject({ kind: 'found', hold: { state: 'pending', onHold: true } })
  })

  it.each([
    ['processing', { processing: true }, { state: 'pending', processing: true }],
    ['waiting', { waiting: true }, { state: 'pending', processing: false, waiting: true, onHold: false }],
    ['settled', { status: true }, { state: 'settled' }],
    ['rejected', { rejected: true }, { state: 'released' }],
    ['dismissed by an operator', { dismissed: true }, { state: 'released' }],
  ])('that is %s is read as such', async (_what, change, expected) => {
    await rig.exchange.placeHold(aHold())
    rig.network.books.update({ transaction_id: 'w-1', ...change })

    expect(await find('w-1')).toMatchObject({ kind: 'found', hold: expected })
  })

  it('is looked for under each id in turn, until one is found', async () => {
    await rig.exchange.placeHold(aHold())
    await rig.exchange.settleHold('w-1', 'TX-1')

    expect(await find('w-1', 'TX-1')).toMatchObject({ kind: 'found', hold: { id: 'TX-1', state: 'settled' } })
    expect(rig.network.requestsTo('withdrawals')).toHaveLength(2)
  })

  it('is not looked for under the second id while the first look-up has no answer', async () => {
    rig.network.failNext('withdrawals', { effect: 'none', reply: 'reset' })

    expect(await find('w-1', 'TX-1')).toEqual({ kind: 'unknown', why: 'RequestError ECONNRESET' })
    expect(rig.network.requestsTo('withdrawals')).toHaveLength(1)
  })

  it('has exactly our id, whatever a network with a broken filter adds', async () => {
    for (const id of ['w-10', 'W-1', 'xw-1', ' w-1']) await rig.exchange.placeHold(aHold({ id }))
    rig.network.ignoresFilters = true

    expect(await find('w-1')).toEqual({ kind: 'absent' })

    await rig.exchange.placeHold(aHold())
    expect(await find('w-1')).toMatchObject({ kind: 'found', hold: { id: 'w-1' } })
  })

  it('is not called absent when a broken filter answers with one page of many others', async () => {
    await rig.exchange.placeHold(aHold({ amount: '1' }))
    for (let n = 0; n < 50; n++) await rig.exchange.placeHold(aHold({ id: `other-${n}`, amount: '1' }))
    rig.network.ignoresFilters = true

    // It is the 51st.
    expect((await find('w-1')).kind).toBe('unknown')
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    'is never looked for under the user id %p, which could ask for the whole exchange',
    async (userId) => {
      await expect(rig.exchange.findHold({ userId, ids: ['w-1'] })).rejects.toThrow('positive integer')
      expect(rig.network.requests).toHaveLength(0)
    },
  )

  it('of a user the kit does not know is unknown, not absent', async () => {
    expect(await rig.exchange.findHold({ userId: 99, ids: ['w-1'] })).toMatchObject({ kind: 'unknown' })
  })
})

describe('several burns with one id, which a network may allow,', () => {
  beforeEach(() => {
    rig.network.books.repeatedBurn = 'burns_again'
  })

  it.each([
    ['the settled one speaks', ['status', null], 'settled'],
    ['the settled one speaks, whichever came first', [null, 'status'], 'settled'],
    ['a pending one speaks rather than one that was given back', ['rejected', null], 'pending'],
    ['one that was given back speaks for two such', ['rejected', 'dismissed'], 'released'],
  ])('are found: %s', async (_what, changes, state) => {
    for (const change of changes) {
      await rig.exchange.placeHold(aHold())
      const row = rig.network.books.burns.at(-1)
      if (row && change) Object.assign(row, { [change]: true })
    }

    expect(await find('w-1')).toMatchObject({ kind: 'found', hold: { state } })
    expect(rig.logger.lines).toEqual([
      { level: 'error', event: 'hold.found_twice', fields: { burnId: 'w-1', count: 2 } },
    ])
  })

  it('are unknown when one of them cannot be read', async () => {
    rig.network.failNext('withdrawals', answered({ count: 2, data: [PENDING, ROW] }))

    expect((await find('w-1')).kind).toBe('unknown')
  })
})

describe('a look-up', () => {
  it.each<readonly [string, Fault]>([
    ['a page of HTML', answered('<html>maintenance</html>')],
    ['nothing', answered('')],
    ['null', answered(null)],
    ['a list', answered([PENDING])],
    ['no list in it', answered({ count: 1, data: { 0: PENDING } })],
    ['a row without flags', answered({ count: 1, data: [ROW] })],
    ['a row with a text as its flag', answered({ count: 1, data: [{ ...PENDING, status: 'true' }] })],
    ['a row without an amount', answered({ count: 1, data: [{ ...PENDING, amount: null }] })],
    [
      'other rows, and no word of how many there are',
      answered({ data: [{ ...PENDING, transaction_id: 'w-2' }] }),
    ],
    ['fewer rows than it says there are', answered({ count: 1, data: [] })],
    ['400', { effect: 'none', reply: { status: 400, body: '{"message":"Withdrawal not found"}' } }],
    ['401', { effect: 'none', reply: { status: 401, body: '{"message":"Access denied"}' } }],
    ['404', { effect: 'none', reply: { status: 404, body: '{"message":"Not found"}' } }],
    ['503', { effect: 'none', reply: { status: 503, body: '<html>' } }],
    ['a reset', { effect: 'none', reply: 'reset' }],
    ['half an answer', { effect: 'done', reply: 'cut' }],
  ])('answered with %s proves nothing', async (_what, fault) => {
    rig.network.failNext('withdrawals', fault)

    expect(await find('w-1')).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/./) })
  })

  it('answered with no row and no number of rows has found nothing', async () => {
    rig.network.failNext('withdrawals', answered({ data: [] }))

    expect(await find('w-1')).toEqual({ kind: 'absent' })
  })

  it('that is never answered proves nothing', async () => {
    rig.network.failNext('withdrawals', { effect: 'none', reply: 'hang' })
    const arrived = rig.network.hanging()
    const search = find('w-1')
    await arrived
    rig.clock.advance(TIMEOUT_MS)

    expect(await search).toEqual({ kind: 'unknown', why: 'DeadlineError DEADLINE' })
  })

  it('by a kit without its network library proves nothing', async () => {
    rig.kit.state.hasNetworkLibrary = false

    expect(await find('w-1')).toEqual({ kind: 'unknown', why: 'TypeError' })
  })

  it('stands rows that are no objects', async () => {
    rig.network.failNext('withdrawals', answered({ count: 4, data: [null, 7, 'w-1', PENDING] }))
    // The kit itself stumbles over null.
    expect((await find('w-1')).kind).toBe('unknown')

    rig.network.failNext('withdrawals', answered({ count: 3, data: [7, [], PENDING] }))
    expect(await find('w-1')).toMatchObject({ kind: 'found', hold: { id: 'w-1' } })
  })
})

describe('all burns of some ids', () => {
  const findAll = (...ids: string[]) => rig.exchange.findAllHolds({ userId: 1, ids })

  it('are none where there is none', async () => {
    expect(await findAll('w-1', 'TX-1')).toEqual({ kind: 'all', holds: [] })
  })

  it('are each found, under whichever of the ids, and two of one id as two', async () => {
    rig.network.books.repeatedBurn = 'burns_again'
    await rig.exchange.placeHold(aHold())
    await rig.exchange.settleHold('w-1', 'TX-1')
    await rig.exchange.placeHold(aHold())
    await rig.exchange.placeHold(aHold())

    const found = await findAll('w-1', 'TX-1')
    expect(found.kind === 'all' && found.holds.map(({ id, state }) => [id, state])).toEqual([
      ['w-1', 'pending'],
      ['w-1', 'pending'],
      ['TX-1', 'settled'],
    ])
  })

  it.each<readonly [string, Fault]>([
    ['an answer that is no list', answered('<html>')],
    ['a row that nobody can read', answered({ count: 2, data: [PENDING, { ...PENDING, amount: null }] })],
    ['a reset', { effect: 'none', reply: 'reset' }],
  ])('are unknown after %s, though others were found', async (_what, fault) => {
    await rig.exchange.placeHold(aHold())
    rig.network.failNext('withdrawals', null, fault)

    expect((await findAll('w-2', 'w-1')).kind).toBe('unknown')
  })
})
