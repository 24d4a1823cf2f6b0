/**
 * What another user notices while one user asks for everything over 200 connections:
 * `npm run bench:greedy -- [--seconds 20] [--connections 200] [--unlimited]`. By hand, not in CI; a PostgreSQL of its own.
 * Server, greedy user and the other user are a process each; the limits are the defaults of the plugin.
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
          ...(userId !== null && { authorization: `Bearer ${tokens.sign(userId, ['user'])}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
      },
      (answer) => answer.resume().once('end', () => end(answer.statusCode ?? 0)),
    )
    sent.once('error', () => end(0))
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })

const withdrawal = { currency: 'eur', amount: 10, bank_account: { iban: IBAN } }

async function attack(port: number, connections: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const counts: Record<number, number> = {}
  let isOn = true
  process.once('message', () => {
    isOn = false
    process.send?.(counts)
    process.disconnect()
    agent.destroy()
  })
  const loop = async (nth: number) => {
    for (let sent = nth; isOn; sent++) {
      const isList = sent % 4 > 0
      const { status } = isList
        ? await ask(port, agent, '/?order_by=status&page=200&limit=100', GREEDY)
        : await ask(port, agent, '/', GREEDY, withdrawal)
      counts[status] = (counts[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, nth) => loop(nth)))
}

async function measured(port: number, seconds: number): Promise<{ creates: Answer[]; health: Answer[] }> {
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

function report(what: string, { creates, health }: Awaited<ReturnType<typeof measured>>): number {
  const refused = creates.filter(({ status }) => status !== 200).length
  const unready = health.filter(({ status }) => status !== 200).length
  const p99 = quantile(creates, 0.99)
  console.log(
    `${what}: ${creates.length} creates of others, ${refused} not accepted, p50 ${quantile(creates, 0.5).toFixed(1)} ms, ` +
      `p99 ${p99.toFixed(1)} ms; /health ${health.length} times, ${unready} not ready, slowest ${quantile(health, 1).toFixed(1)} ms`,
  )
  return p99
}

const child = (...given: string[]): ChildProcess => fork(__filename, given, { execArgv: process.execArgv })

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      connections: { type: 'string', default: '200' },
      unlimited: { type: 'boolean', default: false },
    },
  })
  const seconds = Number(values.seconds)
  const postgres = await startPostgres()
  const server = child('serve', postgres.url('postgres'), String(values.unlimited))
  try {
    const [port] = (await once(server, 'message')) as [number]
    await measured(port, 3)
    const idle = report('idle  ', await measured(port, seconds))
    const greedy = child('attack', String(port), values.connections)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const under = report('attack', await measured(port, seconds))
    greedy.send('stop')
    const [counts] = (await once(greedy, 'message')) as [Record<string, number>]
    greedy.kill()
    console.log(`the greedy user, by status: ${JSON.stringify(counts)}`)
    console.log(`p99 under attack: ${(under / idle).toFixed(2)} times that of idle`)
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
