import { ExchangeUnavailableError } from '../../src/kit/calls'
import { aCredit, aHold, closeRigs, openRig, type Rig } from './rig'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(closeRigs)

/** The fake network counts milliseconds: the first burn is made at 1, the second at 2. */
const between = (since: number, until: number, currency = 'eur') => ({
  currency,
  since: new Date(since),
  until: new Date(until),
})
const GARBLED = { effect: 'none', reply: { status: 200, body: '<html>' } } as const

it('burns of a time are listed whatever became of them, and others are not, whatever the network makes of the time', async () => {
  for (const id of ['w-1', 'w-2', 'w-3']) await rig.exchange.placeHold(aHold({ id, amount: '1' }))
  await rig.exchange.placeHold(aHold({ id: 'late', amount: '1' }))
  await rig.exchange.settleHold('w-1', 'TX-1')
  await rig.exchange.releaseHold('w-2')
  const listed = await rig.exchange.listHolds(between(1, 3))
  expect(listed.map(({ id, state, userId }) => [id, state, userId])).toEqual([
    ['w-2', 'released', 1],
    ['TX-1', 'settled', 1],
  ])
  expect(listed[1]).toMatchObject({ amount: '1', createdAt: new Date(1), description: aHold().description })
  rig.network.ignoresFilters = true
  expect((await rig.exchange.listHolds(between(0, 9))).map(({ id }) => id)).toEqual([
    'late',
    'w-3',
    'w-2',
    'TX-1',
  ])
})

it('credits are listed with whose they are', async () => {
  await rig.exchange.placeCredit(aCredit())
  expect(await rig.exchange.listCredits(between(0, 9))).toEqual([
    expect.objectContaining({ ...{ id: aCredit().id, amount: aCredit().amount, userId: 1, settled: true } }),
  ])
  expect(await rig.exchange.listCredits(between(5, 9))).toEqual([])
})

it('whose they are is what it was where a kit hands out the same answer again', async () => {
  rig.kit.state.keepsAnswers = true
  await rig.exchange.placeHold(aHold())
  await rig.exchange.placeCredit(aCredit())
  for (const _look of ['first', 'again']) {
    expect(await rig.exchange.listHolds(between(0, 9))).toMatchObject([{ id: aHold().id, userId: 1 }])
    expect(await rig.exchange.listCredits(between(0, 9))).toMatchObject([{ id: aCredit().id, userId: 1 }])
  }
})

it('no list at all is an outage, and so is one that holds what cannot be read', async () => {
  await rig.exchange.placeHold(aHold())
  rig.network.failNext('withdrawals', GARBLED)
  await expect(rig.exchange.listHolds(between(0, 9))).rejects.toThrow(ExchangeUnavailableError)
  const row = {
    transaction_id: 'w-9',
    currency: 'eur',
    amount: 1,
    status: true,
    rejected: false,
    dismissed: false,
  }
  for (const body of [
    { count: 2, data: [row] },
    { count: 1, data: [row] },
    { count: 1, data: [null] },
  ]) {
    rig.network.failNext('withdrawals', {
      effect: 'none',
      reply: { status: 200, body: JSON.stringify(body) },
    })
    await expect(rig.exchange.listHolds(between(0, 9))).rejects.toThrow(ExchangeUnavailableError)
  }
})

it('a kit that cannot list credits says so', async () => {
  const { toolsLib } = rig.kit
  const { getExchangeDeposits: _none, ...wallet } = toolsLib.wallet
  const older = await openRig({ toolsLib: { ...toolsLib, wallet } })
  await expect(older.exchange.listCredits(between(0, 9))).rejects.toThrow(/cannot list/)
})
