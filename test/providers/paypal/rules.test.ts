import fs from 'node:fs'
import path from 'node:path'

import { ConfigError } from '../../../src/errors'
import { paypalDefinition, paypalProvider } from '../../../src/providers/paypal'
import { batchIdInLink } from '../../../src/providers/paypal/answers'
import { withoutFee } from '../../../src/providers/paypal/balances'
import { PAYPAL_CURRENCIES, paypalDecimals } from '../../../src/providers/paypal/currencies'
import { receiverOf } from '../../../src/providers/paypal/receiver'
import { declineCodeOf, ITEM_STATUSES } from '../../../src/providers/paypal/statuses'
import { readSettings, type Setting } from '../../../src/settings/setting'
import { CLIENT } from './fake'
import { orderOf } from './rig'

const PAGE = fs.readFileSync(path.join(__dirname, '../../../docs/providers/paypal.md'), 'utf8')

describe('what PayPal takes', () => {
  const provider = paypalProvider(CLIENT)
  const check = (item: Parameters<typeof orderOf>[1], currency?: string) =>
    orderOf('B', item, currency).items.flatMap((each) => provider.check(each))

  it.each([
    'alice@example.com',
    'a.b+c@mail.example.co.uk',
    "o'neil@example.com",
    'x@xn--bcher-kva.example',
    'ABCDEFGHJKLM2',
  ])('takes %s', (to) => expect(check([{ to }])).toEqual([]))

  it.each([
    'alice',
    'alice@',
    '@example.com',
    'alice@example',
    'alice@@example.com',
    'alice@example..com',
    '.alice@example.com',
    'alice.@example.com',
    'alice smith@example.com',
    'alice@-example.com',
    'аlice@example.com',
    'ABCDEFGHJKLM',
    'abcdefghjklm2',
    '+4912345678',
    `${'a'.repeat(120)}@example.com`,
    '',
  ])('refuses %j, naming paypal_id', (to) => {
    expect(check([{ to }])).toEqual([{ field: 'paypal_id', message: expect.stringContaining('paypal_id') }])
  })

  it('refuses a bank account', () => {
    const [item] = orderOf('B').items
    expect(
      provider.check({ ...item!, destination: { method: 'BANK', iban: 'DE89370400440532013000' } }),
    ).toMatchObject([{ field: 'method' }])
  })

  it('answers a hostile address of any length at once', () => {
    expect(receiverOf(`${'a.'.repeat(50_000)}@`)).toBeNull()
    expect(receiverOf(`a@${'a.'.repeat(60)}`)).toBeNull()
  })

  it.each([
    ['10.555', 'eur', 'amount'],
    ['10.5', 'huf', 'amount'],
    ['10.5', 'twd', 'amount'],
    ['10.5', 'jpy', 'amount'],
    ['10', 'xau', 'currency'],
    ['10', 'brl', 'currency'],
    ['20000.01', 'usd', 'amount'],
  ])('refuses %s %s', (amount, currency, field) => {
    expect(check([{ amount }], currency)).toMatchObject([{ field }])
  })

  it('has the decimals of its own, which are not ISO’s', () => {
    expect(PAYPAL_CURRENCIES.filter((currency) => paypalDecimals(currency) === 0)).toEqual([
      'huf',
      'jpy',
      'twd',
    ])
    expect(provider.capabilities.currencies).toMatchObject({
      huf: { decimals: 0, min: '1' },
      usd: { decimals: 2, max: '20000' },
    })
  })

  it('takes a word that nobody knows for a decline without a reason', () => {
    expect(declineCodeOf('SOMETHING_NEW')).toBe('provider_declined')
    expect(declineCodeOf('toString')).toBe('provider_declined')
  })

  it.each([
    ['https://api.sandbox.paypal.com/v1/payments/payouts/Q6K2CE4GQ36MQ', 'Q6K2CE4GQ36MQ'],
    ['https://evil.example/v1/payments/payouts/Q6K2CE4GQ36MQ?page=1', 'Q6K2CE4GQ36MQ'],
    ['https://api.paypal.com/v1/payments/payouts/../../x', null],
    ['https://api.paypal.com/v1/payments/payouts/', null],
    ['https://api.paypal.com/v1/oauth2/token', null],
  ])('finds the batch in %s', (href, id) => expect(batchIdInLink(href)).toBe(id))

  it.each([
    ['102.00', 2, 200, '100'],
    ['100.00', 2, 200, '98.03'],
    ['0.01', 2, 200, '0'],
    ['-5.00', 2, 200, '0'],
    ['1000', 0, 200, '980'],
    ['100.00', 2, 0, '100'],
  ])('keeps the fee of %s (%i decimals, %i hundredths of a percent) aside', (amount, decimals, fee, left) => {
    expect(withoutFee(amount, decimals, fee)).toBe(left)
  })
})

describe('the settings of PayPal', () => {
  const problemsOf = (given: Record<string, unknown>): readonly string[] => {
    const { values, problems } = readSettings(paypalDefinition.settings, given)
    if (problems.length > 0) return problems
    try {
      paypalDefinition.create(values)
      return []
    } catch (error) {
      return error instanceof ConfigError ? error.problems : [String(error)]
    }
  }

  it('are enough with an app’s id and secret, and pay with play money', () => {
    expect(problemsOf(CLIENT)).toEqual([])
    expect(paypalDefinition.settings.environment.fallback).toBe('sandbox')
  })

  it.each([
    [{ clientSecret: 'x' }, 'clientId'],
    [{ clientId: 'x' }, 'clientSecret'],
    [{ ...CLIENT, baseUrl: 'https://evil.example' }, 'baseUrl'],
    [{ ...CLIENT, baseUrl: 'http://10.0.0.1:80' }, 'baseUrl'],
    [{ ...CLIENT, baseUrl: 'http://127.0.0.1:1', environment: 'live' }, 'baseUrl'],
    [{ ...CLIENT, environment: 'production' }, 'environment'],
    [{ ...CLIENT, maxPerPayout: 'usd=5' }, 'maxPerPayout'],
    [{ ...CLIENT, maxPerPayout: 'xau:5' }, 'maxPerPayout'],
    [{ ...CLIENT, feePercent: '2.345' }, 'feePercent'],
    [{ ...CLIENT, currencies: 'eur,xau' }, 'currencies'],
    [{ ...CLIENT, emailSubject: 'Gruß' }, 'emailSubject'],
  ])('are refused by name: %j', (given, name) => {
    expect(problemsOf(given)).toEqual([expect.stringContaining(name)])
  })

  it('never repeat a secret', () => {
    expect(JSON.stringify(problemsOf({ clientId: 'x', clientSecret: 'se cret' }))).not.toContain('se cret')
    expect(paypalDefinition.settings.clientSecret.secret).toBe(true)
  })

  it('read limits and fees from text', () => {
    const { values } = readSettings(paypalDefinition.settings, {
      maxPerPayout: 'USD:60000, eur:100.50',
      feePercent: '1.5',
    })
    expect(values).toMatchObject({ maxPerPayout: { usd: '60000', eur: '100.5' }, feePercent: 150 })
  })

  it('are all on the page about PayPal', () => {
    const shown = Object.entries<Setting<unknown>>(paypalDefinition.settings).filter(
      ([, { hidden }]) => !hidden,
    )
    expect(shown.map(([name]) => name).filter((name) => !PAGE.includes(`\`${name}\``))).toEqual([])
  })

  it('come with a page that says of every status what it means for the money', () => {
    const missing = Object.keys(ITEM_STATUSES).filter((status) => !PAGE.includes(`\`${status}\``))
    expect(missing).toEqual([])
  })
})
