import { SETTINGS } from '../../src/config'
import type { ProviderDefinition } from '../../src/providers/definition'
import { SCENARIOS } from '../../src/sandbox/magic'
import { SERVER_SETTINGS } from '../../src/server-settings'
import { environmentName, type Settings } from '../../src/settings'

/** Parts of pages that people write, between `<!-- name:begin -->` and `<!-- name:end -->`. */
export function withSection(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error(`There is no section ${name}.`)
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`
}

export function settingsTables(): string {
  return [
    'The plugin:',
    '',
    table(SETTINGS),
    '',
    'Only `npm start`, which also has `dialects` iotaap, `quietSeconds` and `leaseSeconds` 15 and',
    '`uniqueTransactionIds` true unless told otherwise:',
    '',
    table(SERVER_SETTINGS),
  ].join('\n')
}

export const scenarioTable = (): string =>
  [
    '| ends in | what happens |',
    '|---|---|',
    ...Object.entries(SCENARIOS).map(([ending, what]) => `| .${ending.padStart(2, '0')} | ${what} |`),
  ].join('\n')

/** A provider's settings carry its name in the environment. */
export const providerSettingsTable = ({ name, settings }: ProviderDefinition): string =>
  table(settings, `${name.toUpperCase()}_`)

const table = (settings: Settings, prefix = ''): string =>
  [
    '| setting | environment | default | what |',
    '|---|---|---|---|',
    ...Object.entries(settings).map(
      ([name, { doc, fallback }]) =>
        `| \`${name}\` | \`${prefix}${environmentName(name)}\` | ${shown(fallback)} | ${doc} |`,
    ),
  ].join('\n')

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : `\`${value.join(',')}\``
  return value === '' ? '-' : `\`${String(value)}\``
}
