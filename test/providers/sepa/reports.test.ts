import type { LookupOutcome } from '../../../src/ports/payment-provider'
import type { SepaOptions } from '../../../src/providers/sepa'
import {
  batch,
  type Booking,
  camt,
  e2e,
  entry,
  type Level,
  MESSAGE,
  pain002,
  part,
  returned,
} from './bank-documents'
import { anOrder, createRig, fixture, ITEMS, queryOf, type Rig } from './rig'

/**
 * Goal: what the bank says becomes what is true of each payment, and nothing else does. Method: the story of the
 * fixtures (three payments; one returned, one rejected, one paid), then every report that could be read wrongly.
 */
const STATUSES = '2-pain.002.001.10-partial.xml'
const REJECTED = '2b-pain.002.001.10-group-rejected.xml'
const RETURN = '3-camt.054.001.08-return.xml'
const STATEMENT = '4-camt.053.001.08-statement.xml'

async function ordered(options: SepaOptions = {}): Promise<Rig> {
  const rig = await createRig(options)
  await rig.provider.submit(anOrder())
  return rig
}
/** What each payment is, asked for alone and with its file. */
async function outcomes({ provider }: Rig): Promise<readonly LookupOutcome[]> {
  const alone = await Promise.all(ITEMS.map((item) => provider.lookup(queryOf(item))))
  const together = await provider.lookupOrder?.({ orderKey: MESSAGE, orderReference: null, currency: 'eur' })
  expect(ITEMS.map(({ key }) => together?.[key])).toEqual(alone)
  return alone
}
/** `unclear`: accepted, with facts that decide nothing. */
const kindOf = (outcome: LookupOutcome): string =>
  outcome.kind === 'accepted' && outcome.status?.startsWith('UNCLEAR') ? 'unclear' : outcome.kind
const kinds = async (rig: Rig) => (await outcomes(rig)).map(kindOf)
describe('the story of one file', () => {
  it('is told by the reports in any order, and each report twice changes nothing', async () => {
    for (const story of [
      [STATUSES, RETURN, STATEMENT],
      [STATEMENT, RETURN, STATUSES],
      [RETURN, STATUSES, STATEMENT],
    ]) {
      const rig = await ordered()
      for (const name of story) {
        expect(await rig.ingest(fixture(name))).toMatchObject({ isRepeated: false, problems: [] })
        const before = await outcomes(rig)
        expect(await rig.ingest(fixture(name))).toMatchObject({ isRepeated: true, problems: [] })
        expect(await outcomes(rig)).toEqual(before)
      }
      expect(await outcomes(rig)).toEqual([
        { kind: 'returned', reference: e2e(0), amount: '100', code: 'account_closed' },
        { kind: 'declined', reference: e2e(1), code: 'account_not_found', status: 'RJCT AC01' },
        { kind: 'settled', reference: e2e(2), transactionId: e2e(2), amount: '25.05', status: 'BOOKED' },
      ])
    }
  })

  it('says after the first report which payments are worth a look', async () => {
    const rig = await ordered()
    const { payouts } = await rig.ingest(fixture(STATUSES))
    expect(payouts.map(({ key }) => key).sort()).toEqual(ITEMS.map(({ key }) => key))
    expect(await outcomes(rig)).toMatchObject([
      { kind: 'accepted', status: 'ACSP' },
      { kind: 'declined', code: 'account_not_found' },
      { kind: 'accepted', status: 'ACSC' },
    ])
  })

  it('survives a program that dies while it reads a report', async () => {
    for (let dieAt = 1; ; dieAt++) {
      const rig = await ordered()
      let writes = 0
      const dying = await createRig(
        {},
        {
          documents: {
            ...rig.documents,
            create: (id, value) =>
              ++writes >= dieAt ? Promise.reject(new Error('died')) : rig.documents.create(id, value),
            replace: (id, value, version) =>
              ++writes >= dieAt
                ? Promise.reject(new Error('died'))
                : rig.documents.replace(id, value, version),
          },
        },
      )
      const died = await dying.ingest(fixture(STATUSES)).then(
        () => false,
        () => true,
      )
      await rig.ingest(fixture(STATUSES))
      expect(await kinds(rig)).toEqual(['accepted', 'declined', 'accepted'])
      expect(await rig.ingest(fixture(STATEMENT))).toMatchObject({ problems: [] })
      if (!died) break
    }
  })
})

