import { isNativeError } from 'node:util/types'

import { FakeNetwork } from './fake-network'
import { createFakeKit, type FakeKit } from './fake-tools-lib'

/**
 * Goal: the fake is as treacherous as the real library, so that what passes against it means something. Method: the
 * mistakes kit.md warns of are made here on purpose, without our adapter in between.
 */
describe('the fake kit', () => {
  let network: FakeNetwork
  let kit: FakeKit
  beforeEach(async () => {
    network = await FakeNetwork.listen()
    network.books.fund(1001, 'eur', '1000')
    network.books.fund(1002, 'eur', '1000')
    kit = createFakeKit(network.url)
  })
  afterEach(() => network.close())

  const burn = (transactionId: string, opts: Record<string, unknown> = {}, userId = 1) =>
    kit.toolsLib.wallet.burnAssetByKitId(userId, 'eur', 10, { status: false, transactionId, ...opts })
  const search = async (kitId: number, transactionId: string | null, opts?: Record<string, never>) => {
    const filters = Array.from({ length: 12 }, () => null)
    const query = [kitId, ...filters, transactionId, null, null, null, ...(opts ? [opts] : [])]
    return (await kit.toolsLib.wallet.getUserWithdrawalsByKitId(...query)) as {
      count: number
      data: { transaction_id: string; user_id: number; network_id: number }[]
    }
  }

  it('burns for good when the status is left out', async () => {
    await burn('a', { status: undefined })

    expect(network.books.burns).toMatchObject([{ status: true }])
    expect(network.books.balanceOf(1001, 'eur')).toEqual({ available: 990, locked: 0 })
  })

  it('locks when the status is false, and mails the user unless it is told not to', async () => {
    await burn('a')
    await burn('b', { email: false })

    expect(network.books.balanceOf(1001, 'eur')).toEqual({ available: 980, locked: 20 })
    expect(network.books.mails).toEqual(['burn a'])
  })

  it('clears the processing flag when only the description is updated', async () => {
    await burn('a')
    await kit.toolsLib.wallet.updatePendingBurn('a', { processing: true })
    await kit.toolsLib.wallet.updatePendingBurn('a', { updatedDescription: 'new words' })

    expect(network.books.burns).toMatchObject([{ processing: false, description: 'new words' }])
  })

  it('no longer knows the old id of a renamed burn', async () => {
    await burn('a')
    await kit.toolsLib.wallet.updatePendingBurn('a', { status: true, updatedTransactionId: 'TX-1' })

    await expect(kit.toolsLib.wallet.updatePendingBurn('a', { status: true })).rejects.toMatchObject({
      name: 'StatusCodeError',
      statusCode: 400,
      error: { message: 'Withdrawal not found' },
    })
  })

  it('refuses two flags at once before it sends anything', async () => {
    const update = kit.toolsLib.wallet.updatePendingBurn('a', { status: true, rejected: true })

    await expect(update).rejects.toMatchObject({ message: 'Can only update one parmaeter' })
    expect(network.requests).toHaveLength(0)
  })

  it('hides burns on hold unless the options are empty', async () => {
    await burn('a', { onhold: true })

    expect((await search(1, 'a')).data).toHaveLength(0)
    expect((await search(1, 'a', {})).data).toHaveLength(1)
  })

  it('answers without a kit id with the withdrawals of the whole exchange', async () => {
    await burn('a')
    await burn('b', {}, 2)

    expect((await search(0, null, {})).data.map(({ user_id }) => user_id)).toEqual([2, 1])
  })

  it('puts an id into the query as it is, so that a strange one is cut and filters by something else', async () => {
    await burn('a')

    expect((await search(1, 'a&currency=usd', {})).data).toHaveLength(0)
    expect((await search(1, 'a#b', {})).data).toHaveLength(1)
  })

  it('translates the network’s user id into the kit’s in a look-up only', async () => {
    expect(await burn('a')).toMatchObject({ user_id: 1001 })
    expect((await search(1, 'a')).data).toMatchObject([{ user_id: 1, network_id: 1001 }])
  })

  it('answers a 2xx that is no JSON with a string', async () => {
    network.failNext('burn', { effect: 'none', reply: { status: 200, body: '<html>hello</html>' } })

    expect(await burn('a')).toBe('<html>hello</html>')
  })

  it('throws errors of another realm, with the api key and a live signature in them', async () => {
    network.failNext('burn', { effect: 'none', reply: { status: 500, body: '{"message":"boom"}' } })
    const error: unknown = await Promise.resolve(burn('a')).catch((thrown: unknown) => thrown)

    expect(isNativeError(error)).toBe(true)
    expect(error instanceof Error).toBe(false)
    expect(error).toMatchObject({
      name: 'StatusCodeError',
      statusCode: 500,
      message: '500 - {"message":"boom"}',
      options: { headers: { 'api-key': expect.any(String), 'api-signature': expect.any(String) } },
    })
  })

  it('hands over objects, lists, dates and promises of another realm', async () => {
    const promise = kit.toolsLib.user.getUserByKitId(1)
    const row = await promise

    expect(promise instanceof Promise).toBe(false)
    expect([row instanceof Object, row?.created_at instanceof Date]).toEqual([false, false])
    expect(kit.toolsLib.getKitCoins() instanceof Array).toBe(false)
    expect(Array.isArray(kit.toolsLib.getKitCoins())).toBe(true)
  })

  it('throws a TypeError at once when the library of the network is missing', () => {
    kit.state.hasNetworkLibrary = false

    expect(() => kit.toolsLib.wallet.updatePendingBurn('a', { status: true })).toThrow(
      expect.objectContaining({ name: 'TypeError' }),
    )
  })
})
