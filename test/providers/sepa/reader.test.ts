import { createPace } from '../../../src/providers/sepa/pace'
import { readReport } from '../../../src/providers/sepa/reader/read-report'
import { anOrder, createRig, fixture, ITEMS, queryOf } from './rig'
import { spec, specFiles, whenSpecsAreHere } from './specs'

/**
 * Goal: reports of real banks are read, conforming or not, and everything else is turned away with a sentence. Method:
 * files that banks and vendors have published, and documents made to be misread.
 */
const read = (text: string | Buffer, bytesMax = 25_000_000) =>
  readReport(Buffer.from(text), bytesMax, createPace())
const STATUSES = fixture('2-pain.002.001.10-partial.xml')

describe('a document that is no report', () => {
  it.each<[string, string | Buffer, string]>([
    ['is empty', '', 'not well-formed'],
    ['is text', 'balance: 100 EUR', 'not well-formed'],
    ['is cut off', STATUSES.slice(0, 500), 'not well-formed'],
    ['is a ZIP archive', Buffer.from([0x50, 0x4b, 3, 4, 0]), 'ZIP archive'],
    ['is another XML', '<html><body/></html>', 'no ISO 20022 document'],
    [
      'is a payment order',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn/></Document>',
      'only pain.002, camt.052, camt.053 and camt.054',
    ],
    [
      'says one thing and holds another',
      STATUSES.replace('pain.002.001.10', 'camt.053.001.08'),
      'holds something else',
    ],
    ['does not say what it is', '<Document><Something/></Document>', 'does not say which message'],
    [
      'declares entities',
      `<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${STATUSES.slice(STATUSES.indexOf('<Document'))}`,
      'document type',
    ],
    ['names a reserved word', '<Document><__proto__>1</__proto__></Document>', 'does not say which message'],
    ['is in an unknown encoding', STATUSES.replace('UTF-8', 'EBCDIC-XY'), 'encoding'],
    [
      'is not in the encoding it names',
      Buffer.concat([Buffer.from(STATUSES), Buffer.from([0xff])]),
      'encoding',
    ],
  ])('because it %s is turned away', async (_what, text, why) => {
    await expect(read(text)).rejects.toThrow(why)
  })

  it('because it is too large is turned away before it is parsed', async () => {
    await expect(read(STATUSES, 100)).rejects.toThrow('larger than the limit')
  })

  it('is a sentence for the operator, never an error, and changes nothing', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const answer = await rig.ingest('nonsense')
    expect(answer).toMatchObject({ isRepeated: false, payouts: [] })
    expect(answer.problems).toHaveLength(1)
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ kind: 'accepted' })
  })
})

describe('a report that is written unlike others', () => {
  const same = async (text: string | Buffer) =>
    expect(await read(text)).toMatchObject({ ...(await read(STATUSES)), problems: [] })

  it('may use a prefix', async () => {
    const prefixed = STATUSES.replace(/<(\/?)(\w)/g, '<$1n:$2').replace('xmlns=', 'xmlns:n=')
    await same(prefixed)
  })

  it('may start with a byte order mark, or be in UTF-16', async () => {
    await same(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(STATUSES)]))
    await same(
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(STATUSES.replace('UTF-8', 'UTF-16'), 'utf16le')]),
    )
  })

  it('may be in Latin-1', async () => {
    await same(
      Buffer.from(STATUSES.replace('UTF-8', 'ISO-8859-1').replace('Incorrect', 'Ungültig'), 'latin1'),
    )
  })

  it('may carry a comment that looks like another document', async () => {
    await same(
      STATUSES.replace(
        '<Document',
        '<!-- <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"> --><Document',
      ),
    )
  })

  it('may be of a version nobody has seen, with a word to the operator', async () => {
    const { problems, kind } = await read(STATUSES.replace('pain.002.001.10', 'pain.002.001.14'))
    expect(kind).toBe('pain.002')
    expect(problems).toEqual([expect.stringContaining('version 14')])
  })

  it('keeps amounts as they are written, never as floats', async () => {
    const statement = fixture('4-camt.053.001.08-statement.xml').replace(/100\.00/g, '90071992547409.93')
    const report = await read(statement)
    expect(report.kind !== 'pain.002' && report.entries[1]?.whole.amount).toBe('90071992547409.93')
  })

  it.each(['02', '04', '08'])('may be of the day so far, in version %s', async (version) => {
    const statement = fixture('4-camt.053.001.08-statement.xml')
    const intraday = statement
      .replace('camt.053.001.08', `camt.052.001.${version}`)
      .replaceAll('BkToCstmrStmt', 'BkToCstmrAcctRpt')
      .replaceAll('Stmt>', 'Rpt>')
    expect(await read(intraday)).toEqual({ ...(await read(statement)), kind: 'camt.052' })
  })

  it('says when a statement does not add up', async () => {
    const wrong = fixture('4-camt.053.001.08-statement.xml').replace('974.95', '974.94')
    expect((await read(wrong)).problems).toEqual([expect.stringContaining('does not add up')])
  })
})

