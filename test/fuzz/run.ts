/**
 * Looks for documents that a reader does not survive: `npm run fuzz -- --target xml --minutes 10 --seed 1`. The readers
 * run with counters in them, and what goes a new way is kept and changed further. Ends with 1 where something was found;
 * such inputs are written to --out.
 */
import fs from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { build } from 'esbuild'
import { createInstrumenter } from 'istanbul-lib-instrument'

import { explore } from './explore'
import type { Target } from './target'

const ROOT = path.join(__dirname, '../..')
type Counters = Record<'s' | 'f', Record<string, number>> & { b: Record<string, number[]> }

/** The targets and all they import, as one program that counts where it goes. */
async function counting(): Promise<{ targets: readonly Target[]; counted: () => number[] }> {
  const { outputFiles } = await build({
    ...{ entryPoints: [path.join(__dirname, 'targets.ts')], bundle: true, write: false, platform: 'node' },
    ...{ format: 'cjs', target: 'node20', external: ['node:*', 'express'] },
  })
  const instrumenter = createInstrumenter({ compact: true, coverageVariable: '__fuzz__' })
  const code = instrumenter.instrumentSync(outputFiles[0]?.text ?? '', 'targets.js')
  const program = new Module(path.join(__dirname, 'targets.cjs'))
  program.paths = [path.join(ROOT, 'node_modules')]
  ;(program as unknown as { _compile(code: string, file: string): void })._compile(code, 'targets.cjs')
  const { targets } = program.exports as { targets: (root: string) => readonly Target[] }
  const all = (globalThis as unknown as { __fuzz__: Record<string, Counters> }).__fuzz__['targets.js']
  if (!all) throw new Error('Nothing counts.')
  const branches = Object.values(all.b)
  const functions = Object.keys(all.f)
  return {
    targets: targets(ROOT),
    counted() {
      const counts: number[] = []
      for (const branch of branches)
        for (let at = 0; at < branch.length; at++) {
          counts.push(branch[at] ?? 0)
          branch[at] = 0
        }
      for (const name of functions) {
        counts.push(all.f[name] ?? 0)
        all.f[name] = 0
      }
      return counts
    },
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string' },
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'fuzz-found' },
    },
  })
  const { targets, counted } = await counting()
  const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target)
  if (chosen.length === 0)
    throw new Error(`--target is one of: ${targets.map(({ name }) => name).join(', ')}`)
  let found = 0
  for (const target of chosen) {
    const untilMs = performance.now() + Number(values.minutes) * 60_000
    counted()
    const { runs, kept, reached, failures } = await explore(target, {
      ...{ seed: Number(values.seed), counted },
      goesOn: () => performance.now() < untilMs,
    })
    console.log(
      `${target.name}: ${runs} documents, ${kept.length} kept, ${reached} branches reached, ${failures.length} found`,
    )
    failures.forEach(({ input, why }, at) => {
      fs.mkdirSync(values.out, { recursive: true })
      fs.writeFileSync(path.join(values.out, `${target.name}-${at + 1}`), input)
      console.log(`  ${target.name}-${at + 1}: ${why}`)
    })
    found += failures.length
  }
  return found === 0 ? 0 : 1
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 2
  },
)
