import { batchOrder, createRig, itemOf, queryOf, type Rig, singleOrder } from './rig'

const MINUTE_MS = 60_000

describe('looking a payout up at Modulr', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
    await rig.provider.submit(singleOrder('BW-1'))
  })
  afterEach(async () => {
    expect(rig.modulr.violations).toEqual([])
    await rig.close()
  })

  const lookup = (changes = {}) => rig.provider.lookup(queryOf('BW-1', changes))

  it('finds it by our key, and by its reference', async () => {
    const { id } = rig.modulr.byKey('BW-1')
    expect(await lookup()).toEqual({ kind: 'accepted', reference: id, status: 'SUBMITTED' })
    expect(await lookup({ reference: id })).toEqual({ kind: 'accepted', reference: id, status: 'SUBMITTED' })
  })

  it('gives the payment scheme’s id as the transaction, and the amount', async () => {
    rig.modulr.process('BW-1')
    const { id, schemeId } = rig.modulr.byKey('BW-1')
    expect(await lookup()).toEqual({
      kind: 'settled',
      reference: id,
      transactionId: schemeId,
      amount: '100.5',
      status: 'PROCESSED',
    })
  })

  it.each(['ER_EXPIRED', 'ER_GENERAL', 'ER_EXTSYS', 'CANCELLED'])(
    'finds %s by asking, without a webhook',
    async (status) => {
      rig.modulr.byKey('BW-1').status = status
      expect(await lookup()).toMatchObject({ kind: 'declined', status })
    },
  )

  it('lets a payment that our own account could not make leave again, and finds the one that follows', async () => {
    Object.assign(rig.modulr.byKey('BW-1'), { status: 'ER_INVALID', message: 'Insufficient funds' })
    const { id } = rig.modulr.byKey('BW-1')
    const voided = { kind: 'voided', why: 'insufficient_float', status: 'ER_INVALID' }
    expect(await lookup()).toEqual(voided)
    expect(await lookup({ reference: id })).toEqual(voided)
    rig.modulr.payments.push({ ...rig.modulr.byKey('BW-1'), id: 'P9', status: 'PROCESSED', schemeId: 'SCT9' })
    expect(await lookup()).toMatchObject({ kind: 'settled', reference: 'P9' })
  })

  it('does not take a payment whose key only begins alike for ours', async () => {
    await rig.provider.submit(singleOrder('BW-12'))
    rig.modulr.payments.shift()
    expect(await lookup()).toEqual({ kind: 'not_found', conclusive: true })
  })

  it('does not take a reference that stands for another key', async () => {
    await rig.provider.submit(singleOrder('BW-2'))
    expect(await lookup({ reference: rig.modulr.byKey('BW-2').id })).toMatchObject({ kind: 'unknown' })
  })

  it.each([404, 403, 500])('knows nothing after HTTP %i', async (status) => {
    rig.modulr.getFaults = [{ status, body: [] }]
    await expect(lookup()).rejects.toMatchObject({ name: 'UnexpectedAnswerError' })
  })

  it('knows nothing from half a list', async () => {
    rig.modulr.getFaults = [{ status: 200, body: { content: [] } }]
    await expect(lookup()).rejects.toMatchObject({ name: 'UnexpectedAnswerError' })
  })

  it('that shows two paid payments of one key reports their sum, which is not what was asked for', async () => {
    rig.modulr.process('BW-1')
    rig.modulr.payments.push({ ...rig.modulr.byKey('BW-1'), id: 'P999999999' })
    expect(await lookup()).toMatchObject({ kind: 'settled', amount: '201' })
  })

  it('lets a refusal count again once nothing was found, after the time in which it could still appear', async () => {
    rig.modulr.postFaults = ['drop_before', { status: 429, body: [] }, { status: 429, body: [] }]
    await rig.provider.submit(singleOrder('BW-2')).catch(() => {})
    await rig.provider.lookup(queryOf('BW-2'))
    expect(await rig.provider.submit(singleOrder('BW-2'))).toMatchObject({ kind: 'unknown' })
    rig.clock.advance(10 * MINUTE_MS)
    await rig.provider.lookup(queryOf('BW-2'))
    expect(await rig.provider.submit(singleOrder('BW-2'))).toMatchObject({ kind: 'deferred' })
  })

  describe('of a batch', () => {
    const inBatch = { orderKey: 'BB-1' }

    it('is accepted while Modulr has the batch and has not made the payment yet', async () => {
      rig.modulr.showsPayments = false
      await rig.provider.submit(batchOrder('BB-1', [itemOf('BW-7')]))
      expect(await rig.provider.lookup(queryOf('BW-7', inBatch))).toEqual({
        kind: 'accepted',
        status: 'batch ACCEPTED',
      })
    })

    it('is found by nobody when the batch was lost, or refused', async () => {
      rig.modulr.postFaults = ['drop_before']
      await rig.provider.submit(batchOrder('BB-1', [itemOf('BW-7')])).catch(() => {})
      expect(await rig.provider.lookup(queryOf('BW-7', inBatch))).toEqual({
        kind: 'not_found',
        conclusive: true,
      })
      rig.modulr.statusOfNewBatch = 'REJECTED'
      await rig.provider.submit(batchOrder('BB-1', [itemOf('BW-7')]))
      expect(await rig.provider.lookup(queryOf('BW-7', inBatch))).toEqual({
        kind: 'not_found',
        conclusive: true,
      })
    })

    it('tells all payments in one go, also when the answer to the batch was lost', async () => {
      rig.modulr.postFaults = ['drop_after']
      await rig.provider
        .submit(batchOrder('BB-1', [itemOf('BW-7'), itemOf('BW-8'), itemOf('BW-9')]))
        .catch(() => {})
      rig.modulr.process('BW-7')
      rig.modulr.byKey('BW-8').status = 'ER_EXTSYS'
      rig.modulr.process('BW-9')
      rig.modulr.credit(String(rig.modulr.byKey('BW-9').schemeId), 100.5)
      const found = await rig.provider.lookupOrder?.({
        orderKey: 'BB-1',
        orderReference: null,
        currency: 'eur',
      })
      expect(found).toMatchObject({
        'BW-7': { kind: 'settled' },
        'BW-8': { kind: 'declined' },
        'BW-9': { kind: 'returned', amount: '100.5', code: 'account_closed' },
      })
    })
  })
})

