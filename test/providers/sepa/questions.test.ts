import type { LookupOutcome } from '../../../src/ports/payment-provider'
import { batch, camt, e2e, entry, type Level, pain002, part, returned } from './bank-documents'
import { anOrder, createRig, ITEMS, queryOf, type Rig } from './rig'

/**
 * Goal: what no rule covers is a question at once, and never stands in the way of what is clear. Method: each unclear fact
 * alone, with a clear one after it, and with facts that it contradicts.
 */
async function ordered(): Promise<Rig> {
  const rig = await createRig()
  await rig.provider.submit(anOrder())
  return rig
}
const outcomeOf = ({ provider }: Rig, at = 0): Promise<LookupOutcome> => provider.lookup(queryOf(ITEMS[at]!))
const UNCLEAR = { kind: 'accepted', status: expect.stringMatching(/^UNCLEAR/) }

const booked = (amount = '100.00') => camt('053', [entry({ amount, details: part(e2e(0)) })])
const back = (amount: string, more: object = {}) =>
  camt('053', [
    entry({ amount, direction: 'CRDT', code: 'RRTN', details: part(e2e(0), '', returned('AC04')), ...more }),
  ])
const REPETITION = pain002({ group: 'RJCT', reason: 'AM05' })
const BACK_IN_DOLLARS = back('108.00', { currency: 'USD' })
const REVERSAL = camt('053', [
  entry({ amount: '100.00', reversal: true, details: part(e2e(0)), date: '2026-11-25' }),
])
const LUMP_REFUND = camt('053', [
  entry({ amount: '50.50', direction: 'CRDT', code: 'RRTN', details: batch() }),
])
const BOOKED_IN_DOLLARS = camt('053', [entry({ amount: '108.00', currency: 'USD', details: part(e2e(0)) })])

describe('an unclear fact', () => {
  it.each<[string, string, readonly number[], string]>([
    ['a refusal of the file as a repetition', REPETITION, [0, 1, 2], 'repetition'],
    ['a return in dollars', BACK_IN_DOLLARS, [0], '108 USD'],
    ['a booking that was taken back', REVERSAL, [0], 'taken back'],
    ['a lump refund of the file', LUMP_REFUND, [0, 1, 2], 'for its whole file'],
    ['a booking in dollars', BOOKED_IN_DOLLARS, [0], '108 USD'],
  ])('such as %s is a question about each of its payouts, at once', async (_what, document, about, words) => {
    const rig = await ordered()
    const { questions = [], problems, payouts } = await rig.ingest(document)
    expect(questions.map(({ payout }) => payout)).toEqual(
      about.map((at) => ({ key: ITEMS[at]!.key, endToEndId: e2e(at), reference: e2e(at) })),
    )
    for (const { message } of questions) {
      expect(message).toContain(words)
      expect(problems).toContain(message)
    }
    expect(payouts).toEqual(questions.map(({ payout }) => payout))
    for (const at of about) expect(await outcomeOf(rig, at)).toMatchObject(UNCLEAR)
  })

  it('is asked about in the same words when the report is read again', async () => {
    const rig = await ordered()
    const first = await rig.ingest(BACK_IN_DOLLARS)
    expect(await rig.ingest(BACK_IN_DOLLARS)).toEqual({ ...first, isRepeated: true })
  })

  it.each<[string, string, string, object]>([
    ['a refusal as a repetition', REPETITION, booked(), { kind: 'settled', amount: '100' }],
    ['a return in dollars', BACK_IN_DOLLARS, back('93.00'), { kind: 'returned', amount: '93' }],
    ['a return in dollars', BACK_IN_DOLLARS, booked(), { kind: 'settled', amount: '100' }],
    [
      'a return in dollars',
      BACK_IN_DOLLARS,
      pain002({ payments: [[0, 'RJCT', 'AC04']] }),
      { kind: 'declined' },
    ],
    ['a booking that was taken back', REVERSAL, booked(), { kind: 'settled', amount: '100' }],
    [
      'a booking that was taken back',
      REVERSAL,
      back('100.00', { date: '2026-11-26' }),
      { kind: 'returned', amount: '100' },
    ],
    ['a lump refund', LUMP_REFUND, booked(), { kind: 'settled', amount: '100' }],
    ['a lump refund', LUMP_REFUND, back('100.00'), { kind: 'returned', amount: '100' }],
    ['a booking in dollars', BOOKED_IN_DOLLARS, booked(), { kind: 'settled', amount: '100' }],
  ])('such as %s does not stand in the way of a clear one', async (_what, unclear, clear, outcome) => {
    const rig = await ordered()
    await rig.ingest(unclear)
    await rig.ingest(clear)
    expect(await outcomeOf(rig)).toMatchObject(outcome)
  })

  it.each<[string, string, string]>([
    [
      'a rejection, when it may be a booking',
      BOOKED_IN_DOLLARS,
      pain002({ payments: [[0, 'RJCT', 'AC04']] }),
    ],
    ['a rejection, when a booking was taken back', REVERSAL, pain002({ payments: [[0, 'RJCT', 'AC04']] })],
    ['a return that was taken back later', REVERSAL, back('100.00')],
  ])('holds off %s: nothing is given back that may be gone', async (_what, unclear, clear) => {
    for (const story of [
      [unclear, clear],
      [clear, unclear],
    ]) {
      const rig = await ordered()
      await rig.ingest(story[0]!)
      const { questions } = await rig.ingest(story[1]!)
      expect(await outcomeOf(rig)).toMatchObject(UNCLEAR)
      expect(questions).toHaveLength(1)
    }
  })

  it('beside a clear one is a question all the same', async () => {
    const rig = await ordered()
    await rig.ingest(booked())
    const { questions } = await rig.ingest(BACK_IN_DOLLARS)
    expect(questions).toMatchObject([{ message: expect.stringContaining('108 USD') }])
    expect(await outcomeOf(rig)).toMatchObject({ kind: 'settled' })
  })
})

