/**
 * What another user notices while one user asks for everything over 200 connections:
 * `npm run bench:greedy -- [--seconds 5] [--rounds 4] [--connections 200] [--fresh-tokens] [--unlimited] [--profile <folder>]`. By hand, not
 * in CI; a PostgreSQL of its own. Server, greedy user and the other users are a process each; the limits are the defaults of
 * the plugin. Idle and attack take turns, each as long as the other, so that what else the machine does is in both. Each
 * attack begins with the first burst of a user who has rested.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'

import express from 'express'

import { openServer } from '../src/db/connect/pool'
import { createBankWithdrawals } from '../src/index'
import { sandboxProvider } from '../src/providers/sandbox'
import { systemClock } from '../src/runtime/clock'
import { createSandboxKit } from '../src/sandbox/kit'
import { createSandboxTokens } from '../src/sandbox/tokens'
import { startPostgres } from '../test/helpers/postgres-server'
import { UNLIMITED } from '../test/helpers/unlimited'

const BASE = '/plugins/bank/withdrawal'
const IBAN = 'DE89370400440532013000'
const GREEDY = 1
/** A person's pace each, so that no limit is theirs. */
const OTHERS = Array.from({ length: 60 }, (_, index) => index + 10)
const OWN_ROWS = 20_000
const tokens = createSandboxTokens(createSecretKey(Buffer.alloc(32, 7)))
const logger = { debug() {}, info() {}, warn() {}, error() {} }

