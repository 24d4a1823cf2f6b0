/**
 * Makes one self-contained HTML of each page: script, style and font inside, and a Content-Security-Policy that lets
 * nothing else run. CommonJS as it stands, so that whatever runs the source can load it without being built itself.
 */
const { createHash } = require('node:crypto')
const path = require('node:path')

const { build } = require('esbuild')

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

const script = (entry) =>
  bundled({
    entryPoints: [path.join(__dirname, entry)],
    format: 'iife',
    target: 'es2019',
    jsx: 'transform',
    alias: { react: 'preact/compat' },
    define: { 'process.env.NODE_ENV': '"production"' },
  })

const style = (entry) =>
  bundled({ entryPoints: [path.join(__dirname, entry)], target: 'es2019', loader: { '.woff2': 'dataurl' } })

const hashOf = (text) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

/** What would end an element, or begin a comment that swallows its end, is written another way. */
const inScript = (text) => text.replace(/<(\/script|!--)/gi, '\\x3C$1')

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%231d5c57'/%3E%3Cpath d='M8 12h16M8 20h10' stroke='%23fff' stroke-width='3' stroke-linecap='round'/%3E%3C/svg%3E"

/** @returns {Promise<string>} The desk. Where its API is, it finds out by itself: connections are narrowed then. */
async function buildDesk() {
  const [js, css] = await Promise.all([
    script('operator/main.tsx').then(inScript),
    style('operator/style.css'),
  ])
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
<title>Withdrawals desk</title>
<link rel="icon" href="${ICON}">
<style>${css}</style>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<div id="desk"></div>
<script>${js}</script>
</body>
</html>
`
}

module.exports = { buildDesk }
