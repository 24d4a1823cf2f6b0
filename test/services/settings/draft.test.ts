import { PROVIDERS } from '../../../src/providers/registry'
import { draftOf } from '../../../src/services/settings/draft'
import { payersChanged } from '../../../src/services/settings/payers'
import { deskSettings } from '../../../src/settings/desk'

const table = deskSettings(PROVIDERS)
const draft = (changes: Record<string, unknown>, before = {}) =>
  draftOf(before, changes, { table, canSeal: true, fixedAs: () => null })

describe('what an operator types', () => {
  it('may name no address of this machine, which a page could then be made to call', () => {
    const { problems, given } = draft({
      modulr_baseUrl: 'http://localhost:10010/v2',
      rest_configuration: JSON.stringify({ baseUrl: 'http://127.0.0.1:5432' }),
      sandbox_timeoutMs: '500',
    })
    expect(problems.map(({ name }) => name)).toEqual(['modulr_baseUrl', 'rest_configuration'])
    expect(problems[0]?.message).toMatch(/must be an address that is not this machine/)
    expect(given).toEqual({ sandbox_timeoutMs: '500' })
  })

  it('sends no secret to another address than it was given for: it is given again, or the address where it is fixed', () => {
    const before = { modulr_baseUrl: 'https://api.modulr.example/v1', modulr_secret: { secret: '7' } }
    const there = { modulr_baseUrl: 'https://listening.example/v1' }
    expect(draft(there, before).problems).toEqual([
      { name: 'modulr_secret', message: 'modulr_secret must be given again: it was for another address' },
    ])
    expect(draft({ ...there, modulr_secret: 'another-secret' }, before).problems).toEqual([])
    expect(draft({ modulr_baseUrl: 'https://api.modulr.example/v2' }, before).problems).toEqual([])
    expect(draft({ modulr_baseUrl: null }, before).problems).toHaveLength(1)

    const rest = (host: string) => ({ rest_configuration: JSON.stringify({ baseUrl: `https://${host}/` }) })
    const kept = { ...rest('bank.example'), rest_secret: { secret: '8' } }
    expect(draft(rest('listening.example'), kept).problems.map(({ name }) => name)).toEqual(['rest_secret'])

    const fixedAs = (name: string) => (name === 'modulr_secret' ? 'MODULR_SECRET' : null)
    const fixed = draftOf({}, there, { table, canSeal: true, fixedAs })
    expect(fixed.problems.map(({ name }) => name)).toEqual(['modulr_baseUrl'])
  })

  it('is never a setting that has to be known before the database can be read', () => {
    const names = ['encryptionKeys', 'hashKey', 'basePath', 'worker', 'databaseUrl', 'paypal_baseUrl']
    expect(draft(Object.fromEntries(names.map((name) => [name, 'x']))).problems).toHaveLength(names.length)
  })

  it('is not set any more where it is emptied, and is no change where it is what it was', () => {
    const before = { statementText: 'From us', waitMs: 5 }
    expect(draft({ statementText: ' ', waitMs: 5, mails: null }, before)).toEqual({
      ...{ given: { waitMs: 5 }, secrets: {}, changed: ['statementText'], problems: [] },
    })
  })

  it('is not taken by names that objects have by themselves', () => {
    const changes = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, unknown>
    expect(draft(changes).problems.map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
  })

  it('makes somebody else the payer where it names another account or place, and not where it names the first', () => {
    const before = {
      sepa_debtorIban: 'DE89370400440532013000',
      paypal_clientId: 'one',
      modulr_baseUrl: 'https://api.modulr.example/v1',
      modulr_accountEur: 'A1200001',
      rest_configuration: JSON.stringify({ baseUrl: 'https://bank.example/' }),
    }
    const changed = (given: Record<string, string | undefined>) =>
      Object.fromEntries(payersChanged(before, { ...before, ...given }, table))
    expect(changed({ sepa_debtorIban: 'DE89 3704 0044 0532 0130 00' })).toEqual({})
    expect(changed({ sepa_debtorIban: 'FR1420041010050500013M02606' })).toEqual({ sepa: ['sepa_debtorIban'] })
    expect(changed({ paypal_environment: 'live', paypal_clientId: 'two' })).toEqual({
      paypal: ['paypal_environment', 'paypal_clientId'],
    })
    expect(changed({ modulr_accountGbp: 'A1200002', modulr_keyId: 'rotated' })).toEqual({})
    const modulr = { modulr_accountEur: 'A1200003', modulr_baseUrl: 'https://other.modulr.example/v1' }
    expect(changed(modulr)).toEqual({ modulr: ['modulr_baseUrl', 'modulr_accountEur'] })
    const there = JSON.stringify({ baseUrl: 'https://other.example/' })
    expect(changed({ rest_configuration: there })).toEqual({ rest: ['rest_configuration'] })
    const another = JSON.stringify({ baseUrl: 'https://bank.example/customers/b' })
    expect(changed({ rest_configuration: another })).toEqual({ rest: ['rest_configuration'] })
    const sameThere = JSON.stringify({ baseUrl: 'https://bank.example', statuses: { DONE: 'settled' } })
    expect(changed({ rest_configuration: sameThere })).toEqual({})
    expect(changed({ modulr_baseUrl: 'https://api.modulr.example/v1/' })).toEqual({})
  })
})
