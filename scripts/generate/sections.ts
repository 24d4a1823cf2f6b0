import { kitSettings } from '../../src/kit/plugin/plugin-settings'
import type { ProviderDefinition } from '../../src/providers/definition'
import { PROVIDERS } from '../../src/providers/registry'
import { SCENARIOS } from '../../src/providers/sandbox/magic'
import { SETTINGS } from '../../src/settings/plugin'
import { providerSettings } from '../../src/settings/providers'
import { serverSettings } from '../../src/settings/server'
import { environmentName, type Setting, snakeName } from '../../src/settings/setting'

/** Parts of pages that people write, between `<!-- name:begin -->` and `<!-- name:end -->`. */
export function withSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`There is no section ${name}.`)
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`
}

export function settingsTables(): string {
  const plugin = Object.entries<Setting<unknown>>(SETTINGS)
  const server = Object.entries<Setting<unknown>>(serverSettings(PROVIDERS))
  return [
    'The plugin:',
    '',
    table(plugin),
    '',
    'The providers, each with its name in front:',
    '',
    table(providerSettings(PROVIDERS)),
    '',
    'Only `npm start`, which also has `dialects` iotaap, `quietSeconds` and `leaseSeconds` 15 and',
    '`uniqueTransactionIds` true unless told otherwise:',
    '',
    table(server),
  ].join('\n')
}

export const scenarioTable = (): string =>
  [
    '| ends in | what happens |',
    '|---|---|',
    ...Object.entries(SCENARIOS).map(([ending, what]) => `| .${ending.padStart(2, '0')} | ${what} |`),
  ].join('\n')

/** One provider's, for its own page. */
export const providerSettingsTable = (definition: ProviderDefinition): string =>
  table(providerSettings([definition]))

const table = (settings: readonly (readonly [string, Setting<unknown>])[]): string => {
  const inKit = new Set(kitSettings().map(([key]) => key))
  return [
    '| setting | environment | in a kit | default | what |',
    '|---|---|---|---|---|',
    ...settings
      .filter(([, { hidden }]) => hidden !== true)
      .map(([name, { doc, fallback }]) => {
        const key = snakeName(name)
        const places = [`\`${environmentName(name)}\``, inKit.has(key) ? `\`${key}\`` : '-']
        return `| \`${name}\` | ${places.join(' | ')} | ${shown(fallback)} | ${doc} |`
      }),
  ].join('\n')
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : `\`${value.join(',')}\``
  if (value === '' || (typeof value === 'object' && value !== null)) return '-'
  return `\`${String(value)}\``
}
