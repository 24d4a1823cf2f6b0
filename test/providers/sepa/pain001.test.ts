import type { SepaOptions } from '../../../src/providers/sepa'
import { anItem, anOrder, createRig, ITEMS } from './rig'
import { schemaErrors, whenSpecsAreHere } from './specs'

/**
 * Goal: a bank takes the file. Method: read it as a person would, and hold it against the schemas, the German banks'
 * stricter one included, which knows the SEPA rules that the plain one does not.
 */
async function fileOf(options: SepaOptions = {}, order = anOrder()): Promise<string> {
  const rig = await createRig(options)
  await rig.provider.submit(order)
  return rig.file(order.key)
}

describe('a payment file', () => {
  it('holds every payment once, with totals that are exact', async () => {
    const xml = await fileOf()

    expect(xml.match(/<CdtTrfTxInf>/g)).toHaveLength(3)
    expect(xml.match(/<NbOfTxs>3<\/NbOfTxs>/g)).toHaveLength(2)
    expect(xml.match(/<CtrlSum>175\.55<\/CtrlSum>/g)).toHaveLength(2)
    expect(xml).toContain('<InstdAmt Ccy="EUR">100.00</InstdAmt>')
    expect(xml).toContain('<EndToEndId>WD0000000000000001</EndToEndId>')
  })

  it('adds up amounts that floats cannot', async () => {
    const items = Array.from({ length: 1_000 }, (_, at) => anItem(at + 1, '0.1'))
    expect(await fileOf({}, anOrder(items))).toContain('<CtrlSum>100.00</CtrlSum>')
  })

  it.each([
    ['BATCH-1', 'BATCH-1'],
    ['BB-0190b7f4-8c1d-7d2a-9a3e-6f1b2c3d4e5f', '0190B7F48C1D7D2A9A3E6F1B2C3D4E5F'],
    ['a'.repeat(33), expect.stringMatching(/^[0-9A-F]{32}$/)],
    ['with a space/', expect.stringMatching(/^[0-9A-F]{32}$/)],
    ['ends-in-P1', expect.stringMatching(/^[0-9A-F]{32}$/)],
  ])('of order %j has a message id that banks take', async (key, expected) => {
    const xml = await fileOf({}, { ...anOrder(), key })

    const [messageId = ''] = /(?<=<MsgId>)[^<]+/.exec(xml) ?? []
    expect(messageId).toEqual(expected)
    expect(xml).toContain(`<PmtInfId>${messageId}-P1</PmtInfId>`)
  })

  it('asks for the next business day after the cut-off', async () => {
    const rig = await createRig({ cutOff: '14:00' }, { at: '2026-12-24T13:30:00Z' })
    await rig.provider.submit(anOrder())
    expect(await rig.file()).toContain('<ReqdExctnDt>\n<Dt>2026-12-28</Dt>\n</ReqdExctnDt>')
  })

  it('writes names in the letters every bank takes, and can keep them', async () => {
    const order = anOrder([anItem(1, '10', 'NL91ABNA0417164300', 'Jörg & Łucja Groß_Müller')])
    expect(await fileOf({}, order)).toContain('<Nm>Joerg + Lucja Gross-Mueller</Nm>')
    expect(await fileOf({ charset: 'utf8' }, order)).toContain('<Nm>Jörg &amp; Łucja Groß_Müller</Nm>')
  })

  it('carries a structured address only where town and country are known, and never in version 03', async () => {
    const destination = {
      method: 'BANK',
      iban: 'NL91ABNA0417164300',
      accountHolder: 'Jane Roe',
      details: { country: 'nl', town: 'Amsterdam', street: 'Damrak', building: '1', postcode: '1012 LG' },
    } as const
    const order = anOrder([{ ...anItem(1, '10'), destination }])
    expect(await fileOf({ address: true }, order)).toContain(
      '<PstlAdr>\n<StrtNm>Damrak</StrtNm>\n<BldgNb>1</BldgNb>\n<PstCd>1012 LG</PstCd>\n<TwnNm>Amsterdam</TwnNm>\n<Ctry>NL</Ctry>\n</PstlAdr>',
    )
    expect(await fileOf({ address: true, version: '03' }, order)).not.toContain('PstlAdr')
    expect(await fileOf({ address: false }, order)).not.toContain('PstlAdr')
    const noTown = { ...destination, details: { country: 'NL' } }
    expect(
      await fileOf({ address: true }, anOrder([{ ...anItem(1, '10'), destination: noTown }])),
    ).not.toContain('PstlAdr')
  })

  it('carries the payer’s address where a payee is outside the EEA, and nowhere else', async () => {
    const payer = {
      debtorTown: 'Berlin',
      debtorCountry: 'DE',
      debtorStreet: 'Unter den Linden 1',
      debtorPostcode: '10117',
    }
    const british = {
      ...anItem(9, '1'),
      destination: {
        method: 'BANK',
        iban: 'GB29NWBK60161331926819',
        swift: 'NWBKGB2L',
        accountHolder: 'Jane Roe',
      },
    } as const
    const xml = await fileOf(payer, anOrder([...ITEMS, british]))
    expect(xml).toContain(
      '<Dbtr>\n<Nm>Example Exchange Ltd</Nm>\n<PstlAdr>\n<StrtNm>Unter den Linden 1</StrtNm>\n<PstCd>10117</PstCd>\n<TwnNm>Berlin</TwnNm>\n<Ctry>DE</Ctry>\n</PstlAdr>\n</Dbtr>',
    )
    expect(xml).toContain('<CdtrAgt>\n<FinInstnId>\n<BICFI>NWBKGB2L</BICFI>')
    expect(await fileOf(payer)).not.toContain('PstlAdr')
  })

  it('books instant payments one by one, on the day itself', async () => {
    const rig = await createRig({ instant: true, batchBooking: true }, { at: '2026-11-21T23:30:00Z' })
    await rig.provider.submit(anOrder())
    const xml = await rig.file()
    expect(xml).toContain('<LclInstrm>\n<Cd>INST</Cd>\n</LclInstrm>')
    expect(xml).toContain('<BtchBookg>false</BtchBookg>')
    expect(xml).toContain('<Dt>2026-11-22</Dt>')
  })
})

