/** Compiles the npm package to dist/ and writes the plugin a kit installs to dist/plugin/. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

import { deskPage, pluginJson, upgradeJson } from './build/plugin'

const root = path.join(__dirname, '..')
fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true })
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
})

async function writePages(): Promise<void> {
  fs.writeFileSync(path.join(root, 'dist/desk.html'), await deskPage())
}

async function writePlugin(): Promise<void> {
  const directory = path.join(root, 'dist/plugin')
  fs.mkdirSync(directory, { recursive: true })
  const json = await pluginJson()
  const write = (file: string, content: object) =>
    fs.writeFileSync(path.join(directory, file), `${JSON.stringify(content)}\n`)
  write('bank-withdrawal.json', json)
  write('bank-withdrawal-upgrade.json', upgradeJson(json))
}

Promise.all([writePages(), writePlugin()]).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
