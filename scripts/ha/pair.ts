/**
 * `npm run ha -- --failovers 3 --withdrawals 300`
 *
 * A primary with a synchronous standby, one address in front of them, three instances of the plugin and a load. The
 * primary is killed, the standby promoted, the address switched, and a new standby made, again and again. Then the
 * books of wallet, bank and clients are held against the tables of the last primary.
 */
import { randomInt } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { ask, createCluster } from '../../test/chaos/cluster'
import { startLoad } from '../../test/chaos/load'
import { pause } from '../../test/chaos/monkeys'
import { seeded } from '../../test/chaos/random'
import { freePort } from '../../test/helpers/postgres-server'
import { conclude } from './conclude'
import { findBinaries, makeDirectory, Node } from './postgres'
import { startProxy } from './proxy'

const OPEN = `select count(*)::int as open from bank_withdrawal.withdrawals
  where state not in ('processed', 'canceled', 'returned', 'in_review', 'conflict')`

/** @returns Whether nothing acknowledged was lost or doubled. */
export async function rehearsePair(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      failovers: { type: 'string', default: '3' },
      withdrawals: { type: 'string', default: '300' },
      clients: { type: 'string', default: '16' },
      // What the synchronous standby is for: without it, acknowledged withdrawals may be lost, and this says so.
      asynchronous: { type: 'boolean', default: false },
      seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    },
  })
  const seed = Number(values.seed)
  const bin = findBinaries()
  console.log(
    `ha: --failovers ${values.failovers} --withdrawals ${values.withdrawals} --clients ${values.clients} --seed ${seed}`,
  )
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-ha-'))
  makeDirectory(directory)

  let primary = new Node(bin, directory, 'node0', await freePort())
  primary.init()
  await primary.start({ wal_level: 'replica' })
  const urlOf = (node: Node, database: string) => `postgres://postgres@127.0.0.1:${node.port}/${database}`
  await ask(urlOf(primary, 'postgres'), 'create database ha')
  let standby = await addStandby(1)

  /** Copies the primary, and from then on makes it wait for the copy with every commit. */
  async function addStandby(number: number): Promise<Node> {
    const node = new Node(bin, directory, `node${number}`, await freePort())
    node.copyFrom(primary)
    await node.start({ hot_standby: 'on' })
    const admin = (statement: string) => ask(urlOf(primary, 'postgres'), statement)
    await admin(`alter system set synchronous_standby_names = '${values.asynchronous ? '' : node.name}'`)
    await admin(`alter system set synchronous_commit = 'on'`)
    await admin('select pg_reload_conf()')
    const state = values.asynchronous ? 'async' : 'sync'
    const inSync = `select 1 from pg_stat_replication where application_name = '${node.name}' and sync_state = '${state}'`
    while ((await admin(inSync)).length === 0) await pause(50)
    return node
  }

  const proxy = await startProxy(primary.port)
  const databaseUrl = `postgres://postgres@127.0.0.1:${proxy.port}/ha`
  const cluster = await createCluster({ databaseUrl, servers: 3, seed, faultRate: 0.03 })
  try {
    await Promise.all([cluster.wallet.start(), cluster.bank.start()])
    await Promise.all(cluster.servers.map((server) => server.start('started')))
    const load = startLoad({
      targets: () => cluster.servers.map(cluster.urlOf),
      clients: Number(values.clients),
      random: seeded(seed),
      file: cluster.files.acks,
    })
    const outages: number[] = []
    const failovers = Number(values.failovers)
    const wanted = Number(values.withdrawals)
    for (let done = 0; done < failovers; done++) {
      while (load.acknowledged() < ((done + 1) * wanted) / (failovers + 1)) await pause(50)
      const began = performance.now()
      await primary.end(done % 2 === 0 ? 'SIGKILL' : 'SIGQUIT')
      standby.promote()
      proxy.pointTo(standby.port)
      primary = standby
      const before = load.acknowledged()
      // Alone for now, it waits for nobody; what was acknowledged until here is on it.
      await ask(urlOf(primary, 'postgres'), `alter system set synchronous_standby_names = ''`)
      await ask(urlOf(primary, 'postgres'), 'select pg_reload_conf()')
      while (load.acknowledged() === before) await pause(20)
      outages.push(Math.round(performance.now() - began))
      console.log(`  failover ${done + 1} at ${before} acknowledged: the next one after ${outages.at(-1)} ms`)
      standby = await addStandby(done + 2)
    }
    while (load.acknowledged() < wanted) await pause(50)
    await cluster.setFaultRate(0)
    await load.stop()
    while ((await ask<{ open: number }>(databaseUrl, OPEN))[0]?.open !== 0) await pause(500)
    return await conclude(cluster, load, databaseUrl, {
      sentence: 'No acknowledged withdrawal was lost or doubled.',
    })
  } finally {
    await cluster.destroy()
    proxy.close()
    await Promise.all([primary.end('SIGKILL'), standby.end('SIGKILL')])
    fs.rmSync(directory, { recursive: true, force: true })
  }
}
