import { settingsTables } from '../../scripts/generate/settings-tables'
import { PROVIDERS } from '../../src/providers/registry'
import { SETTINGS } from '../../src/settings/plugin'
import { providerSettings } from '../../src/settings/providers'
import { SERVER_SETTINGS } from '../../src/settings/server'

/** What stands in the column of defaults, by name; behind `;` are those of other places. */
const defaults = new Map(
  settingsTables()
    .split('\n')
    .map((line) => line.split(' | '))
    .filter((cells) => cells.length === 6)
    .map((cells) => [
      cells[0]?.replace(/[|` ]/g, '') ?? '',
      cells[2]?.split('; `npm')[0]?.split('; kit')[0] ?? '',
    ]),
)
const table = { ...SERVER_SETTINGS, ...SETTINGS, ...Object.fromEntries(providerSettings(PROVIDERS)) }

describe('the tables of the settings', () => {
  it('name each default as somebody could write it to mean the same', () => {
    const compared = Object.entries(table).filter(([name, { hidden }]) => defaults.has(name) && !hidden)
    expect(compared.length).toBeGreaterThan(100)
    const wrong = compared.filter(([name, setting]) => {
      const written = defaults.get(name)?.replaceAll('`', '')
      // Empty is "not set": it is the default whatever the default is.
      if (written === '-') return false
      const read = setting.read(written)
      return !('value' in read) || JSON.stringify(read.value) !== JSON.stringify(setting.fallback)
    })
    expect(wrong.map(([name]) => `${name}: ${defaults.get(name)}`)).toEqual([])
  })
})
