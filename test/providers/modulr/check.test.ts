import { checkItem } from '../../../src/providers/modulr/check'
import { paymentRequest } from '../../../src/providers/modulr/payment-request'
import { itemOf } from './rig'

const ACCOUNTS = { eur: 'A1200001', gbp: 'A1200002' }
const AMOUNT = { decimals: 2, min: '0.01', max: '2147483647' }
const CURRENCIES = { eur: AMOUNT, gbp: AMOUNT }
const fieldsOf = (changes: Parameters<typeof itemOf>[1]) =>
  checkItem(itemOf('BW-1', changes), CURRENCIES).map(({ field }) => field)
const bank = (changes: Record<string, unknown>) => ({
  destination: { method: 'BANK' as const, iban: '', accountHolder: 'Jane Roe', ...changes },
})
const UK = { details: { sort_code: '20-00-00', account_number: '55779911' } }
const UK_IBAN = 'GB33BUKB20201555555555'

describe('what Modulr can pay', () => {
  it.each([
    ['a euro account in the SEPA area', {}],
    ['a euro account in Albania, which joined later', bank({ iban: 'AL47212110090000000235698741' })],
    ['a pound account by sort code and account number', { currency: 'gbp', ...bank(UK) }],
    ['a pound account by IBAN', { currency: 'gbp', ...bank({ iban: UK_IBAN }) }],
    ['a valid BIC beside it', bank({ iban: 'NL91ABNA0417164300', swift: 'ABNANL2A' })],
  ])('takes %s', (_what, changes) => {
    expect(fieldsOf(changes)).toEqual([])
  })

  it.each([
    ['no name', bank({ iban: 'NL91ABNA0417164300', accountHolder: undefined }), ['account_holder']],
    ['a blank name', bank({ iban: 'NL91ABNA0417164300', accountHolder: '  ' }), ['account_holder']],
    [
      'a name over 100 characters',
      bank({ iban: 'NL91ABNA0417164300', accountHolder: 'x'.repeat(101) }),
      ['account_holder'],
    ],
    ['a wrong check digit', bank({ iban: 'NL92ABNA0417164300' }), ['iban']],
    ['the IBAN of the published example', bank({ iban: 'HR21331323153406342304' }), ['iban']],
    ['a euro account outside of SEPA', bank({ iban: 'TR330006100519786457841326' }), ['iban']],
    ['no account', bank({}), ['iban']],
    ['a BIC that is none', bank({ iban: 'NL91ABNA0417164300', swift: 'PDDGH2XX' }), ['swift']],
    ['pounds to a euro country', { currency: 'gbp', ...bank({ iban: 'NL91ABNA0417164300' }) }, ['iban']],
    ['pounds to nowhere', { currency: 'gbp', ...bank({}) }, ['sort_code']],
    [
      'half a sort code',
      { currency: 'gbp', ...bank({ details: { sort_code: '2000', account_number: '5577' } }) },
      ['sort_code', 'account_number'],
    ],
    ['two different accounts', { currency: 'gbp', ...bank({ ...UK, iban: UK_IBAN }) }, ['iban']],
    ['another currency', { currency: 'usd' }, ['currency']],
    ['more than the API takes', { amount: '2147483647.01' }, ['amount']],
    ['a third decimal', { amount: '1.001' }, ['amount']],
    ['a PayPal address', { destination: { method: 'PAYPAL' as const, paypalId: 'a@b.example' } }, ['method']],
  ])('refuses %s and names the field', (_what, changes, fields) => {
    expect(fieldsOf(changes)).toEqual(fields)
  })
})

describe('the request for a payment', () => {
  it('has the amount as a number, exactly', () => {
    expect(JSON.stringify(paymentRequest(itemOf('BW-1', { amount: '1234567890.12' }), ACCOUNTS))).toContain(
      '"amount":1234567890.12,',
    )
  })

  it('goes by sort code where there is one', () => {
    const request = paymentRequest(itemOf('BW-1', { currency: 'gbp', ...bank(UK) }), ACCOUNTS)
    expect(request.destination).toEqual({
      type: 'SCAN',
      sortCode: '200000',
      accountNumber: '55779911',
      name: 'Jane Roe',
    })
    expect(request.sourceAccountId).toBe('A1200002')
  })

  it.each([
    ['Withdrawal 0190ABCDEF12', 'Withdrawal 0190ABC'],
    ['Auszahlung: für (Sie)', 'Auszahlung f r Sie'],
    ['---', 'Payout BW1'],
    ['aaaaaa', 'Payout BW1'],
  ])('tells the payee of a Faster Payment %s as %s', (statementText, expected) => {
    const item = itemOf('BW-1', { currency: 'gbp', statementText, ...bank(UK) })
    expect(paymentRequest(item, ACCOUNTS).reference).toBe(expected)
  })

  it('knows a key that is too long by its hash', () => {
    const { externalReference } = paymentRequest(itemOf('x'.repeat(60)), ACCOUNTS)
    expect(externalReference).toMatch(/^H-[0-9a-f]{40}$/)
  })
})
