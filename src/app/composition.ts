import { nameInCode, type NameOf, ofProvider } from '../domain/setting-names'
import { ConfigError } from '../errors'
import type { PaymentProvider } from '../ports/payment-provider'
import { createProviderDirectory, type ProviderDirectory } from '../services/payouts/directory'
import { layered } from '../settings/desk'
import { checkConfig, type Config, parseConfig, SETTINGS } from '../settings/plugin'
import {
  createProviders,
  type Pays,
  providerChoice,
  type ProviderDefinition,
  providerSettings,
} from '../settings/providers'
import { readSettings } from '../settings/setting'
import { createPayoutPlans, type PayoutPlans } from './plans'

/** What settings come from, and what is made with them; all of it stays while the program runs. */
export interface CompositionSources {
  /** Given in code, by the environment or in a kit's form, by full name. */
  readonly fixed: Readonly<Record<string, unknown>>
  /** Where nobody has said anything; may depend on which providers there are. */
  readonly defaults: (providers: readonly PaymentProvider[]) => Readonly<Record<string, unknown>>
  /** Given in code; null where operators switch on those of `definitions`. */
  readonly providers: readonly PaymentProvider[] | null
  readonly definitions: readonly ProviderDefinition[]
  /** What this installation does not let pay, one sentence each. */
  readonly refusals: (pays: Readonly<Record<string, Pays>>) => readonly string[]
}

/** Settings, read and checked, and what they make of the providers. Nothing is opened yet. */
export interface Parts {
  readonly config: Config
  readonly providers: ProviderDirectory
  readonly plans: PayoutPlans
  /** Made for these settings, and closed with them; those that code has given live longer. */
  readonly made: readonly PaymentProvider[]
  readonly pays: Readonly<Record<string, Pays>>
}

export type Composed =
  | { readonly parts: Parts; readonly problems: readonly [] }
  | { readonly parts: null; readonly problems: readonly string[] }

const NOBODY: ProviderDirectory = { all: [], named: () => null, timeoutMsMax: 0 }

/**
 * Makes of settings what the program runs with. Has no effect.
 *
 * @param stored What operators have set, secrets in clear; names that this version does not know count for nothing.
 */
export function compose(
  sources: CompositionSources,
  stored: Readonly<Record<string, unknown>>,
  nameOf: NameOf = nameInCode,
): Composed {
  const { fixed, definitions } = sources
  const given = layered({ fixed, stored, defaults: sources.defaults([]) })
  const made = sources.providers
    ? { providers: [], pays: {}, problems: [] }
    : makeProviders(definitions, given, nameOf)
  const providers = sources.providers ?? made.providers
  const settings = layered({ fixed, stored: onlyOwn(stored), defaults: sources.defaults(providers) })
  const { values: config, problems } = checkConfig(withoutProviders(settings, definitions), nameOf)
  const all = [...problems, ...made.problems, ...sources.refusals(made.pays)]
  if (all.length > 0) return { parts: null, problems: all }
  try {
    const mayBeNone = sources.providers === null
    const directory = directoryOf(providers, mayBeNone, config.leaseSeconds, nameOf)
    const plans = createPayoutPlans(config, directory, nameOf)
    const parts = { config, providers: directory, plans, made: made.providers, pays: made.pays }
    return { parts, problems: [] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { parts: null, problems: error.problems }
  }
}

/** Where operators switch providers on, they may have none on. */
const directoryOf = (
  providers: readonly PaymentProvider[],
  mayBeNone: boolean,
  leaseSeconds: number,
  nameOf: NameOf,
): ProviderDirectory =>
  providers.length === 0 && mayBeNone ? NOBODY : createProviderDirectory(providers, leaseSeconds, nameOf)

/**
 * What has to be known before the database can be read: none of it is set in the desk.
 *
 * @throws {ConfigError} What is fixed cannot work, whatever operators set.
 */
export function readStartConfig(sources: CompositionSources, nameOf: NameOf = nameInCode): Config {
  const settings = layered({ fixed: sources.fixed, stored: {}, defaults: sources.defaults([]) })
  return parseConfig(withoutProviders(settings, sources.definitions), nameOf)
}

function makeProviders(
  definitions: readonly ProviderDefinition[],
  given: Readonly<Record<string, unknown>>,
  nameOf: NameOf,
) {
  const { values, problems } = readSettings(
    providerChoice(definitions),
    { providers: given.providers },
    nameOf,
  )
  const own = Object.fromEntries(providerSettings(definitions).map(([name]) => [name, given[name]]))
  const made = createProviders(definitions, values.providers ?? [], own, nameOf)
  return { ...made, problems: [...problems, ...made.problems] }
}

/** What another version has stored is not in anybody's way. */
const onlyOwn = (stored: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(stored).filter(([name]) => Object.hasOwn(SETTINGS, name)))

/** A name that nobody knows stays in, and is a problem: code and environment mean something by it. */
function withoutProviders(
  settings: Readonly<Record<string, unknown>>,
  definitions: readonly ProviderDefinition[],
): Readonly<Record<string, unknown>> {
  const theirs = new Set([
    ...(definitions.length > 0 ? ['providers'] : []),
    ...definitions.flatMap(({ name, settings: table }) =>
      Object.keys(table).map((setting) => ofProvider(setting, name)),
    ),
  ])
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !theirs.has(name)))
}
