import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { brotliCompressSync } from 'node:zlib'

import { build, type Plugin } from 'esbuild'

import { kitVersionBefore } from '../generate/plugin-config'

const root = path.join(__dirname, '../..')

/** What the operator panel of a kit takes: see docs/hollaex.md. */
export interface PluginJson {
  readonly name: string
  readonly version: number
  readonly author: string
  readonly script: string
  readonly [field: string]: unknown
}

/** @returns The JSON an operator installs. Nothing has to be installed beside it: everything is in its script. */
export async function pluginJson(): Promise<PluginJson> {
  const config = JSON.parse(fs.readFileSync(path.join(root, 'plugin/config.json'), 'utf8')) as PluginJson
  return {
    ...config,
    admin_view: await deskPage(),
    ...optional('web_view', 'plugin/web-view.json', (text) => JSON.parse(text) as unknown),
    script: await pluginScript(),
  }
}

/**
 * For a kit that has a version from before settings were in the desk. Of an upgrade's `meta` the kit keeps only the keys
 * that the new one has, before anything of ours runs; without `meta` it leaves what is there alone, to be taken over.
 * Its version is one of its own: a kit refuses the one that is installed, and this one's successor comes right after it.
 */
export function upgradeJson({ meta: _meta, public_meta: _public, ...json }: PluginJson): PluginJson {
  return { ...json, version: kitVersionBefore(json.version) }
}

/** The same file that is served to operators elsewhere; see web/. */
export function deskPage(): Promise<string> {
  const { buildDesk } = createRequire(__filename)(path.join(root, 'web/build.cjs')) as {
    buildDesk: () => Promise<string>
  }
  return buildDesk()
}

function optional(field: string, file: string, read: (text: string) => unknown): Record<string, unknown> {
  const place = path.join(root, file)
  return fs.existsSync(place) ? { [field]: read(fs.readFileSync(place, 'utf8')) } : {}
}

/** Libraries of which we need a small part; whole, they are half of the script. */
const REPLACED = ['express', 'iconv-lite', 'lodash', 'mime-db', 'prom-client', 'validator']

/**
 * What a kit stores and evaluates. A kit minifies it again, in the middle of its server, which answers nothing
 * meanwhile: the compression of a bundle of this size takes it ten seconds and more, in ways that differ between an
 * installation and an upgrade. So the bundle is one text in the script, which the minifier passes over: it takes no
 * time, and what runs is what was built and tested, in strict mode, to the letter. Packed, it is a third of its size, in the
 * kit's database and on the way into it; unpacking takes some ten milliseconds.
 */
export const pluginScript = async (): Promise<string> => {
  const packed = brotliCompressSync(Buffer.from(`${await bundle()}\n//# sourceURL=bank-withdrawal.js`))
  const unpacked = `require("zlib").brotliDecompressSync(require("buffer").Buffer.from("${packed.toString('base64')}","base64"))`
  return `(0,eval)(${unpacked}.toString());\n`
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/kit/plugin/plugin.ts')],
    inject: [path.join(__dirname, 'kit-globals.ts')],
    plugins: [withoutEmbeddedDatabase, withoutDesk],
    alias: Object.fromEntries(REPLACED.map((name) => [name, path.join(__dirname, `instead/${name}.cjs`)])),
    bundle: true,
    write: false,
    minify: true,
    charset: 'utf8',
    platform: 'node',
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    external: ['pg-native'],
    // Some libraries ask where they are; a script in a kit's database is nowhere.
    define: { 'import.meta.url': 'bankWithdrawalUrl' },
    banner: {
      js: '"use strict";var bankWithdrawalUrl=require("url").pathToFileURL(process.cwd()+"/bank-withdrawal.js").href;',
    },
    logLevel: 'warning',
  })
  const [script] = outputFiles
  if (!script) throw new Error('esbuild wrote nothing.')
  return script.text
}

/** A kit has a PostgreSQL; the embedded one is loaded with `import()`, which an evaluated script cannot do. */
const withoutEmbeddedDatabase: Plugin = {
  name: 'without-embedded-database',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/embedded$/ }, () => ({ path: 'embedded', namespace: 'left-out' }))
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents:
        'export const openEmbedded = () => Promise.reject(new Error("There is no embedded database here."))',
    }))
  },
}

/** A kit shows the desk in its own panel, as the plugin's `admin_view`: once in its database is enough. */
const withoutDesk: Plugin = {
  name: 'without-desk',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/desk-page$/ }, () => ({ path: 'desk-page', namespace: 'no-desk' }))
    onLoad({ filter: /.*/, namespace: 'no-desk' }, () => ({
      contents: 'export const readDeskPage = () => Promise.resolve(null)',
    }))
  },
}
