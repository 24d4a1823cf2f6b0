import { REASON_CODES } from '../../src/domain/reasons'
import { stateRow, STATES } from '../../src/domain/states'
import { ERROR_CODES } from '../../src/errors'
import { errorsOf } from '../../src/routes/openapi/operation'
import { USER_OPERATIONS } from '../../src/routes/openapi/users'
import { wordsOf } from '../../web/user/language'
import {
  actKey,
  errorKey,
  failureOf,
  getsKey,
  nowKey,
  reasonKey,
  receiptKey,
  shortKey,
  stageKey,
} from '../../web/user/said'
import { filled, languageFor, LANGUAGES, type TextKey } from '../../web/user/texts'

/** Goal: no user of any language reads a raw code, an empty line, or a figure that has fallen out of a sentence. */
const english = Object.entries(LANGUAGES.en ?? {})
const placesIn = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name)).sort()
/** What the exchange has to look at is said in one sentence, whatever it is. */
const NOT_TOLD_APART =
  /^(under_review|held_|destination_unreadable|above_ceiling|limit_reached|code_not_checked|row_changed|hold_changed|hold_missing|hold_mismatch|paid_|released_|amount_mismatch|refused_alone|credit_|duplicate_reference)/

describe.each(Object.entries(LANGUAGES))('the texts in %s', (language, texts) => {
  it('are the same keys as in English, each with words in it', () => {
    expect(Object.keys(texts)).toEqual(english.map(([key]) => key))
    expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('name the same figures in each sentence', () => {
    expect(Object.entries(texts).map(([key, text]) => [key, placesIn(text)])).toEqual(
      english.map(([key, text]) => [key, placesIn(text)]),
    )
  })

  it('write money and numbers as that language does, without rounding a cent away', () => {
    const { money, number } = wordsOf(language)
    expect(money('1234567890123.45', 'eur').replace(/\D/g, '')).toBe('123456789012345')
    expect(money(10, 'kwd').replace(/\D/g, '')).toBe('10000')
    expect(money(10, 'jpy').replace(/\D/g, '')).toBe('10')
    expect(money(1.25, 'xyz1')).toContain('XYZ1')
    expect(number(0.1)).toMatch(/^0[.,]1$/)
  })

  it('tell the money of one country from that of another', () => {
    const { money } = wordsOf(language)
    const alike = ['usd', 'cad', 'aud', 'hkd', 'mxn', 'sek', 'nok', 'dkk'].map((code) => money(10, code))
    expect(new Set(alike).size).toBe(alike.length)
  })
})

describe('A system without a language', () => {
  it('is read in the page’s own', () => {
    for (const wished of ['en-US@posix', 'C', '', 'xx-nowhere-at-all-really'])
      expect(wordsOf('en', wished).money(10, 'eur')).toBe('€10.00')
  })
})

describe('What is said', () => {
  it('has words for every stage', () => {
    const { en } = LANGUAGES
    for (const state of STATES) {
      const { stage } = stateRow(state)
      expect([stageKey(stage), nowKey(stage)]).toEqual([`stage.${stage}`, `now.${stage}`])
      expect(en?.[shortKey(stage)]).toBeDefined()
    }
  })

  it('lets nobody read that they get what did not come, or went back', () => {
    const gets = STATES.filter((state) => getsKey(stateRow(state).stage) === 'review.gets')
    for (const state of ['canceled', 'releasing', 'returning', 'returned'] as const)
      expect(gets).not.toContain(state)
    expect(gets).toContain('processed')
    expect(receiptKey('returned')).toBe('receipt.titleUnpaid')
    expect(receiptKey('completed')).toBe('receipt.title')
  })

  it('has words of its own for every reason that a person can act on or wait for', () => {
    const untold = REASON_CODES.filter((code) => reasonKey(code) === 'reason.checked')
    expect(untold.filter((code) => !NOT_TOLD_APART.test(code))).toEqual([])
  })

  it('says what to do about every refusal of a bank', () => {
    const silent = REASON_CODES.filter((code) =>
      /_declined|^account_|^name_|^receiver_|compliance/.test(code),
    )
    for (const code of silent) expect(actKey(code, true)).not.toBeNull()
    expect(actKey('cut_off', false)).toBe('act.wait')
  })

  it('has words for every error that a user’s route may answer with, and for those of the way there', () => {
    const answered = USER_OPERATIONS.flatMap(errorsOf)
    const untold = [...answered, 'no_answer', 'strange_answer'].filter((code) => errorKey(code) === null)
    expect([...new Set(untold)]).toEqual([])
  })

  it.each([
    ['destination_refused', 'error.destination_refused', 'said.provider'],
    ['withdrawal_refused', 'error.withdrawal_refused', 'said.exchange'],
    ['withdrawals_stopped', 'error.withdrawals_stopped', 'said.exchange'],
    ['of_a_newer_server', 'error.refused', 'said.exchange'],
    ['insufficient_balance', 'error.insufficient_balance', null],
  ])(
    'says %s in the reader’s language first, and passes on what others say of it as theirs',
    (code, key, by) => {
      const refused = { status: 400, code, message: 'El titular no coincide.' }
      expect(failureOf(refused, true)).toEqual({ key, by })
      for (const texts of Object.values(LANGUAGES)) expect(texts[key as TextKey]).toMatch(/\.$/)
    },
  )

  it('passes on nothing of a fault of ours, nor where there is no network', () => {
    const fault = { status: 500, code: 'of_a_newer_server', message: 'relation "x" does not exist' }
    expect(failureOf(fault, true)).toEqual({ key: 'error.internal_error', by: null })
    expect(failureOf({ status: 0, code: 'no_answer', message: 'fetch failed' }, false)).toEqual({
      key: 'error.offline',
      by: null,
    })
  })

  it('only translates errors that there are', () => {
    const told = english.map(([key]) => key).filter((key) => key.startsWith('error.'))
    const own = ['no_answer', 'strange_answer', 'offline', 'missing_fields', 'refused']
    const known: readonly string[] = [...ERROR_CODES, ...own]
    expect(told.map((key) => key.slice('error.'.length)).filter((code) => !known.includes(code))).toEqual([])
  })

  it('is in the first language of the reader’s that there is, and in English where there is none', () => {
    expect(languageFor([undefined, 'de-AT', 'en'])).toBe('de')
    expect(languageFor(['ar', 'es_MX'])).toBe('es')
    expect(languageFor(['ar', null])).toBe('en')
    expect(languageFor(['constructor'])).toBe('en')
  })

  it('puts in what it is given, once, and reads nothing in it as a place of its own', () => {
    expect(filled('{a} and {b}', { a: '{b}', b: '<b>' })).toBe('{b} and <b>')
    expect(filled('{missing}')).toBe('{missing}')
  })
})
