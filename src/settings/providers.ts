import { type NameOf, ofProvider } from '../domain/setting-names'
import { ConfigError } from '../errors'
import type { PaymentProvider } from '../ports/payment-provider'
import { inGroup } from './groups'
import { inDesk, listOf, readSettings, type Setting, type Settings, type Values } from './setting'

/**
 * What the registry knows of a provider: which settings it takes, and how to make it from them. The settings' names
 * are short here (`clientId`); outside they carry the provider's name in front (`PAYPAL_CLIENT_ID` in the environment,
 * `paypal_client_id` in a kit's plugin settings).
 */
export interface ProviderDefinition<Table extends Settings = Settings> {
  readonly name: string
  /** For people, on pages and in documentation. */
  readonly title: string
  readonly settings: Table
  /**
   * What leaves with these settings, so that nobody pays the play balances of a sandbox exchange in real money.
   * `files` pay only when a person carries them to the bank. Whatever may be real is `real_money`.
   */
  pays(values: Values<Table>): Pays
  /**
   * @param nameOf What its settings are called where they were written; as here when left out.
   * @throws {ConfigError} Settings that are fine alone and cannot work together.
   */
  create(values: Values<Table>, nameOf?: (setting: string) => string): PaymentProvider
}

export type Pays = 'play_money' | 'files' | 'real_money'

/** Which of them are switched on. An app that hands its providers over in code has no need of it. */
export const providerChoice = (definitions: readonly ProviderDefinition[]) =>
  inDesk(
    inGroup('first', {
      providers: listOf(
        'Providers that are switched on, in order: the first one that pays a method in a currency gets it.',
        definitions.map(({ name }) => name),
      ),
    }),
  )

/** Every provider's settings under their full names, in the order of `definitions`. */
export const providerSettings = (
  definitions: readonly ProviderDefinition[],
): readonly (readonly [name: string, setting: Setting<unknown>])[] =>
  definitions.flatMap((definition) =>
    Object.entries(definition.settings).map(
      ([name, setting]) => [ofProvider(name, definition.name), setting] as const,
    ),
  )

/**
 * Makes the providers that are switched on. Settings of those that are off are not looked at.
 *
 * @param given Values under their full names.
 * @returns Every problem at once; the providers are complete only where there is none.
 */
export function createProviders(
  definitions: readonly ProviderDefinition[],
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
  nameOf: NameOf,
): { providers: PaymentProvider[]; pays: Readonly<Record<string, Pays>>; problems: string[] } {
  const made = [...new Set(names)].flatMap((name) => {
    const definition = definitions.find((known) => known.name === name)
    return definition ? [{ name, ...createProvider(definition, given, nameOf) }] : []
  })
  return {
    providers: made.flatMap(({ provider }) => (provider ? [provider] : [])),
    pays: Object.fromEntries(made.flatMap(({ name, pays }) => (pays ? [[name, pays]] : []))),
    problems: made.flatMap(({ problems }) => problems),
  }
}

function createProvider(
  definition: ProviderDefinition,
  given: Readonly<Record<string, unknown>>,
  nameOf: NameOf,
): { provider: PaymentProvider | null; pays: Pays | null; problems: readonly string[] } {
  const own = Object.fromEntries(
    Object.keys(definition.settings).map((name) => [name, given[ofProvider(name, definition.name)]]),
  )
  const written = (name: string) => nameOf(name, definition.name)
  const { values, problems } = readSettings(definition.settings, own, written)
  if (problems.length > 0) return { provider: null, pays: null, problems }
  try {
    return { provider: definition.create(values, written), pays: definition.pays(values), problems: [] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const problems = error.problems.map((problem) => `${definition.name}: ${problem}`)
    return { provider: null, pays: null, problems }
  }
}