whenSpecsAreHere('the published files of real banks', () => {
  const conforming = specFiles('samples').map((name) => ['samples', name] as const)
  const others = specFiles('samples', 'nonconforming').map((name) => ['samples/nonconforming', name] as const)
  const own = specFiles('samples', 'scenario').map((name) => ['samples/scenario', name] as const)

  it('are all here', () => {
    expect([conforming.length, others.length, own.length]).toEqual([17, 6, 6])
  })

  it.each([...conforming, ...others, ...own])(
    '%s/%s is read, or turned away for what it is',
    async (folder, name) => {
      const content = spec(...folder.split('/'), name)
      if (name.includes('pain.001')) {
        await expect(read(content)).rejects.toThrow('It is a pain.001 message')
        return
      }
      const report = await read(content)
      expect(name).toContain(report.kind)
      expect(report.messageId).toMatch(/./)
      if (report.kind === 'pain.002') {
        expect(report.files.length).toBeGreaterThan(0)
        for (const { rest, payments } of report.files)
          for (const { status } of [...(rest ? [{ status: rest }] : []), ...payments])
            expect(status.status).toMatch(/^[A-Z]{4}$/)
        return
      }
      expect(report.entries.length).toBeGreaterThan(0)
      for (const { whole } of report.entries) {
        expect(whole.amount).toMatch(/^\d+(\.\d+)?$/)
        expect(whole.account).toMatch(/^[A-Z]{2}\d{2}/)
      }
    },
  )

  it.each([
    ['pain.002-nordea-group_reject.xml', { status: 'RJCT', reasons: ['DU01'] }],
    ['pain.002-nordea-payment_reject.xml', { status: 'RJCT', reasons: ['NARR'] }],
    ['pain.002-goldman_sachs-group_accepted.xml', { status: 'ACTC', reasons: [] }],
    ['nonconforming/pain.002-cross_river-transaction_rejected.xml', { status: 'RJCT', reasons: ['DUPL'] }],
  ])('%s says %j of the whole file', async (name, rest) => {
    const report = await read(spec('samples', ...name.split('/')))
    expect(report.kind === 'pain.002' && report.files[0]?.rest).toEqual(rest)
  })

  it.each(['2019', '2020'])(
    'the returns of PostFinance in %s are returns, with their reasons',
    async (year) => {
      const report = await read(spec('samples', `camt.054-returns-postfinance-${year}.xml`))
      const parts = report.kind === 'pain.002' ? [] : report.entries.flatMap((entry) => entry.parts)
      expect(parts.length).toBeGreaterThan(0)
      for (const part of parts)
        expect(part).toMatchObject({ direction: 'credit', isReturn: true, currency: 'CHF' })
      expect(parts.flatMap(({ reasons }) => reasons)).not.toEqual([])
    },
  )

  it('change nothing for an exchange whose files they are not about', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    for (const [folder, name] of [...conforming, ...others]) {
      const { payouts } = await rig.ingest(spec(...folder.split('/'), name))
      expect(payouts).toEqual([])
    }
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ kind: 'accepted', status: 'FILED' })
  })
})
