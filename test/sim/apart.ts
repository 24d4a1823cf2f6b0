import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { build } from 'esbuild'

import { type Figures, heardOf, type Told } from './simulate'

const ROOT = path.join(__dirname, '../..')

/** Histories leave nothing behind that lives for long, and each is short: room for the young, and no haste to optimize. */
const FLAGS = ['--max-semi-space-size=64', '--min-semi-space-size=32', '--interrupt-budget=1000000']

/**
 * Runs test/sim/command.ts in a process of its own, compiled to one file: in the sandbox of a test runner, or behind a
 * loader, a history costs twice as much.
 *
 * @returns What it printed (nothing where it prints for itself), and the code it ended with.
 */
export async function runApart(
  given: readonly string[],
  prints: 'inherit' | 'pipe',
): Promise<{ printed: string; code: number }> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-sim-'))
  try {
    const outfile = path.join(directory, 'command.cjs')
    await build({
      entryPoints: [path.join(__dirname, 'command.ts')],
      ...{ outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
      ...{ packages: 'external', logLevel: 'error' },
    })
    const child = spawn(process.execPath, [...FLAGS, outfile, ...given], {
      stdio: ['ignore', prints, 'inherit'],
      env: { ...process.env, NODE_PATH: path.join(ROOT, 'node_modules') },
    })
    const end = () => child.kill('SIGKILL')
    process.once('exit', end)
    let printed = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    const code = await new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (ended) => resolve(ended ?? 1))
    })
    process.off('exit', end)
    return { printed, code }
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

/** As `simulate` with `stopsAtFirst`. */
export async function simulateApart(of: { firstSeed: number; histories: number }): Promise<Figures> {
  const given = ['--seed', String(of.firstSeed), '--histories', String(of.histories), '--json']
  const { printed, code } = await runApart(given, 'pipe')
  if (code !== 0) throw new Error(`The simulator ended with code ${code}.`)
  return heardOf(JSON.parse(printed) as Told)
}
