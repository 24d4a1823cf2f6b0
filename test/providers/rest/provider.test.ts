import type http from 'node:http'

import type { PayoutItem } from '../../../src/ports/payment-provider'
import { restProvider } from '../../../src/providers/rest'
import { checkedLookup, checkedSubmit } from '../../../src/services/payouts/checked-answers'
import { listen } from '../../helpers/listen'
import { silentLogger } from '../../helpers/loggers'
import { testRandomness } from '../../helpers/test-clock'
import { ManualClock } from '../../kit/manual-clock'
import { itemOf, queryOf, singleOrder } from '../modulr/rig'
import { memoryDocuments } from '../sandbox/memory-documents'
import { exampleConfiguration, OPTIONS, SECRET } from './example'
import { createRig, type Rig } from './rig'

const HOUR_MS = 3_600_000

describe('a payout through the example configuration', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await createRig()
  })
  afterEach(() => rig.close())

  const submit = (key = 'BW-1') => rig.provider.submit(singleOrder(key))
  const lookup = (changes = {}) => rig.provider.lookup(queryOf('BW-1', changes))
  const posts = () => rig.acme.seen.filter(({ method }) => method === 'POST')

  it('is signed, carries its key, and is what the template says', async () => {
    expect(await submit()).toEqual({ kind: 'accepted', reference: 'po_1', status: 'CREATED' })
    expect(posts()[0]?.headers['idempotency-key']).toBe('BW-1')
    expect(JSON.parse(String(posts()[0]?.body))).toEqual({
      external_id: 'BW-1',
      amount: { value: 10_050, currency: 'EUR' },
      beneficiary: { name: 'Jane Roe', iban: 'NL91ABNA0417164300' },
      description: 'Withdrawal BW-1',
      end_to_end_id: 'BW1',
    })
  })

  it.each([
    ['PAID', { kind: 'settled', reference: 'po_1', transactionId: 'po_1', amount: '100.5', status: 'PAID' }],
    ['REJECTED', { kind: 'declined', code: 'provider_declined', reference: 'po_1', status: 'REJECTED' }],
    ['PROCESSING', { kind: 'accepted', reference: 'po_1', status: 'PROCESSING' }],
    ['RETURNED', { kind: 'accepted', reference: 'po_1' }],
    ['paid', { kind: 'unknown' }],
    ['constructor', { kind: 'unknown' }],
  ])('that is answered at once with %s', async (status, outcome) => {
    rig.acme.statusOfNew = status
    expect(await submit()).toMatchObject(outcome)
  })

  it.each([
    [
      'an IBAN the API refuses',
      422,
      { error: { code: 'invalid_iban' } },
      { kind: 'declined', code: 'invalid_identifier' },
    ],
    ['another 422', 422, { error: { code: 'other' } }, { kind: 'unknown' }],
    ['an empty account', 402, null, { kind: 'deferred', why: 'insufficient_float' }],
    ['a bad signature', 401, null, { kind: 'deferred', why: 'provider_unavailable' }],
    ['no permission', 403, null, { kind: 'deferred', why: 'provider_unavailable' }],
    ['too many calls', 429, null, { kind: 'deferred', why: 'rate_limited', retryAfterMs: 7_000 }],
    ['a conflict', 409, null, { kind: 'unknown' }],
    ['a redirect', 302, null, { kind: 'unknown' }],
    ['a broken server', 500, { error: { code: 'invalid_iban' } }, { kind: 'unknown' }],
    ['a broken gateway', 502, '<html>', { kind: 'unknown' }],
    ['a success without JSON', 200, '<html>', { kind: 'unknown' }],
    ['a success without a reference', 201, { status: 'PAID', external_id: 'BW-1' }, { kind: 'unknown' }],
    [
      'a success about another payout',
      201,
      { id: 'po_9', status: 'PAID', external_id: 'BW-2' },
      { kind: 'unknown' },
    ],
    [
      'a success in another currency',
      201,
      { id: 'po_9', status: 'PAID', external_id: 'BW-1', amount: { value: 10_050, currency: 'USD' } },
      { kind: 'unknown' },
    ],
    [
      'a success with half a cent',
      201,
      { id: 'po_9', status: 'PAID', external_id: 'BW-1', amount: { value: 0.5, currency: 'EUR' } },
      { kind: 'unknown' },
    ],
  ])('that meets %s (HTTP %i)', async (_what, status, body, outcome) => {
    rig.acme.postFaults = [{ status, body, headers: { 'retry-after': '7', location: 'http://127.0.0.1:9/' } }]
    expect(await submit()).toMatchObject(outcome)
    expect(rig.acme.seen).toHaveLength(1)
  })

  it('that reached nobody is deferred', async () => {
    rig.acme.close()
    expect(await submit()).toMatchObject({ kind: 'deferred', why: 'provider_unavailable' })
  })

  it('repeated after a lost answer is the same payout', async () => {
    rig.acme.postFaults = ['drop_after']
    await expect(submit()).rejects.toMatchObject({ reached: 'maybe' })
    expect(await submit()).toMatchObject({ kind: 'accepted', reference: 'po_1' })
    expect(rig.acme.payouts).toHaveLength(1)
  })

  it.each([
    [401, null],
    [402, null],
    [422, { error: { code: 'invalid_iban' } }],
    [429, null],
  ])('is not judged by HTTP %i for its repetition', async (status, body) => {
    rig.acme.postFaults = ['drop_after', { status, body }]
    await submit().catch(() => {})
    expect(await submit()).toMatchObject({ kind: 'unknown' })
  })

  it('is judged again once the API has shown that it has nothing', async () => {
    rig.acme.postFaults = ['drop_before', { status: 422, body: { error: { code: 'invalid_iban' } } }]
    await submit().catch(() => {})
    rig.clock.advance(300_000)
    expect(await lookup()).toEqual({ kind: 'not_found', conclusive: true })
    expect(await submit()).toMatchObject({ kind: 'declined' })
  })

  it('is not sent again when its key may have been forgotten', async () => {
    rig.acme.postFaults = ['drop_after']
    await submit().catch(() => {})
    rig.clock.advance(20 * HOUR_MS)
    expect(await submit()).toMatchObject({ kind: 'unknown' })
    expect(posts()).toHaveLength(1)
  })

  it('gets a new key after a refusal that the API would repeat', async () => {
    rig.acme.postFaults = [{ status: 402 }]
    await submit()
    await submit()
    expect(posts().map(({ headers }) => headers['idempotency-key'])).toEqual(['BW-1', 'BW-1-2'])
    expect(rig.acme.byKey('BW-1').status).toBe('CREATED')
  })

  it('is found by its key, with the bank’s own reference and the amount', async () => {
    await submit()
    rig.acme.pay('BW-1')
    expect(await lookup()).toEqual({
      kind: 'settled',
      reference: 'po_1',
      transactionId: 'BANK-po_1',
      amount: '100.5',
      status: 'PAID',
    })
  })

  it('that comes back, in parts or whole, is reported with all that has come back', async () => {
    await submit()
    rig.acme.pay('BW-1')
    Object.assign(rig.acme.byKey('BW-1'), { returned: { value: 4_000 }, failure: { code: 'AC04' } })
    expect(await lookup()).toMatchObject({ kind: 'returned', amount: '40', code: 'account_closed' })
    Object.assign(rig.acme.byKey('BW-1'), { returned: undefined, status: 'RETURNED' })
    expect(await lookup()).toMatchObject({ kind: 'returned', amount: '100.5' })
    Object.assign(rig.acme.byKey('BW-1'), { returned: { value: 0 }, status: 'PAID' })
    expect(await lookup()).toMatchObject({ kind: 'settled' })
  })

  it.each([
    ['a 404 from a proxy', 404, '<html>', { kind: 'not_found', conclusive: false }],
    [
      'a 404 about something else',
      404,
      { error: { code: 'no_route' } },
      { kind: 'not_found', conclusive: false },
    ],
    ['a refusal', 403, null, { kind: 'unknown' }],
    ['a broken server', 500, { error: { code: 'payout_not_found' } }, { kind: 'unknown' }],
    ['no JSON', 200, '<html>', { kind: 'unknown' }],
    ['nothing', 200, null, { kind: 'unknown' }],
  ])('is not called absent by %s', async (_what, status, body, outcome) => {
    rig.acme.getFaults = [{ status, body }]
    expect(await lookup()).toMatchObject(outcome)
  })

  it.each<[string, Partial<PayoutItem>, string[]]>([
    [
      'a wrong IBAN',
      { destination: { method: 'BANK', iban: 'NL92ABNA0417164300', accountHolder: 'J' } },
      ['iban'],
    ],
    ['no name', { destination: { method: 'BANK', iban: 'NL91ABNA0417164300' } }, ['account_holder']],
    [
      'a wrong BIC',
      { destination: { method: 'BANK', iban: 'NL91ABNA0417164300', accountHolder: 'J', swift: 'PDDGH2XX' } },
      ['swift'],
    ],
    ['neither', { destination: { method: 'BANK', iban: '' } }, ['iban', 'account_holder']],
    ['another currency', { currency: 'usd' }, ['currency']],
    ['another method', { destination: { method: 'PAYPAL', paypalId: 'a@b.example' } }, ['method']],
    ['too little', { amount: '0.99' }, ['amount']],
    ['too much', { amount: '50000.01' }, ['amount']],
    ['a third decimal', { amount: '1.001' }, ['amount']],
  ])('with %s is refused before anything is sent, naming the field', (_what, changes, fields) => {
    expect(rig.provider.check(itemOf('BW-1', changes)).map(({ field }) => field)).toEqual(fields)
    expect(rig.provider.check(itemOf('BW-1'))).toEqual([])
  })

  it('leaves no secret and no account in the log', async () => {
    rig.acme.postFaults = ['drop_before', { status: 500, body: `${SECRET} NL91ABNA0417164300` }]
    await submit().catch(() => {})
    await submit()
    expect(rig.lines.map(({ event }) => event)).toEqual(['rest.submit_unanswered', 'rest.submit_refused'])
    for (const secret of [SECRET, 'NL91', 'Jane']) expect(JSON.stringify(rig.lines)).not.toContain(secret)
  })
})

