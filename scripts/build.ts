/**
 * Compiles the npm package to dist/ (or `--out`) and writes the plugin a kit installs to its plugin/. The same commit is the
 * same bytes. With `--public-url https://exchange.example/api` the plugin also brings the exchange's users their page.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { writeClient } from './build/client'
import { apiPage, deskPage, pluginJson, upgradeJson, userPage, webView } from './build/plugin'

const root = path.join(__dirname, '..')
const { values } = parseArgs({
  options: { out: { type: 'string', default: 'dist' }, 'public-url': { type: 'string' } },
})
const out = path.resolve(root, values.out)
fs.rmSync(out, { recursive: true, force: true })
execFileSync(
  process.execPath,
  [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', out],
  {
    cwd: root,
    stdio: 'inherit',
  },
)

async function writePages(): Promise<void> {
  fs.writeFileSync(path.join(out, 'desk.html'), await deskPage())
  fs.writeFileSync(path.join(out, 'user.html'), await userPage())
  fs.writeFileSync(path.join(out, 'web-view.json'), JSON.stringify(await webView()))
  fs.writeFileSync(path.join(out, 'api-page.json'), JSON.stringify(await apiPage()))
}

async function writePlugin(): Promise<void> {
  const directory = path.join(out, 'plugin')
  fs.mkdirSync(directory, { recursive: true })
  const json = await pluginJson(values['public-url'])
  const write = (file: string, content: object) =>
    fs.writeFileSync(path.join(directory, file), `${JSON.stringify(content)}\n`)
  write('bank-withdrawal.json', json)
  write('bank-withdrawal-upgrade.json', upgradeJson(json))
}

Promise.all([writePages(), writePlugin(), writeClient(path.join(out, 'client'))]).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
