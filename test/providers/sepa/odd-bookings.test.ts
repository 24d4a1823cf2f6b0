import type { LookupOutcome } from '../../../src/ports/payment-provider'
import { batch, type Booking, camt, e2e, entry, MESSAGE, part, returned } from './bank-documents'
import { anOrder, createRig, ITEMS, queryOf, type Rig } from './rig'

/**
 * Goal: a booking that a bank writes badly proves nothing, takes nothing from what others prove, and is not lost
 * either. Method: one mark of a good booking at a time is left out, repeated or used for something else.
 */
async function ordered(): Promise<Rig> {
  const rig = await createRig()
  await rig.provider.submit(anOrder())
  return rig
}
const outcome = ({ provider }: Rig, at = 0): Promise<LookupOutcome> => provider.lookup(queryOf(ITEMS[at]!))
const back = (amount: string, more: Partial<Booking> = {}) =>
  entry({
    ...{ amount, direction: 'CRDT', code: 'RRTN', details: part(e2e(0), amount, returned('AC04')) },
    ...more,
  })
const booked = entry({ amount: '100.00', details: part(e2e(0)) })
const UNCLEAR = { kind: 'accepted', status: expect.stringMatching(/^UNCLEAR: /) as string }

describe('a booking that does not say whether money left or came back', () => {
  it.each(['', '<CdtDbtInd/>', '<CdtDbtInd>CR</CdtDbtInd>'])(
    'proves nothing of its payment, and is asked about (%j)',
    async (written) => {
      const rig = await ordered()
      const odd = booked.replace('<CdtDbtInd>DBIT</CdtDbtInd>', written)
      const { problems } = await rig.ingest(camt('053', [odd]))
      expect(problems).toEqual([expect.stringContaining('whether')])
      expect(await outcome(rig)).toMatchObject(UNCLEAR)
      await rig.ingest(camt('053', [booked]))
      expect(await outcome(rig)).toMatchObject({ kind: 'settled' })
    },
  )

  it('proves nothing of any payment of a whole file', async () => {
    const rig = await ordered()
    const odd = entry({ amount: '175.55', details: batch() }).replace('<CdtDbtInd>DBIT</CdtDbtInd>', '')
    await rig.ingest(camt('053', [odd]))
    for (const at of [0, 1, 2]) expect(await outcome(rig, at)).toMatchObject(UNCLEAR)
  })
})

describe('a booking in another currency', () => {
  it('stands in nobody’s way when a corrected report has it in EUR under the same reference', async () => {
    const rig = await ordered()
    const dollars = { amount: '100.00', reference: 'R1', currency: 'USD', details: part(e2e(0)) }
    await rig.ingest(camt('053', [entry(dollars)]))
    expect(await outcome(rig)).toMatchObject(UNCLEAR)
    await rig.ingest(camt('053', [entry({ ...dollars, currency: 'EUR' })]))
    expect(await outcome(rig)).toMatchObject({ kind: 'settled' })
  })
})

describe('a booking of nothing, or of less', () => {
  it.each(['0.00', '-100.00'])(
    'as a return takes nothing from the proof of its payment (%s)',
    async (amount) => {
      const rig = await ordered()
      await rig.ingest(camt('053', [booked]))
      const { problems } = await rig.ingest(camt('053', [back(amount)]))
      expect(problems).toEqual([expect.stringContaining('no amount in EUR')])
      expect(await outcome(rig)).toMatchObject({ kind: 'settled', amount: '100' })
    },
  )

  it.each(['0.00', '-100.00'])('proves no payment (%s)', async (amount) => {
    const rig = await ordered()
    await rig.ingest(camt('053', [entry({ amount, details: part(e2e(0)) })]))
    expect(await outcome(rig)).toMatchObject(UNCLEAR)
  })
})

describe('several statements in one document', () => {
  /** The entries once more, in a second report of the same document. */
  const twice = (kind: '052' | '053' | '054', entries: readonly string[], more: readonly string[] = []) => {
    const parts = { '052': 'Rpt', '053': 'Stmt', '054': 'Ntfctn' } as const
    const [one, other] = [camt(kind, entries), camt(kind, [...entries, ...more])]
    const name = parts[kind]
    const second = other.slice(other.indexOf(`<${name}>`), other.indexOf(`</${name}>`))
    return one.replace(`</${name}>`, `</${name}>${second}</${name}>`)
  }

  it.each(['052', '053', '054'] as const)(
    'that each have the same part of a payment coming back credit it once (camt.%s)',
    async (kind) => {
      for (const marks of [{ reference: 'R1' }, {}]) {
        const rig = await ordered()
        await rig.ingest(twice(kind, [back('40.00', marks)]))
        expect(await outcome(rig)).toMatchObject({ kind: 'returned', amount: '40' })
      }
    },
  )

  it('of which the later ones have all that was booked so far add only what is new', async () => {
    const rig = await ordered()
    await rig.ingest(twice('052', [back('40.00', { reference: 'R1' })], [back('25.00', { reference: 'R2' })]))
    expect(await outcome(rig)).toMatchObject({ kind: 'returned', amount: '65' })
  })

  it('that each have the booking of a whole file prove it', async () => {
    const rig = await ordered()
    await rig.ingest(twice('054', [entry({ amount: '175.55', details: batch(MESSAGE) })]))
    for (const at of [0, 1, 2]) expect(await outcome(rig, at)).toMatchObject({ kind: 'settled' })
  })

  it('that are each the first page, however that is written, credit it once', async () => {
    const rig = await ordered()
    const first = '<StmtPgntn><PgNb>00001</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>'
    await rig.ingest(twice('053', [back('40.00')]).replaceAll('<Acct>', `${first}<Acct>`))
    expect(await outcome(rig)).toMatchObject({ kind: 'returned', amount: '40' })
  })

  it('that are pages of one statement count what looks alike on each of them', async () => {
    const rig = await ordered()
    const pages = twice('053', [back('40.00')])
    const at = pages.lastIndexOf('<Acct>')
    const page = '<StmtPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>'
    await rig.ingest(`${pages.slice(0, at)}${page}${pages.slice(at)}`)
    expect(await outcome(rig)).toMatchObject({ kind: 'returned', amount: '80' })
  })
})

describe('a booking whose reference is none', () => {
  it.each(['NONREF', 'NOTPROVIDED', 'Not Provided', '0000000000'])(
    'is told from another one by day and amount (%s)',
    async (reference) => {
      const rig = await ordered()
      await rig.ingest(camt('053', [back('40.00', { reference, date: '2026-11-23' })]))
      await rig.ingest(camt('053', [back('40.00', { reference, date: '2026-11-23' })]))
      expect(await outcome(rig)).toMatchObject({ kind: 'returned', amount: '40' })
      await rig.ingest(camt('053', [back('60.00', { reference, date: '2026-11-24' })]))
      expect(await outcome(rig)).toMatchObject({ kind: 'returned', amount: '100' })
    },
  )
})

describe('a collected return of some of a file', () => {
  it('of which one part has lost its reference tells of that part', async () => {
    const rig = await ordered()
    const details =
      batch() + part(e2e(0), '100.00', returned('AC04')) + part('NOTPROVIDED', '50.50', returned('AC01'))
    const { problems } = await rig.ingest(
      camt('053', [entry({ amount: '150.50', direction: 'CRDT', code: 'RRTN', details })]),
    )
    expect(await outcome(rig)).toMatchObject({ kind: 'returned', amount: '100' })
    expect(problems).toEqual([expect.stringContaining('fits no payment')])
  })
})