/** An API that answers the same to everything and keeps what it was sent. */
async function withApi(
  changes: Record<string, unknown>,
  answer: { status: number; body: unknown },
  ask: (
    provider: ReturnType<typeof restProvider>,
    seen: { headers: http.IncomingHttpHeaders; url: string; body: string }[],
  ) => Promise<void>,
) {
  const seen: { headers: http.IncomingHttpHeaders; url: string; body: string }[] = []
  const listener = await listen((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      seen.push({ headers: req.headers, url: String(req.url), body: Buffer.concat(chunks).toString() })
      res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
    })
  })
  const configuration = exampleConfiguration({ baseUrl: listener.url, ...changes })
  const provider = restProvider({ ...OPTIONS, configuration })
  const host = {
    documents: memoryDocuments(),
    clock: new ManualClock(),
    random: testRandomness(),
    logger: silentLogger,
  }
  await provider.open?.(host)
  try {
    await ask(provider, seen)
  } finally {
    await provider.close?.()
    listener.close()
  }
}

describe('another API', () => {
  const OK = { status: 201, body: { id: 'po_1', external_id: 'BW-1', status: 'PAID' } }
  const lookupConfiguration = { by: 'key', path: '/payouts', query: { reference: '{key}' }, items: '/data' }

  it.each([
    [{ kind: 'bearer' }, 'authorization', `Bearer ${SECRET}`],
    [{ kind: 'basic' }, 'authorization', `Basic ${Buffer.from(`client-7:${SECRET}`).toString('base64')}`],
    [{ kind: 'header', name: 'X-Api-Key' }, 'x-api-key', SECRET],
    [{ kind: 'header', name: 'Authorization', prefix: 'ApiKey ' }, 'authorization', `ApiKey ${SECRET}`],
    [{ kind: 'none' }, 'authorization', undefined],
  ])('is told who asks with %j', async (auth, header, value) => {
    await withApi({ auth }, OK, async (provider, seen) => {
      expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ kind: 'settled' })
      expect(seen[0]?.headers[header]).toBe(value)
    })
  })

  const RANGE = { since: new Date(1_767_261_600_000), until: new Date(1_767_265_200_000), cursor: null }
  const listed = (given: Record<string, unknown>) => ({
    ...{ id: 'po_1', external_id: 'BW-1', status: 'PAID', amount: { value: 100, currency: 'EUR' } },
    ...{ at: 1_767_261_700, ...given },
  })
  const byPage = {
    ...{ path: '/all', items: '/data', at: '/at', times: 'seconds', paging: { kind: 'page', first: 0 } },
    query: { from: '{since}', to: '{until}', page: '{page}' },
  }

  it('is read on until a page is empty, however few are on one', async () => {
    const answer = { status: 200, body: { data: [listed({})] } }
    await withApi({ list: byPage }, answer, async (provider, seen) => {
      expect(await provider.listPayouts?.(RANGE)).toEqual({
        payouts: [
          {
            ...{ key: 'BW-1', reference: 'po_1', currency: 'eur', amount: '1', state: 'paid' },
            at: '2026-01-01T10:01:40.000Z',
          },
        ],
        next: '1',
      })
      await provider.listPayouts?.({ ...RANGE, cursor: '1' })
      expect(seen.map(({ url }) => url)).toEqual([
        '/all?from=1767261600&to=1767265200&page=0',
        '/all?from=1767261600&to=1767265200&page=1',
      ])
    })
    await withApi({ list: byPage }, { status: 200, body: { data: [] } }, async (provider) => {
      expect(await provider.listPayouts?.(RANGE)).toEqual({ payouts: [], next: null })
    })
  })

  it.each([
    ['a part of the money is back', { returned: { value: 1 } }, 'returned'],
    ['its word is new', { status: 'PERCOLATING' }, 'open'],
    ['it was dropped', { status: 'REJECTED' }, 'failed'],
  ])('lists a payout of which %s', async (_what, given, state) => {
    await withApi({ list: byPage }, { status: 200, body: { data: [listed(given)] } }, async (provider) => {
      expect((await provider.listPayouts?.(RANGE))?.payouts).toMatchObject([{ state }])
    })
  })

  it.each([
    ['an amount', { amount: { currency: 'EUR' } }],
    ['an amount that is one', { amount: { value: '1e3', currency: 'EUR' } }],
    ['a currency that it pays', { amount: { value: 1, currency: 'XXX' } }],
    ['a time', { at: null }],
    ['a time that is one', { at: 'yesterday' }],
    ['its name for it', { id: null }],
  ])('lists nothing rather than a payout of ours without %s', async (_what, given) => {
    const data = [listed({}), listed({ id: 'po_2', external_id: 'BW-2', ...given })]
    await withApi({ list: byPage }, { status: 200, body: { data } }, async (provider) => {
      await expect(provider.listPayouts?.(RANGE)).rejects.toThrow('The list holds a payout without')
    })
    const strangers = [{ ...data[1], external_id: 'invoice 7' }]
    await withApi({ list: byPage }, { status: 200, body: { data: strangers } }, async (provider) => {
      expect(await provider.listPayouts?.(RANGE)).toEqual({ payouts: [], next: '1' })
    })
  })

  it('whose pages name each other is not read for ever', async () => {
    const byCursor = {
      ...{
        path: '/all',
        items: '/data',
        at: '/at',
        times: 'seconds',
        paging: { kind: 'cursor', next: '/next' },
      },
      query: { from: '{since}', to: '{until}', after: '{cursor}' },
    }
    await withApi(
      { list: byCursor },
      { status: 200, body: { data: [], next: 'b/2' } },
      async (provider, seen) => {
        const first = await provider.listPayouts?.(RANGE)
        expect(first).toEqual({ payouts: [], next: '1/b/2' })
        await expect(provider.listPayouts?.({ ...RANGE, cursor: '1/a' })).resolves.toMatchObject({
          next: '2/b/2',
        })
        await expect(provider.listPayouts?.({ ...RANGE, cursor: '1/b/2' })).rejects.toThrow('does not tell')
        await expect(provider.listPayouts?.({ ...RANGE, cursor: '10000/a' })).rejects.toThrow(
          'more than 10000 pages',
        )
        const from = '/all?from=1767261600&to=1767265200'
        expect(seen.map(({ url }) => url)).toEqual([from, `${from}&after=a`, `${from}&after=b%2F2`])
      },
    )
  })

  it.each([
    ['with more decimals than are paid now', { usd: { decimals: 0 } }],
    ['in a currency that is not paid any more', { eur: {} }],
  ])('gets nothing of a payout %s: it would be another amount', async (_what, currencies) => {
    await withApi({ currencies }, OK, async (provider, seen) => {
      const order = singleOrder('BW-1', { currency: 'usd', amount: '10.5' })
      expect(await provider.submit(order)).toMatchObject({ kind: 'deferred', why: 'provider_unavailable' })
      expect(seen).toEqual([])
    })
  })

  it('takes its key from the body', async () => {
    const idempotency = { in: 'body', pointer: '/meta/request_id' }
    await withApi({ idempotency }, OK, async (provider, seen) => {
      await provider.submit(singleOrder('BW-1'))
      expect(JSON.parse(String(seen[0]?.body))).toMatchObject({
        meta: { request_id: 'BW-1' },
        external_id: 'BW-1',
      })
    })
  })

  const list = (...data: unknown[]) => ({ status: 200, body: { data } })
  const paid = { id: 'po_1', external_id: 'BW-1', status: 'PAID' }

  it.each([
    [
      'ours',
      list({ ...paid, external_id: 'BW-10', id: 'po_2' }, paid),
      { kind: 'settled', reference: 'po_1' },
    ],
    ['ours twice', list(paid, { ...paid, id: 'po_3' }), { kind: 'unknown' }],
    ['others only', list({ ...paid, external_id: 'BW-10' }), { kind: 'not_found', conclusive: false }],
    ['nobody', list(), { kind: 'not_found', conclusive: true }],
    ['no list', { status: 200, body: {} }, { kind: 'unknown' }],
  ])('that answers with a list is understood when the list shows %s', async (_what, answer, outcome) => {
    const changes = { lookup: lookupConfiguration, notFound: { emptyList: true } }
    await withApi(changes, answer, async (provider, seen) => {
      expect(await provider.lookup(queryOf('BW-1'))).toMatchObject(outcome)
      expect(seen[0]?.url).toBe('/payouts?reference=BW-1')
    })
  })

  it('that does not repeat our key in its answer to a payout is believed, and not one that names another', async () => {
    const answerWith = (more: object) => ({ status: 201, body: { id: 'po_1', status: 'CREATED', ...more } })
    await withApi({}, answerWith({}), async (provider) => {
      expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({
        kind: 'accepted',
        reference: 'po_1',
      })
      // A look-up has to name it: what was asked for need not be what is shown.
      expect(await provider.lookup(queryOf('BW-1'))).toMatchObject({ kind: 'unknown' })
    })
    await withApi({}, answerWith({ external_id: 'BW-2' }), async (provider) => {
      expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ kind: 'unknown' })
    })
  })

  it.each([-100.5, '-100.5', '-0.01'])('that shows a leg of %j tells no amount with it', async (value) => {
    const answer = { ...(exampleConfiguration().answer as object), amountIn: 'decimal' }
    const shown = (more: object) => ({ status: 200, body: { ...paid, ...more } })
    for (const more of [{ amount: { value, currency: 'EUR' } }, { returned: { value } }])
      await withApi({ answer }, shown(more), async (provider) => {
        expect(await provider.lookup(queryOf('BW-1'))).toMatchObject({ kind: 'unknown' })
      })
  })

  it.each([
    ['longer than is kept, and cut in the middle of a character', `${'x'.repeat(119)}\u{1f600}`],
    ['with a character that no database takes', 'in work\u0000'],
  ])('has taken it also in a word %s', async (_what, status) => {
    const answer = { status: 200, body: { ...paid, status } }
    await withApi({ otherStatuses: 'accepted' }, answer, async (provider) => {
      expect(checkedSubmit(await provider.submit(singleOrder('BW-1')))).toMatchObject({ kind: 'accepted' })
      expect(checkedLookup(await provider.lookup(queryOf('BW-1')))).toMatchObject({ kind: 'accepted' })
    })
  })

  it('whose reason is our own account’s declines nobody', async () => {
    const reasons = { NO_MONEY: 'insufficient_float', AC04: 'account_closed' }
    const rejected = (code: string) => ({
      status: 200,
      body: { ...paid, status: 'REJECTED', failure: { code } },
    })
    await withApi({ reasons }, rejected('NO_MONEY'), async (provider) => {
      expect(await provider.submit(singleOrder('BW-1'))).toEqual({ kind: 'accepted', reference: 'po_1' })
      expect(await provider.lookup(queryOf('BW-1'))).toEqual({
        ...{ kind: 'voided', why: 'insufficient_float', status: 'REJECTED' },
      })
    })
    await withApi({ reasons }, rejected('AC04'), async (provider) => {
      expect(await provider.lookup(queryOf('BW-1'))).toMatchObject({
        kind: 'declined',
        code: 'account_closed',
      })
    })
  })

  it('is asked, not believed, when it answers a repetition with a payout that it rejected', async () => {
    const rejected = { status: 200, body: { ...paid, status: 'REJECTED' } }
    await withApi({}, rejected, async (provider) => {
      expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ kind: 'declined' })
      expect(await provider.submit(singleOrder('BW-1'))).toEqual({ kind: 'accepted', reference: 'po_1' })
    })
    // Without a look-up, sending it again is the question.
    await withApi({ lookup: undefined, notFound: undefined }, rejected, async (provider) => {
      await provider.submit(singleOrder('BW-1'))
      expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ kind: 'declined' })
    })
  })

  it('that only knows its own references is asked once it has told one', async () => {
    const changes = { lookup: { by: 'reference', path: '/payouts/{reference}' }, notFound: undefined }
    await withApi(changes, { status: 200, body: paid }, async (provider, seen) => {
      expect(provider.capabilities.lookup).toBe('by_reference')
      expect(await provider.lookup(queryOf('BW-1'))).toEqual({ kind: 'not_found', conclusive: false })
      expect(seen).toEqual([])
      expect(await provider.lookup(queryOf('BW-1', { reference: 'po/1' }))).toMatchObject({ kind: 'settled' })
      expect(seen[0]?.url).toBe('/payouts/po%2F1')
    })
  })

  it('that only knows its own references and shows another payout has said nothing about ours', async () => {
    const { key, ...answer } = exampleConfiguration().answer as Record<string, unknown>
    expect(key).toBeDefined()
    const changes = {
      ...{ lookup: { by: 'reference', path: '/payouts/{reference}' }, notFound: undefined, list: undefined },
      answer,
    }
    await withApi(changes, { status: 200, body: { ...paid, external_id: 'BW-9' } }, async (provider) => {
      expect(await provider.lookup(queryOf('BW-1', { reference: 'po_1' }))).toMatchObject({ kind: 'settled' })
      expect(await provider.lookup(queryOf('BW-1', { reference: 'po_2' }))).toMatchObject({ kind: 'unknown' })
    })
  })

  it('that gives a number too large to be read as it is has given no id and no amount', async () => {
    const answerWith = (more: object) => ({ status: 200, body: { ...paid, ...more } })
    for (const number of [2 ** 53, 2 ** 60]) {
      await withApi({}, answerWith({ id: number }), async (provider) => {
        expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ kind: 'unknown' })
      })
      await withApi({}, answerWith({ amount: { value: number, currency: 'EUR' } }), async (provider) => {
        expect(await provider.lookup(queryOf('BW-1'))).toMatchObject({ kind: 'unknown' })
      })
    }
    await withApi({}, answerWith({ id: Number.MAX_SAFE_INTEGER }), async (provider) => {
      expect(await provider.submit(singleOrder('BW-1'))).toMatchObject({ reference: '9007199254740991' })
    })
  })

  it.each([
    [409, true],
    [404, true],
    [408, false],
    [502, false],
  ])('that answers %i with nothing that helps is there or is silent', async (status, wasHeard) => {
    await withApi({}, { status, body: null }, async (provider) => {
      await provider.submit(singleOrder('BW-1'))
      expect('wasHeard' in (await provider.submit(singleOrder('BW-1')))).toBe(wasHeard)
    })
  })

  it('without keys gets nothing twice that may have been taken', async () => {
    const changes = { idempotency: { in: 'none' }, keyLifetimeHours: 0 }
    await withApi(changes, { status: 500, body: null }, async (provider, seen) => {
      await provider.submit(singleOrder('BW-1'))
      await provider.submit(singleOrder('BW-1'))
      expect(seen).toHaveLength(1)
    })
  })
})
