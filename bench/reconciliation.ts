/**
 * A month is held against an exchange and a provider that list it at once, by the process that serves requests:
 * `npm run bench:reconciliation -- --rows 1000000`. Once alone, and once beside people who ask for withdrawals, who
 * are timed without it too. What is measured is ours: reading, staging, matching and clearing. By hand, not in CI.
 */
import { createSecretKey, randomBytes } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { migrate } from '../src/db/connect/migrate'
import { openServer } from '../src/db/connect/pool'
import { silentLogger } from '../test/helpers/loggers'
import { type PostgresServer, startPostgres } from '../test/helpers/postgres-server'
import { ended, inDatabase, pause, startChild, wordOf } from './children'
import { postgresCpuMs } from './postgres-cpu'
import { fill, lastMonth } from './reconciliation/month'
import type { Reconciled } from './reconciliation/served'
import { type Traffic, traffic } from './reconciliation/traffic'
import { tokensFor } from './request-path/load'

interface Plan {
  readonly rows: number
  readonly perSecond: number
  /** How long requests are timed without a reconciliation. */
  readonly seconds: number
}

interface Figures {
  readonly fillSeconds: number
  readonly alone: Reconciled & { readonly postgresCpuSeconds: number | null }
  readonly requestsWithout: Traffic
  readonly beside: Reconciled
  readonly requestsBeside: Traffic
}

const say = (line: string) => process.stderr.write(`${line}\n`)

async function filled(url: string, rows: number): Promise<number> {
  const database = openServer({ url, logger: silentLogger })
  try {
    await migrate(database)
    const began = performance.now()
    await fill(database, lastMonth(rows))
    return (performance.now() - began) / 1_000
  } finally {
    await database.close()
  }
}

async function measure(server: PostgresServer, url: string, plan: Plan): Promise<Figures> {
  const { rows, perSecond, seconds } = plan
  say(`filling ${rows} rows`)
  const fillSeconds = await filled(url, rows)
  const key = randomBytes(32)
  const script = path.join(__dirname, 'reconciliation', 'served.ts')
  const child = startChild(script, url, String(rows), key.toString('base64'))
  try {
    const { port } = await wordOf<{ port: number }>(child)
    const to = { port, perSecond, tokens: tokensFor(createSecretKey(key)) }
    const reconciled = () => {
      child.send('reconcile')
      return wordOf<Reconciled>(child)
    }
    // Whoever comes first to a server waits for what is made once.
    await traffic(to, pause(3_000))
    say(`requests alone, for ${seconds} s`)
    const requestsWithout = await traffic(to, pause(seconds * 1_000))
    say('reconciling alone')
    const before = postgresCpuMs(server)
    const alone = await reconciled()
    const after = postgresCpuMs(server)
    const postgresCpuSeconds = before !== null && after !== null ? (after - before) / 1_000 : null
    say(`reconciling beside requests: ${alone.seconds.toFixed(1)} s alone`)
    const besides = reconciled()
    const requestsBeside = await traffic(to, besides)
    const beside = await besides
    return { fillSeconds, alone: { ...alone, postgresCpuSeconds }, requestsWithout, beside, requestsBeside }
  } finally {
    child.disconnect()
    await ended(child)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '100000' },
      'per-second': { type: 'string', default: '20' },
      seconds: { type: 'string', default: '15' },
    },
  })
  const plan = {
    rows: Number(values.rows),
    perSecond: Number(values['per-second']),
    seconds: Number(values.seconds),
  }
  const loadBefore = os.loadavg()[0]
  const server = await startPostgres()
  try {
    const figures = await inDatabase(server, 'reconciliation', () =>
      measure(server, server.url('reconciliation'), plan),
    )
    const machine = { cores: os.cpus().length, loadBefore, loadAfter: os.loadavg()[0], node: process.version }
    console.log(JSON.stringify({ ...plan, ...figures, machine }, null, 2))
  } finally {
    await server.destroy()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
