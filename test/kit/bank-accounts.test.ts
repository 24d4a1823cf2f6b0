import { type AccountFields, readBankAccounts } from '../../src/kit/bank-accounts'
import { IBAN } from './fake-kit-state'
import { otherRealm } from './other-realm'

const read = (bankAccount: unknown, name: string | null = null, names: AccountFields = {}) =>
  readBankAccounts(otherRealm.copy(bankAccount), name, names)
const item = (fields: Record<string, unknown>) => ({ id: 'a1', type: 'bank', status: 3, ...fields })
const destinationOf = (fields: Record<string, unknown>, name: string | null = null) =>
  read([item(fields)], name)[0]?.destination

/** The names of the fields are the operator's choice (kit.md 6.7). */
describe('a bank account stored on a kit user', () => {
  it('is read with everything a payout needs', () => {
    const account = {
      bank_name: 'Musterbank',
      iban: 'DE89 3704 0044 0532 0130 00',
      swift: 'cobadeffxxx',
      account_holder: 'Ada Lovelace',
      country: 'DE',
      town: 'Berlin',
    }

    expect(read([item(account)])).toEqual([
      {
        id: 'a1',
        verified: true,
        type: 'bank',
        destination: {
          method: 'BANK',
          iban: IBAN,
          accountId: 'a1',
          bank: 'Musterbank',
          swift: 'COBADEFFXXX',
          accountHolder: 'Ada Lovelace',
          details: { country: 'DE', town: 'Berlin' },
        },
      },
    ])
  })

  it.each(['iban', 'IBAN', 'account_iban'])('may keep its IBAN under %s', (name) => {
    expect(destinationOf({ [name]: IBAN })).toMatchObject({ iban: IBAN })
  })

  it.each(['bank_name', 'bank', 'bankName'])('may keep its bank under %s', (name) => {
    expect(destinationOf({ iban: IBAN, [name]: 'Musterbank' })).toMatchObject({ bank: 'Musterbank' })
  })

  it.each(['swift', 'bic', 'swift_code', 'bic_swift', 'swift_bic'])('may keep its BIC under %s', (name) => {
    expect(destinationOf({ iban: IBAN, [name]: 'COBADEFFXXX' })).toMatchObject({ swift: 'COBADEFFXXX' })
  })

  it.each(['account_holder', 'account_name', 'account_holder_name', 'holder', 'name'])(
    'may keep its holder under %s',
    (name) => {
      expect(destinationOf({ iban: IBAN, [name]: 'Grace Hopper' }, 'Ada Lovelace')).toMatchObject({
        accountHolder: 'Grace Hopper',
      })
    },
  )

  it('is read past a field that is there but empty, as a form leaves them', () => {
    expect(
      destinationOf({ iban: '', IBAN, swift: null, bic: 'COBADEFFXXX', bank_name: '  ', bank: 'B' }),
    ).toEqual({ method: 'BANK', iban: IBAN, accountId: 'a1', swift: 'COBADEFFXXX', bank: 'B' })
  })

  it('without a holder belongs to the user, and to nobody where the user has no name', () => {
    expect(destinationOf({ iban: IBAN }, 'Ada Lovelace')).toMatchObject({ accountHolder: 'Ada Lovelace' })
    expect(destinationOf({ iban: IBAN })).not.toHaveProperty('accountHolder')
  })

  it.each([
    [0, false],
    [1, false],
    [2, false],
    [3, true],
    ['3', false],
    [undefined, false],
    [true, false],
  ])('with status %p is verified: %p', (status, verified) => {
    expect(read([item({ iban: IBAN, status })])[0]?.verified).toBe(verified)
  })

  it('of an old kit has no type, and is read by its fields', () => {
    expect(destinationOf({ type: undefined, iban: IBAN })).toMatchObject({ method: 'BANK', iban: IBAN })
  })

  it('with a numeric id is known by that number as text', () => {
    expect(read([item({ id: 17, iban: IBAN })])).toMatchObject([
      { id: '17', destination: { accountId: '17' } },
    ])
  })

  it.each([
    ['no account number', { bank_name: 'Musterbank' }],
    ['an account number in an alphabet of look-alikes', { iban: 'DЕ89370400440532013000' }],
    ['a number as its account number', { iban: 370400440532013000 }],
    ['an object as its account number', { iban: { value: IBAN } }],
    ['a whole page as its account number', { iban: 'D'.repeat(65) }],
  ])('with %s is listed, and cannot be paid to', (_what, fields) => {
    expect(read([item(fields)])).toEqual([{ id: 'a1', verified: true, type: 'bank', destination: null }])
  })

  it('keeps out what cannot be seen in a name', () => {
    expect(destinationOf({ iban: IBAN, holder: 'Ada\u202eLovelace' }, 'Ada Lovelace')).toMatchObject({
      accountHolder: 'Ada Lovelace',
    })
    expect(destinationOf({ iban: IBAN }, 'Ada \u202eecalevoL')).not.toHaveProperty('accountHolder')
  })

  describe('for PayPal', () => {
    it.each(['paypal_id', 'paypal', 'paypal_email', 'email'])('may keep its receiver under %s', (name) => {
      expect(destinationOf({ type: 'paypal', [name]: ' ada@example.com ' })).toEqual({
        method: 'PAYPAL',
        paypalId: 'ada@example.com',
      })
    })

    it('is not guessed from an e-mail address beside a bank account of another kind', () => {
      expect(destinationOf({ type: 'bank', email: 'ada@example.com' })).toBeNull()
      expect(destinationOf({ type: undefined, email: 'ada@example.com' })).toBeNull()
    })

    it.each(['PayPal', ' PAYPAL '])('is one however the operator wrote its kind: %s', (type) => {
      expect(destinationOf({ type, paypal_id: 'ada@example.com' })).toMatchObject({ method: 'PAYPAL' })
    })

    it('without a receiver cannot be paid to', () => {
      expect(destinationOf({ type: 'paypal' })).toBeNull()
    })
  })
})

