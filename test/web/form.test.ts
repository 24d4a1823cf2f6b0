import fs from 'node:fs'
import path from 'node:path'

import fc from 'fast-check'

import { ERASED } from '../../src/domain/destination'
import { amountProblem, less, mostOf, netOf, readAmount, typedAs } from '../../web/user/amount'
import { bodyOf, type Draft, draftFor, firstDraft, problemsOf } from '../../web/user/form-state'
import { ibanState, isStored, shownIban } from '../../web/user/iban'
import { wordsOf } from '../../web/user/language'
import type { Limit, MethodOptions, Options } from '../../web/user/types'

/** Goal: the form never takes another amount or another account than was typed, and says what is wrong before it is sent. */
const words = wordsOf('en')

const METHOD: MethodOptions = {
  ...{ method: 'BANK', required_fields: ['iban'], decimals: 2, increment: 0.01, min: 1, max: 100_000 },
  ...{ fee: 2, fee_mode: 'on_top', arrives_by: '2026-01-05T12:00:00Z' },
  ...{ provider: 'sandbox', mode: 'immediate', schedule: null, expected_seconds: 2 },
}
const OPTIONS: Options = {
  ...{ currency: 'eur', name: 'Euro', available: 500, otp_required: false, destinations: 'any', limits: [] },
  accounts: [
    { id: 'old', method: 'BANK', account: 'FR…2606', verified: false },
    { id: 'a1', method: 'BANK', account: 'DE…3000', country: 'DE', verified: true },
  ],
  methods: [METHOD],
}
const LIMIT: Limit = {
  per: 'day',
  ...{ amount: 1000, amount_left: 100.5, count: 3, count_left: 2 },
  resets_at: '2026-01-06T00:00:00Z',
}

describe('An amount that is typed', () => {
  it.each([
    ['10', '10'],
    ['10.50', '10.5'],
    ['10,5', '10.5'],
    ['0010', '10'],
    ['10.', '10'],
    ['.5', null],
    ['1.000,50', null],
    ['1 000', null],
    ['1e3', null],
    ['-5', null],
    ['', null],
    ['٣', null],
  ])('%j is %j', (typed, read) => {
    expect(readAmount(typed)).toBe(read)
  })

  it('is read back as it was written, with either sign before the decimals', () => {
    const cents = fc.integer({ min: 0, max: 99 })
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        cents,
        fc.constantFrom('.', ','),
        (whole, rest, sign) => {
          const typed = `${whole}${sign}${String(rest).padStart(2, '0')}`
          expect(Number(readAmount(typed))).toBe(Number(`${whole}.${String(rest).padStart(2, '0')}`))
        },
      ),
      { seed: Number(process.env.TEST_SEED) },
    )
  })

  const problem = (typed: string, options = OPTIONS, method = METHOD) =>
    amountProblem({ typed, options, method }, words)

  it('never takes a thousand for one', () => {
    for (const typed of ['1,000', '1.000']) {
      expect(problem(typed)).toMatch(/at most 2 decimals/)
      expect(problem(typed, OPTIONS, { ...METHOD, decimals: 3, increment: 0.001 })).not.toBeNull()
      expect(problem(typed, OPTIONS, { ...METHOD, decimals: 0, increment: 1 })).toMatch(
        /separators of thousands/,
      )
    }
  })

  it('says how to write what could be a thousand, and takes what cannot be one', () => {
    const fine = { ...METHOD, decimals: 3, increment: 0.001, min: 0.001 }
    expect(problem('1.234', OPTIONS, fine)).toBe('This can be read in two ways. Write 1234, or 1.2340.')
    for (const typed of ['1.2340', '0.125', '1234.567', '499', typedAs(1.234, words)])
      expect([typed, problem(typed, { ...OPTIONS, available: 5000 }, fine)]).toEqual([typed, null])
    expect(readAmount(typedAs(1.234, words))).toBe('1.234')
    expect(typedAs(12.34, words)).toBe('12.34')
  })

  it('brings exactly what is left of it, however little that is', () => {
    const deducted = { ...METHOD, fee: 12.3, fee_mode: 'deducted' } as const
    expect(netOf(deducted, '12.35')).toBe(0.05)
    expect(netOf(METHOD, '12.35')).toBe(12.35)
    expect(less(0.05, 0.1)).toBe(-0.05)
    expect(less(1, 0.0000001)).toBe(0.9999999)
  })

  it.each([
    ['0', /number such as/],
    ['0.5', /least is €1\.00/],
    ['498.01', /You have €500\.00/],
    ['100000.01', /most is/],
  ])('%s is refused in words', (typed, text) => {
    expect(problem(typed)).toMatch(text)
  })

  it('fits exactly where the fee is counted, and not a cent more', () => {
    expect(problem('498')).toBeNull()
    expect(problem('500', OPTIONS, { ...METHOD, fee_mode: 'deducted' })).toBeNull()
    expect(problem('2', OPTIONS, { ...METHOD, fee_mode: 'deducted' })).toMatch(/more than the fee/)
    expect(problem('10.25', OPTIONS, { ...METHOD, increment: 0.1 })).toMatch(/multiple of 0\.1/)
  })

  it('keeps to what the limits leave', () => {
    const limited = { ...OPTIONS, limits: [LIMIT] }
    expect(problem('100.5', limited)).toBeNull()
    expect(problem('100.51', limited)).toMatch(/limit leaves €100\.50/)
    expect(problem('1', { ...OPTIONS, limits: [{ ...LIMIT, count_left: 0 }] })).toMatch(/limit leaves €0\.00/)
    expect(mostOf(limited, METHOD)).toBe(100.5)
  })

  it('is never more than what all of it is, and all of it is taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 301, max: 1e11 }), fc.integer({ min: 0, max: 200 }), (cents, fee) => {
        const method = { ...METHOD, fee: fee / 100, max: null }
        const options = { ...OPTIONS, available: cents / 100, methods: [method] }
        const most = mostOf(options, method)
        expect(Math.round(most * 100)).toBe(cents - fee)
        expect(amountProblem({ typed: String(most), options, method }, words)).toBeNull()
        expect(less(options.available, most)).toBe(fee / 100)
      }),
      { seed: Number(process.env.TEST_SEED) },
    )
  })
})