describe('a status report', () => {
  it.each<[string, Level, readonly string[]]>([
    ['the file is received', { group: 'ACTC' }, ['accepted', 'accepted', 'accepted']],
    ['the file is rejected', { group: 'RJCT', reason: 'FF01' }, ['declined', 'declined', 'declined']],
    ['the block is rejected', { block: 'RJCT', reason: 'AC02' }, ['declined', 'declined', 'declined']],
    [
      'the block is accepted under a rejected group',
      { group: 'RJCT', block: 'ACCP' },
      ['accepted', 'accepted', 'accepted'],
    ],
    [
      'a payment goes its own way under a rejected block',
      { block: 'RJCT', payments: [[0, 'ACSP']] },
      ['accepted', 'declined', 'declined'],
    ],
    [
      'only the named payment is rejected',
      { group: 'PART', block: 'PART', payments: [[1, 'RJCT', 'AC04']] },
      ['accepted', 'declined', 'accepted'],
    ],
    ['a payment is canceled', { payments: [[2, 'CANC', 'CUST']] }, ['accepted', 'accepted', 'declined']],
    ['a code nobody knows', { group: 'ZZZZ' }, ['accepted', 'accepted', 'accepted']],
    ['settled on our side is not proof enough', { group: 'ACSC' }, ['accepted', 'accepted', 'accepted']],
  ])('in which %s', async (_what, level, expected) => {
    for (const version of ['10', '03']) {
      const rig = await ordered()
      await rig.ingest(pain002({ ...level, version }))
      expect(await kinds(rig)).toEqual(expected)
    }
  })

  it('counts as proof of payment only as far as it was set', async () => {
    const after = async (settleOn: NonNullable<SepaOptions['settleOn']>, status: string) => {
      const rig = await ordered({ settleOn })
      await rig.ingest(pain002({ payments: [[0, status]] }))
      return (await kinds(rig))[0]
    }
    expect(await after('acsc', 'ACSC')).toBe('settled')
    expect(await after('acsc', 'ACCC')).toBe('settled')
    expect(await after('accc', 'ACSC')).toBe('accepted')
    expect(await after('accc', 'ACCC')).toBe('settled')
    expect(await after('booking', 'ACCC')).toBe('accepted')
  })

  it('that calls the file a repetition gives nothing back: the first copy may be on its way', async () => {
    const rig = await ordered()
    const { problems } = await rig.ingest(fixture(REJECTED))
    expect(await kinds(rig)).toEqual(['unclear', 'unclear', 'unclear'])
    expect(problems).toHaveLength(3)

    await rig.ingest(pain002({ group: 'ACCP' }))
    expect(await kinds(rig)).toEqual(['accepted', 'accepted', 'accepted'])
    await rig.ingest(camt('053', [entry({ amount: '175.55', details: batch() })]))
    expect(await kinds(rig)).toEqual(['settled', 'settled', 'settled'])
  })

  it('on a rejected file takes the file out of the outbox, and says never to hand it in again', async () => {
    const rig = await ordered()
    const { problems } = await rig.ingest(pain002({ group: 'RJCT', reason: 'AM04' }))
    expect(problems).toEqual([expect.stringContaining('Never hand this file in again')])
    expect(await rig.provider.outbox?.list()).toEqual([])
  })

  it('tells when the bank waits for a decision about a payee’s name', async () => {
    const rig = await ordered()
    const { problems } = await rig.ingest(pain002({ group: 'PART', payments: [[0, 'RVNM']] }))
    expect(problems).toEqual([expect.stringContaining('waits for your decision')])
    expect((await outcomes(rig))[0]).toMatchObject({ kind: 'accepted', status: 'RVNM' })
  })

  it.each<[string, string]>([
    ['another message', pain002({ group: 'RJCT', messageId: 'NOT-OURS' })],
    ['another payment block', pain002({ block: 'RJCT' }).replace(`${MESSAGE}-P1`, `${MESSAGE}-P2`)],
    ['no message at all', pain002({ group: 'RJCT' }).replace(/<OrgnlMsgId>.*?<\/OrgnlMsgId>/, '')],
    [
      'a payment that is not in the message',
      pain002({ payments: [[0, 'RJCT']] }).replace(e2e(0), 'WD0000000000000077'),
    ],
    [
      'direct debits, whose message has the id of ours',
      pain002({ group: 'RJCT' }).replace('pain.001.001.09', 'pain.008.001.08'),
    ],
    ['a payment without a reference', pain002({ payments: [[0, 'RJCT']] }).replace(e2e(0), 'NOTPROVIDED')],
  ])('about %s changes nothing, and says so', async (_what, document) => {
    const rig = await ordered()
    expect((await rig.ingest(document)).problems).toHaveLength(1)
    expect(await kinds(rig)).toEqual(['accepted', 'accepted', 'accepted'])
  })

  it('about a payment of another file is not believed', async () => {
    const rig = await ordered()
    const other = { ...ITEMS[0]!, key: 'BW-X', endToEndId: 'WDX' }
    await rig.provider.submit(anOrder([other], 'OTHER'))
    const { problems } = await rig.ingest(pain002({ payments: [[0, 'RJCT']], messageId: 'OTHER' }))
    expect(problems).toHaveLength(1)
    expect(await kinds(rig)).toEqual(['accepted', 'accepted', 'accepted'])
  })
})

