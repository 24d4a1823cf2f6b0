import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

import autocannon from 'autocannon'

import { openEmbedded } from '../../src/db/connect/embedded'
import { migrate } from '../../src/db/connect/migrate'
import { environmentName } from '../../src/domain/setting-names'
import { systemClock } from '../../src/runtime/clock'
import { createSandboxKit } from '../../src/sandbox/kit'
import { createSandboxTokens, sandboxKey } from '../../src/sandbox/tokens'
import { UNLIMITED } from '../../test/helpers/unlimited'
import { IBAN } from '../instant-kit'
import { processCpuMs } from '../postgres-cpu'
import { PATH } from '../request-path/arms'

export interface EmbeddedPlan {
  readonly connections: readonly number[]
  readonly seconds: number
}

/** What one load of `npm start` on the embedded database came to; ms. */
export interface EmbeddedResult {
  readonly connections: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
  readonly timeouts: number
  /** Processor time of the whole process for each request: it hardly depends on who else is on the machine. */
  readonly cpuMs: number | null
  /** `/health/live`, asked all the while. */
  readonly live: {
    readonly asked: number
    readonly p50Ms: number
    readonly p99Ms: number
    readonly maxMs: number
  }
}

const USERS = 50
const ROOT = path.join(__dirname, '../..')

/**
 * `npm start` as it is, on a database of its own in a directory, that pays each withdrawal at once: the sandbox's books
 * and the bank's are in the same embedded database.
 */
export async function measureEmbedded(
  { connections, seconds }: EmbeddedPlan,
  say: (line: string) => void,
): Promise<readonly EmbeddedResult[]> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-bench-embedded-'))
  const tokens = await prepare(directory)
  const server = await serve(directory)
  try {
    const results: EmbeddedResult[] = []
    for (const count of connections) {
      const result = await loadWith(server, tokens, { connections: count, seconds })
      results.push(result)
      say(
        `embedded, ${count} connections: ${Math.round(result.perSecond)} a second, /health/live ${Math.round(result.live.maxMs)} ms at most`,
      )
    }
    return results
  } finally {
    server.child.kill('SIGKILL')
    await once(server.child, 'exit')
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

/** Users whose balances outlast the load. @returns A token of each. */
async function prepare(directory: string): Promise<readonly string[]> {
  const database = await openEmbedded({ directory })
  await migrate(database)
  const tokens = createSandboxTokens(sandboxKey(directory))
  const kit = createSandboxKit({ database, tokens, clock: systemClock })
  await kit.open()
  const users = Array.from({ length: USERS }, (_, index) => index + 10)
  for (const id of users) await kit.addUser({ id, fullName: `User ${id}`, balances: { eur: '1000000' } })
  await database.close()
  return users.map((id) => tokens.sign(id, ['user']))
}

const SETTINGS = { ...UNLIMITED, addressPerMinute: 0, maxOpenWithdrawals: 0 }

interface Served {
  readonly child: ChildProcess
  readonly url: string
}

async function serve(directory: string): Promise<Served> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...Object.fromEntries(
        Object.entries(SETTINGS).map(([name, value]) => [environmentName(name), String(value)]),
      ),
      ...{ DATA_DIR: directory, PORT: '0', LOG_LEVEL: 'error', NODE_ENV: 'production' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /served at (http:\/\/[^/]+)/.exec(line)?.[1]
    if (url === undefined) continue
    child.stdout.resume()
    return { child, url }
  }
  throw new Error('The server ended before it served.')
}

async function loadWith(
  { url, child }: Served,
  tokens: readonly string[],
  { connections, seconds }: { connections: number; seconds: number },
): Promise<EmbeddedResult> {
  const live: number[] = []
  let isOn = true
  const asking = (async () => {
    const agent = new http.Agent({ keepAlive: true })
    while (isOn) {
      live.push(await msToAnswer(`${url}${PATH}health/live`, agent))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    agent.destroy()
  })()
  const cpuBefore = processCpuMs(Number(child.pid))
  let client = 0
  const result = await autocannon({
    url: `${url}${PATH}`,
    method: 'POST',
    connections,
    duration: seconds,
    timeout: 30,
    setupClient(connection) {
      const token = tokens[client++ % tokens.length]
      connection.setHeadersAndBody(
        { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        JSON.stringify({
          currency: 'eur',
          amount: 10,
          bank_account: { iban: IBAN, account_holder: 'Ada Lovelace' },
        }),
      )
    },
  })
  isOn = false
  await asking
  live.sort((a, b) => a - b)
  const at = (share: number) => live[Math.floor(share * (live.length - 1))] ?? NaN
  return {
    connections,
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
    timeouts: result.timeouts,
    cpuMs: cpuBefore === null ? null : (Number(processCpuMs(Number(child.pid))) - cpuBefore) / result['2xx'],
    live: { asked: live.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) },
  }
}

const msToAnswer = (url: string, agent: http.Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now()
    http
      .get(url, { agent }, (answer) =>
        answer.resume().once('end', () => resolve(performance.now() - startedAt)),
      )
      .once('error', reject)
  })
