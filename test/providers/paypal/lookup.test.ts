import type { FakePaypal } from './fake'
import { createRig, orderOf, queryOf, type Rig, WORKED_OFF_MS } from './rig'

const DAY_MS = 24 * 3_600_000

/** Goal: a payout is what its own item at PayPal says, and nothing else is ever concluded. */
describe('looking payouts up at PayPal', () => {
  let rig: Rig
  let fake: FakePaypal
  beforeEach(async () => {
    rig = await createRig()
    fake = rig.fake
  })
  afterEach(async () => {
    await rig.close()
    expect(fake.violations).toEqual([])
  })

  const sent = async (...items: { to?: string; amount?: string }[]) => {
    const order = orderOf('B-1', items.length > 0 ? items : [{}])
    await rig.submit(order)
    return order
  }

  it('is pending while PayPal works, and settled with PayPal’s transaction afterwards', async () => {
    const order = await sent()
    expect(await rig.lookup(queryOf(order))).toMatchObject({ kind: 'accepted', status: 'PENDING' })

    rig.clock.advance(WORKED_OFF_MS)
    const { id } = fake.item('B-1')
    expect(await rig.lookup(queryOf(order))).toEqual({
      kind: 'settled',
      reference: id,
      transactionId: `TX${id}`,
      amount: '10.5',
      status: 'SUCCESS',
    })
  })

  it('is nothing that the batch of another order proves, be it finished and without it', async () => {
    const order = await sent()
    const other = await rig.submit(orderOf('B-2', [{}]))
    rig.clock.advance(WORKED_OFF_MS)
    const orderReference = 'reference' in other ? String(other.reference) : ''
    expect(await rig.lookup({ ...queryOf(order), orderReference })).toMatchObject({ kind: 'unknown' })
  })

  it('is asked by its own id where that is known', async () => {
    const order = await sent({}, {})
    rig.clock.advance(WORKED_OFF_MS)
    const reference = fake.item('B-1-1').id
    expect(await rig.provider.lookup({ ...queryOf(order, 1), reference })).toMatchObject({
      kind: 'settled',
      reference,
    })
    expect(fake.calls.at(-1)).toBe(`GET /v1/payments/payouts-item/${reference}`)
  })

  it.each([
    ['PENDING', { kind: 'accepted' }],
    ['ONHOLD', { kind: 'accepted' }],
    ['ON_HOLD', { kind: 'accepted' }],
    ['UNCLAIMED', { kind: 'accepted' }],
    ['BLOCKED', { kind: 'accepted' }],
    ['SOMETHING_NEW', { kind: 'accepted' }],
    ['SUCCESS', { kind: 'settled' }],
    ['FAILED', { kind: 'declined', code: 'provider_declined' }],
    ['DENIED', { kind: 'declined', code: 'provider_declined' }],
    ['RETURNED', { kind: 'returned', amount: '10.5', code: 'expired_unclaimed' }],
    ['REFUNDED', { kind: 'returned', amount: '10.5', code: 'receiver_refused' }],
    ['REVERSED', { kind: 'returned', amount: '10.5', code: 'provider_declined' }],
    ['CANCELED', { kind: 'returned', amount: '10.5', code: 'expired_unclaimed' }],
  ])('takes the item’s status %s for what it means', async (status, expected) => {
    const order = await sent()
    fake.item('B-1').status = status
    const outcome = await rig.lookup(queryOf(order))
    expect(outcome).toMatchObject(expected)
    expect(
      (await rig.provider.lookupOrder?.({ orderKey: 'B-1', orderReference: null, currency: 'eur' }))?.['B-1'],
    ).toEqual(outcome)
  })

  it.each(['Success', 'returned', 'in review', 'X'.repeat(101)])(
    'tells that a status is none of PayPal’s words: %s',
    async (status) => {
      const order = await sent()
      fake.item('B-1').status = status
      expect(await rig.lookup(queryOf(order))).toMatchObject({ kind: 'accepted', status: 'UNREADABLE' })
      expect(rig.lines).toMatchObject([{ event: 'paypal.status_unknown', fields: { status: 'UNREADABLE' } }])
    },
  )

  it('tells of a status that nobody has mapped', async () => {
    const order = await sent()
    fake.item('B-1').status = 'SOMETHING_NEW'
    await rig.lookup(queryOf(order))
    expect(rig.lines).toEqual([
      { event: 'paypal.status_unknown', fields: { status: 'SOMETHING_NEW', reference: fake.item('B-1').id } },
    ])
  })

  it('says why a payout was declined', async () => {
    const order = await sent({ to: 'locked@example.com' })
    rig.clock.advance(WORKED_OFF_MS)
    expect(await rig.lookup(queryOf(order))).toMatchObject({
      kind: 'declined',
      code: 'account_blocked',
      status: 'FAILED',
    })
  })

  it.each([
    ['INSUFFICIENT_FUNDS', 'insufficient_float'],
    ['NEGATIVE_BALANCE', 'insufficient_float'],
    ['SENDER_ACCOUNT_LOCKED', 'provider_unavailable'],
    ['SENDER_SOMETHING_NEW', 'provider_unavailable'],
    ['ACCOUNT_RESTRICTED', 'provider_unavailable'],
  ])('declines nobody for %s, which is our own account’s fault', async (name, why) => {
    const order = await sent()
    Object.assign(fake.item('B-1'), { status: 'FAILED', error: name })
    const voided = { kind: 'voided', why, status: `FAILED ${name}` }
    expect(await rig.provider.lookup(queryOf(order))).toEqual(voided)
    expect(await rig.provider.lookup({ ...queryOf(order), reference: fake.item('B-1').id })).toEqual(voided)
  })

  it('declines nobody because the whole batch was denied, unless it says what is wrong with the payee', async () => {
    const order = await sent({}, {})
    fake.batches.get('B-1')!.status = 'DENIED'
    fake.item('B-1-0').isHidden = true
    fake.item('B-1-1').error = 'RECEIVER_ACCOUNT_INVALID'
    expect(await rig.provider.lookup(queryOf(order, 0))).toMatchObject({ kind: 'voided', status: 'DENIED' })
    expect(await rig.provider.lookup(queryOf(order, 1))).toMatchObject({
      kind: 'declined',
      code: 'account_not_found',
    })
  })

  it('waits 30 days for a receiver without an account, and then has the money back', async () => {
    const order = await sent({ to: 'nobody@example.com' })
    rig.clock.advance(29 * DAY_MS)
    expect(await rig.lookup(queryOf(order))).toMatchObject({ kind: 'accepted', status: 'UNCLAIMED' })
    rig.clock.advance(2 * DAY_MS)
    expect(await rig.lookup(queryOf(order))).toMatchObject({
      kind: 'returned',
      amount: '10.5',
      code: 'expired_unclaimed',
    })
  })

  it('takes an unclaimed payout back when asked to, and nothing else', async () => {
    const order = await sent({ to: 'nobody@example.com' }, {})
    rig.clock.advance(WORKED_OFF_MS)
    const asked = (index: number) => ({ ...queryOf(order, index), reference: fake.item(`B-1-${index}`).id })
    expect(await rig.provider.cancel?.(asked(0))).toBe('canceled')
    expect(await rig.provider.cancel?.(asked(1))).toBe('too_late')
    expect(await rig.lookup(asked(0))).toMatchObject({ kind: 'returned' })
    expect(await rig.provider.cancel?.(asked(0))).toBe('canceled')
  })

  it.each([
    ['PENDING', 'unknown'],
    ['ONHOLD', 'unknown'],
    ['SOMETHING_NEW', 'unknown'],
    ['SUCCESS', 'too_late'],
    ['FAILED', 'too_late'],
    ['REFUNDED', 'too_late'],
    ['RETURNED', 'canceled'],
  ])('says of a payout that is %s, when it is asked to take it back: %s', async (status, answer) => {
    const order = await sent()
    fake.item('B-1').status = status
    const asked = { ...queryOf(order), reference: fake.item('B-1').id }
    expect(await rig.provider.cancel?.(asked)).toBe(answer)
    expect(fake.calls.filter((call) => call.endsWith('/cancel'))).toEqual([])
  })

  it('says that all of a denied batch was declined', async () => {
    const order = await sent({}, {})
    fake.batches.get('B-1')!.status = 'DENIED'
    expect(await rig.lookup(queryOf(order))).toMatchObject({ kind: 'declined', status: 'FAILED' })
  })

  it('settles nothing from the batch’s status alone', async () => {
    const order = await sent({}, {})
    fake.batches.get('B-1')!.status = 'SUCCESS'
    fake.item('B-1-0').status = 'PENDING'
    expect(await rig.lookup(queryOf(order))).toMatchObject({ kind: 'accepted', status: 'PENDING' })
  })

  describe('of which PayPal has told nothing', () => {
    it('finds nothing, and does not call that a proof', async () => {
      expect(await rig.lookup(queryOf(orderOf('B-9')))).toEqual({ kind: 'not_found', conclusive: false })
      expect(
        await rig.provider.lookupOrder?.({ orderKey: 'B-9', orderReference: null, currency: 'eur' }),
      ).toEqual({})
    })

    it('finds it by the batch’s id where the engine knows it', async () => {
      const order = await sent()
      const orderReference = String(fake.batches.get('B-1')?.id)
      expect(await rig.lookup({ ...queryOf(order), orderKey: 'unknown', orderReference })).toMatchObject({
        kind: 'accepted',
      })
    })

    it('takes a batch or an item that PayPal does not show for no proof', async () => {
      const order = await sent()
      expect(await rig.lookup({ ...queryOf(order), orderReference: 'GONE' })).toEqual({
        kind: 'not_found',
        conclusive: false,
      })
      expect(await rig.lookup({ ...queryOf(order), reference: 'GONE' })).toEqual({
        kind: 'not_found',
        conclusive: false,
      })
    })
  })

  describe('that the batch does not list', () => {
    const hidden = async () => {
      const order = await sent({}, {})
      fake.item('B-1-1').isHidden = true
      return queryOf(order, 1)
    }

    it('are still open while PayPal works on the batch', async () => {
      expect(await rig.lookup(await hidden())).toMatchObject({ kind: 'accepted', status: 'PROCESSING' })
    })

    it('are not there when the list is complete and adds up to what was booked', async () => {
      const query = await hidden()
      fake.batches.get('B-1')!.total = '10.50'
      rig.clock.advance(WORKED_OFF_MS)
      expect(await rig.lookup(query)).toEqual({ kind: 'not_found', conclusive: true })
    })

    it('are in doubt when more was booked than is listed', async () => {
      const query = await hidden()
      rig.clock.advance(WORKED_OFF_MS)
      expect(await rig.lookup(query)).toMatchObject({ kind: 'unknown' })
    })

    it('were not made, with everything else, when the batch was denied', async () => {
      const query = await hidden()
      fake.batches.get('B-1')!.status = 'DENIED'
      const voided = { kind: 'voided', why: 'provider_unavailable', status: 'DENIED' }
      expect(await rig.provider.lookup(query)).toEqual(voided)
    })
  })

  it.each([
    ['another amount that was declined', 'FAILED', { amount: { currency: 'EUR', value: '9.00' } }, 'unknown'],
    ['another amount that came back', 'RETURNED', { amount: { currency: 'EUR', value: '9.00' } }, 'unknown'],
    ['another currency', 'SUCCESS', { amount: { currency: 'USD', value: '10.50' } }, 'unknown'],
    ['another payout under the id', 'SUCCESS', { sender_item_id: 'X' }, 'unknown'],
    // The engine compares it and asks a person.
    ['another amount that was paid', 'SUCCESS', { amount: { currency: 'EUR', value: '9.00' } }, 'settled'],
  ])('is careful with %s', async (_what, status, change, kind) => {
    const order = await sent()
    const item = fake.item('B-1')
    item.status = status
    Object.assign(item.request, change)
    expect(await rig.lookup({ ...queryOf(order), reference: item.id })).toMatchObject({ kind })
  })

  it('is in doubt about a payout that the batch lists twice', async () => {
    const order = await sent({}, {})
    Object.assign(fake.item('B-1-1').request, { sender_item_id: 'B-1-0' })
    rig.clock.advance(WORKED_OFF_MS)
    expect(await rig.lookup(queryOf(order))).toMatchObject({ kind: 'unknown' })
  })

  it.each([{ status: 500 }, { status: 429 }, { status: 403 }, 'drop', 'commit_then_html'] as const)(
    'learns nothing from %j',
    async (mishap) => {
      const order = await sent()
      fake.nextRead(mishap)
      expect(await rig.lookup(queryOf(order))).toMatchObject({ kind: 'unknown' })
    },
  )

  it('reads all 15 pages of a full batch once, and finds every payout', async () => {
    await sent(...Array.from({ length: 14_500 }, () => ({})))
    rig.clock.advance(WORKED_OFF_MS)
    const outcomes = await rig.provider.lookupOrder?.({
      orderKey: 'B-1',
      orderReference: null,
      currency: 'eur',
    })
    const kinds = Object.values(outcomes ?? {}).map(({ kind }) => kind)
    expect(kinds).toHaveLength(14_500)
    expect(new Set(kinds)).toEqual(new Set(['settled']))
    expect(fake.calls.filter((call) => call.startsWith('GET'))).toHaveLength(15)
  })

  it('says what can be paid out of a balance, with PayPal’s fee taken off', async () => {
    await rig.close()
    rig = await createRig({ readBalances: true })
    fake = rig.fake
    expect(await rig.provider.balances?.()).toEqual([{ currency: 'eur', available: '100' }])
  })
})
