import fs from 'node:fs'
import path from 'node:path'

import { pause } from '../../test/chaos/monkeys'
import { freePort } from '../../test/helpers/postgres-server'
import { makeDirectory } from './postgres'
import { familyOf, Program, signalAll } from './programs'
import { type Proxy, startProxy } from './proxy'

/** Short, so that ten failovers fit into minutes; Patroni's own are 30, 10 and 10. */
const SECONDS = { ttl: 10, loop_wait: 1, retry_timeout: 3 }

/**
 * How Patroni speaks to etcd. Through `etcd3` Patroni 3.0 (Debian 12) writes its lock without looking whose it is by
 * now: an agent that stood still takes it back from the primary that was elected meanwhile. `etcd` is the second API,
 * where it looks.
 */
export type StoreApi = 'etcd' | 'etcd3'

export interface Programs {
  readonly patroni: string
  readonly etcd: string
  readonly haproxy: string
}

interface Place {
  readonly name: string
  readonly port: number
  readonly restPort: number
  readonly data: string
}

/** One host: a PostgreSQL, and the agent that decides whether it may be the primary. */
export class Member {
  readonly name: string
  readonly port: number
  readonly restPort: number

  constructor(
    private readonly at: Place,
    private readonly agent: Program,
    /** Its way to the store of the cluster, which can be cut. */
    private readonly store: Proxy,
  ) {
    this.name = at.name
    this.port = at.port
    this.restPort = at.restPort
  }

  start(): void {
    this.agent.start()
  }

  private postmaster(): number | null {
    try {
      return Number(fs.readFileSync(path.join(this.at.data, 'postmaster.pid'), 'utf8').split('\n')[0])
    } catch {
      return null
    }
  }

  private server(): number[] {
    const pid = this.postmaster()
    return pid === null ? [] : familyOf(pid)
  }

  private agentAlone(): number[] {
    return this.agent.pid === null ? [] : [this.agent.pid]
  }

  /** The host loses its power. */
  async die(): Promise<void> {
    signalAll([...this.agentAlone(), ...this.server()], 'SIGKILL')
    await this.agent.end()
    // A stale file would name a process that may be another one by now.
    fs.rmSync(path.join(this.at.data, 'postmaster.pid'), { force: true })
  }

  /** The server alone dies; its agent sees it. */
  crashServer(): void {
    signalAll(this.server(), 'SIGKILL')
  }

  /** The host stands still, and does not know it afterwards. */
  freeze(): () => void {
    const all = [...this.agentAlone(), ...this.server()]
    signalAll(all, 'SIGSTOP')
    return () => signalAll(all, 'SIGCONT')
  }

  /** The agent hangs: nobody takes the primary's role away from a server that goes on. */
  freezeAgent(): () => void {
    const agent = this.agentAlone()
    signalAll(agent, 'SIGSTOP')
    return () => signalAll(agent, 'SIGCONT')
  }

  /** Cuts it off from the store of the cluster, and from nothing else. */
  partition(): () => void {
    this.store.cut()
    return () => this.store.mend()
  }

  async destroy(): Promise<void> {
    const all = [...this.agentAlone(), ...this.server()]
    signalAll(all, 'SIGCONT')
    signalAll(all, 'SIGKILL')
    await this.agent.end()
    this.store.close()
  }
}

export interface PatroniCluster {
  readonly members: readonly Member[]
  /** Where HAProxy leads to the primary. */
  readonly port: number
  /** Whoever says of itself that it is the primary, holding the lock of the cluster. */
  primary(): Promise<Member | null>
  /** Waits until a primary has a synchronous standby, and everybody streams. */
  untilWhole(withinMs: number): Promise<void>
  destroy(): Promise<void>
}

export async function startPatroni(options: {
  programs: Programs
  bin: string
  directory: string
  api: StoreApi
}): Promise<PatroniCluster> {
  const { programs, bin, directory, api } = options
  const ports = { etcd: await freePort(), peer: await freePort(), haproxy: await freePort() }
  const file = (name: string) => path.join(directory, name)
  const etcd = new Program(programs.etcd, etcdFlags(ports, file('etcd')), file('etcd.log'))
  etcd.start()
  await untilAnswers(`http://127.0.0.1:${ports.etcd}/health`)

  const members: Member[] = []
  for (const name of ['node0', 'node1', 'node2']) {
    const at = { name, port: await freePort(), restPort: await freePort(), data: file(name) }
    const store = await startProxy(ports.etcd)
    fs.writeFileSync(
      file(`${name}.json`),
      JSON.stringify(agentConfig({ ...at, bin, directory, store: { api, port: store.port } })),
    )
    const agent = new Program(programs.patroni, [file(`${name}.json`)], file(`${name}.log`))
    members.push(new Member(at, agent, store))
  }
  fs.writeFileSync(file('haproxy.cfg'), haproxyConfig(ports.haproxy, members))
  const haproxy = new Program(programs.haproxy, ['-f', file('haproxy.cfg')], file('haproxy.log'))
  makeDirectory(directory)
  haproxy.start()
  for (const member of members) member.start()

  const primary = async (): Promise<Member | null> => {
    for (const member of members) if (await isPrimary(member)) return member
    return null
  }
  return {
    members,
    port: ports.haproxy,
    primary,
    async untilWhole(withinMs) {
      const until = performance.now() + withinMs
      while (!(await isWhole(members))) {
        if (performance.now() > until)
          throw new Error(`The cluster is not whole after ${withinMs / 1_000} s.`)
        await pause(200)
      }
    },
    async destroy() {
      await Promise.all(members.map((member) => member.destroy()))
      await Promise.all([haproxy.end(), etcd.end()])
    },
  }
}

