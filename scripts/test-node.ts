/**
 * Runs the tests on other versions of Node than this one: `npm run test:node -- 22 24`, with `--all` for those that are
 * not quick, and anything after a second `--` for jest. The binaries come as packages from npm's registry.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.join(__dirname, '..')
const [own, forJest] = split(process.argv.slice(2))
const versions = own.filter((argument) => /^\d+(\.\d+){0,2}$/.test(argument))
if (versions.length === 0 || own.some((argument) => argument !== '--all' && !versions.includes(argument))) {
  console.error('Usage: npm run test:node -- 22 24 [--all] [-- arguments for jest]')
  process.exit(2)
}

const failed = versions.filter((version) => !passesOn(version))
for (const version of versions)
  console.log(`Node ${version}: ${failed.includes(version) ? 'failed' : 'passed'}`)
process.exitCode = failed.length > 0 ? 1 : 0

function passesOn(version: string): boolean {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-node-'))
  try {
    const bin = path.dirname(binaryOf(version, directory))
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
    const jest = [path.join(root, 'node_modules/jest/bin/jest.js')]
    const which = own.includes('--all') ? [] : ['-c', 'jest.quick.config.mjs']
    const run = spawnSync(path.join(bin, 'node'), [...flags, ...jest, ...which, ...forJest], {
      cwd: root,
      stdio: 'inherit',
      // What a test starts runs on the same version.
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
    })
    return run.status === 0
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

/** The package of this platform holds nothing but the binary, and needs no script to install it. */
function binaryOf(version: string, directory: string): string {
  const name = `node-${process.platform}-${process.arch}`
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', directory, `${name}@${version}`], {
    stdio: 'inherit',
  })
  const binary = path.join(directory, 'node_modules', name, 'bin', 'node')
  console.log(`\nNode ${execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim()}`)
  return binary
}

function split(given: readonly string[]): [string[], string[]] {
  const at = given.indexOf('--')
  return at < 0 ? [[...given], []] : [given.slice(0, at), given.slice(at + 1)]
}
