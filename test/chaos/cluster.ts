import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import pg from 'pg'

import { freePort } from '../helpers/postgres-server'
import { DECLINED_PERCENT } from './bank-books'
import { compile, Managed } from './processes'

export interface Cluster {
  readonly directory: string
  readonly files: { readonly wallet: string; readonly bank: string; readonly acks: string }
  readonly wallet: Managed
  readonly bank: Managed
  readonly servers: readonly Managed[]
  readonly bankUrl: string
  urlOf(server: Managed): string
  /** Settings of the plugin from its next start on, beside those it has. */
  reconfigure(config: Readonly<Record<string, unknown>>): void
  /** How often the processes have logged what stands in the first bracket of `pattern`. */
  said(pattern: RegExp): Readonly<Record<string, number>>
  /** Speaks to the wallet's or the bank's own control, past its faults. */
  control(process: 'wallet' | 'bank', wish: Record<string, unknown>): Promise<{ waiting: string[] }>
  /** Share of requests that go wrong, now and after a restart. */
  setFaultRate(rate: number): Promise<void>
  /** Ends every process and removes the files. */
  destroy(options?: { keepFiles: boolean }): Promise<void>
}

export interface ClusterOptions {
  readonly databaseUrl: string
  /** Past a pooler that `databaseUrl` leads to. */
  readonly directUrl?: string
  readonly servers: number
  readonly seed: number
  readonly faultRate: number
  /** Share of payouts that the bank declines, by their keys; 12 where nothing is said. */
  readonly declinedPercent?: number
  /** Settings of the plugin beside the common ones. */
  readonly config?: Readonly<Record<string, unknown>>
}

/** A wallet, a bank and some instances of the plugin, as processes of their own. Nothing is started yet. */
export async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-chaos-'))
  const scriptOf = await compile(directory)
  const file = (name: string) => path.join(directory, name)
  const files = { wallet: file('wallet.jsonl'), bank: file('bank.jsonl'), acks: file('acks.jsonl') }
  const ports = { wallet: await freePort(), bank: await freePort() }
  let { faultRate, config = {} } = options
  // Every life draws other faults.
  let life = 0
  const partner = (name: 'wallet' | 'bank') =>
    new Managed(
      name,
      scriptOf(name),
      () => [
        String(ports[name]),
        files[name],
        String(options.seed + ++life * 7_919),
        String(faultRate),
        String(options.declinedPercent ?? DECLINED_PERCENT),
      ],
      file('log.txt'),
    )
  const wallet = partner('wallet')
  const bank = partner('bank')

  const serverPorts = new Map<Managed, number>()
  for (let index = 0; index < options.servers; index++) {
    const port = await freePort()
    const args = () => [
      String(port),
      options.databaseUrl,
      `http://127.0.0.1:${ports.wallet}`,
      `http://127.0.0.1:${ports.bank}`,
      JSON.stringify(config),
      options.directUrl ?? '',
    ]
    serverPorts.set(new Managed(`server ${index + 1}`, scriptOf('server'), args, file('log.txt')), port)
  }
  const servers = [...serverPorts.keys()]

  async function control(process: 'wallet' | 'bank', wish: Record<string, unknown>) {
    const response = await fetch(`http://127.0.0.1:${ports[process]}/control`, {
      method: 'POST',
      body: JSON.stringify(wish),
    })
    return (await response.json()) as { waiting: string[] }
  }

  return {
    directory,
    files,
    wallet,
    bank,
    servers,
    bankUrl: `http://127.0.0.1:${ports.bank}`,
    urlOf: (server) => `http://127.0.0.1:${serverPorts.get(server)}`,
    reconfigure(more) {
      config = { ...config, ...more }
    },
    said(pattern) {
      const times: Record<string, number> = {}
      for (const [, what = ''] of fs.readFileSync(file('log.txt'), 'utf8').matchAll(pattern))
        times[what] = (times[what] ?? 0) + 1
      return times
    },
    control,
    async setFaultRate(rate) {
      faultRate = rate
      await Promise.all([control('wallet', { faultRate }), control('bank', { faultRate })])
    },
    async destroy({ keepFiles } = { keepFiles: false }) {
      await Promise.all([...servers, wallet, bank].map((process) => process.kill()))
      if (!keepFiles) fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** One statement on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  // The server may be taken away in the middle of it.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(statement, parameters)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
