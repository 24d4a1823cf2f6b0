import fs from 'node:fs'
import path from 'node:path'

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
  providers: 'sandbox',
  encryption_keys: keyNamed('a'),
  hash_key: Buffer.from(keyOf('h').secret).toString('base64'),
}
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

  it('can be saved as soon as a provider is named and there are keys', () => {
    expect(complaining(fields, ASKED)).toEqual([])
  })

  it('can be saved with any one field changed and emptied again', () => {
    for (const { key, type } of fields.filter(({ key }) => !Object.hasOwn(ASKED, key)))
      if (type !== 'boolean') expect(complaining(fields, { ...ASKED, [key]: '' })).toEqual([])
  })

  it('asks for nothing but the providers and the keys', () => {
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

  it('saved with nothing but a provider is the defaults of a kit', () => {
    const { problems, unknown, config } = read(saved(fields, { providers: 'sandbox' }))
    expect({ problems, unknown }).toEqual({ problems: [], unknown: [] })
    expect(parseConfig(config)).toEqual(parseConfig(KIT_DEFAULTS))
  })

  it('is read back as it was typed, numbers too, which are lines of text', () => {
    const typed = {
      ...{ providers: 'sandbox', wait_ms: ' 5000 ', max_open_withdrawals: '0', mails: false },
      ...{ adoption: true, sandbox_timeout_ms: '700', schedule: '0 3 * * *' },
    }
    const { problems, config, providers } = read(saved(fields, typed))

    expect(problems).toEqual([])
    expect(parseConfig(config)).toMatchObject({
      ...{ waitMs: 5_000, maxOpenWithdrawals: 0, mails: false, adoption: true, schedule: '0 3 * * *' },
    })
    expect(providers[0]?.capabilities.timeoutMs).toBe(700)
  })

  it('names a number that is none, by its name in the form', () => {
    const { problems } = read(saved(fields, { providers: 'sandbox', wait_ms: 'soon', lease_seconds: '90 s' }))
    expect(problems).toEqual([
      'wait_ms must be a whole number from 0 to 60000',
      'lease_seconds must be a whole number from 10 to 900',
    ])
  })

  it('says in a sentence what an empty field means, where there is a default', () => {
    const explanationOf = (key: string) => fields.find((field) => field.key === key)?.explanation
    expect(explanationOf('wait_ms')).toMatch(/ Empty: 8000\.$/)
    expect(explanationOf('destinations')).toMatch(/ Empty: stored\.$/)
    expect(explanationOf('max_open_withdrawals')).toMatch(/ Empty: 3\.$/)
    expect(explanationOf('operator_roles')).toMatch(/ Empty: admin\.$/)
    expect(explanationOf('paypal_email_message')).not.toMatch(/Empty: .*Empty: /)
    expect(explanationOf('mails')).not.toMatch(/Empty: /)
  })
})

describe('A setting of a kit', () => {
  it('is one that asks to be: nothing gets into the form by itself', () => {
    expect(kitSettings().filter(([, { inKit }]) => inKit !== true)).toEqual([])
    expect(kitSettings().map(([key]) => key)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(base_path|worker|dialects|paypal_base_url)$/)]),
    )
  })

  it('does something: what nothing uses is not offered', () => {
    expect(kitSettings().filter(([, { hidden }]) => hidden)).toEqual([])
  })
})