describe('money that comes back to the account at Modulr', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
    await rig.provider.submit(singleOrder('BW-1'))
    rig.modulr.process('BW-1')
  })
  afterEach(async () => {
    expect(rig.modulr.violations).toEqual([])
    await rig.close()
  })

  const lookup = () => rig.provider.lookup(queryOf('BW-1'))
  const schemeId = () => String(rig.modulr.byKey('BW-1').schemeId)

  it.each(['notes', 'payin'] as const)(
    'is reported as returned, with the reason, found in the %s of the credit',
    async (via) => {
      rig.modulr.credit(schemeId(), 100.5, { via })
      expect(await lookup()).toEqual({
        kind: 'returned',
        reference: rig.modulr.byKey('BW-1').id,
        transactionId: schemeId(),
        amount: '100.5',
        code: 'account_closed',
      })
    },
  )

  it('in parts adds up, each part once, also after a restart', async () => {
    rig.modulr.credit(schemeId(), 30.25)
    expect(await lookup()).toMatchObject({ kind: 'returned', amount: '30.25' })
    rig.clock.advance(2 * MINUTE_MS)
    rig.modulr.credit(schemeId(), 20)
    const provider = await rig.restart()
    expect(await provider.lookup(queryOf('BW-1'))).toMatchObject({ kind: 'returned', amount: '50.25' })
    rig.clock.advance(2 * MINUTE_MS)
    expect(await provider.lookup(queryOf('BW-1'))).toMatchObject({ kind: 'returned', amount: '50.25' })
  })

  it('belongs to the payment it names, and to no other', async () => {
    rig.modulr.credit(`${schemeId()}0`, 100.5)
    expect(await lookup()).toMatchObject({ kind: 'settled' })
  })

  it('is found under the gateway’s prefix', async () => {
    rig.modulr.credit(`PAYPORT:${schemeId()}`, 100.5)
    expect(await lookup()).toMatchObject({ kind: 'returned' })
  })

  it('is found after Modulr has stopped to show the scheme’s id', async () => {
    await lookup()
    const id = schemeId()
    rig.modulr.byKey('BW-1').schemeId = null
    rig.modulr.byKey('BW-1').status = 'RETURNED'
    rig.modulr.credit(id, 99)
    rig.clock.advance(2 * MINUTE_MS)
    expect(await lookup()).toMatchObject({ kind: 'returned', amount: '99' })
  })

  it('is all of it when the payment is called returned and its credit is not booked yet', async () => {
    rig.modulr.byKey('BW-1').status = 'RETURNED'
    rig.modulr.hidesDetails = true
    expect(await lookup()).toMatchObject({ kind: 'returned', amount: '100.5', code: 'provider_declined' })
  })

  it('that names nothing is left to a person, once', async () => {
    rig.modulr.credit('', 100.5, { via: 'nothing' })
    await lookup()
    rig.clock.advance(2 * MINUTE_MS)
    await lookup()
    expect(rig.lines.filter(({ event }) => event === 'modulr.return_unmatched')).toHaveLength(1)
  })

  it('does not keep a payment from being called paid when the account cannot be read', async () => {
    rig.modulr.credit(schemeId(), 100.5)
    const { id } = rig.modulr.byKey('BW-1')
    rig.modulr.accountFault = { status: 500 }
    expect(await rig.provider.lookup(queryOf('BW-1', { reference: id }))).toMatchObject({ kind: 'settled' })
    rig.modulr.accountFault = null
    expect(await lookup()).toMatchObject({ kind: 'returned' })
  })
})
