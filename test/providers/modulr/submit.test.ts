import { ACCOUNT_GBP } from './fake-modulr'
import { batchOrder, createRig, itemOf, queryOf, type Rig, singleOrder } from './rig'

/** Goal: one order is one set of payments, however often it is sent and however it is answered. */
describe('sending a payout to Modulr', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
  })
  afterEach(async () => {
    expect(rig.modulr.violations).toEqual([])
    await rig.close()
  })

  const submit = (key = 'BW-1') => rig.provider.submit(singleOrder(key))
  const posts = () => rig.modulr.seen.filter(({ method }) => method === 'POST')

  it('makes one payment that carries our key', async () => {
    const outcome = await submit()
    expect(outcome).toMatchObject({ kind: 'accepted', status: 'SUBMITTED' })
    expect(rig.modulr.byKey('BW-1').details).toMatchObject({ amount: 100.5, currency: 'EUR' })
  })

  it('makes a batch in one call', async () => {
    const order = batchOrder('BB-1', [itemOf('BW-1'), itemOf('BW-2')])
    expect(await rig.provider.submit(order)).toMatchObject({ kind: 'accepted', reference: 'D000000001' })
    expect(posts()).toHaveLength(1)
    expect(rig.modulr.payments.map(({ externalReference }) => externalReference)).toEqual(['BW-1', 'BW-2'])
  })

  it('makes a full batch of 10,000 in one call, and reads it back page by page', async () => {
    const items = Array.from({ length: 10_000 }, (_, index) => itemOf(`BW-${index}`))
    const { reference } = (await rig.provider.submit(batchOrder('BB-1', items))) as { reference: string }
    rig.modulr.process('BW-9999')
    const found = await rig.provider.lookupOrder?.({
      orderKey: 'BB-1',
      orderReference: reference,
      currency: 'eur',
    })
    expect(Object.keys(found ?? {})).toHaveLength(10_000)
    expect(found?.['BW-9999']).toMatchObject({ kind: 'settled' })
    expect(rig.modulr.seen.filter(({ path }) => path === '/payments')).toHaveLength(20)
  })

  it('repeated after a lost answer is the same payment, also after a restart', async () => {
    rig.modulr.postFaults = ['drop_after']
    await expect(submit()).rejects.toMatchObject({ name: 'NoAnswerError', reached: 'maybe' })
    const provider = await rig.restart()
    expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ kind: 'accepted' })
    expect(rig.modulr.payments).toHaveLength(1)
    const [first, second] = posts()
    expect(second?.headers['x-mod-nonce']).toBe(first?.headers['x-mod-nonce'])
    expect(second?.headers['x-mod-retry']).toBe('true')
    expect(second?.body).toBe(first?.body)
  })

  it('is not repeated once Modulr may have forgotten the nonce', async () => {
    rig.modulr.postFaults = ['drop_after']
    await submit().catch(() => {})
    rig.clock.advance(41 * 3_600_000)
    rig.modulr.forgetNonces()
    expect(await submit()).toMatchObject({ kind: 'unknown' })
    expect(rig.modulr.payments).toHaveLength(1)
  })

  it('that may have been taken stays in doubt when its currency has no account any more', async () => {
    rig.modulr.postFaults = ['drop_after']
    await submit().catch(() => {})
    const provider = await rig.restart({ gbp: ACCOUNT_GBP })
    expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ kind: 'unknown' })
    expect(rig.modulr.payments).toHaveLength(1)
    // One that never left waits for the account.
    const deferred = { kind: 'deferred', why: 'provider_unavailable' }
    expect(await provider.submit(singleOrder('BW-2'))).toMatchObject(deferred)
    expect(await provider.submit(singleOrder('BW-2'))).toMatchObject(deferred)
  })

  it('is deferred when nothing was sent', async () => {
    rig.modulr.close()
    expect(await submit()).toMatchObject({ kind: 'deferred', why: 'provider_unavailable' })
  })

  it.each([
    [401, 'provider_unavailable'],
    [403, 'provider_unavailable'],
    [429, 'rate_limited'],
  ])('is deferred when it was turned away at the door with %i', async (status, why) => {
    rig.modulr.postFaults = [{ status, body: [], headers: { 'retry-after': '30' } }]
    expect(await submit()).toMatchObject({
      kind: 'deferred',
      why,
      ...(status === 429 && { retryAfterMs: 30_000 }),
    })
    expect(await submit()).toMatchObject({ kind: 'accepted' })
  })

  it.each([401, 403, 429])(
    'stays unknown when only the repetition was turned away with %i',
    async (status) => {
      rig.modulr.postFaults = ['drop_after', { status, body: [] }]
      await submit().catch(() => {})
      expect(await submit()).toMatchObject({ kind: 'unknown' })
    },
  )

  it.each([404, 408, 409, 418, 500, 502, 503, 302])('is unknown after HTTP %i', async (status) => {
    rig.modulr.postFaults = [{ status, body: '<html>' }]
    expect(await submit()).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    ['no id', { status: 201, body: { status: 'ACCEPTED' } }],
    ['no JSON', { status: 201, body: '<html>' }],
  ])('is unknown after a success with %s', async (_what, fault) => {
    rig.modulr.postFaults = [fault]
    const outcome = await submit().catch((error: Error) => error.name)
    expect(['UnexpectedAnswerError', 'UnreadableAnswerError']).toContain(outcome)
  })

  const complaint = (field: string | undefined, code = 'INVALID') => ({
    status: 400,
    body: [
      {
        ...(field !== undefined && { field }),
        code,
        message: 'NL91ABNA0417164300 is wrong',
        sourceService: 'PAYMENT',
      },
    ],
  })

  it('is declined when the payee’s account was refused', async () => {
    rig.modulr.postFaults = [complaint('destination.iban')]
    expect(await submit()).toMatchObject({ kind: 'declined', code: 'invalid_identifier' })
  })

  it('waits for money when our account has none, and is paid once there is, under the same key', async () => {
    Object.assign(rig.modulr, { statusOfNew: 'ER_INVALID', messageOfNew: 'Insufficient funds' })
    expect(await submit()).toEqual({ kind: 'deferred', why: 'insufficient_float', status: 'ER_INVALID' })
    Object.assign(rig.modulr, { statusOfNew: 'SUBMITTED', messageOfNew: undefined })
    expect(await submit()).toMatchObject({ kind: 'accepted', reference: rig.modulr.payments[1]?.id })
    expect(await rig.provider.lookup(queryOf('BW-1'))).toMatchObject({ kind: 'accepted' })
  })

  it.each([
    ['', 'insufficient_float'],
    ['payments[0].', 'insufficient_float'],
  ])('waits for money when a refusal of its field "%samount" speaks of our balance', async (prefix, why) => {
    const message = 'Amount exceeds the available balance'
    rig.modulr.postFaults = [
      { status: 400, body: [{ field: `${prefix}amount`, code: 'BUSINESSRULE', message }] },
    ]
    const order = prefix === '' ? singleOrder('BW-1') : batchOrder('BB-1', [itemOf('BW-1'), itemOf('BW-2')])
    const outcome = await rig.provider.submit(order)
    expect(outcome).toMatchObject({ kind: 'deferred', why })
    expect(Object.values(outcome.items ?? {})).toEqual([])
  })

  it('is looked up, not judged, when a repetition is answered with a refused payment', async () => {
    rig.modulr.statusOfNew = 'ER_EXTSYS'
    rig.modulr.postFaults = ['drop_after']
    await submit().catch(() => {})
    expect(await submit()).toEqual({ kind: 'accepted', reference: 'P000000001', status: 'ER_EXTSYS' })
    expect(await rig.provider.lookup(queryOf('BW-1'))).toMatchObject({ kind: 'declined' })
  })

  it('waits, with a new nonce, when the fault is ours', async () => {
    rig.modulr.postFaults = [complaint('sourceAccountId')]
    expect(await submit()).toMatchObject({ kind: 'deferred', why: 'provider_unavailable' })
    await submit()
    expect(new Set(posts().map(({ headers }) => headers['x-mod-nonce'])).size).toBe(2)
  })

  it.each(['DUPLICATE', 'RETRY', 'CONNECTION', 'RATELIMIT'])(
    'is unknown after a 400 with %s',
    async (code) => {
      rig.modulr.postFaults = [complaint('destination.iban', code)]
      expect(await submit()).toMatchObject({ kind: 'unknown' })
    },
  )

  it('stays unknown, with its nonce, when a repetition is refused for no field', async () => {
    rig.modulr.postFaults = ['drop_after', complaint(undefined, 'GENERAL')]
    await submit().catch(() => {})
    expect(await submit()).toMatchObject({ kind: 'unknown' })
    expect(await submit()).toMatchObject({ kind: 'accepted' })
    expect(rig.modulr.payments).toHaveLength(1)
  })

  it('names the items of a batch that were at fault, and leaves the others to be sent again', async () => {
    rig.modulr.postFaults = [complaint('payments[1].destination.iban')]
    const order = batchOrder('BB-1', [itemOf('BW-1'), itemOf('BW-2')])
    expect(await rig.provider.submit(order)).toEqual({
      kind: 'deferred',
      why: 'batch_refused',
      status: 'HTTP 400',
      items: { 'BW-2': { kind: 'declined', code: 'invalid_identifier', status: '400 destination.iban' } },
    })
  })

  it('leaves the payments of a refused batch to be looked up', async () => {
    rig.modulr.statusOfNewBatch = 'REJECTED'
    expect(await rig.provider.submit(batchOrder('BB-1', [itemOf('BW-1')]))).toMatchObject({ kind: 'unknown' })
  })

  it('waits for an account when there is none in its currency', async () => {
    expect(await rig.provider.submit({ ...singleOrder('BW-1'), currency: 'usd' })).toMatchObject({
      kind: 'deferred',
    })
    expect(rig.modulr.seen).toEqual([])
  })

  it('is sent by one worker at a time', async () => {
    const both = await Promise.all([submit(), submit()])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['accepted', 'unknown'])
    expect(rig.modulr.payments).toHaveLength(1)
  })

  it('logs no account number and no secret', async () => {
    rig.modulr.postFaults = [complaint('destination.iban'), { status: 500, body: 'x' }, 'drop_before']
    for (let times = 0; times < 3; times++) await submit(`BW-${times}`).catch(() => {})
    await rig.provider.lookup(queryOf('BW-1'))
    const logged = JSON.stringify(rig.lines)
    expect(rig.lines.length).toBeGreaterThan(2)
    for (const secret of ['NL91', 'Jane', 'NzAwZmIw', 'signature=']) expect(logged).not.toContain(secret)
  })
})
