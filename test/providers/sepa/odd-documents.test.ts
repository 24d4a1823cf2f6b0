import { isStorable } from '../../../src/domain/storable'
import { createPace } from '../../../src/providers/sepa/pace'
import { readReport } from '../../../src/providers/sepa/reader/read-report'
import { camt, e2e, entry, MESSAGE, pain002, part, returned } from './bank-documents'
import { anOrder, createRig, fixture, ITEMS, queryOf } from './rig'

/**
 * Goal: a document is used as a whole or turned away with a sentence, and never takes the program with it. Method:
 * documents that hold more than one message, far more elements than any bank writes, or what stands for nothing.
 */
const read = (text: string | Buffer) => readReport(Buffer.from(text), 25_000_000, createPace())
const STATUSES = fixture('2-pain.002.001.10-partial.xml')

const ordered = async () => {
  const rig = await createRig()
  await rig.provider.submit(anOrder())
  return rig
}

describe('a document with more in it than a report', () => {
  it('such as a second message is turned away, because half of it would be dropped without a word', async () => {
    const body = /<CstmrPmtStsRpt>[\s\S]*<\/CstmrPmtStsRpt>/.exec(STATUSES)?.[0] ?? ''
    await expect(read(STATUSES.replace(body, body + body))).rejects.toThrow('several messages')
  })

  it.each(['<a/>', '<Ntry/>', '<TxDtls/>'])(
    'such as %s without end is turned away before it fills the memory',
    async (piece) => {
      await expect(read(camt('053', [piece.repeat(25_000)]))).rejects.toThrow('more elements')
    },
  )

  it('is told to be a payment file, however many elements that has', async () => {
    const payments = '<CdtTrfTxInf><a/></CdtTrfTxInf>'.repeat(25_000)
    const file = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">${payments}</Document>`
    await expect(read(file)).rejects.toThrow('It is a pain.001 message')
  })
})

describe('a document that declares its encoding with spaces', () => {
  it('is read in it', async () => {
    const spaced = STATUSES.replace('encoding="UTF-8"', "encoding = 'ISO-8859-1' ").replace(
      'Incorrect',
      'Ungültig',
    )
    expect(spaced).toContain(' = ')
    expect(await read(Buffer.from(spaced, 'latin1'))).toEqual(await read(STATUSES))
  })
})

describe('a message id', () => {
  it('that is too long is cut between characters, so that it can be stored', async () => {
    const { messageId } = await read(STATUSES.replace(/<MsgId>.*?</, `<MsgId>${'x'.repeat(69)}😀😀<`))
    expect(messageId?.startsWith('xxx')).toBe(true)
    expect(isStorable(messageId ?? '')).toBe(true)
  })

  it.each([
    ['message', MESSAGE],
    ['payment block', `${MESSAGE}-P1`],
  ])('of the %s that stands for none leaves the file to be found by the other', async (_which, id) => {
    const rig = await ordered()
    const rejected = pain002({ block: 'RJCT', reason: 'AM04' })
    await rig.ingest(rejected.replace(`>${id}<`, '>NOTPROVIDED<'))
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ kind: 'declined' })
  })
})

describe('a day with its time zone', () => {
  it('is the same day as without', async () => {
    const rig = await ordered()
    const back = (date: string) =>
      entry({
        ...{ amount: '40.00', direction: 'CRDT', code: 'RRTN', date },
        details: part(e2e(0), '40.00', returned('AC04')),
      })
    for (const date of ['2026-11-23', '2026-11-23+01:00', '2026-11-23Z'])
      await rig.ingest(camt('053', [back(date)]))
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ kind: 'returned', amount: '40' })
  })
})

describe('a currency that is none', () => {
  it.each(['EURO', 'eur', ''])('is not taken for euro (%j)', async (currency) => {
    const rig = await ordered()
    await rig.ingest(camt('053', [entry({ amount: '100.00', currency, details: part(e2e(0)) })]))
    expect((await rig.provider.lookup(queryOf(ITEMS[0]!))).kind).toBe('accepted')
  })

  it('makes an answer of a length that can be stored', async () => {
    const rig = await ordered()
    await rig.ingest(
      camt('053', [entry({ amount: '100.00', currency: 'E'.repeat(1_000), details: part(e2e(0)) })]),
    )
    const outcome = await rig.provider.lookup(queryOf(ITEMS[0]!))
    expect(outcome.kind === 'accepted' && outcome.status).toMatch(/^UNCLEAR: .{1,200}$/)
  })
})
