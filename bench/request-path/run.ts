import { spawn } from 'node:child_process'
import { createSecretKey, randomBytes } from 'node:crypto'
import http from 'node:http'
import path from 'node:path'

import { openServer } from '../../src/db/connect/pool'
import { verifyDatabase } from '../../src/db/verify'
import { silentLogger } from '../../test/helpers/loggers'
import type { PostgresServer } from '../../test/helpers/postgres-server'
import { compiled, queryOn, wordOf } from '../children'
import { IBAN } from '../instant-kit'
import { median } from '../numbers'
import { postgresCpuMs } from '../postgres-cpu'
import { ARM_NAMES, type ArmName, ARMS, isOurs, PATH, type ServerFacts } from './arms'
import { load, type LoadResult, tokensFor } from './load'

export interface RequestPathPlan {
  readonly connections: readonly number[]
  readonly rounds: number
  readonly seconds: number
  readonly idleRequests: number
  /**
   * So many answers of each arm before the first round: what is measured is a server that has been running. In seconds the
   * fast arms would have more of them behind them, and more of their code compiled.
   */
  readonly warmRequests: number
  readonly arms?: readonly ArmName[]
  /** Where each arm's process leaves a profile of its processor time. */
  readonly profiles?: string
}

export interface ArmRound extends LoadResult {
  readonly arm: ArmName
  readonly connections: number
  readonly round: number
  /** Processor time of the serving process, a request. */
  readonly cpuUs: number
  /** Of PostgreSQL, all processes. */
  readonly postgresUs: number | null
  readonly rssMb: number
  /** null where nothing is stored. */
  readonly rows: number | null
  /** What the audit found, a sentence each; an arm with one is disqualified. */
  readonly complaints: readonly string[]
}

export interface RequestPathResult {
  readonly rounds: readonly ArmRound[]
  /** One request at a time: the median, of each round. */
  readonly idleMs: Readonly<Partial<Record<ArmName, readonly number[]>>>
  /** What `npm run verify` finds afterwards. */
  readonly verified: Readonly<Partial<Record<ArmName, readonly string[]>>>
}

interface Arm {
  readonly name: ArmName
  readonly url: string
  readonly port: number
  facts(): Promise<ServerFacts>
  stop(): Promise<void>
}

const KEY = randomBytes(32)

/** All arms in one run, in another order each round, on one PostgreSQL. */
export async function measureRequestPath(
  server: PostgresServer,
  plan: RequestPathPlan,
  say: (line: string) => void,
): Promise<RequestPathResult> {
  const names = plan.arms ?? ARM_NAMES
  const arms: Arm[] = []
  for (const name of names) arms.push(await startArm(name, server, plan))
  const tokens = tokensFor(createSecretKey(KEY))
  const rounds: ArmRound[] = []
  const idleMs: Partial<Record<ArmName, number[]>> = {}
  let serial = 0
  const alone = async (arm: Arm): Promise<void> => {
    await reset(arm)
    const times = await oneByOne(arm, tokens, plan.idleRequests, serial++)
    ;(idleMs[arm.name] ??= []).push(median(times))
  }
  try {
    for (const arm of arms) await warm(arm, tokens, plan.warmRequests, () => serial++)
    for (let round = 0; round < plan.rounds; round++) {
      const measured = plan.connections.flatMap((connections) =>
        shuffled(arms).map((arm) => ({ arm, connections })),
      )
      for (const { arm, connections } of measured) {
        const load = { connections, seconds: plan.seconds, serial: serial++ }
        const result = await measure({ server, arm, tokens }, load)
        rounds.push({ ...result, connections, round })
        say(`round ${round + 1}, ${connections} connections, ${inWords(result)}`)
      }
      for (const arm of shuffled(arms)) await alone(arm)
    }
    const verified: Partial<Record<ArmName, readonly string[]>> = {}
    for (const arm of arms) if (isOurs(arm.name)) verified[arm.name] = await verify(arm)
    return { rounds, idleMs, verified }
  } finally {
    await Promise.all(arms.map((arm) => arm.stop()))
  }
}

const WARM_SECONDS = 2
/** A machine that is busy with something else is not waited for for ever. */
const WARM_LOADS_MAX = 20

async function warm(
  { name: arm, port }: Arm,
  tokens: readonly string[],
  requests: number,
  nextRound: () => number,
): Promise<void> {
  let answered = 0
  for (let loads = 0; answered < requests && loads < WARM_LOADS_MAX; loads++) {
    const plan = { connections: 50, seconds: WARM_SECONDS, round: nextRound() }
    answered += (await load({ arm, port, tokens }, plan)).acknowledged
  }
}

async function measure(
  { server, arm, tokens }: { server: PostgresServer; arm: Arm; tokens: readonly string[] },
  { connections, seconds, serial }: { connections: number; seconds: number; serial: number },
): Promise<Omit<ArmRound, 'connections' | 'round'>> {
  await reset(arm)
  const before = await arm.facts()
  const postgresBefore = postgresCpuMs(server)
  const result = await load(
    { arm: arm.name, port: arm.port, tokens },
    { connections, seconds, round: serial },
  )
  const { cpuMs, rssMb } = await arm.facts()
  const postgresMs = postgresCpuMs(server)
  const each = (ms: number) => (ms * 1_000) / Math.max(1, result.acknowledged)
  return {
    arm: arm.name,
    ...result,
    cpuUs: each(cpuMs - before.cpuMs),
    postgresUs: postgresMs === null || postgresBefore === null ? null : each(postgresMs - postgresBefore),
    rssMb,
    ...(await audit(arm, result, before)),
  }
}

