import type { BankDestination } from '../../../src/domain/destination'
import { DECLINE_CODES } from '../../../src/domain/reasons'
import { payoutProblems } from '../../../src/providers/sepa/check'
import { declineCodeOf, isDuplicateReason } from '../../../src/providers/sepa/reasons'
import { anItem } from './rig'

const problems = (change: Partial<BankDestination>, charset: 'sepa-latin' | 'utf8' = 'sepa-latin') => {
  const item = anItem(1, '10')
  const destination = { ...item.destination, ...change } as BankDestination
  return payoutProblems({ ...item, destination }, charset)
}

describe('the check before anything is locked', () => {
  it('has nothing against a payment that a bank would take', () => {
    expect(problems({})).toEqual([])
    expect(problems({ swift: 'ABNANL2A' })).toEqual([])
    expect(problems({ swift: 'COBADEFFXXX' })).toEqual([])
  })

  it.each([
    'AL47212110090000000235698741',
    'MD24AG000225100013104168',
    'ME25505000012345678951',
    'MK07250120000058984',
    'RS35260005601001611379',
    'CH9300762011623852957',
    'GB29NWBK60161331926819',
    'IS140159260076545510730339',
  ])('takes %s, whose country is in SEPA', (iban) => {
    expect(problems({ iban })).toEqual([])
  })

  it.each([
    ['HR21331323153406342304', 'iban is not a valid IBAN'],
    ['NL91ABNA0417164301', 'iban is not a valid IBAN'],
    ['DE8937040044053201300', 'iban is not a valid IBAN'],
    ['', 'iban is not a valid IBAN'],
    ['TR330006100519786457841326', 'iban belongs to a country that SEPA does not reach'],
    ['SA0380000000608010167519', 'iban belongs to a country that SEPA does not reach'],
  ])('refuses %s and names the field', (iban, message) => {
    expect(problems({ iban })).toEqual([{ field: 'iban', message }])
  })

  it.each(['PDDGH2XX', 'ABNA', 'abnanl2a1'])('refuses the BIC %s', (swift) => {
    expect(problems({ swift })).toEqual([{ field: 'swift', message: 'swift is not a valid BIC' }])
  })

  it.each([undefined, '', '  '])('asks for the name that the bank compares (%j)', (accountHolder) => {
    expect(problems({ accountHolder: accountHolder as string })).toMatchObject([{ field: 'account_holder' }])
  })

  it.each(['張偉', '---', '.,.'])('refuses a name that cannot be written (%s)', (accountHolder) => {
    expect(problems({ accountHolder })).toEqual([
      { field: 'account_holder', message: 'account_holder must be written in Latin letters' },
    ])
  })

  it('keeps such a name where the bank takes every letter', () => {
    expect(problems({ accountHolder: '張偉' }, 'utf8')).toEqual([])
  })

  it.each([
    [{ amount: '0' }, 'amount'],
    [{ amount: '0.001' }, 'amount'],
    [{ amount: '1000000000' }, 'amount'],
    [{ amount: '-5' }, 'amount'],
    [{ currency: 'usd' }, 'currency'],
    [{ destination: { method: 'PAYPAL', paypalId: 'a@b.c' } as const }, 'method'],
  ])('refuses %j', (change, field) => {
    expect(payoutProblems({ ...anItem(1, '10'), ...change }, 'sepa-latin')).toMatchObject([{ field }])
  })

  it.each(['0.01', '999999999.99', '10', '10.5'])('takes an amount of %s', (amount) => {
    expect(payoutProblems(anItem(1, amount), 'sepa-latin')).toEqual([])
  })
})

describe('a bank’s reason in our words', () => {
  it.each([
    ['AC01', 'account_not_found'],
    ['AC04', 'account_closed'],
    ['AC06', 'account_blocked'],
    ['BE01', 'name_mismatch'],
    ['AM04', 'provider_declined'],
    ['RR04', 'compliance'],
    ['MS02', 'receiver_refused'],
    ['XX99', 'provider_declined'],
  ])('%s is %s', (reason, code) => {
    expect(declineCodeOf([reason])).toBe(code)
    expect(DECLINE_CODES).toContain(code)
  })

  it('is the first that says something', () => {
    expect(declineCodeOf(['NARR', 'AC04'])).toBe('account_closed')
    expect(declineCodeOf([])).toBe('provider_declined')
  })

  it('knows a repetition, which says that a first copy was taken', () => {
    expect(['AM05', 'DU01', 'DU02', 'DUPL'].every((reason) => isDuplicateReason([reason]))).toBe(true)
    expect(isDuplicateReason(['AM04'])).toBe(false)
  })
})
