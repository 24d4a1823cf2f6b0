import { ConfigError } from '../../../src/errors'
import { sepaDefinition, sepaProvider } from '../../../src/providers/sepa'
import { readSettings } from '../../../src/settings/setting'
import { OPTIONS } from './rig'

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('the settings', () => {
  it('are all checked at once, and never repeated in the message', () => {
    const problems = problemsOf(() =>
      sepaProvider({
        debtorName: '張偉',
        debtorIban: 'DE00370400440532013000',
        debtorBic: 'NOBIC',
        cutOff: '25:00',
        maxItems: 0,
        handOver: 'folder',
      }),
    )
    expect(problems).toHaveLength(6)
    expect(problems.join()).not.toMatch(/張偉|DE00|NOBIC|25:00/)
    expect(problems).toContain('folder is required where handOver is folder')
  })

  it('say who pays, and from where', () => {
    expect(problemsOf(() => sepaProvider({}))).toEqual(['debtorName is required', 'debtorIban is required'])
  })

  it('refuse an account outside SEPA, and take one written with spaces', () => {
    expect(problemsOf(() => sepaProvider({ ...OPTIONS, debtorIban: 'TR330006100519786457841326' }))).toEqual([
      'debtorIban must be the IBAN of an account in a SEPA country',
    ])
    expect(problemsOf(() => sepaProvider({ ...OPTIONS, debtorIban: 'de89 3704 0044 0532 0130 00' }))).toEqual(
      [],
    )
  })

  it('ask a payer outside the EEA for what the scheme wants to know', () => {
    const swiss = { ...OPTIONS, debtorIban: 'CH9300762011623852957', debtorBic: '', version: '03' } as const
    expect(problemsOf(() => sepaProvider(swiss))).toEqual([
      'debtorBic is required where debtorIban is outside the EEA',
      'debtorTown and debtorCountry are required where debtorIban is outside the EEA',
      'version must be 09 where debtorIban is outside the EEA',
    ])
    const whole = { debtorBic: 'POFICHBE', debtorTown: 'Bern', debtorCountry: 'ch', version: '09' } as const
    expect(problemsOf(() => sepaProvider({ ...swiss, ...whole }))).toEqual([])
  })

  it('refuse a BIC of the payer that files of their version cannot hold', () => {
    const odd = { ...OPTIONS, debtorBic: 'COBADE1F' }
    expect(problemsOf(() => sepaProvider(odd))).toEqual([])
    expect(problemsOf(() => sepaProvider({ ...odd, version: '03' }))).toEqual([
      'debtorBic must be one that files of version 03 can hold',
    ])
  })

  it('take a town only with its country', () => {
    expect(problemsOf(() => sepaProvider({ ...OPTIONS, debtorTown: 'Berlin' }))).toEqual([
      'debtorTown and debtorCountry are only used together',
    ])
  })

  it('refuse a folder that would not be used', () => {
    expect(problemsOf(() => sepaProvider({ ...OPTIONS, folder: '/srv/out' }))).toHaveLength(1)
  })

  it('can be given as text, as an environment does', () => {
    const { values, problems } = readSettings(sepaDefinition.settings, {
      ...OPTIONS,
      instant: 'true',
      maxItems: '250',
      version: '03',
    })
    expect(problems).toEqual([])
    const provider = sepaDefinition.create(values)
    expect(provider.name).toBe('sepa')
    expect(provider.capabilities.batch).toEqual({ maxItems: 250 })
  })

  it('promise what the engine builds on', () => {
    const { capabilities } = sepaProvider({ ...OPTIONS, timeoutMs: 5_000 })
    expect(capabilities).toMatchObject({
      methods: ['BANK'],
      currencies: { eur: { decimals: 2, min: '0.01', max: '999999999.99' } },
      batch: { maxItems: 5_000 },
      lookup: 'by_key',
      timeoutMs: 5_000,
      notFoundConclusiveAfterMs: 10_000,
      destinationFields: { BANK: ['account_holder', 'iban'] },
    })
  })
})
