import fc from 'fast-check'

import {
  accountIdentity,
  cleanAccountIdentifier,
  cleanText,
  type Destination,
  maskDestination,
  maskIdentifier,
} from '../../src/domain/destination'

const SEED = { seed: Number(process.env.TEST_SEED) }
const IBAN = 'DE89370400440532013000'

/** What cannot be seen, changes how the text around it is seen, or stands for what could not be read. */
const INVISIBLE: readonly (readonly [name: string, character: string])[] = [
  ['NUL', '\0'],
  ['bell', '\u0007'],
  ['escape', '\u001b'],
  ['delete', '\u007f'],
  ['next line', '\u0085'],
  ['soft hyphen', '\u00ad'],
  ['combining grapheme joiner', '\u034f'],
  ['Arabic letter mark', '\u061c'],
  ['Hangul filler', '\u3164'],
  ['zero width space', '\u200b'],
  ['zero width non-joiner', '\u200c'],
  ['zero width joiner', '\u200d'],
  ['left-to-right mark', '\u200e'],
  ['right-to-left override', '\u202e'],
  ['line separator', '\u2028'],
  ['paragraph separator', '\u2029'],
  ['word joiner', '\u2060'],
  ['left-to-right isolate', '\u2066'],
  ['byte order mark', '\ufeff'],
  ['interlinear annotation', '\ufff9'],
  ['tag letter', '\u{e0041}'],
  ['half a surrogate pair', '\ud83d'],
  ['replacement character, which invalid UTF-8 has become', '\ufffd'],
]

describe('an account identifier', () => {
  it.each([
    ['lower case', 'de89370400440532013000'],
    ['spaces', 'DE89 3704 0044 0532 0130 00'],
    ['no-break spaces', 'DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000'],
    ['full-width letters and digits', 'ＤＥ８９３７０４００４４０５３２０１３０００'],
  ])('written with %s is the same account', (_how, given) => {
    expect(cleanAccountIdentifier(given)).toBe(IBAN)
  })

  it.each([
    ['Cyrillic look-alikes', 'ВЕ89370400440532013000'],
    ['Greek look-alikes', 'ΑΕ89370400440532013000'],
    ['a sharp s, whose upper case is SS', 'deß9370400440532013000'],
    ['a dotless i, whose upper case is I', 'ıE89370400440532013000'],
    ['Arabic-Indic digits', 'DE٨٩370400440532013000'],
    ['an emoji', 'DE89😀370400440532013000'],
    ['a combining accent', 'DE\u03018937040044053201300'],
    ['a tab', 'DE89\t370400440532013000'],
    ['a line break', `${IBAN}\r\n`],
    ['a hyphen', 'DE89-3704-0044-0532-0130-00'],
    ['a formula', '=HYPERLINK("x")'],
    ['a quote', `${IBAN}' OR 1=1--`],
    ['too few characters', 'DE8'],
    ['41 characters', 'D'.repeat(41)],
    ['a megabyte', 'D'.repeat(1 << 20)],
    ['nothing', ''],
  ])('with %s is refused', (_what, given) => {
    expect(cleanAccountIdentifier(given)).toBeNull()
  })

  it.each([undefined, null, 89, true, [IBAN], { iban: IBAN }])('that is no text (%p) is refused', (given) => {
    expect(cleanAccountIdentifier(given)).toBeNull()
  })

  it.each(INVISIBLE)('with a character that nobody types (%s) is refused', (_name, character) => {
    expect(cleanAccountIdentifier(`DE89${character}370400440532013000`)).toBeNull()
  })

  it('is only ever letters A to Z and digits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (given) => {
        const cleaned = cleanAccountIdentifier(given)
        if (cleaned !== null) expect(cleaned).toMatch(/^[A-Z0-9]{4,40}$/)
      }),
      { ...SEED, numRuns: 500 },
    )
  })

  it('stays as it is when it is cleaned again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9 ]{4,40}$/), (given) => {
        const cleaned = cleanAccountIdentifier(given)
        if (cleaned !== null) expect(cleanAccountIdentifier(cleaned)).toBe(cleaned)
      }),
      SEED,
    )
  })
})