describe('a booking', () => {
  it.each<[string, Booking, readonly string[]]>([
    ['of one payment', { amount: '100.00', details: part(e2e(0)) }, ['settled', 'accepted', 'accepted']],
    [
      'that is only announced',
      { amount: '100.00', status: 'PDNG', details: part(e2e(0)) },
      ['accepted', 'accepted', 'accepted'],
    ],
    [
      'that is only information',
      { amount: '100.00', status: 'INFO', details: part(e2e(0)) },
      ['accepted', 'accepted', 'accepted'],
    ],
    ['of the whole file', { amount: '175.55', details: batch() }, ['settled', 'settled', 'settled']],
    [
      'of the whole file by its message id',
      { amount: '175.55', details: batch(MESSAGE) },
      ['settled', 'settled', 'settled'],
    ],
    [
      'of the file with another amount',
      { amount: '175.54', details: batch() },
      ['accepted', 'accepted', 'accepted'],
    ],
    [
      'of another file',
      { amount: '175.55', details: batch('OTHER-P1') },
      ['accepted', 'accepted', 'accepted'],
    ],
    [
      'of some of the file, named',
      { amount: '125.05', details: batch() + part(e2e(0), '100.00') + part(e2e(2), '25.05') },
      ['settled', 'accepted', 'settled'],
    ],
    [
      'of some of the file, named without their amounts',
      { amount: '125.05', details: part(e2e(0)) + part(e2e(2)) },
      ['settled', 'accepted', 'settled'],
    ],
    [
      'of some without amounts, and another sum',
      { amount: '120.00', details: part(e2e(0)) + part(e2e(2)) },
      ['unclear', 'accepted', 'unclear'],
    ],
    [
      'that a bank took back',
      { amount: '100.00', reversal: true, details: part(e2e(0)) },
      ['unclear', 'accepted', 'accepted'],
    ],
    [
      'of the charge for a payment',
      { amount: '0.20', code: 'CHRG', details: part(e2e(0)) },
      ['accepted', 'accepted', 'accepted'],
    ],
    [
      'without a reference',
      { amount: '100.00', details: part('NOTPROVIDED') },
      ['accepted', 'accepted', 'accepted'],
    ],
    [
      'of an incoming payment that names ours',
      { amount: '100.00', direction: 'CRDT', details: part(e2e(0)) },
      ['accepted', 'accepted', 'accepted'],
    ],
    [
      'of money for the whole file, not itemised',
      { amount: '175.55', direction: 'CRDT', code: 'RRTN', details: batch() },
      ['unclear', 'unclear', 'unclear'],
    ],
  ])('%s', async (_what, booking, expected) => {
    for (const kind of ['052', '053', '054'] as const) {
      const rig = await ordered()
      await rig.ingest(camt(kind, [entry(booking)]))
      expect(await kinds(rig)).toEqual(expected)
    }
  })

  it('with another amount is told as it is, for the engine to stop at', async () => {
    const rig = await ordered()
    await rig.ingest(camt('053', [entry({ amount: '99.00', details: part(e2e(0)) })]))
    expect((await outcomes(rig))[0]).toMatchObject({ kind: 'settled', amount: '99' })
  })

  it('on another account is not ours', async () => {
    const rig = await ordered()
    const { problems } = await rig.ingest(
      camt('053', [entry({ amount: '100.00', details: part(e2e(0)) })], 'DE75512108001245126199'),
    )
    expect(problems).toEqual([expect.stringContaining('not the one payments are made from')])
    expect(await kinds(rig)).toEqual(['accepted', 'accepted', 'accepted'])
  })

  it('of what is left of a file stands for what was not rejected, whichever comes first', async () => {
    const rejection = pain002({ payments: [[1, 'RJCT', 'AC01']] })
    const booked = camt('053', [entry({ amount: '125.05', details: batch() })])
    for (const story of [
      [rejection, booked],
      [booked, rejection],
    ]) {
      const rig = await ordered()
      for (const document of story) await rig.ingest(document)
      expect(await kinds(rig)).toEqual(['settled', 'declined', 'settled'])
    }
  })

  it('of a file in two parts stands for all of it', async () => {
    const rig = await ordered()
    await rig.ingest(camt('054', [entry({ amount: '100.00', details: batch() })]))
    expect(await kinds(rig)).toEqual(['accepted', 'accepted', 'accepted'])
    await rig.ingest(camt('054', [entry({ amount: '75.55', details: batch() })]))
    expect(await kinds(rig)).toEqual(['settled', 'settled', 'settled'])
  })

  it('of one payment twice on one statement is paid, and is told', async () => {
    const rig = await ordered()
    const twice = ['A', 'B'].map((reference) => entry({ amount: '100.00', reference, details: part(e2e(0)) }))
    const { problems } = await rig.ingest(camt('053', twice))
    expect(problems).toEqual([expect.stringContaining('more than once')])
    expect((await kinds(rig))[0]).toBe('settled')
  })
})

