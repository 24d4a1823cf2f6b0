import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'

import { buildSync } from 'esbuild'
import pg from 'pg'

import { openForTool } from '../scripts/tool-database'
import { verifyDatabase } from '../src/db/verify'
import type { PostgresServer } from '../test/helpers/postgres-server'

/**
 * The script and all that it needs of ours in one file, as a build makes it: the loader that development runs on wraps each
 * function, which whoever installs the product does not have.
 */
export function compiled(script: string): string {
  const name = path.relative(path.join(__dirname, '..'), script).replace(/\W+/g, '-')
  const outfile = path.join(__dirname, '..', 'node_modules', '.cache', 'bench', `${name}.cjs`)
  buildSync({
    ...{ entryPoints: [script], outfile, bundle: true, packages: 'external' },
    ...{ platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' },
  })
  return outfile
}

/** A script of the bench in a process of its own, with a way to talk to it. */
export const startChild = (script: string, ...given: readonly string[]): ChildProcess =>
  spawn(process.execPath, [compiled(script), ...given], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })

/** @throws It ended without a word. */
export const wordOf = <Word>(child: ChildProcess): Promise<Word> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`A process of the bench ended with code ${code}.`))
    child.once('exit', ended)
    child.once('message', (word) => {
      child.off('exit', ended)
      resolve(word as Word)
    })
  })

export const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()))

export async function queryOn<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

/** A database of its own for `work`. */
export async function inDatabase<Result>(
  server: PostgresServer,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await queryOn(server.url('postgres'), `create database ${name}`)
  try {
    return await work()
  } finally {
    await queryOn(server.url('postgres'), `drop database ${name} with (force)`)
  }
}

/** What `npm run verify` finds, a sentence each. */
export async function verifiedOn(url: string): Promise<readonly string[]> {
  // Without deadlines: it reads every row there is.
  const database = await openForTool(url, undefined, '')
  try {
    const results = await verifyDatabase(database, { stuckMinutes: 10, namedMax: 1 })
    return results.filter(({ count }) => count > 0).map(({ name, count }) => `${name}: ${count}`)
  } finally {
    await database.close()
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
