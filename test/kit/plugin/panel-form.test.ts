import fs from 'node:fs'
import path from 'node:path'

import { pluginJson, upgradeJson } from '../../../scripts/build/plugin'
import { pluginConfig } from '../../../scripts/generate/plugin-config'
import { KIT_DEFAULTS, kitSettings, readPluginSettings } from '../../../src/kit/plugin/plugin-settings'
import { parseConfig } from '../../../src/settings/plugin'
import { keyNamed, keyOf } from '../../helpers/keys'
import { complaining, isPlainName, panelFields, saved, whyUnusable } from './panel-form'

/**
 * Goal: whoever installs the plugin can set it up in the panel. Method: the panel's form in our own words
 * (panel-form.ts) is held against what is shipped and against what is generated from the settings.
 */
const ROOT = path.join(__dirname, '../../..')
const ENVIRONMENT = { DB_HOST: 'db', DB_NAME: 'kit', DB_USERNAME: 'admin', DB_PASSWORD: 'p' }
/** What has to be filled in by hand. */
const ASKED = {
  encryption_keys: keyNamed('a'),
  hash_key: Buffer.from(keyOf('h').secret).toString('base64'),
}
/** More on one page of raw names nobody reads, and each save ends every plugin's thread. */
const FIELDS_MAX = 8
type Columns = Parameters<typeof panelFields>[0]

const shipped = JSON.parse(fs.readFileSync(path.join(ROOT, 'plugin/config.json'), 'utf8')) as Columns
const generated = JSON.parse(pluginConfig(ROOT)) as Columns
const read = ({ meta, public_meta }: Columns) => readPluginSettings(meta, public_meta, ENVIRONMENT)

describe.each([
  ['shipped', panelFields(shipped)],
  ['generated', panelFields(generated)],
] as const)('The panel’s form, as it is %s,', (_which, fields) => {
  it('has every setting of a kit, once', () => {
    expect(fields.map(({ key }) => key).sort()).toEqual(
      kitSettings()
        .map(([key]) => key)
        .sort(),
    )
  })

  it.each(fields.map((field) => [field.key, field] as const))(
    'can show, explain and store %s',
    (_key, field) => {
      expect(whyUnusable(field.type)).toBeNull()
      expect(isPlainName(field.key)).toBe(true)
      expect(field.explanation).toMatch(/^[A-Z].{15,}\.$/s)
      // A radio button shows nothing chosen for a text, whatever it says.
      expect(typeof field.initial).toBe(field.type === 'boolean' ? 'boolean' : 'string')
    },
  )

  it('is short: what has to be known before the database can be read, and no more', () => {
    expect(fields.length).toBeLessThanOrEqual(FIELDS_MAX)
    expect(fields.map(({ key }) => key)).toContain('encryption_keys')
    expect(fields.filter(({ section }) => section === 'public_meta')).toEqual([])
  })

  it('can be saved as soon as there are keys', () => {
    expect(complaining(fields, ASKED)).toEqual([])
  })

  it('can be saved with any one field changed and emptied again', () => {
    for (const { key, type } of fields.filter(({ key }) => !Object.hasOwn(ASKED, key)))
      if (type !== 'boolean') expect(complaining(fields, { ...ASKED, [key]: '' })).toEqual([])
  })

  it('asks for nothing but the keys', () => {
    expect(complaining(fields, {}).sort()).toEqual(Object.keys(ASKED).sort())
  })

  it('masks what is secret, and nothing else', () => {
    const secret = kitSettings().flatMap(([key, setting]) => (setting.secret ? [key] : []))
    expect(
      fields
        .filter(({ type }) => type === 'password')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(secret.sort())
  })

  it('saved with nothing but keys leaves everything to the desk', () => {
    const { problems, unknown, config, earlier, defaults } = read(saved(fields, ASKED))
    expect([problems, unknown, earlier.values]).toEqual([[], [], {}])
    expect(Object.keys(config).sort()).toEqual(['encryptionKeys', 'hashKey'])
    expect(defaults).toEqual(KIT_DEFAULTS)
  })

  it('is read back as it was typed, and what it says nobody changes in the desk', () => {
    const { problems, config } = read(saved(fields, { ...ASKED, operator_roles: ' treasurer, admin ' }))
    expect(problems).toEqual([])
    expect(parseConfig(config)).toMatchObject({ operatorRoles: ['treasurer', 'admin'] })
  })

  it('names a value that cannot work, by its name in the form', () => {
    const { problems } = read(saved(fields, { ...ASKED, operator_roles: 'user' }))
    expect(problems).toEqual([expect.stringMatching(/^operator_roles must be names of roles/)])
  })

  it('says in a sentence what an empty field means, where there is a default', () => {
    const explanationOf = (key: string) => fields.find((field) => field.key === key)?.explanation
    expect(explanationOf('operator_roles')).toMatch(/ Empty: admin\.$/)
    expect(explanationOf('encryption_keys')).not.toMatch(/Empty: .*Empty: /)
  })
})

describe('The JSON for the upgrade of an installation from before there was a desk', () => {
  it('has no form, so that the kit leaves alone what was set in the old one', async () => {
    const json = await pluginJson()
    const upgrade = upgradeJson(json)
    expect(upgrade).not.toHaveProperty('meta')
    expect(upgrade).not.toHaveProperty('public_meta')
    expect(upgrade).toMatchObject({ name: json.name, script: json.script })
    // A kit installs no version over itself, and this one is followed by the other.
    expect(upgrade.version).toBeLessThan(json.version)
  }, 60_000)
})