describe('a line of text', () => {
  it.each([
    ['  Ada   Lovelace ', 'Ada Lovelace'],
    ['Ada\u00a0Lovelace', 'Ada Lovelace'],
    ['Zoe\u0308', 'Zo\u00eb'],
    ['Łukasz Żółć', 'Łukasz Żółć'],
    ['王小明', '王小明'],
    ['O’Neill & Söhne, S.A.', 'O’Neill & Söhne, S.A.'],
    ['=HYPERLINK("x")', '=HYPERLINK("x")'],
    ['Ada 😀', 'Ada 😀'],
  ])('%p is kept as %p', (given, kept) => {
    expect(cleanText(given)).toBe(kept)
  })

  it.each(INVISIBLE)('with a character that nobody types (%s) inside is refused', (_name, character) => {
    expect(cleanText(`Ada${character}Lovelace`)).toBeNull()
  })

  it.each(['Ada\r\nBcc: everybody', 'Ada\nLovelace', 'Ada\tLovelace'])(
    'of more than one line (%p) is refused',
    (given) => {
      expect(cleanText(given)).toBeNull()
    },
  )

  it.each(['', '   ', '\u00a0', undefined, null, 5, ['Ada'], {}])(
    'that says nothing (%p) is refused',
    (given) => {
      expect(cleanText(given)).toBeNull()
    },
  )

  it('may be as long as a party name, and no longer', () => {
    expect(cleanText('a'.repeat(140))).toHaveLength(140)
    expect(cleanText('a'.repeat(141))).toBeNull()
    expect(cleanText('a'.repeat(11), 10)).toBeNull()
    expect(cleanText('a'.repeat(1 << 20))).toBeNull()
    expect(cleanText(' '.repeat(1 << 20))).toBeNull()
  })

  it('is one line of visible characters, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        const text = cleanText(given)
        if (text === null) return
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|^ | $| {2}/u)
        expect(cleanText(text)).toBe(text)
      }),
      { ...SEED, numRuns: 500 },
    )
  })
})

describe('a masked identifier', () => {
  const SOME = fc.oneof(
    fc.string({ unit: 'binary-ascii' }),
    fc.emailAddress(),
    fc.string({ unit: 'binary-ascii' }).map((text) => `@${text}`),
  )

  it('never shows more than a third of it, whatever it is: an account, an address, a handle', () => {
    fc.assert(
      fc.property(
        SOME.filter((text) => !text.includes('…')),
        (value) => {
          const shown = maskIdentifier(value).split('…')
          expect(shown.join('').length).toBeLessThanOrEqual(value.length / 3)
          expect(value.startsWith(shown[0] ?? '')).toBe(true)
          expect(value.endsWith(shown.at(-1) ?? '')).toBe(true)
        },
      ),
      SEED,
    )
  })

  it('shows at most the first two and the last four characters of an account', () => {
    expect(maskIdentifier('DE89370400440532013000')).toBe('DE…3000')
    expect(maskIdentifier('NO9386011117947')).toBe('NO…947')
    expect(maskIdentifier('12345678')).toBe('1…8')
    expect(maskIdentifier('12')).toBe('…')
    // Half of a character is none that a database takes.
    for (const value of ['!𐀀', '𐀀!', '𐀀𐀀𐀀@𐀀.example', '𐀀'.repeat(20)])
      expect(maskIdentifier(value)).not.toMatch(/\p{Cs}/u)
  })

  it('shows one letter of an e-mail address and where its host ends, and of a handle no more', () => {
    expect(maskIdentifier('ada.lovelace@example.com')).toBe('a…@….com')
    expect(maskIdentifier('"ada@home"@example.com')).toBe('"…@….com')
    expect(maskIdentifier('ada@example.com')).toBe('a…@…com')
    expect(maskIdentifier('@adalovelace')).toBe('@a…ce')
  })

  it('is what operators and lists see of a destination', () => {
    expect(maskDestination({ method: 'BANK', iban: IBAN, accountHolder: 'Ada Lovelace' })).toBe('DE…3000')
    expect(maskDestination({ method: 'PAYPAL', paypalId: 'ada@example.com' })).toBe('a…@…com')
    expect(maskDestination({ method: 'PAYPAL', paypalId: 'PAYERID12345' })).toBe('PA…45')
  })
})

describe('the identity of an account', () => {
  const bank = (more: Partial<Destination> = {}): Destination =>
    ({ method: 'BANK', iban: IBAN, ...more }) as Destination

  it('does not depend on the name beside it', () => {
    expect(accountIdentity(bank({ accountHolder: 'Ada' }))).toBe(
      accountIdentity(bank({ accountHolder: 'Bob' })),
    )
  })

  it('does not depend on the case of a PayPal address', () => {
    const [a, b] = ['Ada@Example.com', 'ada@example.com'].map((paypalId) =>
      accountIdentity({ method: 'PAYPAL', paypalId }),
    )
    expect(a).toBe(b)
  })

  it('differs between methods even when the text is the same', () => {
    expect(accountIdentity(bank())).not.toBe(accountIdentity({ method: 'PAYPAL', paypalId: IBAN }))
  })
})
