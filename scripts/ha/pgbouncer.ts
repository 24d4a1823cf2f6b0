/**
 * `npm run ha -- pgbouncer --kills 20 --withdrawals 1500`
 *
 * The product behind PgBouncer in transaction mode: each transaction runs in whatever session is free. Three instances of
 * the plugin, a wallet, a bank and a load; instances are killed, and PgBouncer is, and is told to close its connections to
 * PostgreSQL. `--mode session` pools sessions instead; `--direct` also gives the instances the way past it, so that a
 * death is noticed at once. Then the books of wallet, bank and clients are held against the tables.
 *
 * By hand, not in CI: it needs Debian's package pgbouncer.
 */
import { randomInt } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { ask, createCluster } from '../../test/chaos/cluster'
import { startLoad } from '../../test/chaos/load'
import { pause } from '../../test/chaos/monkeys'
import { killAll } from '../../test/chaos/processes'
import { between, pick, seeded } from '../../test/chaos/random'
import { freePort, startPostgres } from '../../test/helpers/postgres-server'
import { conclude } from './conclude'
import { makeDirectory } from './postgres'
import { findPrograms, Program } from './programs'

const OPEN = `select count(*)::int as open from bank_withdrawal.withdrawals
  where state not in ('processed', 'canceled', 'returned', 'in_review', 'conflict')`

const configOf = (at: { port: number; postgres: number; mode: string; users: string }): string =>
  `[databases]
pooled = host=127.0.0.1 port=${at.postgres} dbname=pooled
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${at.port}
unix_socket_dir =
auth_type = trust
auth_file = ${at.users}
admin_users = postgres
pool_mode = ${at.mode}
max_client_conn = 200
default_pool_size = ${at.mode === 'session' ? 100 : 10}
`

/** @returns Whether nothing acknowledged was lost or doubled. */
export async function rehearsePgbouncer(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      mode: { type: 'string', default: 'transaction' },
      direct: { type: 'boolean', default: false },
      kills: { type: 'string', default: '20' },
      withdrawals: { type: 'string', default: '1500' },
      clients: { type: 'string', default: '24' },
      seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    },
  })
  const seed = Number(values.seed)
  const programs = findPrograms({ pgbouncer: 'pgbouncer' })
  console.log(
    `behind PgBouncer: --mode ${values.mode}${values.direct ? ' --direct' : ''} --kills ${values.kills} ` +
      `--withdrawals ${values.withdrawals} --clients ${values.clients} --seed ${seed}`,
  )
  const postgres = await startPostgres()
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-pgbouncer-'))
  makeDirectory(directory)
  const file = (name: string) => path.join(directory, name)
  const port = await freePort()
  fs.writeFileSync(file('users.txt'), '"postgres" ""\n')
  fs.writeFileSync(
    file('pgbouncer.ini'),
    configOf({ port, postgres: postgres.port, mode: values.mode, users: file('users.txt') }),
  )
  const pooler = new Program(programs.pgbouncer, [file('pgbouncer.ini')], file('pgbouncer.log'))
  let isSound = false
  let destroyCluster = () => Promise.resolve()
  const destroy = async () => {
    await destroyCluster()
    await pooler.end()
    await postgres.destroy()
  }
  process.once('SIGTERM', () => {
    killAll()
    void destroy().finally(() => process.exit(1))
  })
  try {
    await ask(postgres.url('postgres'), 'create database pooled')
    // What docs/scaling.md asks for: PgBouncer passes no time-out on, so the role has one.
    await ask(postgres.url('postgres'), 'alter role postgres set statement_timeout = 15000')
    pooler.start()
    const databaseUrl = `postgres://postgres@127.0.0.1:${port}/pooled`
    const direct = postgres.url('pooled')
    const cluster = await createCluster({
      databaseUrl,
      ...(values.direct && { directUrl: direct }),
      servers: 3,
      seed,
      faultRate: 0.03,
    })
    destroyCluster = () => cluster.destroy({ keepFiles: !isSound })
    await Promise.all([cluster.wallet.start(), cluster.bank.start()])
    await Promise.all(cluster.servers.map((server) => server.start('started')))
    const random = seeded(seed)
    const load = startLoad({
      targets: () => cluster.servers.map(cluster.urlOf),
      clients: Number(values.clients),
      random,
      file: cluster.files.acks,
    })
    const kills = Number(values.kills)
    const wanted = Number(values.withdrawals)
    const done = { instances: 0, pooler: 0, reconnects: 0 }
    for (let nth = 0; nth < kills; nth++) {
      while (load.acknowledged() < ((nth + 1) * wanted) / (kills + 1)) await pause(50)
      if (nth % 5 === 3) {
        await pooler.end()
        await pause(between(random, 0, 1_000))
        pooler.start()
        done.pooler++
      } else if (nth % 5 === 4) {
        await ask(`postgres://postgres@127.0.0.1:${port}/pgbouncer`, 'reconnect').catch(() => [])
        done.reconnects++
      } else {
        const victim = pick(random, cluster.servers)
        await victim.kill()
        await pause(between(random, 0, 500))
        await victim.start()
        done.instances++
      }
    }
    while (load.acknowledged() < wanted) await pause(50)
    await cluster.setFaultRate(0)
    await load.stop()
    const began = performance.now()
    while ((await ask<{ open: number }>(direct, OPEN))[0]?.open !== 0) await pause(500)
    const restSeconds = (performance.now() - began) / 1_000

    const [shown] = await ask<{ workers: number; dead: number }>(
      direct,
      `select count(*)::int as workers, (count(*) filter (where gone_at is not null))::int as dead
         from bank_withdrawal.workers`,
    )
    console.log(`killed: ${JSON.stringify(done)}; at rest after ${restSeconds.toFixed(1)} s`)
    console.log(`showed themselves: ${shown?.workers}, and ${shown?.dead} of them were noticed to have died`)
    console.log(`said of it: ${JSON.stringify(cluster.said(/"event":"((?:database|presence)\.[^"]+)"/g))}`)
    isSound = await conclude(cluster, load, direct, {
      sentence: 'No acknowledged withdrawal was lost or doubled.',
    })
  } finally {
    await destroy()
    if (isSound) fs.rmSync(directory, { recursive: true, force: true })
    else console.log(`The logs are kept in ${directory}`)
  }
  return isSound
}