describe('a return', () => {
  const credit = (amount: string, more: Partial<Booking> = {}, inside = returned('AC04')) =>
    entry({ amount, direction: 'CRDT', code: 'RRTN', details: part(e2e(0), amount, inside), ...more })
  const back = async (rig: Rig) => {
    const [first] = await outcomes(rig)
    return first?.kind === 'returned' ? first.amount : first && kindOf(first)
  }

  it('comes during the day, in a notification and again in the statement, and is one return', async () => {
    const rig = await ordered()
    await rig.ingest(camt('052', [credit('100.00', { reference: 'R1' })]))
    await rig.ingest(camt('054', [credit('100.00', { reference: 'R1' })]))
    await rig.ingest(camt('053', [credit('100.00')]))
    await rig.ingest(camt('053', [credit('100.00')]))
    expect(await back(rig)).toBe('100')
  })

  it('in parts adds up, and never to more than was sent', async () => {
    const rig = await ordered()
    await rig.ingest(camt('053', [credit('40.00', { reference: 'R1' })]))
    expect(await back(rig)).toBe('40')
    await rig.ingest(camt('053', [credit('40.00', { reference: 'R1' })]))
    expect(await back(rig)).toBe('40')
    await rig.ingest(camt('053', [credit('30.00', { reference: 'R2' }), credit('5.00'), credit('5.00')]))
    expect(await back(rig)).toBe('80')
    await rig.ingest(camt('053', [credit('99.00', { reference: 'R3' })]))
    expect(await back(rig)).toBe('100')
  })

  it('after the payment was proven is a return all the same', async () => {
    const rig = await ordered()
    await rig.ingest(camt('053', [entry({ amount: '100.00', details: part(e2e(0)) })]))
    expect(await back(rig)).toBe('settled')
    await rig.ingest(camt('053', [credit('95.00', { date: '2026-11-26' })]))
    expect(await outcomes(rig)).toMatchObject([
      { kind: 'returned', amount: '95', code: 'account_closed' },
      {},
      {},
    ])
  })

  it('is known by the bank’s reversal mark alone', async () => {
    const rig = await ordered()
    await rig.ingest(camt('053', [credit('100.00', { code: 'ESCT', reversal: true }, '')]))
    expect(await back(rig)).toBe('100')
  })

  it('after a rejection agrees with it when all came back, and with nothing when a part did', async () => {
    const rig = await ordered()
    await rig.ingest(pain002({ payments: [[0, 'RJCT', 'AC04']] }))
    const { problems } = await rig.ingest(camt('053', [credit('99.00', { reference: 'R1' })]))
    expect(await back(rig)).toBe('unclear')
    expect(problems).toEqual([expect.stringContaining('only a part')])
    await rig.ingest(camt('053', [credit('1.00', { reference: 'R2' })]))
    expect(await back(rig)).toBe('100')
  })

  it('that comes when nobody watches for it any more is told', async () => {
    const rig = await ordered()
    await rig.ingest(camt('053', [entry({ amount: '100.00', details: part(e2e(0)) })]))
    expect((await rig.ingest(camt('053', [credit('10.00', { reference: 'R1' })]))).problems).toEqual([])
    await rig.clock.advance(22 * 24 * 3_600_000)
    const { problems } = await rig.ingest(camt('053', [credit('90.00', { reference: 'R2' })]))
    expect(problems).toEqual([expect.stringContaining('very late')])
    expect(await back(rig)).toBe('100')
  })

  it('that fits no payment is told', async () => {
    const rig = await ordered()
    const details = part('SOMEBODY', '7.00', returned('AC01'))
    const { problems } = await rig.ingest(
      camt('053', [entry({ amount: '7.00', direction: 'CRDT', details })]),
    )
    expect(problems).toEqual([expect.stringContaining('fits no payment')])
  })
})