describe('An account number that is typed', () => {
  it.each([
    ['', { text: '', isValid: false, isWrong: false }],
    ['XQ', { isWrong: true }],
    ['DE89 3704', { text: 'Germany: 14 characters to go.', isValid: false, isWrong: false }],
    ['de89 3704 0044 0532 0130 00', { text: 'Germany: this is a valid account number.', isValid: true }],
    ['DE89370400440532013001', { isValid: false, isWrong: true }],
    ['DE893704004405320130001', { isWrong: true }],
    ['constructor', { isWrong: true }],
  ])('%j is judged while it is typed', (typed, state) => {
    expect(ibanState(typed, words)).toMatchObject(state)
  })
})

describe('An account that is shown', () => {
  it.each([
    ['DE89370400440532013000', 'DE89 3704 0044 0532 0130 00'],
    ['DE…3000', 'DE…3000'],
    ['123456789', '123456789'],
    ['ada@example.org', 'ada@example.org'],
  ])('%s is read as %s', (account, shown) => {
    expect(shownIban(account)).toBe(shown)
    expect(isStored(account)).toBe(true)
  })

  it('is none where it was erased, or lost with its row', () => {
    const takeIn = fs.readFileSync(path.join(__dirname, '../../src/services/books/take-in.ts'), 'utf8')
    const [, lost = ''] = /UNKNOWN_ACCOUNT = '(.+)'/.exec(takeIn) ?? []
    expect(lost).not.toBe('')
    for (const account of [ERASED, lost, '']) expect([account, isStored(account)]).toEqual([account, false])
  })
})

describe('What is sent', () => {
  const draft = (more: Partial<Draft>): Draft => ({ ...firstDraft(OPTIONS), amount: '10,50', ...more })

  it('goes to the first account that is verified unless another one is chosen', () => {
    expect(bodyOf(OPTIONS, draft({}))).toEqual({ currency: 'eur', amount: '10.5', bank_id: 'a1' })
    expect(firstDraft({ ...OPTIONS, accounts: [], destinations: 'stored' }).target).toBeNull()
    expect(firstDraft({ ...OPTIONS, accounts: [] }).target).toBe('new-bank')
  })

  it('goes to no account that was chosen for another currency', () => {
    const dollars = { ...OPTIONS, currency: 'usd', accounts: [] }
    expect(draftFor(dollars, draft({ target: 'a1' }))).toMatchObject({ target: 'new-bank', amount: '10,50' })
    expect(draftFor(OPTIONS, draft({ target: 'old' })).target).toBe('old')
  })

  it('is the account that was typed, without what was left empty', () => {
    const fields = { iban: 'fr14 2004 1010 0505 0001 3m02 606', account_holder: ' Ada ', swift: '' }
    expect(bodyOf(OPTIONS, draft({ target: 'new-bank', fields }))).toEqual({
      ...{ currency: 'eur', amount: '10.5' },
      bank_account: { iban: 'FR1420041010050500013M02606', account_holder: 'Ada' },
    })
  })

  it('names what is missing, field by field', () => {
    const strict = {
      ...OPTIONS,
      methods: [{ ...METHOD, required_fields: ['account_holder', 'iban', 'swift'] }],
    }
    const fields = { iban: 'DE89370400440532013001', swift: 'X' }
    const problems = problemsOf(strict, draft({ target: 'new-bank', fields, amount: '' }), words)
    expect(Object.keys(problems).sort()).toEqual(['account_holder', 'amount', 'iban', 'swift'])
    expect(problemsOf(strict, draft({ target: null }), words)).toHaveProperty('target')
  })
})
