import { maskedFile } from '../../../src/services/operate/masked-file'

const masked = (text: string, mediaType = 'application/xml') => {
  const content = maskedFile(Buffer.from(text), mediaType)
  return content && Buffer.from(content).toString()
}

describe('A payment file for somebody who only looks', () => {
  it('shows what is paid when under which name of ours, and of nobody who or where', () => {
    expect(
      masked(
        '<?xml version="1.0"?><p:CdtTrfTxInf><EndToEndId>E2E1</EndToEndId><InstdAmt Ccy="EUR">10.50</InstdAmt>' +
          '<p:Nm>Ada Lovelace</p:Nm><IBAN>DE89370400440532013000</IBAN><AdrLine a="1">St James 12</AdrLine>' +
          '<Othr><Id>12345678</Id></Othr><New>whatever comes later</New><Ustrd/></p:CdtTrfTxInf>',
      ),
    ).toBe(
      '<?xml version="1.0"?><p:CdtTrfTxInf><EndToEndId>E2E1</EndToEndId><InstdAmt Ccy="EUR">10.50</InstdAmt>' +
        '<p:Nm>…</p:Nm><IBAN>DE…3000</IBAN><AdrLine a="…">…</AdrLine>' +
        '<Othr><Id>…</Id></Othr><New>…</New><Ustrd/></p:CdtTrfTxInf>',
    )
  })

  it.each([
    ['a ">" in a text', '<Nm>Ada > Lovelace</Nm>', '<Nm>…</Nm>'],
    ['a ">" in an attribute', '<Nm a="x>y" b=\'Ada\'>Lovelace</Nm>', '<Nm a="…" b="…">…</Nm>'],
    ['a text beside an element', '<Nm>Ada<B/>Lovelace</Nm>', '<Nm>…<B/>…</Nm>'],
    ['a text beside what is shown', '<Id>Ada<Cd>SEPA</Cd>Lovelace</Id>', '<Id>…<Cd>SEPA</Cd>…</Id>'],
    ['an element in what is shown', '<Cd>Ada<B>x</B>Lovelace</Cd>', '<Cd>…<B>…</B>…</Cd>'],
    ['blanks in a tag that ends', '<Nm>Ada</Nm ><Cd>SEPA</Cd >', '<Nm>…</Nm ><Cd>SEPA</Cd >'],
    ['another writing of letters', '<Näme>Ada</Näme>', '<Näme>…</Näme>'],
  ])('hides a name also with %s', (_what, text, shown) => {
    expect(masked(text)).toBe(shown)
  })

  it.each([
    ['has an attribute without quotes', '<Nm Ada/>', undefined],
    ['ends in the middle of a tag', '<a><Nm', undefined],
    ['begins with a text', 'Ada<a/>', undefined],
    ['is no XML', 'iban;name\nDE89370400440532013000;Ada', 'text/csv'],
    ['has parts that are neither element nor text', '<a><![CDATA[DE89370400440532013000]]></a>', undefined],
    ['has a comment', '<a><!-- Ada --></a>', undefined],
    ['has instructions', '<?xml version="1.0"?><?Ada Lovelace?><a/>', undefined],
  ])('is none where it %s: what cannot be masked for certain is not shown', (_what, text, mediaType) => {
    expect(masked(text, mediaType)).toBeNull()
  })
})
