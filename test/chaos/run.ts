/**
 * `npm run chaos -- --kills 20 --stalls 4 --terminates 5 --pg-restarts 1 --withdrawals 600 --servers 3 --seed 1`
 *
 * Real processes, really killed: a wallet, a bank, instances of the plugin and a PostgreSQL, under load. Then the
 * faults stop, everything comes to rest, and what the wallet, the bank and the clients wrote down is held against
 * the plugin's tables. Ends with 0 when all invariants hold, with 1 when not.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

import { startPostgres } from '../helpers/postgres-server'
import { check, type Verdict } from './check'
import { ask, type Cluster, createCluster } from './cluster'
import { startLoad } from './load'
import { createMonkeys, type Done, pause } from './monkeys'
import { seeded } from './random'
import { TIMING } from './timing'

const DEFAULTS = {
  kills: '20',
  stalls: '3',
  terminates: '5',
  'pg-restarts': '1',
  withdrawals: '600',
  servers: '3',
  clients: '16',
  seed: String(randomInt(1, 2 ** 31)),
  'fault-percent': '6',
  mode: 'immediate',
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: Object.fromEntries(
      Object.entries(DEFAULTS).map(([name, fallback]) => [
        name,
        { type: 'string' as const, default: fallback },
      ]),
    ),
  })
  const setting = (name: keyof typeof DEFAULTS) => Number(values[name])
  const random = seeded(setting('seed'))
  console.log(
    `chaos: ${Object.keys(DEFAULTS)
      .map((name) => `--${name} ${String(values[name])}`)
      .join(' ')}`,
  )

  const postgres = await startPostgres()
  await ask(postgres.url('postgres'), 'create database chaos')
  const databaseUrl = postgres.url('chaos')
  const cluster = await createCluster({
    databaseUrl,
    servers: setting('servers'),
    seed: setting('seed'),
    faultRate: setting('fault-percent') / 100,
    // Every two seconds, in all instances at the same moment.
    config: values.mode === 'batch' ? { mode: 'batch', schedule: '*/2 * * * * *' } : {},
  })
  let isSound = false
  try {
    await Promise.all([cluster.wallet.start(), cluster.bank.start()])
    // All at once: whoever comes first migrates.
    await Promise.all(cluster.servers.map((server) => server.start('started')))
    const began = performance.now()
    const load = startLoad({
      targets: () => cluster.servers.map(cluster.urlOf),
      clients: setting('clients'),
      random,
      file: cluster.files.acks,
    })
    const restarts = watchRestarts(cluster, load)
    const monkeys = createMonkeys({ cluster, postgres, databaseUrl, random })
    const wanted = setting('withdrawals')
    const report = setInterval(() => progressLine(load.acknowledged(), monkeys.done), 15_000)
    await monkeys.run(
      {
        kills: setting('kills'),
        stalls: setting('stalls'),
        terminates: setting('terminates'),
        pgRestarts: setting('pg-restarts'),
      },
      () => load.acknowledged() / wanted,
    )
    while (load.acknowledged() < wanted) await pause(100)
    clearInterval(report)
    const loadSeconds = (performance.now() - began) / 1_000
    await cluster.setFaultRate(0)
    await load.stop()
    const restSeconds = await untilRest(databaseUrl)
    const verdict = await check(cluster.files, databaseUrl)
    const crashes = [...cluster.servers, cluster.wallet, cluster.bank].filter(
      ({ unexpectedEnds }) => unexpectedEnds > 0,
    )
    isSound = conclude({
      verdict,
      done: monkeys.done,
      loadSeconds,
      restSeconds,
      restarts,
      failures: load.failures,
      crashes: crashes.map(({ name, unexpectedEnds }) => `${name} ended by itself ${unexpectedEnds} times`),
    })
  } finally {
    await cluster.destroy({ keepFiles: !isSound })
    if (!isSound) console.log(`The files are kept in ${cluster.directory}`)
    await postgres.destroy()
  }
  return isSound
}

/** From the start of a process to its first acknowledgement. */
function watchRestarts(cluster: Cluster, load: { onProgress: (target: string) => void }): number[] {
  const seen = new Map<string, number>()
  const times: number[] = []
  load.onProgress = (target) => {
    const server = cluster.servers.find((candidate) => cluster.urlOf(candidate) === target)
    if (!server || seen.get(target) === server.startedAt) return
    if (seen.has(target)) times.push(performance.now() - server.startedAt)
    seen.set(target, server.startedAt)
  }
  return times
}

/** All steps a withdrawal can still have before it, each with its lease, its quiet time and a capped wait. */
const REST_WITHIN_MS = 240_000

async function untilRest(databaseUrl: string): Promise<number> {
  const began = performance.now()
  const statement = `select count(*)::int as open from bank_withdrawal.withdrawals
    where state not in ('processed', 'canceled', 'returned', 'in_review', 'conflict', 'returning')`
  for (;;) {
    const [row] = await ask<{ open: number }>(databaseUrl, statement)
    const passed = performance.now() - began
    if (row?.open === 0 || passed > REST_WITHIN_MS) {
      // What was on its way when the faults stopped lands now, or never.
      await pause(TIMING.lateMsMax + 500)
      return passed / 1_000
    }
    await pause(500)
  }
}

const progressLine = (acknowledged: number, done: Done) =>
  console.log(
    `  ${acknowledged} acknowledged, ${done.kills} kills, ${done.stalls} stalls, ${done.pgRestarts} restarts`,
  )

function conclude(result: {
  verdict: Verdict
  done: Done
  loadSeconds: number
  restSeconds: number
  restarts: number[]
  failures: ReadonlyMap<number, number>
  crashes: readonly string[]
}): boolean {
  const { verdict, done, loadSeconds, restarts } = result
  const sorted = [...restarts].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]
  const words = (object: object) => JSON.stringify(object).replace(/["{}]/g, '').replaceAll(',', ', ')
  console.log(`faults:        ${words(done)}`)
  console.log(
    `withdrawals:   ${verdict.withdrawals} stored, ${verdict.acknowledged} acknowledged; ${words(verdict.byState)}`,
  )
  console.log(`other answers: ${words(Object.fromEntries(result.failures))} (by status, 0 is none)`)
  console.log(
    `truth:         ${verdict.burns} burns, ${verdict.payouts} payouts, ${verdict.repeatedOrders} repeated orders`,
  )
  console.log(
    `load:          ${loadSeconds.toFixed(0)} s, ${(verdict.acknowledged / loadSeconds).toFixed(1)} acknowledged/s`,
  )
  console.log(`at rest after: ${result.restSeconds.toFixed(1)} s`)
  console.log(`restart to first acknowledgement: median ${median?.toFixed(0) ?? '-'} ms of ${sorted.length}`)
  console.log(
    `late locks (documented limit): ${verdict.lateLocks.length} ${verdict.lateLocks.slice(0, 5).join(' ')}`,
  )
  const problems = [...verdict.violations, ...result.crashes]
  // Without a stop in the middle of a request there is no excuse.
  if (done.stalls === 0) problems.push(...verdict.lateLocks.map((id) => `I4 locked late: ${id}`))
  if (done.badStops > 0) problems.push(`${done.badStops} servers did not stop as asked`)
  for (const problem of problems.slice(0, 40)) console.log(`VIOLATION ${problem}`)
  console.log(problems.length === 0 ? 'All invariants hold.' : `${problems.length} violations.`)
  return problems.length === 0
}

main().then(
  (isSound) => process.exit(isSound ? 0 : 1),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