const etcdFlags = (ports: { etcd: number; peer: number }, data: string): string[] => {
  const client = `http://127.0.0.1:${ports.etcd}`
  const peer = `http://127.0.0.1:${ports.peer}`
  return Object.entries({
    name: 'store',
    'data-dir': data,
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `store=${peer}`,
    'enable-v2': 'true',
  }).map(([flag, value]) => `--${flag}=${value}`)
}

/** JSON is YAML. */
const agentConfig = (
  at: Place & { bin: string; directory: string; store: { api: StoreApi; port: number } },
) => ({
  scope: 'ha',
  name: at.name,
  restapi: { listen: `127.0.0.1:${at.restPort}`, connect_address: `127.0.0.1:${at.restPort}` },
  // A proxy: it must not find the way past it by itself.
  [at.store.api]: { hosts: `127.0.0.1:${at.store.port}`, use_proxies: true },
  bootstrap: {
    dcs: {
      ...SECONDS,
      // A primary whose server has crashed gives its place away instead of recovering for minutes.
      master_start_timeout: 0,
      synchronous_mode: true,
      // One that has just become the primary acknowledges nothing before it has a standby that waits for it.
      synchronous_mode_strict: true,
      postgresql: {
        use_pg_rewind: true,
        parameters: {
          max_connections: 200,
          shared_buffers: '64MB',
          wal_keep_size: '512MB',
          hot_standby: 'on',
        },
      },
    },
    initdb: [{ encoding: 'UTF8' }, 'no-sync'],
    pg_hba: ['host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust'],
  },
  postgresql: {
    listen: `127.0.0.1:${at.port}`,
    connect_address: `127.0.0.1:${at.port}`,
    data_dir: at.data,
    bin_dir: at.bin,
    pgpass: path.join(at.directory, `${at.name}.pgpass`),
    authentication: {
      superuser: { username: 'postgres', password: 'unused' },
      replication: { username: 'replicator', password: 'unused' },
    },
    parameters: { unix_socket_directories: at.directory },
    remove_data_directory_on_rewind_failure: true,
    remove_data_directory_on_diverged_timelines: true,
  },
})

/** As Patroni's documentation has it: the way leads to whoever says that it is the primary, and is cut when it is not. */
const haproxyConfig = (port: number, members: readonly Member[]): string =>
  [
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 30m',
    '  timeout server 30m',
    '  timeout check 2s',
    'listen primary',
    `  bind 127.0.0.1:${port}`,
    '  option httpchk OPTIONS /primary',
    '  http-check expect status 200',
    '  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions',
    ...members.map(
      ({ name, port, restPort }) => `  server ${name} 127.0.0.1:${port} maxconn 200 check port ${restPort}`,
    ),
    '',
  ].join('\n')

const ANSWER_WITHIN_MS = 1_500
const fetchQuickly = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(() => null)

const isPrimary = async ({ restPort }: Member): Promise<boolean> =>
  (await fetchQuickly(`http://127.0.0.1:${restPort}/primary`))?.status === 200

async function isWhole(members: readonly Member[]): Promise<boolean> {
  for (const { restPort } of members) {
    const answer = await fetchQuickly(`http://127.0.0.1:${restPort}/cluster`)
    if (answer?.status !== 200) return false
    const { members: seen } = (await answer.json()) as { members: { role: string; state: string }[] }
    const count = (role: string) => seen.filter((one) => one.role === role).length
    const isRunning = seen.every(({ state }) => state === 'running' || state === 'streaming')
    if (seen.length !== members.length || !isRunning || count('leader') !== 1 || count('sync_standby') !== 1)
      return false
  }
  return true
}

async function untilAnswers(url: string): Promise<void> {
  while ((await fetchQuickly(url))?.status !== 200) await pause(100)
}