describe('a fact that comes late', () => {
  it('such as a booking of what was rejected and given back points to its payout, which is settled then', async () => {
    const rig = await ordered()
    await rig.ingest(pain002({ payments: [[0, 'RJCT', 'AC01']] }))
    expect(await outcomeOf(rig)).toMatchObject({ kind: 'declined' })

    const { payouts, questions, problems } = await rig.ingest(booked())
    expect(payouts).toMatchObject([{ key: ITEMS[0]!.key }])
    expect(questions).toMatchObject([
      {
        payout: { key: ITEMS[0]!.key },
        message: expect.stringContaining('rejected it, and has also booked it'),
      },
    ])
    expect(problems).toEqual(questions?.map(({ message }) => message))
    expect(await outcomeOf(rig)).toEqual({
      kind: 'settled',
      reference: e2e(0),
      transactionId: e2e(0),
      amount: '100',
      status: 'BOOKED',
    })
  })

  it('such as a booking of a whole file that was rejected settles all of it', async () => {
    const rig = await ordered()
    await rig.ingest(pain002({ group: 'RJCT', reason: 'FF01' }))
    const { payouts, questions } = await rig.ingest(
      camt('053', [entry({ amount: '175.55', details: batch() })]),
    )
    expect([payouts.length, questions?.length]).toEqual([3, 3])
    for (const at of [0, 1, 2]) expect(await outcomeOf(rig, at)).toMatchObject({ kind: 'settled' })
  })

  it('such as a return after nobody watches any more is a question', async () => {
    const rig = await ordered()
    await rig.ingest(booked())
    await rig.clock.advance(22 * 24 * 3_600_000)
    const { questions } = await rig.ingest(back('90.00'))
    expect(questions).toMatchObject([
      { payout: { key: ITEMS[0]!.key }, message: expect.stringMatching(/very late \(90\)/) },
    ])
  })
})

