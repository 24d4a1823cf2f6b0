import fs from 'node:fs'
import path from 'node:path'

import { snakeName } from '../../src/domain/setting-names'
import { KIT_DEFAULTS, kitSettings } from '../../src/kit/plugin/plugin-settings'
import { type Setting } from '../../src/settings/setting'

/** `plugin/config.json`: everything of the plugin's JSON but its script. */
export function pluginConfig(root: string): string {
  const { version, description } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string
    description: string
  }
  const settings = kitSettings()
  const config = {
    name: 'bank-withdrawal',
    version: kitVersion(version),
    // A type of its own: two plugins of one type exclude each other, and "bank" is taken by the kit's own.
    type: 'bank-withdrawal',
    author: 'hollaex-bank-withdrawal',
    enabled: true,
    description,
    bio: 'Pays fiat withdrawals through banks and PayPal. Locks first, pays once, settles or gives back.',
    documentation: null,
    icon: null,
    url: null,
    logo: null,
    admin_view: null,
    web_view: null,
    prescript: { install: [], run: null },
    postscript: { run: null },
    meta: formOf(settings.filter(([, { isPublic }]) => !isPublic)),
    public_meta: formOf(settings.filter(([, { isPublic }]) => isPublic)),
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

const PRERELEASES_MAX = 98
const RELEASED = PRERELEASES_MAX + 1

/**
 * A kit's versions are whole numbers, and an upgrade needs another one: 1.2.3 is 1020399, and its 1.2.3-rc.4, which
 * comes before it, is 1020304.
 *
 * @throws {Error} Two versions would be one number, or be in the wrong order.
 */
export function kitVersion(version: string): number {
  const parts = /^(\d+)\.(\d+)\.(\d+)(?:-rc\.(\d+))?$/.exec(version)
  if (!parts) throw new Error(`${version} is neither 1.2.3 nor 1.2.3-rc.4.`)
  const [major = 0, minor = 0, patch = 0] = parts.slice(1, 4).map(Number)
  const prerelease = parts[4] === undefined ? RELEASED : Number(parts[4])
  const isPrerelease = parts[4] !== undefined
  if (minor > 99 || patch > 99 || (isPrerelease && (prerelease < 1 || prerelease > PRERELEASES_MAX)))
    throw new Error(`${version} does not fit into the number that a kit keeps.`)
  return ((major * 100 + minor) * 100 + patch) * 100 + prerelease
}

/** Nobody has to be paid, and nobody's account to be stored readable, by somebody who did not look. */
const ASKED = ['providers', 'encryption_keys', 'hash_key']

const formOf = (settings: ReturnType<typeof kitSettings>) =>
  Object.fromEntries(
    settings.map(([key, setting]) => [
      key,
      {
        type: fieldType(setting),
        required: ASKED.includes(key),
        description: explanation(key, setting),
        value: formValue(setting),
      },
    ]),
  )

/**
 * Numbers too are lines of text: the panel takes an empty number field for a mistake, required or not, and then saves
 * nothing at all.
 */
const fieldType = ({ secret, form }: Setting<unknown>): 'password' | 'boolean' | 'string' =>
  secret ? 'password' : (form ?? 'string')

/** The form shows no default: who reads the field has to be told what stands there while it is empty. */
function explanation(key: string, { doc, form, fallback }: Setting<unknown>): string {
  const ofKits = Object.entries(KIT_DEFAULTS).find(([name]) => snakeName(name) === key)?.[1]
  const value = ofKits ?? fallback
  const text = Array.isArray(value)
    ? value.join(', ')
    : typeof value === 'object'
      ? ''
      : `${value as string | number}`
  return form === 'boolean' || text === '' || doc.includes('Empty:') ? doc : `${doc} Empty: ${text}.`
}

/** Empty means the default, which can then change with a new version: a kit keeps old values when it upgrades. */
const formValue = ({ form, fallback }: Setting<unknown>): unknown => (form === 'boolean' ? fallback : '')