whenSpecsAreHere('a payment file against the schemas', () => {
  const swift = {
    method: 'BANK',
    iban: 'NL91ABNA0417164300',
    accountHolder: 'Jane Roe',
    swift: 'ABNANL2A',
  } as const
  const bare = [...ITEMS, { ...anItem(4, '999999999.99'), destination: swift }, anItem(5, '0.01')]
  /** A payer outside the EEA has to know the bank of each payee. */
  const items = bare.map((item) => ({ ...item, destination: { ...swift, ...item.destination } }))

  it.each<SepaOptions>([
    {},
    { instant: true },
    { batchBooking: false, charset: 'utf8' },
    { address: true },
    {
      debtorIban: 'CH9300762011623852957',
      debtorBic: 'POFICHBE',
      debtorTown: 'Bern',
      debtorCountry: 'CH',
      debtorStreet: 'Bundesplatz 1',
      debtorPostcode: '3003',
    },
    { debtorBic: '' },
    { version: '03' },
    { version: '03', instant: true },
    { version: '03', debtorBic: '' },
  ])('is valid with %j', async (options) => {
    const xml = await fileOf(options, anOrder(items))
    expect(await schemaErrors(xml, 'xsd', `pain.001.001.${options.version ?? '09'}.xsd`)).toEqual([])
  })

  it.each<SepaOptions>([{}, { batchBooking: false }, { debtorBic: '' }])(
    'is valid for German banks in version 03 with %j',
    async (options) => {
      const xml = await fileOf({ ...options, version: '03' }, anOrder(items))
      expect(await schemaErrors(xml, 'xsd-dk', 'pain.001.001.03.dk-sepa.xsd')).toEqual([])
    },
  )

  it('would be found out: a file with its elements in the wrong order is not valid', async () => {
    const xml = (await fileOf()).replace(/(<ChrgBr>SLEV<\/ChrgBr>)([\s\S]*?)(<CdtTrfTxInf>)/, '$2$3$1')
    expect(await schemaErrors(xml, 'xsd', 'pain.001.001.09.xsd')).not.toEqual([])
  })
})
