import { parseConfig } from '../../src/settings/plugin'

describe('the names of fields in stored accounts', () => {
  it.each<readonly [unknown, Record<string, readonly string[]>]>([
    ['iban=account_no', { iban: ['account_no'] }],
    [' iban = a , b ; swift = c ; ', { iban: ['a', 'b'], swift: ['c'] }],
    [
      { account_holder: 'owner', iban: ['a', 'b'] },
      { account_holder: ['owner'], iban: ['a', 'b'] },
    ],
    ['', {}],
  ])('are read from %p', (given, expected) => {
    expect(parseConfig({ accountFields: given }).accountFields).toEqual(expected)
  })

  it.each(['iban', 'iban=', '=x', 'owner=x', 'iban=a=b', 'iban=a; iban = b', { owner: 'x' }, { iban: '' }])(
    'are not read from %p',
    (given) => {
      expect(() => parseConfig({ accountFields: given })).toThrow('accountFields must be field=name pairs')
    },
  )
})

describe('the roles of operators', () => {
  it.each<readonly [unknown, readonly string[]]>([
    ['admin', ['admin']],
    ['admin, treasury team', ['admin', 'treasury team']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    ['', ['admin']],
  ])('are read from %p', (given, expected) => {
    expect(parseConfig({ operatorRoles: given }).operatorRoles).toEqual(expected)
  })

  it.each([',', [], 'admin,user', 'user', 7, 'a;b'])(
    'are not read from %p, which would let in the wrong ones',
    (given) => {
      expect(() => parseConfig({ operatorRoles: given })).toThrow('operatorRoles must be names of roles')
    },
  )

  it('that may only look are none by default, and never every user', () => {
    expect(parseConfig({}).viewerRoles).toEqual([])
    expect(() => parseConfig({ viewerRoles: 'support,user' })).toThrow('viewerRoles must be')
  })
})
