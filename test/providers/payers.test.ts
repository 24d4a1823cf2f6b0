import type { PaymentProvider } from '../../src/ports/payment-provider'
import { modulrProvider } from '../../src/providers/modulr'
import { paypalDefinition, paypalProvider } from '../../src/providers/paypal'
import { restProvider } from '../../src/providers/rest'
import { payerOf } from '../../src/services/payouts/payer'
import { createProviders } from '../../src/settings/providers'
import { exampleConfiguration, OPTIONS as REST } from './rest/example'
import { anOrder, createRig, ITEMS, queryOf } from './sepa/rig'

/**
 * Goal: every provider that would not find through another account what was sent through this one says which it is, and
 * says the same for as long as it is the same. Method: change one setting at a time.
 */
const PAYPAL = { clientId: 'app-1', clientSecret: 'a-secret-of-the-app', environment: 'sandbox' } as const
const MODULR = {
  baseUrl: 'https://api.modulr.example/api',
  ...{ keyId: 'key-1', secret: 'a-secret-of-the-key' },
  accounts: { eur: 'A1200001', gbp: '' },
}
const REST_SET = { configuration: exampleConfiguration(), ...REST }
const BASIC_SET = { ...REST_SET, configuration: exampleConfiguration({ auth: { kind: 'basic' } }) }

const payer = (provider: PaymentProvider): string | null => payerOf(provider, 'eur')

interface Change {
  readonly what: string
  readonly before: PaymentProvider
  readonly after: PaymentProvider
}

describe('what names the account that pays', () => {
  it.each<Change>([
    {
      what: 'PayPal, with a new secret of the app',
      before: paypalProvider(PAYPAL),
      after: paypalProvider({ ...PAYPAL, clientSecret: 'another-secret-of-it', timeoutMs: 9_000 }),
    },
    {
      what: 'Modulr, with a new key, and paying pounds too',
      before: modulrProvider(MODULR),
      after: modulrProvider({
        ...MODULR,
        ...{ keyId: 'key-2', secret: 'another-secret' },
        accounts: { eur: 'A1200001', gbp: 'A1200009' },
      }),
    },
    {
      what: 'a configured API, with a new secret',
      before: restProvider(REST_SET),
      after: restProvider({ ...REST_SET, secret: 'another-secret-of-the-api' }),
    },
    {
      what: 'a configured API, with a new key and its id',
      before: restProvider(REST_SET),
      after: restProvider({ ...REST_SET, user: 'key-8', secret: 'another-secret-of-the-api' }),
    },
    {
      what: 'a configured API, with a new password',
      before: restProvider(BASIC_SET),
      after: restProvider({ ...BASIC_SET, secret: 'another-secret-of-the-api' }),
    },
  ])('stays as it is: $what', ({ before, after }) => {
    expect(payer(before)).toMatch(/^[0-9a-f]{32}$/)
    expect(payer(after)).toBe(payer(before))
  })

  it.each<Change>([
    {
      what: 'PayPal, with another app',
      before: paypalProvider(PAYPAL),
      after: paypalProvider({ ...PAYPAL, clientId: 'app-2' }),
    },
    {
      what: 'PayPal, in its other environment',
      before: paypalProvider(PAYPAL),
      after: paypalProvider({ ...PAYPAL, environment: 'live' }),
    },
    {
      what: 'Modulr, from another account',
      before: modulrProvider(MODULR),
      after: modulrProvider({ ...MODULR, accounts: { eur: 'A1200002' } }),
    },
    {
      what: 'Modulr, at another host',
      before: modulrProvider(MODULR),
      after: modulrProvider({ ...MODULR, baseUrl: 'https://api.elsewhere.example/api' }),
    },
    {
      what: 'Modulr, where no account pays this currency any more',
      before: modulrProvider(MODULR),
      after: modulrProvider({ ...MODULR, accounts: { gbp: 'A1200009' } }),
    },
    {
      what: 'a configured API, at another host',
      before: restProvider(REST_SET),
      after: restProvider({
        ...REST_SET,
        configuration: exampleConfiguration({
          baseUrl: 'https://elsewhere.example',
          allowedHosts: undefined,
        }),
      }),
    },
    {
      what: 'a configured API, as another user with a password',
      before: restProvider(BASIC_SET),
      after: restProvider({ ...BASIC_SET, user: 'client-8' }),
    },
  ])('is another: $what', ({ before, after }) => expect(payer(after)).not.toBe(payer(before)))

  it('is the same whether the provider is made in code or from settings', () => {
    const given = { paypal_clientId: PAYPAL.clientId, paypal_clientSecret: PAYPAL.clientSecret }
    const { providers } = createProviders([paypalDefinition], ['paypal'], given, (name) => name)
    expect(providers.map(payer)).toEqual([payer(paypalProvider(PAYPAL))])
  })

  it('is told by no number, and by no secret', () => {
    for (const provider of [paypalProvider(PAYPAL), modulrProvider(MODULR), restProvider(REST_SET)]) {
      const said = provider.payer?.('eur') ?? ''
      for (const secret of [PAYPAL.clientSecret, MODULR.secret, REST.secret, MODULR.keyId])
        expect(said).not.toContain(secret)
      expect(payer(provider)).not.toContain(said)
    }
  })

  it('is not asked of payment files, which are found whatever account writes the next ones', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const another = await rig.restart({ debtorIban: 'NL91ABNA0417164300', debtorBic: 'ABNANL2A' })

    expect(payer(another)).toBeNull()
    for (const item of ITEMS)
      expect(await another.lookup(queryOf(item))).toMatchObject({ kind: 'accepted', status: 'FILED' })
    expect(await another.submit(anOrder())).toMatchObject({ kind: 'accepted' })
    expect(await another.outbox?.list()).toHaveLength(1)
  })
})