describe('facts against each other', () => {
  const REJECTION = pain002({ payments: [[0, 'RJCT', 'AC01']] })
  const eitherOrder = async (
    paid: string,
    check: (rig: Rig, problems: readonly string[]) => Promise<void>,
  ) => {
    for (const story of [
      [REJECTION, paid],
      [paid, REJECTION],
    ]) {
      const rig = await ordered({ settleOn: 'acsc' })
      await rig.ingest(story[0]!)
      const { problems } = await rig.ingest(story[1]!)
      expect(problems).toEqual([expect.stringContaining(e2e(0))])
      await check(rig, problems)
    }
  }

  it('rejected, and settled by the bank’s word: nothing is given back and nothing is called paid, in either order', () =>
    eitherOrder(pain002({ payments: [[0, 'ACSC']] }), async (rig) => {
      expect((await outcomes(rig))[0]).toMatchObject({
        kind: 'accepted',
        status: expect.stringMatching(/^UNCLEAR/),
      })
    }))

  it.each<[string, string]>([
    ['by itself', camt('053', [entry({ amount: '100.00', details: part(e2e(0)) })])],
    ['with its file', camt('053', [entry({ amount: '175.55', details: batch() })])],
  ])(
    'rejected, and booked %s: money that moved goes before words, and a person is asked, in either order',
    (_what, booked) =>
      eitherOrder(booked, async (rig, problems) => {
        expect((await outcomes(rig))[0]).toMatchObject({ kind: 'settled', amount: '100', status: 'BOOKED' })
        expect(problems).toEqual([expect.stringContaining('has also booked it')])
      }),
  )

  it('settle when the money of the rejected payment comes back', async () => {
    const rig = await ordered()
    await rig.ingest(camt('053', [entry({ amount: '175.55', details: batch() })]))
    await rig.ingest(REJECTION)
    const credit = entry({ amount: '100.00', direction: 'CRDT', details: part(e2e(0), '', returned('AC01')) })
    await rig.ingest(camt('053', [credit]))
    expect(await kinds(rig)).toEqual(['returned', 'settled', 'settled'])
  })

  it('never name a person or an account in what the operator reads', async () => {
    const rig = await ordered()
    const { problems } = await rig.ingest(
      camt('053', [
        entry({
          amount: '1.00',
          direction: 'CRDT',
          code: 'RRTN',
          details: part('DE75512108001245126199 Jane Roe!'),
        }),
      ]),
    )
    expect(problems.join()).not.toMatch(/Jane Roe/)
  })
})
