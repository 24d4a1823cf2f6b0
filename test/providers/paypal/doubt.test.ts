import { createRig, orderOf, type Rig } from './rig'

/** Goal: a refusal is only the fate of the request it answers, never of an earlier one with the same key. */
describe('sending an order to PayPal after a request that may have been taken', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
  })
  afterEach(() => rig.close())

  it.each([
    [422, 'INSUFFICIENT_FUNDS'],
    [403, 'SENDER_RESTRICTED'],
    [429, 'RATE_LIMIT_REACHED'],
    [400, 'VALIDATION_ERROR'],
  ])('takes %i %s for no proof, and adopts the batch later', async (status, name) => {
    rig.fake.next('commit_then_drop', { status, body: { name, message: '', debug_id: '1' } })
    await rig.submit(orderOf('B-1'))
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'unknown' })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'accepted' })
  })

  it('takes a token that is not given for no proof', async () => {
    rig.fake.next('commit_then_drop')
    await rig.submit(orderOf('B-1'))
    rig.fake.close()
    rig.clock.advance(40_000_000)
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'unknown' })
  })

  it('remembers it over a restart', async () => {
    rig.fake.next('commit_then_drop', { status: 422, body: { name: 'INSUFFICIENT_FUNDS' } })
    await rig.submit(orderOf('B-1'))
    const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
    const random = { fraction: () => 0, newId: () => '', bytes: () => new Uint8Array() }
    await rig.provider.open?.({ documents: rig.documents, clock: rig.clock, random, logger: silent })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'unknown' })
  })

  it('does not even believe that a receiver is none, as long as the first request is unaccounted for', async () => {
    rig.fake.next('drop')
    const order = orderOf('B-1', [{ to: 'malformed@example.com' }])
    await rig.submit(order)
    expect(await rig.submit(order)).toEqual({ kind: 'unknown', why: expect.any(String) })
  })

  it('does not let the key be used for other payouts', async () => {
    rig.fake.next('commit_then_drop')
    await rig.submit(orderOf('B-1'))
    expect(await rig.submit(orderOf('B-1', [{ amount: '11' }]))).toMatchObject({ kind: 'unknown' })
    expect(rig.fake.creates).toHaveLength(1)
  })
})
