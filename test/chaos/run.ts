/**
 * `npm run chaos -- --kills 20 --stalls 4 --terminates 5 --pg-restarts 1 --withdrawals 600 --servers 3 --seed 1`
 *
 * Real processes, really killed: a wallet, a bank, instances of the plugin and a PostgreSQL, under load, while operators
 * decide, stop everything and change the keys. Then the faults stop, everything comes to rest, the operators answer
 * what is asked of them, and what the wallet, the bank and the clients wrote down is held against the plugin's tables. Ends with 0 when all invariants hold, with 1 when not.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

import { startPostgres } from '../helpers/postgres-server'
import { createKeyChanges, judgeWith, sealedWith } from './change-keys'
import { check } from './check'
import { ask, type Cluster, createCluster } from './cluster'
import { startLoad } from './load'
import { createMonkeys, pause, series } from './monkeys'
import { createOperators } from './operators'
import { killAll } from './processes'
import { seeded } from './random'
import { conclude, counted, dumpRows } from './report'
import { movedWhileStopped } from './stop-windows'
import { TIMING } from './timing'

const DEFAULTS = {
  kills: '20',
  stalls: '3',
  terminates: '5',
  'pg-restarts': '1',
  decisions: '20',
  pauses: '1',
  stops: '1',
  'key-changes': '1',
  withdrawals: '600',
  // Ends the load after this long, whatever has been reached by then; 0 where it takes as long as it takes.
  'minutes-max': '0',
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

  // When each commit was made, for what nobody may do while everything is stopped.
  const postgres = await startPostgres({ track_commit_timestamp: 'on' })
  // Whoever ends it early gets no processes left behind.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      killAll()
      void postgres.destroy().finally(() => process.exit(1))
    })
  await ask(postgres.url('postgres'), 'create database chaos')
  const databaseUrl = postgres.url('chaos')
  const cluster = await createCluster({
    databaseUrl,
    servers: setting('servers'),
    seed: setting('seed'),
    faultRate: setting('fault-percent') / 100,
    config: {
      ...sealedWith('first'),
      operators: 'several',
      secondPersonAbove: 'eur=100;usd=100',
      // Every two seconds, in all instances at the same moment.
      ...(values.mode === 'batch' && { mode: 'batch', schedule: '*/2 * * * * *' }),
    },
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
    const operators = createOperators({ cluster, databaseUrl, random })
    const keys = createKeyChanges({ cluster, databaseUrl, restartAll: monkeys.restartAll })
    const wanted = setting('withdrawals')
    const timeMs = setting('minutes-max') * 60_000
    const progress = () =>
      Math.max(load.acknowledged() / wanted, timeMs === 0 ? 0 : (performance.now() - began) / timeMs)
    const done = () => ({ ...monkeys.done, ...operators.done, ...keys.done })
    const report = setInterval(() => progressLine(load.acknowledged(), done()), 15_000)
    const spread = (count: () => number, name: keyof typeof DEFAULTS, blow: () => Promise<void>) =>
      series({
        isWanted: () => count() < setting(name),
        share: () => (count() + 0.5) / setting(name),
        ...{ blow, progress, random },
      })
    await Promise.all([
      monkeys.run(
        {
          kills: setting('kills'),
          stalls: setting('stalls'),
          terminates: setting('terminates'),
          pgRestarts: setting('pg-restarts'),
        },
        progress,
      ),
      spread(
        () => operators.done.decisions + operators.done.decisionsRefused,
        'decisions',
        operators.decideSomething,
      ),
      spread(() => operators.done.pauses, 'pauses', operators.pauseProvider),
      spread(() => operators.done.stops, 'stops', operators.stopEverything),
      spread(() => keys.done.keyChanges, 'key-changes', keys.change),
    ])
    while (progress() < 1) await pause(100)
    clearInterval(report)
    const loadSeconds = (performance.now() - began) / 1_000
    await cluster.setFaultRate(0)
    await load.stop()
    let restSeconds = await untilRest(databaseUrl)
    const asked = await countAsked(databaseUrl)
    const unanswered = await operators.answerAll(ANSWERED_WITHIN_MS)
    restSeconds += await untilRest(databaseUrl)
    const verdict = await check(cluster.files, databaseUrl, judgeWith(keys.current()))
    const crashes = [...cluster.servers, cluster.wallet, cluster.bank].filter(
      ({ unexpectedEnds }) => unexpectedEnds > 0,
    )
    isSound = conclude({
      verdict,
      done: done(),
      asked,
      loadSeconds,
      restSeconds,
      restarts,
      failures: load.failures,
      problems: [
        ...crashes.map(({ name, unexpectedEnds }) => `${name} ended by itself ${unexpectedEnds} times`),
        ...(await movedWhileStopped(databaseUrl, operators.windows)),
        ...(unanswered > 0 ? [`${unanswered} wait for a person, who finds no way out`] : []),
      ],
    })
  } finally {
    if (!isSound) console.log(`The files are kept in ${cluster.directory}`)
    if (!isSound) await dumpRows(databaseUrl, cluster.directory).catch(() => {})
    await cluster.destroy({ keepFiles: !isSound })
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

/** Longer than a look-up, a quiet time and the next look take together. */
const ANSWERED_WITHIN_MS = 120_000

/** What persons are asked, by reason. */
async function countAsked(databaseUrl: string): Promise<Record<string, number>> {
  const rows = await ask<{ reason: string; count: number }>(
    databaseUrl,
    `select state || ' ' || coalesce(reason_code, 'without a reason') as reason, count(*)::int as count
       from bank_withdrawal.withdrawals where state in ('in_review', 'conflict') group by 1
     union all
     select 'difference ' || kind, count(*)::int from bank_withdrawal.differences
      where resolved_at is null group by 1 order by 1`,
  )
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]))
}

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

const progressLine = (acknowledged: number, done: Readonly<Record<string, number>>) =>
  console.log(`  ${acknowledged} acknowledged, ${counted(done)}`)

main().then(
  (isSound) => process.exit(isSound ? 0 : 1),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
