import { environmentName, snakeName } from '../../src/domain/setting-names'
import { KIT_DEFAULTS, kitSettings } from '../../src/kit/plugin/plugin-settings'
import type { ProviderDefinition } from '../../src/providers/definition'
import { PROVIDERS } from '../../src/providers/registry'
import { POLICY_SETTINGS } from '../../src/settings/exchange'
import { SETTING_GROUPS, type SettingGroup } from '../../src/settings/groups'
import { SETTINGS } from '../../src/settings/plugin'
import { providerChoice, providerSettings } from '../../src/settings/providers'
import { SERVER_SETTINGS, serverSettings, STANDALONE_DEFAULTS } from '../../src/settings/server'
import { type Setting } from '../../src/settings/setting'

type Named = readonly [name: string, setting: Setting<unknown>]

/** Every setting there is, by group; the providers' stand before what is rarely touched. */
export function settingsTables(): string {
  const everywhere = { ...providerChoice(PROVIDERS), ...SERVER_SETTINGS, ...SETTINGS }
  const inGroup = (group: SettingGroup) =>
    section(
      SETTING_GROUPS[group],
      Object.entries(everywhere).filter(([, setting]) => setting.group === group),
    )
  const ofProviders = PROVIDERS.map((definition) =>
    section(`Provider ${definition.name}: ${definition.title}`, providerSettings([definition])),
  )
  const before = (['first', 'money', 'privacy', 'timing'] as const).map(inGroup)
  return [...before, ...ofProviders, inGroup('rare')].join('\n\n')
}

/** One provider's, for its own page. */
export const providerSettingsTable = (definition: ProviderDefinition): string =>
  table(providerSettings([definition]))

const section = (title: string, settings: readonly Named[]): string => `## ${title}\n\n${table(settings)}`

function table(settings: readonly Named[]): string {
  return [
    '| setting | what | default | in the desk | environment | in a kit’s form |',
    '|---|---|---|---|---|---|',
    ...settings
      .filter(([, { hidden }]) => hidden !== true)
      .map(([name, setting]) => {
        const inKit = kitSettings().find(([key]) => key === snakeName(name))
        const cells = [
          `\`${name}\``,
          setting.doc,
          defaults(name, setting),
          inDesk(name, setting),
          `\`${environmentName(name)}\``,
          inKit ? `\`${inKit[0]}\`` : '-',
        ]
        return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
      }),
  ].join('\n')
}

function inDesk(name: string, { inDesk, secret }: Setting<unknown>): string {
  if (POLICY_SETTINGS.some((setting) => setting === name)) return 'policy'
  return inDesk ? (secret ? 'sealed' : 'yes') : '-'
}

/** What `npm start` takes where nothing is said; the settings it has not are not in here. */
const STANDALONE: Readonly<Record<string, unknown>> = {
  providers: serverSettings(PROVIDERS).providers.fallback,
  ...STANDALONE_DEFAULTS,
}

/** The default, and the other ones of `npm start` and of a kit, from where the program reads them too. */
function defaults(name: string, { fallback, fallbackText }: Setting<unknown>): string {
  const others = [
    name in STANDALONE ? `\`npm start\`: ${shown(STANDALONE[name])}` : '',
    name in KIT_DEFAULTS ? `kit: ${shown(KIT_DEFAULTS[name])}` : '',
  ]
  return [shown(fallbackText ?? fallback ?? ''), ...others.filter((other) => other !== '')].join('; ')
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : `\`${value.join(',')}\``
  if (value === '' || (typeof value === 'object' && value !== null)) return '-'
  return `\`${String(value)}\``
}
