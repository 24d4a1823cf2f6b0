import fs from 'node:fs'
import path from 'node:path'

import { build } from 'esbuild'

const ENTRY = path.join(__dirname, '../../src/client/index.ts')
const FORMATS = [
  ['esm', 'index.mjs'],
  ['cjs', 'index.js'],
] as const

/** The client as one file of each kind, which a browser loads as it is: in place of what the compiler made of its parts. */
export async function writeClient(directory: string): Promise<void> {
  for (const file of fs.readdirSync(directory))
    if (file.endsWith('.js')) fs.rmSync(path.join(directory, file))
  for (const [format, file] of FORMATS)
    await build({
      entryPoints: [ENTRY],
      outfile: path.join(directory, file),
      format,
      bundle: true,
      minify: true,
      charset: 'utf8',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      legalComments: 'none',
      logLevel: 'warning',
    })
  fs.writeFileSync(path.join(directory, 'index.d.mts'), "export * from './index.js'\n")
}
