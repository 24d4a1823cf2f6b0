import fc from 'fast-check'

import { bankText } from '../../../src/providers/sepa/charset'

const latin = (text: string, lengthMax = 70) => bankText(text, lengthMax, 'sepa-latin', null)

describe('a text in the letters of every bank', () => {
  it.each([
    ['Müller Ärzte Öl Straße', 'Mueller Aerzte Oel Strasse'],
    ['José Núñez', 'Jose Nunez'],
    ['Łukasz Żółć', 'Lukasz Zolc'],
    ['Đorđe Šćepanović', 'Dorde Scepanovic'],
    ['Søren Ødegård', 'Soren Odegard'],
    ['Þór Æsir', 'THor AEsir'],
    ['Çağrı Şahin', 'Cagri Sahin'],
    ['Ștefan Țepeș', 'Stefan Tepes'],
    ['Γιώργος Παπαδόπουλος', 'Giorgos Papadopoulos'],
    ['Жана Щерева', 'Zhana Shtereva'],
    ['Николай Йорданов', 'Nikolay Yordanov'],
    ['Љубица Џаџић', 'Ljubitsa Dzadzic'],
    ['O’Neill – "Sons" & Co', "O'Neill - 'Sons' + Co"],
    ['a_b@c €', 'a-b(at)c E'],
    ['  two \t\n spaces  ', 'two spaces'],
    ['zero\u200bwidth\u202e', 'zerowidth'],
    ['１２３ Ｆｕｌｌ', null],
    ['張偉', null],
    ['محمد', null],
  ])('%j becomes %j', (text, expected) => {
    expect(latin(text)).toBe(expected)
  })

  it.each([
    ['Jörg Groß', 'Jörg Groß'],
    ['Γιώργος Παπαδόπουλος', 'Γιώργος Παπαδόπουλος'],
    ['Ђорђе Ґалаґан', 'Ђорђе Ґалаґан'],
    ['Ștefan', 'Ștefan'],
    ['Nguyễn', 'Nguyen'],
    ['O’Neill – “Sons”', "O'Neill - 'Sons'"],
    ['Jane 🎉 Roe', 'Jane . Roe'],
    ['👩‍👧 ok', '.. ok'],
    ['張偉', '..'],
    ['a ≠ b', 'a . b'],
  ])('%j is %j where the bank takes the letters of SEPA’s languages', (text, expected) => {
    expect(bankText(text, 70, 'utf8', '.')).toBe(expected)
  })

  it('is cut after it was rewritten, and never ends in a space', () => {
    expect(latin('ß'.repeat(40), 70)).toHaveLength(70)
    expect(latin('abc def', 4)).toBe('abc')
  })

  it('can put something in the place of what has no Latin form', () => {
    expect(bankText('pay 張偉', 140, 'sepa-latin', '.')).toBe('pay ..')
  })

  it('holds nothing but the allowed characters, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const written = bankText(text, 140, 'sepa-latin', '.') ?? ''
        expect(written).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]{0,140}$/)
        expect(written).toBe(written.trim())
        const kept = bankText(text, 140, 'utf8', '.') ?? ''
        expect(kept).not.toMatch(/[\p{Cc}\p{Cs}\ufffe\uffff]/u)
        expect(kept).toMatch(/^[ -~\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\u0385-\u03ce]*$/u)
        expect([...kept].length).toBeLessThanOrEqual(140)
      }),
      { seed: Number(process.env.TEST_SEED), numRuns: 2_000 },
    )
  })

  it('is the same when it is written again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const once = bankText(text, 70, 'sepa-latin', '.') ?? ''
        expect(bankText(once, 70, 'sepa-latin', '.')).toBe(once)
      }),
      { seed: Number(process.env.TEST_SEED) },
    )
  })
})
