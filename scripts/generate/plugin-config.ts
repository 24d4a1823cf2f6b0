import fs from 'node:fs'
import path from 'node:path'

import { kitSettings } from '../../src/kit/plugin/plugin-settings'
import { written } from '../../src/settings/desk'
import { type Setting } from '../../src/settings/setting'

/** `plugin/config.json`: everything of the plugin's JSON but its script. */
export function pluginConfig(root: string): string {
  const { version, description } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string
    description: string
  }
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
    meta: formOf(kitSettings()),
    public_meta: {},
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

const PRERELEASES_MAX = 48
const RELEASED = 99

/**
 * A kit's versions are whole numbers, and it installs none over itself: 1.2.3 is 1020399, and its 1.2.3-rc.4, which comes
 * before it, is 1020308. The number right before each is free for the file that comes first where an
 * old form is taken over.
 *
 * @throws {Error} Two versions would be one number, or be in the wrong order.
 */
export function kitVersion(version: string): number {
  const parts = /^(\d+)\.(\d+)\.(\d+)(?:-rc\.(\d+))?$/.exec(version)
  if (!parts) throw new Error(`${version} is neither 1.2.3 nor 1.2.3-rc.4.`)
  const [major = 0, minor = 0, patch = 0] = parts.slice(1, 4).map(Number)
  const prerelease = parts[4] === undefined ? null : Number(parts[4])
  const isOutside = prerelease !== null && (prerelease < 1 || prerelease > PRERELEASES_MAX)
  if (minor > 99 || patch > 99 || isOutside)
    throw new Error(`${version} does not fit into the number that a kit keeps.`)
  return ((major * 100 + minor) * 100 + patch) * 100 + (prerelease === null ? RELEASED : 2 * prerelease)
}

/** Of the file that is installed before it; see upgradeJson. */
export const kitVersionBefore = (version: number): number => version - 1

/** Nobody's account is to be stored readable by somebody who did not look. */
const ASKED = ['encryption_keys', 'hash_key']

const formOf = (settings: ReturnType<typeof kitSettings>) =>
  Object.fromEntries(
    settings.map(([key, setting]) => [
      key,
      {
        type: setting.secret ? 'password' : 'string',
        required: ASKED.includes(key),
        description: explanation(setting),
        // Empty means the default, which can then change with a new version: a kit keeps old values when it upgrades.
        value: '',
      },
    ]),
  )

/** The form shows no default: who reads the field has to be told what stands there while it is empty. */
function explanation({ doc, fallback }: Setting<unknown>): string {
  const text = written(fallback)
  return text === '' || doc.includes('Empty:') ? doc : `${doc} Empty: ${String(text)}.`
}
