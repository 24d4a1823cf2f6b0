import type { BankDestination } from '../../../src/domain/destination'
import { DECLINE_CODES } from '../../../src/domain/reasons'
import { type PayerRules, payoutProblems } from '../../../src/providers/sepa/check'
import { declineCodeOf, isDuplicateReason } from '../../../src/providers/sepa/reasons'
import { anItem, DEBTOR_IBAN } from './rig'

const PAYER: PayerRules = {
  charset: 'sepa-latin',
  version: '09',
  debtorIban: DEBTOR_IBAN,
  debtorTown: 'Berlin',
  debtorCountry: 'DE',
}
const problems = (change: Partial<BankDestination>, payer: Partial<PayerRules> = {}) => {
  const item = anItem(1, '10')
  const destination = { ...item.destination, ...change } as BankDestination
  return payoutProblems({ ...item, destination }, { ...PAYER, ...payer })
}

describe('the check before anything is locked', () => {
  it('has nothing against a payment that a bank would take', () => {
    expect(problems({})).toEqual([])
    expect(problems({ swift: 'ABNANL2A' })).toEqual([])
    expect(problems({ swift: 'COBADEFFXXX' })).toEqual([])
  })

  const OUTSIDE_THE_EEA = [
    ['AD1200012030200359100100', 'BACAADAD'],
    ['AL47212110090000000235698741', 'SGSBALTX'],
    ['CH9300762011623852957', 'POFICHBE'],
    ['GB29NWBK60161331926819', 'NWBKGB2L'],
    ['GI75NWBK000000007099453', 'NWBKGIGI'],
    ['MC5811222000010123456789030', 'CMCIMCM1'],
    ['MD24AG000225100013104168', 'AGRNMD2X'],
    ['ME25505000012345678951', 'CKBCMEPG'],
    ['MK07250120000058984', 'SBSBMK2X'],
    ['RS35260005601001611379', 'RZBSRSBG'],
    ['SM86U0322509800000000270100', 'CSMRSMSM'],
    ['VA59001123000012345678', 'IOPRVAVX'],
  ] as const

  it.each(OUTSIDE_THE_EEA)('takes %s with the BIC %s, whose country is in SEPA', (iban, swift) => {
    expect(problems({ iban, swift })).toEqual([])
  })

  it.each(OUTSIDE_THE_EEA)('asks for the BIC of %s, which is outside the EEA', (iban) => {
    expect(problems({ iban })).toEqual([
      { field: 'swift', message: 'swift is required for payments across the border of the EEA' },
    ])
  })

  it.each([
    ['is not known', { debtorTown: '', debtorCountry: '' }],
    ['has no place in the file', { version: '03' }],
  ] as const)('does not take an account outside the EEA where the payer’s address %s', (_why, payer) => {
    expect(problems({ iban: 'GB29NWBK60161331926819', swift: 'NWBKGB2L' }, payer)).toMatchObject([
      { field: 'iban' },
    ])
    expect(problems({}, payer)).toEqual([])
  })

  it('asks for every BIC where the payer is outside the EEA', () => {
    const payer = { debtorIban: 'CH9300762011623852957' }
    expect(problems({}, payer)).toMatchObject([{ field: 'swift' }])
    expect(problems({ swift: 'ABNANL2A' }, payer)).toEqual([])
  })

  it.each([
    'IS140159260076545510730339',
    'LI21088100002324013AA',
    'NO9386011117947',
    'FR1420041010050500013M02606',
  ])('takes %s, which is in the EEA, without a BIC', (iban) => {
    expect(problems({ iban }, { debtorTown: '', debtorCountry: '' })).toEqual([])
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

  it.each(['ABNANL1A', 'ABNANL0AXXX', 'ABNANL2O'])(
    'refuses the BIC %s in version 03, where it would spoil the whole file',
    (swift) => {
      expect(problems({ swift })).toEqual([])
      expect(problems({ swift }, { version: '03' })).toEqual([
        { field: 'swift', message: 'swift is not a valid BIC' },
      ])
    },
  )

  it.each([undefined, '', '  '])('asks for the name that the bank compares (%j)', (accountHolder) => {
    expect(problems({ accountHolder: accountHolder as string })).toMatchObject([{ field: 'account_holder' }])
  })

  it.each(['張偉', '---', '.,.'])('refuses a name that cannot be written (%s)', (accountHolder) => {
    expect(problems({ accountHolder })).toEqual([
      { field: 'account_holder', message: 'account_holder must be written in Latin letters' },
    ])
  })

  it('keeps the letters of SEPA’s languages where the bank takes them, and no others', () => {
    const utf8 = { charset: 'utf8' } as const
    for (const accountHolder of ['Γιώργος', 'Жана', 'Žofie']) {
      expect(problems({ accountHolder }, utf8)).toEqual([])
    }
    for (const accountHolder of ['張偉', '🎉', 'Jane 🎉 Roe'])
      expect(problems({ accountHolder }, utf8)).toMatchObject([{ field: 'account_holder' }])
  })

  it.each([
    [{ amount: '0' }, 'amount'],
    [{ amount: '0.001' }, 'amount'],
    [{ amount: '1000000000' }, 'amount'],
    [{ amount: '-5' }, 'amount'],
    [{ currency: 'usd' }, 'currency'],
    [{ destination: { method: 'PAYPAL', paypalId: 'a@b.c' } as const }, 'method'],
  ])('refuses %j', (change, field) => {
    expect(payoutProblems({ ...anItem(1, '10'), ...change }, PAYER)).toMatchObject([{ field }])
  })

  it.each(['0.01', '999999999.99', '10', '10.5'])('takes an amount of %s', (amount) => {
    expect(payoutProblems(anItem(1, amount), PAYER)).toEqual([])
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
