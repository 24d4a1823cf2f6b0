import type { Destination } from '../../src/domain/destination'
import { withoutPayees } from '../../src/domain/payee-words'

const bank: Destination = {
  ...{ method: 'BANK', iban: 'DE89370400440532013000', bank: 'Landesbank', swift: 'COBADEFFXXX' },
  ...{
    accountHolder: 'Zoë van Müller-Roe',
    details: { country: 'DE', street: 'Am Alten Markt 7', sort_code: '12-34-56' },
  },
}
const paypal: Destination = { method: 'PAYPAL', paypalId: 'zoe.roe@example.org' }

/** Goal: a reason names nobody who is paid. Method: the payee’s words in the writings of a person in a hurry. */
describe('A reason without its payee', () => {
  it.each([
    'Zoë van Müller-Roe',
    'ZOË VAN MÜLLER ROE',
    'zoe  van muller-roe',
    'zoe\u0308 van Müller‑Roe',
    'Müller-Roe, Zoë van',
    'ZoëVanMüllerRoe',
    'DE89 3704 0044 0532 0130 00',
    'de89-3704-0044-0532-0130-00',
    'am alten markt 7',
    '12 34 56',
    '123456',
    'zoe.roe@example.org',
    'ZOE.ROE @ EXAMPLE.ORG',
  ])('has a mark in place of %s', (written) => {
    expect(withoutPayees(`Call with ${written}, ticket 77.`, [bank, paypal])).toBe(
      'Call with [payee], ticket 77.',
    )
  })

  it.each([
    'The statement of Landesbank for DE, page 7',
    'van der Meer called, and Roe did not',
    'Kantstr. 1234567',
    '',
  ])('keeps what is not the payee’s: %s', (text) => {
    expect(withoutPayees(text, [bank, paypal])).toBe(text)
  })

  it('leaves words alone that are shorter than three signs, and parts of words', () => {
    const short: Destination = { ...bank, accountHolder: 'Al', details: {} }
    expect(withoutPayees('All is well, says Al', [short])).toBe('All is well, says Al')
    expect(withoutPayees('Heroes', [{ ...bank, accountHolder: 'Roe' }])).toBe('Heroes')
  })

  it('has one mark for each, also where somebody is called like the mark', () => {
    const called: Destination = { ...bank, accountHolder: 'Payee' }
    expect(withoutPayees('Zoe van Muller-Roe called', [bank, called])).toBe('[payee] called')
    expect(withoutPayees('The payee called', [called])).toBe('The [payee] called')
  })

  it.each([
    ['Jürgen Weiß', 'JÜRGEN WEIẞ'],
    ['Νίκος Παπαδόπουλος', 'ΝΙΚΟΣ ΠΑΠΑΔΌΠΟΥΛΟΣ'],
    ['Straſſer', 'STRASSER'],
    ['Nguyễn Thị', 'nguyen thi'],
    ['Łukasz Żak', 'łukasz zak'],
    ['한지민', '한지민'],
  ])('finds %s in %s', (accountHolder, written) => {
    expect(withoutPayees(`It is ${written}.`, [{ ...bank, accountHolder }])).toBe('It is [payee].')
  })

  it('takes a text of any length of look-alikes in no time', () => {
    const name: Destination = { ...bank, accountHolder: 'a'.repeat(140) }
    const text = 'a - '.repeat(125)
    expect(withoutPayees(text, [name])).toBe(text)
  })
})
