import { createRig, orderOf, type Rig } from './rig'

describe('the access token', () => {
  let rig: Rig
  afterEach(() => rig.close())

  it('is asked for once by many, and kept', async () => {
    rig = await createRig()
    await Promise.all([1, 2, 3].map((n) => rig.submit(orderOf(`B-${n}`))))
    await rig.submit(orderOf('B-4'))
    expect(rig.fake.tokensGiven).toBe(1)
  })

  it('is renewed before it ends', async () => {
    rig = await createRig({}, { tokenSeconds: 1_000 })
    await rig.submit(orderOf('B-1'))
    rig.clock.advance(901_000)
    await rig.submit(orderOf('B-2'))
    expect(rig.fake.tokensGiven).toBe(2)
    expect(rig.fake.creates).toHaveLength(2)
  })

  it('is renewed once when PayPal no longer takes it, and the order is accepted', async () => {
    rig = await createRig()
    await rig.submit(orderOf('B-1'))
    rig.fake.expireTokens()
    expect(await rig.submit(orderOf('B-2'))).toMatchObject({ kind: 'accepted' })
    expect(rig.fake.tokensGiven).toBe(2)
  })

  it('that is never taken defers the order instead of asking for ever', async () => {
    rig = await createRig()
    rig.fake.next({ status: 401 }, { status: 401 })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'deferred', why: 'provider_unavailable' })
    expect(rig.fake.tokensGiven).toBe(2)
  })

  it('that is refused defers the order, and is told by the health check', async () => {
    rig = await createRig({ clientSecret: 'wrong-secret' })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({
      kind: 'deferred',
      why: 'provider_unavailable',
      status: 'TOKEN_HTTP_401',
    })
    expect(await rig.provider.health?.()).toEqual({ ok: false, message: expect.stringContaining('401') })
  })

  it('is nowhere in what is logged, answered or stored, nor is the secret or a receiver', async () => {
    rig = await createRig()
    rig.fake.next('commit_then_drop', { status: 500 }, { status: 403 })
    const told: unknown[] = []
    for (let times = 0; times < 4; times++) told.push(await rig.submit(orderOf('B-1')))
    told.push(await rig.provider.health?.(), rig.lines, await rig.documents.list(''))
    const text = JSON.stringify(told)
    for (const secret of ['A21AA', 'test-secret', 'alice', 'Bearer']) expect(text).not.toContain(secret)
  })
})
