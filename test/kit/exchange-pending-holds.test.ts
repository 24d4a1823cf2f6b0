import { ExchangeUnavailableError } from '../../src/kit/calls'
import type { Fault } from './fake-network'
import { aHold, closeRigs, openRig, type Rig } from './rig'

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
  rig.network.books.fund(1002, 'eur', '1000')
  rig.network.books.fund(1001, 'usd', '1000')
})
afterEach(closeRigs)

const listed = async () => (await rig.exchange.listPendingHolds('eur')).map(({ id }) => id)
const replyOf = (body: unknown): Fault => ({
  effect: 'none',
  reply: { status: 200, body: JSON.stringify(body) },
})
const ROW = {
  ...{ transaction_id: 'w-1', user_id: 1001, currency: 'eur', amount: 10.5, status: false },
  ...{ rejected: false, dismissed: false, processing: false },
}

it('every pending burn of a currency is listed, of every user, oldest first, with what is known of it', async () => {
  const burn = { status: false, currency: 'eur', amount: 1.5, fee: 0.25 }
  rig.network.books.burn({
    ...burn,
    user_id: 1002,
    transaction_id: 'kit-1',
    address: 'acc1',
    description: 'd',
  })
  await rig.exchange.placeHold(aHold())

  expect(await rig.exchange.listPendingHolds('eur')).toEqual([
    {
      ...{ id: 'kit-1', userId: 2, currency: 'eur', amount: '1.5', fee: '0.25', state: 'pending' },
      ...{ processing: false, address: 'acc1', description: 'd', type: 'withdrawal', createdAt: new Date(1) },
      ...{ waiting: false, onHold: false },
    },
    expect.objectContaining({ id: 'w-1', userId: 1, address: null, fee: '0' }),
  ])
})

it('burns that are being sent, that wait and that are on hold are pending too; decided ones are not', async () => {
  for (const id of ['plain', 'sent', 'waits', 'settled', 'rejected', 'dismissed'])
    await rig.exchange.placeHold(aHold({ id, amount: '1' }))
  await rig.exchange.placeHold(aHold({ id: 'dollars', currency: 'usd' }))
  rig.network.books.burn({ ...ROW, transaction_id: 'on hold', amount: 1, onhold: true })
  rig.network.books.update({ transaction_id: 'sent', processing: true })
  rig.network.books.update({ transaction_id: 'waits', waiting: true })
  rig.network.books.update({ transaction_id: 'settled', status: true })
  rig.network.books.update({ transaction_id: 'rejected', rejected: true })
  rig.network.books.update({ transaction_id: 'dismissed', dismissed: true })

  expect((await listed()).sort()).toEqual(['on hold', 'plain', 'sent', 'waits'])

  rig.network.ignoresFilters = true
  expect((await listed()).sort()).toEqual(['on hold', 'plain', 'sent', 'waits'])
})

it('whose they are is what it was where a kit hands out the same answer again, and for two who ask at once', async () => {
  rig.kit.state.keepsAnswers = true
  await rig.exchange.placeHold(aHold())
  await rig.exchange.placeHold(aHold({ id: 'w-2', userId: 2 }))
  const whose = async () => (await rig.exchange.listPendingHolds('eur')).map(({ userId }) => userId)

  expect(await Promise.all([whose(), whose()])).toEqual([
    [1, 2],
    [1, 2],
  ])
  expect(await whose()).toEqual([1, 2])
})

it('all of them are listed, however many', async () => {
  for (let n = 0; n < 120; n++) await rig.exchange.placeHold(aHold({ id: `w-${n}`, amount: '1' }))

  expect(new Set(await listed()).size).toBe(120)
})

it.each<readonly [string, Fault]>([
  ['a part of them', replyOf({ count: 2, data: [ROW] })],
  ['none of those it counts', replyOf({ count: 2, data: [] })],
  ['some, and no word of how many there are', replyOf({ data: [ROW] })],
  ['a page of HTML', { effect: 'none', reply: { status: 200, body: '<html>' } }],
  ['nothing', { effect: 'none', reply: { status: 200, body: '' } }],
  ['503', { effect: 'none', reply: { status: 503, body: '{}' } }],
  ['a reset', { effect: 'none', reply: 'reset' }],
])('a list answered with %s is no list', async (_what, fault) => {
  rig.network.failNext('withdrawals', fault)

  await expect(rig.exchange.listPendingHolds('eur')).rejects.toThrow(ExchangeUnavailableError)
})

it('burns that cannot be read are left out, and said to be', async () => {
  rig.network.failNext('withdrawals', replyOf({ count: 3, data: [7, { ...ROW, amount: 'ten' }, ROW] }))

  expect(await listed()).toEqual(['w-1'])
  expect(rig.logger.lines).toEqual([
    { level: 'error', event: 'holds.unreadable', fields: { currency: 'eur', count: 2 } },
  ])
})

it.each([
  ['', null],
  ['yesterday', null],
  [1_700_000_000, null],
  ['2026-01-05T09:00:00.000Z', new Date('2026-01-05T09:00:00Z')],
])('a time of creation of %p is read as %p', async (given, createdAt) => {
  rig.network.failNext('withdrawals', replyOf({ count: 1, data: [{ ...ROW, created_at: given }] }))

  expect(await rig.exchange.listPendingHolds('eur')).toMatchObject([{ createdAt }])
})
