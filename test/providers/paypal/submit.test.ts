import { createRig, orderOf, queryOf, type Rig, WORKED_OFF_MS } from './rig'
import { hasSpec } from './spec'

/** Goal: whatever happens to a create, nobody is paid twice and nothing that may have been taken is called refused. */
describe('sending payouts to PayPal', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
  })
  afterEach(async () => {
    await rig.close()
    expect(rig.fake.violations).toEqual([])
  })

  it(`sends requests as the specification says (${hasSpec ? 'checked' : 'NOT CHECKED: no specification here'})`, async () => {
    const order = orderOf('B-1', [{ amount: '10.5' }, { amount: '7', to: 'ABCDEFGHJKLM2' }])
    await rig.submit(order)
    expect(rig.fake.creates).toEqual([
      {
        sender_batch_header: { sender_batch_id: 'B-1', email_subject: 'You have received a payout' },
        items: [
          {
            sender_item_id: 'B-1-0',
            recipient_type: 'EMAIL',
            receiver: 'alice@example.com',
            recipient_wallet: 'PAYPAL',
            amount: { currency: 'EUR', value: '10.50' },
            note: 'Withdrawal',
          },
          {
            sender_item_id: 'B-1-1',
            recipient_type: 'PAYPAL_ID',
            receiver: 'ABCDEFGHJKLM2',
            recipient_wallet: 'PAYPAL',
            amount: { currency: 'EUR', value: '7.00' },
            note: 'Withdrawal',
          },
        ],
      },
    ])
  })

  it('takes a 201 for accepted, with the batch as reference and no reference for its items', async () => {
    const outcome = await rig.submit(orderOf('B-1', [{}, {}]))
    expect(outcome).toEqual({
      kind: 'accepted',
      reference: rig.fake.batches.get('B-1')?.id,
      items: { 'B-1-0': { kind: 'accepted' }, 'B-1-1': { kind: 'accepted' } },
    })
  })

  it('sends HUF, JPY and TWD without decimals', async () => {
    await rig.submit(orderOf('B-1', [{ amount: '1500' }], 'huf'))
    expect(rig.fake.creates[0]?.items[0]?.amount).toEqual({ currency: 'HUF', value: '1500' })
  })

  it.each(['commit_then_drop', 'commit_then_500', 'commit_then_html'] as const)(
    'adopts its own batch when the same order is sent again after %s',
    async (mishap) => {
      rig.fake.next(mishap)
      const order = orderOf('B-1', [{}, {}])
      expect(await rig.submit(order)).toMatchObject({ kind: 'unknown' })

      expect(await rig.submit(order)).toMatchObject({
        kind: 'accepted',
        reference: rig.fake.batches.get('B-1')?.id,
      })
      rig.clock.advance(WORKED_OFF_MS)
      expect(rig.fake.payments()).toEqual(['B-1-0', 'B-1-1'])
    },
  )

  it('is accepted when the same order is sent again after a connection that was lost before', async () => {
    rig.fake.next('drop')
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'unknown' })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'accepted' })
  })

  it('does not ask PayPal again for an order whose batch is known', async () => {
    const first = await rig.submit(orderOf('B-1'))
    expect(await rig.submit(orderOf('B-1'))).toEqual(first)
    expect(rig.fake.creates).toHaveLength(1)
  })

  it.each([
    [
      422,
      'INSUFFICIENT_FUNDS',
      { kind: 'deferred', why: 'insufficient_float', status: 'INSUFFICIENT_FUNDS' },
    ],
    [403, 'AUTHORIZATION_ERROR', { kind: 'deferred', why: 'provider_unavailable' }],
    [403, 'SENDER_RESTRICTED', { kind: 'deferred', why: 'provider_unavailable' }],
    [400, 'NON_HOLDING_CURRENCY', { kind: 'deferred', why: 'provider_unavailable' }],
    [429, 'RATE_LIMIT_REACHED', { kind: 'deferred', why: 'rate_limited', retryAfterMs: 7_000 }],
    [400, 'VALIDATION_ERROR', { kind: 'deferred', why: 'batch_refused' }],
    [400, 'USER_BUSINESS_ERROR', { kind: 'unknown' }],
    [400, 'SOMETHING_NEW', { kind: 'unknown' }],
    [404, 'RESOURCE_NOT_FOUND', { kind: 'unknown' }],
    [408, 'REQUEST_TIMEOUT', { kind: 'unknown' }],
    [409, 'RESOURCE_CONFLICT', { kind: 'unknown' }],
    [409, 'VALIDATION_ERROR', { kind: 'unknown' }],
    [500, 'INSUFFICIENT_FUNDS', { kind: 'unknown' }],
    [500, 'INTERNAL_ERROR', { kind: 'unknown' }],
    [503, 'SERVICE_UNAVAILABLE', { kind: 'unknown' }],
    [302, 'MOVED', { kind: 'unknown' }],
  ])('takes %i %s for what it proves', async (status, name, expected) => {
    rig.fake.next({ status, body: { name, message: 'x', debug_id: '1' }, headers: { 'retry-after': '7' } })
    const outcome = await rig.submit(orderOf('B-1'))
    expect(outcome).toMatchObject(expected)
    expect(outcome).not.toHaveProperty('items')
  })

  it('waits until the moment that PayPal names as an HTTP date', async () => {
    const at = (ms: number) => new Date(Date.UTC(2026, 10, 20) + ms).toUTCString()
    const headers = { 'retry-after': at(90_000), date: at(0) }
    rig.fake.next({ status: 429, body: { name: 'RATE_LIMIT_REACHED', message: '', debug_id: '1' }, headers })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'deferred', retryAfterMs: 90_000 })
  })

  it.each(['items[0].note', '/items/0/sender_item_id', 'items[0].recipient_wallet'])(
    'declines nobody for %s, which is of our making',
    async (field) => {
      const body = { name: 'VALIDATION_ERROR', message: '', debug_id: '1', details: [{ field }] }
      rig.fake.next({ status: 400, body })
      const outcome = await rig.submit(orderOf('B-1'))
      expect(outcome).toMatchObject({ kind: 'deferred', why: 'batch_refused' })
      expect(outcome.items ?? {}).toEqual({})
    },
  )

  it('takes a proxy’s page for unknown, whatever its status', async () => {
    rig.fake.next({ status: 400, body: '<html>blocked</html>' })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    [
      'its field',
      {
        name: 'VALIDATION_ERROR',
        details: [{ field: 'sender_batch_header.sender_batch_id', issue: 'Duplicate batch request' }],
      },
    ],
    ['its name', { name: 'DUPLICATE_BATCH_REQUEST', details: [] }],
  ])('never takes a repetition for a refusal, told by %s alone and in other words', async (_by, body) => {
    rig.fake.next({ status: 400, body: { ...body, message: 'x', debug_id: '1' } })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'unknown' })
  })

  it('adopts its batch by the link of a repetition that PayPal calls by another name', async () => {
    rig.fake.next('commit_then_drop')
    await rig.submit(orderOf('B-1'))
    const href = `https://api.paypal.com/v1/payments/payouts/${rig.fake.batches.get('B-1')?.id}`
    const body = { name: 'DUPLICATE_BATCH_REQUEST', details: [{ issue: 'x', links: [{ href }] }] }
    rig.fake.next({ status: 400, body })
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'accepted' })
  })

  it.each([
    ['another key', (fake: Rig['fake']) => (fake.batches.get('B-1')!.key = 'B-2')],
    ['another total', (fake: Rig['fake']) => (fake.batches.get('B-1')!.total = '22.00')],
    ['fewer items', (fake: Rig['fake']) => (fake.item('B-1-1').isHidden = true)],
    [
      'another item',
      (fake: Rig['fake']) => Object.assign(fake.item('B-1-1').request, { sender_item_id: 'X' }),
    ],
    [
      'another amount',
      (fake: Rig['fake']) =>
        Object.assign(fake.item('B-1-1').request, { amount: { currency: 'EUR', value: '1' } }),
    ],
  ])('does not adopt a batch with %s', async (_what, change) => {
    rig.fake.next('commit_then_drop')
    const order = orderOf('B-1', [{}, {}])
    await rig.submit(order)
    change(rig.fake)
    expect(await rig.submit(order)).toMatchObject({ kind: 'unknown' })
  })

  it('names the items that were at fault, and says that nothing was paid', async () => {
    // Well formed for us, and not for PayPal.
    const order = orderOf('B-1', [{}, { to: 'malformed@example.com' }, {}])
    expect(await rig.submit(order)).toEqual({
      kind: 'deferred',
      why: 'batch_refused',
      status: 'VALIDATION_ERROR',
      items: { 'B-1-1': { kind: 'declined', code: 'invalid_identifier', status: 'VALIDATION_ERROR' } },
    })
    expect(rig.fake.batches.size).toBe(0)
  })

  it.each(['items[1].receiver', '/items/1/receiver', '$.items[1].receiver'])(
    'understands the pointer %s',
    async (field) => {
      rig.fake.next({
        status: 400,
        body: { name: 'VALIDATION_ERROR', message: '', debug_id: '', details: [{ field }] },
      })
      const outcome = await rig.submit(orderOf('B-1', [{}, {}]))
      expect(Object.keys(outcome.items ?? {})).toEqual(['B-1-1'])
    },
  )

  it('does not send what it knows PayPal would refuse', async () => {
    const order = orderOf('B-1', [{}, { to: 'nobody' }])
    expect(await rig.submit(order)).toMatchObject({
      kind: 'deferred',
      why: 'batch_refused',
      items: { 'B-1-1': { kind: 'declined', code: 'invalid_identifier' } },
    })
    expect(rig.fake.calls).toEqual([])
  })

  it.each([
    ['two items with one key', orderOf('B-1', [{ key: 'X' }, { key: 'X' }])],
    ['an item key PayPal would cut', orderOf('B-1', [{ key: 'x'.repeat(64) }, {}])],
    [
      'more items than fit',
      orderOf(
        'B-1',
        Array.from({ length: 15_001 }, () => ({})),
      ),
    ],
    ['another total than its items', { ...orderOf('B-1'), total: '11' }],
  ])('does not send an order with %s', async (_what, order) => {
    expect(await rig.submit(order)).toMatchObject({ kind: 'deferred', why: 'batch_refused' })
    expect(rig.fake.calls).toEqual([])
  })

  it('takes 15,000 payouts in one call', async () => {
    const order = orderOf(
      'B-1',
      Array.from({ length: 15_000 }, () => ({})),
    )
    expect(await rig.submit(order)).toMatchObject({ kind: 'accepted' })
    expect(rig.fake.creates).toHaveLength(1)
  })

  it('sends an order again that was refused for lack of money, under the same key', async () => {
    rig.fake.float = 5
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ why: 'insufficient_float' })
    rig.fake.float = 50
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'accepted' })
  })

  it('is unknown when the batch’s id cannot be stored, and adopted afterwards', async () => {
    const replace = rig.documents.replace.bind(rig.documents)
    rig.documents.replace = () => Promise.reject(new Error('the database is gone'))
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'unknown' })
    rig.documents.replace = replace
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'accepted' })
    expect(await rig.lookup(queryOf(orderOf('B-1')))).toMatchObject({ kind: 'accepted', status: 'PENDING' })
  })

  it('says that nothing was sent when PayPal is not there at all', async () => {
    rig.fake.close()
    expect(await rig.submit(orderOf('B-1'))).toMatchObject({ kind: 'deferred', why: 'provider_unavailable' })
  })
})