describe('more money back than was sent', () => {
  it('is credited up to what was sent, and the true sum is asked about', async () => {
    const rig = await ordered()
    await rig.ingest(booked())
    const { questions } = await rig.ingest(back('120.00'))
    expect(await outcomeOf(rig)).toMatchObject({ kind: 'returned', amount: '100' })
    expect(questions).toMatchObject([
      { payout: { key: ITEMS[0]!.key }, message: expect.stringMatching(/120 EUR back.* 100 EUR/) },
    ])
  })
})

describe('a credit that names a payment and is not called a return', () => {
  it('changes nothing, and is asked about', async () => {
    const rig = await ordered()
    const { questions } = await rig.ingest(
      camt('053', [entry({ amount: '100.00', direction: 'CRDT', details: part(e2e(0)) })]),
    )
    expect(questions).toMatchObject([
      { payout: { key: ITEMS[0]!.key }, message: expect.stringContaining('not called a return') },
    ])
    expect(await outcomeOf(rig)).toMatchObject({ kind: 'accepted', status: 'FILED' })
  })
})

describe('what was rejected and is said to go on', () => {
  const REJECTED = { payments: [[0, 'RJCT', 'AC04']] } as const
  const at = (hour: number) => ({ writtenAt: `2026-11-20T${hour}:00:00+01:00` })

  it.each<[string, Level, Level]>([
    ['a payment by itself', REJECTED, { payments: [[0, 'ACCP']] }],
    ['its file', { group: 'RJCT', reason: 'FF01' }, { group: 'ACSP' }],
    ['a payment of a file', { group: 'RJCT', reason: 'FF01' }, { group: 'PART', payments: [[0, 'RCVD']] }],
  ])('is held and asked about, be it %s', async (_what, first, then) => {
    const rig = await ordered()
    await rig.ingest(pain002({ ...first, ...at(10) }))
    expect(await outcomeOf(rig)).toMatchObject({ kind: 'declined' })
    const { questions = [], problems } = await rig.ingest(pain002({ ...then, ...at(11) }))
    expect(questions[0]).toMatchObject({
      payout: { key: ITEMS[0]!.key },
      message: expect.stringMatching(/has rejected it, and has said (?:ACCP|ACSP|RCVD) of it since/),
    })
    expect(problems).toContain(questions[0]!.message)
    expect(await outcomeOf(rig)).toMatchObject(UNCLEAR)
    // Its last word again.
    await rig.ingest(pain002({ ...first, ...at(12) }))
    expect(await outcomeOf(rig)).toMatchObject({ kind: 'declined' })
  })

  it('is held for as long as the bank says that it is paid, whatever it says after', async () => {
    const rig = await ordered()
    for (const status of ['RJCT', 'ACSC', 'RJCT'])
      await rig.ingest(pain002({ payments: [[0, status, 'AC04']] }))
    expect(await outcomeOf(rig)).toMatchObject(UNCLEAR)
  })

  it.each<[string, Level[]]>([
    [
      'was said before it, and is read after it',
      [
        { ...REJECTED, ...at(11) },
        { payments: [[0, 'ACCP']], ...at(10) },
      ],
    ],
    [
      'was said before it, and read before it',
      [
        { payments: [[0, 'ACCP']], writtenAt: null },
        { ...REJECTED, writtenAt: null },
      ],
    ],
    ['is said of other payments of its file', [REJECTED, { group: 'PART', payments: [[1, 'ACCP']] }]],
    ['is said of the rest of its file', [REJECTED, { group: 'ACSP', ...at(23) }]],
    ['is that a repetition of it is refused', [REJECTED, { ...REJECTED, payments: [[0, 'RJCT', 'DU01']] }]],
  ])('is not what %s', async (_what, levels) => {
    const rig = await ordered()
    for (const level of levels) expect((await rig.ingest(pain002(level))).questions).toEqual([])
    expect(await outcomeOf(rig)).toMatchObject({ kind: 'declined' })
  })

  it('is told by the order in which it is read where the bank gives no time', async () => {
    const rig = await ordered()
    for (const payments of [REJECTED.payments, [[0, 'PDNG']] as const])
      await rig.ingest(pain002({ payments, writtenAt: null }))
    expect(await outcomeOf(rig)).toMatchObject(UNCLEAR)
  })
})
