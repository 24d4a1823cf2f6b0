import { modulrDefinition, modulrProvider } from '../../../src/providers/modulr'
import { createProviderDirectory } from '../../../src/services/payouts/directory'
import { readSettings } from '../../../src/settings/setting'
import { createRig } from './rig'

const create = (given: Record<string, unknown>) => {
  const { values, problems } = readSettings(modulrDefinition.settings, given)
  expect(problems).toEqual([])
  return modulrDefinition.create(values)
}

describe('the Modulr provider', () => {
  it('is made from its settings, and fit for automatic payouts', async () => {
    const provider = create({ keyId: 'K', secret: 'a-long-secret', accountGbp: 'A1200002' })
    expect(provider.capabilities.currencies).toEqual({ gbp: { decimals: 2, min: '0.01', max: '2147483647' } })
    expect(createProviderDirectory([provider], 90).named('modulr')).toBe(provider)
    await provider.close?.()
  })

  it('says everything that is missing at once', () => {
    expect(() => create({})).toThrow(/keyId is required(.|\n)*secret is required(.|\n)*accountEur/)
  })

  it('calls nobody without encryption', () => {
    const options = { keyId: 'K', secret: 'a-long-secret', accounts: { eur: 'A1200001' } }
    expect(() => modulrProvider({ ...options, baseUrl: 'http://api.modulr.example' })).toThrow('https')
  })

  it('tells what its accounts hold, and whether they can pay', async () => {
    const rig = await createRig()
    expect(await rig.provider.balances?.()).toEqual([
      { currency: 'eur', available: '1000.50' },
      { currency: 'gbp', available: '1000.50' },
    ])
    expect(await rig.provider.health?.()).toEqual({ ok: true })
    expect(rig.modulr.violations).toEqual([])
    await rig.close()
  })
})
