/**
 * Makes one self-contained HTML of each page: script, style and font inside, and a Content-Security-Policy that lets
 * nothing else run. CommonJS as it stands, so that whatever runs the source can load it without being built itself.
 */
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const { build } = require('esbuild')

/** The colours of both pages, by day and by night. */
const palette = require('./shared/palette.json')

const common = {
  bundle: true,
  minify: true,
  write: false,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
}

async function bundled(options) {
  const { outputFiles } = await build({ ...common, ...options })
  // A host may rewrite line ends on its way; one kind alone keeps the hash.
  return outputFiles[0].text.replace(/\r\n?/g, '\n').trim()
}

/** Of CSS: nested rules are written out, for browsers that do not know them. */
const TARGET = ['es2019', 'chrome105', 'firefox121', 'safari16']

const script = (entry) =>
  bundled({
    entryPoints: [path.join(__dirname, entry)],
    format: 'iife',
    target: 'es2019',
    jsx: 'transform',
    alias: { react: 'preact/compat' },
    define: { 'process.env.NODE_ENV': '"production"' },
  })

const declared = (theme) =>
  Object.entries(palette[theme])
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ')

/** `@palette dark;` stands for all of them, `palette(dark, ground)` for one. */
const paletteInCss = {
  name: 'palette',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path: file }) => ({
      loader: 'css',
      contents: (await fs.promises.readFile(file, 'utf8'))
        .replace(/@palette (\w+);/g, (_all, theme) => declared(theme))
        .replace(/palette\((\w+), ([\w-]+)\)/g, (_all, theme, name) => palette[theme][name]),
    }))
  },
}

const style = (entry, target = 'es2019') =>
  bundled({
    entryPoints: [path.join(__dirname, entry)],
    target,
    loader: { '.woff2': 'dataurl' },
    plugins: [paletteInCss],
  })

const hashOf = (text) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

/** What would end an element, or begin a comment that swallows its end, is written another way. */
const inScript = (text) => text.replace(/<(\/script|!--)/gi, '\\x3C$1')

const ACCENT = encodeURIComponent(palette.light.accent)
const ICON = `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='${ACCENT}'/%3E%3Cpath d='M8 12h16M8 20h10' stroke='%23fff' stroke-width='3' stroke-linecap='round'/%3E%3C/svg%3E`

const nameOf = (stem, text, end) =>
  `${stem}.${createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16)}.${end}`

/** Where its API is, a page finds out by itself: connections are narrowed then. */
function pageOf({ js, css, title, root, head = '' }) {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(js)}`,
    `style-src ${hashOf(css)}`,
    'img-src data:',
    'font-src data:',
    'connect-src http: https:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
${head}<title>${title}</title>
<link rel="icon" href="${ICON}">
<style>${css}</style>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<div id="${root}"></div>
<script>${js}</script>
</body>
</html>
`
}

/** @returns {Promise<string>} The operators' page. */
async function buildDesk() {
  const [js, css] = await Promise.all([
    script('operator/main.tsx').then(inScript),
    style('operator/style.css'),
  ])
  return pageOf({ js, css, title: 'Withdrawals desk', root: 'desk' })
}

/** @returns {Promise<string>} The users' page of the standalone server; who serves it says where its API is. */
async function buildUserPage() {
  const [js, css] = await Promise.all([
    script('user/main.tsx').then(inScript),
    style('user/alone.css', TARGET),
  ])
  const head = '<meta name="base-path" content="">\n'
  return pageOf({ js, css, title: 'Withdraw', root: 'page', head })
}

/**
 * @returns {Promise<{ name: string, text: string }>} The same page for a kit's loader: CommonJS with a default export,
 *   which asks for nothing but the loader's own React. The name changes with the text, so that it can be kept for ever.
 */
async function buildWebView() {
  const css = await style('user/style.css', TARGET)
  const text = await bundled({
    entryPoints: [path.join(__dirname, 'user/kit.tsx')],
    format: 'cjs',
    target: 'es2019',
    jsx: 'transform',
    external: ['react'],
    define: { 'process.env.NODE_ENV': '"production"', BW_STYLE: JSON.stringify(css) },
  })
  return { name: nameOf('withdraw', text, 'js'), text }
}

const RENDERER = 'swagger-ui-dist'

/**
 * @returns {Promise<{ html: string, files: { name: string, type: string, text: string }[] }>} The API's description for
 *   people. Its script and style are too large to be sent with each visit: they have names of their own, which the page
 *   has `%s` before, for the way from where it is asked for to them.
 */
async function buildApiPage() {
  const part = (name) => fs.promises.readFile(require.resolve(`${RENDERER}/${name}`), 'utf8')
  const [renderer, looks, own, ownLooks, ...licences] = await Promise.all([
    ...[part('swagger-ui-bundle.js'), part('swagger-ui.css'), script('api/main.ts'), style('api/style.css')],
    ...['NOTICE', 'LICENSE', 'swagger-ui-bundle.js.LICENSE.txt'].map(part),
  ])
  const file = (stem, end, type, text) => ({ name: nameOf(stem, text, end), type, text })
  const withoutMap = (text) => text.replace(/^(?:\/\/|\/\*)# sourceMappingURL=.*$/gm, '').trim()
  const rights = file('licences', 'txt', 'text/plain', licences.join('\n\n'))
  const js = `/*! Swagger UI: see ${rights.name} */\n${withoutMap(renderer)}\n${own}\n`
  const css = `/*! Swagger UI: see ${rights.name} */\n${withoutMap(looks)}\n${ownLooks}\n`
  const files = [file('docs', 'js', 'text/javascript', js), file('docs', 'css', 'text/css', css), rights]
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>API of bank withdrawals</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="%s${files[1].name}">
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<div id="api"></div>
<script src="%s${files[0].name}"></script>
</body>
</html>
`
  return { html, files }
}

module.exports = { buildDesk, buildUserPage, buildWebView, buildApiPage }
