import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { brotliCompressSync } from 'node:zlib'

import { build, type BuildOptions, type Plugin, transform } from 'esbuild'

import { kitVersionBefore } from '../generate/plugin-config'
import { inText } from './in-text'

const root = path.join(__dirname, '../..')

/** What the operator panel of a kit takes: see docs/hollaex.md. */
export interface PluginJson {
  readonly name: string
  readonly version: number
  readonly author: string
  readonly script: string
  readonly [field: string]: unknown
}

/**
 * @param publicUrl Where the exchange's web app finds its API, `https://exchange.example/api`: users get our page then, and
 *   not the kit's form.
 * @returns The JSON an operator installs. Nothing has to be installed beside it: everything is in its script.
 */
export async function pluginJson(publicUrl?: string): Promise<PluginJson> {
  const config = JSON.parse(fs.readFileSync(path.join(root, 'plugin/config.json'), 'utf8')) as PluginJson
  return {
    ...config,
    admin_view: await deskPage(),
    ...(publicUrl !== undefined && { web_view: [await webViewAt(publicUrl)] }),
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

interface Pages {
  readonly buildDesk: () => Promise<string>
  readonly buildUserPage: () => Promise<string>
  readonly buildWebView: () => Promise<{ readonly name: string; readonly text: string }>
  readonly buildApiPage: () => Promise<object>
}
const pages = createRequire(__filename)(path.join(root, 'web/build.cjs')) as Pages

/** The same files that are served elsewhere; see web/. */
export const deskPage = (): Promise<string> => pages.buildDesk()
export const userPage = (): Promise<string> => pages.buildUserPage()
export const webView = () => pages.buildWebView()
export const apiPage = () => pages.buildApiPage()

/** Where the kit's own form for every fiat currency stands. */
const TARGET = 'REMOTE_COMPONENT__FIAT_WALLET_WITHDRAW'
const SERVED_AT = '/plugins/bank/withdrawal/web'

/** Every visitor of the exchange is sent this: the address of the page, and not the page. */
export async function webViewAt(
  publicUrl: string,
): Promise<{ readonly src: string; readonly target: string }> {
  const { name } = await webView()
  return { src: `${apiAddress(publicUrl)}${SERVED_AT}/${name}`, target: TARGET }
}

/** @throws {Error} It is no address that a browser can load a program from. */
export function apiAddress(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null
  if (
    !url ||
    !['https:', 'http:'].includes(url.protocol) ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== ''
  )
    throw new Error(
      `--public-url must be the address of the exchange's API, https://exchange.example/api, and is ${given}`,
    )
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** Libraries of which we need a small part; whole, they are half of the script. */
const REPLACED = [
  ...['express', 'express-validator', 'follow-redirects', 'form-data', 'https-proxy-agent', 'iconv-lite'],
  ...['lodash', 'mime-db', 'prom-client', 'validator'],
]

/**
 * What a kit stores and evaluates. A kit minifies it again, in the middle of its server, which answers nothing
 * meanwhile: the compression of a bundle of this size takes it ten seconds and more, in ways that differ between an
 * installation and an upgrade. So the bundle is one text in the script, which the minifier passes over: it takes no
 * time, and what runs is what was built and tested, in strict mode, to the letter. Packed, it is a third of its size, in the
 * kit's database and on the way into it; unpacking takes some ten milliseconds.
 */
export const pluginScript = async (): Promise<string> => {
  const { code } = await transform(await bundle(), { ...WRITTEN, minify: true })
  const packed = brotliCompressSync(Buffer.from(`${code}//# sourceURL=bank-withdrawal.js`, 'latin1'))
  return `(0,eval)(require("zlib").brotliDecompressSync(${inText(packed)}).toString("latin1"));\n`
}

const WRITTEN = {
  // One sign beyond Latin-1 makes an engine keep, and read, two bytes for each of them all.
  charset: 'ascii',
  platform: 'node',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions

/**
 * Made small afterwards: of what it bundles and makes small at once esbuild makes arrow functions, a module each, which V8 reads
 * in full before any is called, and again then; a method is looked over until it is called.
 */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'src/kit/plugin/plugin.ts')],
    inject: [path.join(__dirname, 'kit-globals.ts')],
    ...{ ...WRITTEN, ...PARTS_ALONE },
    plugins: [...PARTS_ALONE.plugins, withoutEmbeddedDatabase, withOwnPages, withoutComments],
    bundle: true,
    write: false,
    format: 'iife',
    external: ['pg-native'],
    // Some libraries ask where they are; a script in a kit's database is nowhere.
    define: { 'import.meta.url': 'bankWithdrawalUrl' },
    banner: {
      js: '"use strict";var bankWithdrawalUrl=require("url").pathToFileURL(process.cwd()+"/bank-withdrawal.js").href;',
    },
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

/** Calls go out over Node's `http` (src/providers/shared/http-client.ts); to look whether there is `fetch` takes loading it. */
const withoutOtherTransports: Plugin = {
  name: 'without-other-transports',
  setup({ onLoad }) {
    onLoad({ filter: /\/axios\/lib\/adapters\/(fetch|xhr)\.js$/ }, () => ({
      contents: 'export default null; export const getFetch = () => null',
    }))
  },
}

/** How the plugin is built with the parts of libraries that it needs, and without the rest. */
export const PARTS_ALONE = {
  alias: Object.fromEntries(REPLACED.map((name) => [name, path.join(__dirname, `instead/${name}.cjs`)])),
  plugins: [withoutOtherTransports],
} satisfies BuildOptions

/** Why each migration is as it is stands in the repository; a kit stores what is executed. */
const withoutComments: Plugin = {
  name: 'without-comments',
  setup({ onLoad }) {
    onLoad({ filter: /\/migrations\.generated\.ts$/ }, ({ path: file }) => ({
      contents: fs.readFileSync(file, 'utf8').replace(/(?<=\\n|")\s*--.*?\\n/g, ''),
      loader: 'ts',
    }))
  },
}

/**
 * A kit shows the desk in its own panel, as the plugin's `admin_view`: once in its database is enough. The users' page is
 * served by us, out of the script. What renders the API's description is larger than all the rest, and for developers,
 * who have the package.
 */
const withOwnPages: Plugin = {
  name: 'with-own-pages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/desk-page$/ }, () => ({ path: 'desk-page', namespace: 'pages' }))
    onLoad({ filter: /.*/, namespace: 'pages' }, async () => {
      const view = JSON.stringify(await webView())
      return {
        contents: `
          export const readDeskPage = () => Promise.resolve(null)
          export const readApiPage = () => Promise.resolve(null)
          export const readWebView = () => Promise.resolve(${view})`,
      }
    })
  },
}