async function serve(url: string, isUnlimited: boolean): Promise<void> {
  const database = openServer({ url, logger })
  const kit = createSandboxKit({ database, tokens, clock: systemClock })
  await kit.open()
  for (const id of OTHERS) await kit.addUser({ id, fullName: `User ${id}`, balances: { eur: '100000' } })
  const plugin = createBankWithdrawals({
    ...{ toolsLib: kit.toolsLib, providers: [sandboxProvider()], database, logger },
    config: { mode: 'batch', ...(isUnlimited ? UNLIMITED : {}) },
  })
  await plugin.start()
  await database.query(
    `insert into bank_withdrawal.withdrawals (
       id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
       destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at, state_since, created_at, updated_at)
     select 'own-row-' || n, $1, 'h', 'eur', 10, 0, 10, 'BANK', $2, 'DE89…3000', 'h', 'sandbox', 'immediate', 'BW-' || n,
       'E' || n, 'processed', 1, now(), now(), now(), now() from generate_series(1, $3::int) as n`,
    [GREEDY, `plain:${JSON.stringify({ method: 'BANK', iban: IBAN })}`, OWN_ROWS],
  )
  await database.query('analyze bank_withdrawal.withdrawals')
  const app = express()
  app.use(plugin.router)
  const server = app.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.on('message', (word) => {
    if (word === 'end') process.exit(0)
    process.send?.(cpuSeconds())
  })
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** As who signs in anew whenever it helps. */
const FRESH = 'fresh-tokens'
const signed = new Map<number, string>()

function tokenOf(userId: number): string {
  const known = process.argv.includes(FRESH) ? undefined : signed.get(userId)
  const token = known ?? tokens.sign(userId, ['user'])
  signed.set(userId, token)
  return token
}

interface Answer {
  readonly status: number
  readonly ms: number
}

const ask = (port: number, agent: http.Agent, path: string, userId: number | null, body?: unknown) =>
  new Promise<Answer>((resolve) => {
    const startedAt = performance.now()
    const end = (status: number) => resolve({ status, ms: performance.now() - startedAt })
    const sent = http.request(
      {
        ...{
          port,
          agent,
          host: '127.0.0.1',
          path: `${BASE}${path}`,
          method: body === undefined ? 'GET' : 'POST',
        },
        headers: {
          ...(userId !== null && { authorization: `Bearer ${tokenOf(userId)}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
      },
      (answer) => answer.resume().once('end', () => end(answer.statusCode ?? 0)),
    )
    sent.once('error', () => end(0))
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })

const withdrawal = { currency: 'eur', amount: 10, bank_account: { iban: IBAN } }

/** Attacks from each word `go` on until the next `rest`; `end` has it say how it was answered. */
function attack(port: number, connections: number): Promise<void> {
  let agent = new http.Agent()
  const counts: Record<number, number> = {}
  let round = 0
  const loop = async (nth: number, mine: number) => {
    for (let sent = nth; mine === round; sent++) {
      const isList = sent % 4 > 0
      const { status } = isList
        ? await ask(port, agent, '/?order_by=status&page=200&limit=100', GREEDY)
        : await ask(port, agent, '/', GREEDY, withdrawal)
      counts[status] = (counts[status] ?? 0) + 1
    }
  }
  process.on('message', (word) => {
    round++
    if (word === 'go') agent = new http.Agent({ keepAlive: true, maxSockets: connections })
    if (word === 'go') for (let nth = 0; nth < connections; nth++) void loop(nth, round)
    if (word !== 'end') return
    process.send?.(counts)
    process.disconnect()
    agent.destroy()
  })
  process.send?.('ready')
  return Promise.resolve()
}

interface Noticed {
  readonly creates: Answer[]
  readonly health: Answer[]
}

async function measured(port: number, seconds: number): Promise<Noticed> {
  const agent = new http.Agent({ keepAlive: true })
  const [creates, health]: [Answer[], Answer[]] = [[], []]
  const endsAt = performance.now() + seconds * 1_000
  for (let sent = 0; performance.now() < endsAt; sent++) {
    creates.push(await ask(port, agent, '/', Number(OTHERS[sent % OTHERS.length]), withdrawal))
    if (sent % 10 === 0) health.push(await ask(port, agent, '/health', null))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  agent.destroy()
  return { creates, health }
}

const quantile = (answers: readonly Answer[], part: number): number =>
  [...answers].sort((a, b) => a.ms - b.ms)[Math.min(answers.length - 1, Math.floor(answers.length * part))]
    ?.ms ?? NaN

function report(what: string, { creates, health }: Noticed, cpu: number): number {
  const refused = creates.filter(({ status }) => status !== 200).length
  const unready = health.filter(({ status }) => status !== 200).length
  const p99 = quantile(creates, 0.99)
  console.log(
    `${what}: ${creates.length} creates of others, ${refused} not accepted, p50 ${quantile(creates, 0.5).toFixed(1)} ms, ` +
      `p99 ${p99.toFixed(1)} ms; /health ${health.length} times, ${unready} not ready, slowest ${quantile(health, 1).toFixed(1)} ms; ` +
      `CPU of the server ${cpu.toFixed(1)} s`,
  )
  return p99
}

const child = (execArgv: string[], ...given: string[]): ChildProcess =>
  fork(__filename, given, { execArgv: [...process.execArgv, ...execArgv] })

async function said<Word>(process: ChildProcess, asked?: string): Promise<Word> {
  const answer = once(process, 'message') as Promise<[Word]>
  if (asked !== undefined) process.send(asked)
  return (await answer)[0]
}

/** In turns, so that whatever else the machine does is in both. */
async function inTurns(
  server: ChildProcess,
  greedy: ChildProcess,
  { port, rounds, seconds }: Readonly<Record<'port' | 'rounds' | 'seconds', number>>,
) {
  const phases = ['rest', 'go'] as const
  const noticed = { rest: { creates: [], health: [] } as Noticed, go: { creates: [], health: [] } as Noticed }
  const cpu = { rest: 0, go: 0 }
  for (let turn = 0; turn < rounds * phases.length; turn++) {
    const phase = turn % 2 === 0 ? 'rest' : 'go'
    const before = await said<number>(server, 'cpu')
    greedy.send(phase)
    const { creates, health } = await measured(port, seconds)
    cpu[phase] += (await said<number>(server, 'cpu')) - before
    noticed[phase].creates.push(...creates)
    noticed[phase].health.push(...health)
  }
  return { noticed, cpu }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '200' },
      [FRESH]: { type: 'boolean', default: false },
      unlimited: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const postgres = await startPostgres()
  const profiled = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
  const server = child(profiled, 'serve', postgres.url('postgres'), String(values.unlimited))
  try {
    const port = await said<number>(server)
    const greedy = child([], 'attack', String(port), values.connections, ...(values[FRESH] ? [FRESH] : []))
    await said(greedy)
    await measured(port, 3)
    const { noticed, cpu } = await inTurns(server, greedy, {
      ...{ port, rounds: Number(values.rounds), seconds: Number(values.seconds) },
    })
    const counts = await said(greedy, 'end')
    greedy.kill()
    const idle = report('idle  ', noticed.rest, cpu.rest)
    const under = report('attack', noticed.go, cpu.go)
    console.log(`the greedy user, by status: ${JSON.stringify(counts)}`)
    console.log(`p99 under attack: ${(under / idle).toFixed(2)} times that of idle`)
    server.send('end')
    await once(server, 'exit')
  } finally {
    server.kill('SIGKILL')
    await postgres.destroy()
  }
}

const [role, ...given] = process.argv.slice(2)
const work =
  role === 'serve'
    ? serve(String(given[0]), given[1] === 'true')
    : role === 'attack'
      ? attack(Number(given[0]), Number(given[1]))
      : main()
work.catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