const inWords = ({ arm, perSecond, cpuUs, postgresUs }: Omit<ArmRound, 'connections' | 'round'>): string =>
  `${arm}: ${Math.round(perSecond)} a second, ${Math.round(cpuUs)} + ${Math.round(postgresUs ?? 0)} µs`

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)

async function startArm(name: ArmName, server: PostgresServer, { profiles }: RequestPathPlan): Promise<Arm> {
  const database = `arm_${name}`
  await queryOn(server.url('postgres'), `create database ${database}`)
  const url = server.url(database)
  if (name === 'insert')
    await queryOn(
      url,
      `create table plain_withdrawals (
         id uuid primary key, user_id bigint not null, currency text not null, amount numeric not null,
         destination jsonb not null, status text not null, created_at timestamptz not null);
       create index on plain_withdrawals (user_id, created_at)`,
    )
  const script = path.join(__dirname, 'server.ts')
  const profiled = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.join(profiles, name)}`]
  const given = [name, url, KEY.toString('base64')]
  const child = spawn(process.execPath, [...profiled, compiled(script), ...given], {
    // What is logged is written, and read by nobody.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const { port } = await wordOf<{ port: number }>(child)
  return {
    ...{ name, url, port },
    facts() {
      const answer = wordOf<ServerFacts>(child)
      child.send('facts')
      return answer
    },
    stop: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve())
        child.disconnect()
      }),
  }
}

/** Empty tables for every round: none is slower for what another one has left. */
async function reset({ name, url }: Arm): Promise<void> {
  if (name === 'insert') await queryOn(url, 'truncate plain_withdrawals; checkpoint')
  if (!isOurs(name)) return
  await atRest(url)
  await queryOn(
    url,
    // The journal refuses to be emptied; only who owns the server may switch its guard off.
    `set session_replication_role = replica;
     do $$ declare emptied text; begin
       select string_agg(format('%I.%I', schemaname, tablename), ', ') into emptied from pg_tables
        where schemaname = 'bank_withdrawal' and tablename not in ('migrations', 'workers');
       execute 'truncate ' || emptied;
     end $$;
     checkpoint`,
  )
}

const REST_WITHIN_MS = 20_000

/** Until nobody works on anything any more. */
async function atRest(url: string): Promise<void> {
  for (const endsAt = Date.now() + REST_WITHIN_MS; Date.now() < endsAt;) {
    const [found] = await queryOn<{ count: number }>(
      url,
      `select count(*)::int as count from bank_withdrawal.withdrawals
        where state not in ('processed', 'canceled') and not (state = 'ready' and mode = 'batch')`,
    )
    if (found?.count === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Acknowledged is stored; and what was paid was paid once, and settled. */
async function audit(
  arm: Arm,
  { acknowledged, failed, cutOff }: LoadResult,
  before: ServerFacts,
): Promise<{ rows: number | null; complaints: string[] }> {
  const complaints: string[] = []
  if (failed > 0) complaints.push(`${failed} requests failed`)
  const table = ARMS[arm.name].rows
  if (table === null) return { rows: null, complaints }
  if (isOurs(arm.name)) await atRest(arm.url)
  const [found] = await queryOn<{ rows: number }>(arm.url, `select count(*)::int as rows from ${table}`)
  const rows = found?.rows ?? 0
  if (rows < acknowledged) complaints.push(`${acknowledged - rows} acknowledged withdrawals are lost`)
  if (rows > acknowledged + failed + cutOff) complaints.push(`${rows} rows for ${acknowledged} answers`)
  if (arm.name === 'paying') {
    const { settled, payouts, paidTwice } = await arm.facts()
    if (payouts - before.payouts !== rows) complaints.push(`${payouts - before.payouts} payouts of ${rows}`)
    if (settled - before.settled !== rows) complaints.push(`${settled - before.settled} settled of ${rows}`)
    if (paidTwice > 0) complaints.push(`${paidTwice} paid twice`)
  }
  return { rows, complaints }
}

async function verify({ url }: Arm): Promise<readonly string[]> {
  const database = openServer({ url, logger: silentLogger })
  try {
    const results = await verifyDatabase(database, { stuckMinutes: 10, namedMax: 1 })
    return results.filter(({ count }) => count > 0).map(({ name, count }) => `${name}: ${count}`)
  } finally {
    await database.close()
  }
}

async function oneByOne(
  { name, port }: Arm,
  tokens: readonly string[],
  requests: number,
  round: number,
): Promise<number[]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  for (let at = 0; at < requests; at++) {
    const startedAt = performance.now()
    await post(
      agent,
      port,
      {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens[(round * requests + at) % tokens.length]}`,
        [name === 'limits' ? 'idempotency-key' : 'x-serial']: `bench-idle-${round}-${at}`,
      },
      String(900_000 + at),
    )
    times.push(performance.now() - startedAt)
  }
  agent.destroy()
  return times
}

const post = (
  agent: http.Agent,
  port: number,
  headers: Record<string, string>,
  code: string,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = http.request(
      { agent, port, host: '127.0.0.1', method: 'POST', path: PATH, headers },
      (res) => {
        res.resume()
        res.once('end', () =>
          res.statusCode === 200 ? resolve() : reject(new Error(`It answered ${res.statusCode}.`)),
        )
      },
    )
    sent.once('error', reject)
    sent.end(
      JSON.stringify({
        currency: 'eur',
        amount: 10,
        otp_code: code,
        bank_account: { iban: IBAN, account_holder: 'Ada Lovelace' },
      }),
    )
  })