describe('the list of bank accounts', () => {
  it.each([null, undefined, {}, 'iban', 7, true, { 0: item({ iban: IBAN }), length: 1 }])(
    'that is %p is empty',
    (bankAccount) => {
      expect(read(bankAccount)).toEqual([])
    },
  )

  it('is read past items that are none', () => {
    const junk = [null, 7, 'iban', [], {}, { iban: IBAN }, { id: null, iban: IBAN }, { id: {}, iban: IBAN }]

    expect(read([...junk, item({ iban: IBAN })]).map(({ id }) => id)).toEqual(['a1'])
  })

  it('keeps the order of the kit', () => {
    const ids = ['c', 'a', 'b']

    expect(read(ids.map((id) => item({ id, iban: IBAN }))).map(({ id }) => id)).toEqual(ids)
  })

  it('may keep its fields under names that the settings give, which come first', () => {
    const names = {
      iban: ['account_no'],
      swift: ['code_1', 'code_2'],
      account_holder: ['owner'],
      sort_code: ['sc'],
    }
    const fields = {
      account_no: IBAN,
      iban: 'FR1420041010050500013M02606',
      code_2: 'COBADEFFXXX',
      owner: 'Ada',
      sc: '1',
    }

    expect(read([item(fields)], 'Another', names)[0]?.destination).toMatchObject({
      iban: IBAN,
      swift: 'COBADEFFXXX',
      accountHolder: 'Ada',
      details: { sort_code: '1' },
    })
    expect(read([item({ iban: IBAN })], null, names)[0]?.destination).toMatchObject({ iban: IBAN })
  })

  it.each([
    ['paypal', 'paypal'],
    ['', null],
    [undefined, null],
    [7, null],
  ])('with the type %p is of the type %p', (type, expected) => {
    expect(read([item({ type })])[0]?.type).toBe(expected)
  })
})
