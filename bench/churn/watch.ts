import type { ChildProcess } from 'node:child_process'

import pg from 'pg'

import type { PostgresServer } from '../../test/helpers/postgres-server'
import { pause, wordOf } from '../children'
import { postgresCpuMs } from '../postgres-cpu'
import type { InstanceCounts } from './instance'
import type { LoadCounts, OpenLoad } from './load'
import type { ClaimLook, Sample, Watch } from './samples'
import type { SettingsName } from './settings'

/** One minute of one database; `load`, `waits` and `looks` are of this minute, all else is counted from the beginning. */
export interface Minute {
  readonly atMinutes: number
  readonly sample: Sample
  readonly load: LoadCounts
  /** How often a connection at work was seen, and what it waited for. */
  readonly seen: number
  readonly waits: Readonly<Record<string, number>>
  readonly looks: readonly ClaimLook[]
  readonly counts: Omit<InstanceCounts, 'rssMb'>
  readonly rssMb: number
  /** Of the whole server, all databases together; null where there is no /proc to read. */
  readonly postgresCpuMs: number | null
}

/** One database with its instances and its load, while it is watched. */
export interface Arm {
  readonly settings: SettingsName
  readonly database: string
  readonly url: string
  readonly directory: string
  readonly children: readonly ChildProcess[]
  readonly load: OpenLoad
  readonly watch: Watch
  readonly minutes: Minute[]
  looks: ClaimLook[]
  waits: Record<string, number>
  seen: number
}

const ACTIVITY_EVERY_MS = 250
const LOOK_EVERY_MS = 7_000
const MINUTE_MS = 60_000

/** Keeps a sample of each minute, and what was seen in it. */
export async function watchFor(
  server: PostgresServer,
  arms: readonly Arm[],
  { minutes, say }: { minutes: number; say: (line: string) => void },
): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres'), application_name: 'bench' })
  await client.connect()
  const startedAt = performance.now()
  const passedMs = () => performance.now() - startedAt
  let [lookedAtMs, minute] = [0, 0]
  try {
    await Promise.all(arms.map((arm) => keepMinute(server, arm, 0)))
    while (minute < minutes) {
      await pause(ACTIVITY_EVERY_MS)
      await lookAtActivity(client, arms)
      if (passedMs() - lookedAtMs > LOOK_EVERY_MS) {
        lookedAtMs = passedMs()
        await lookAtClaims(arms)
      }
      if (passedMs() < (minute + 1) * MINUTE_MS) continue
      minute++
      for (const arm of arms) await keepMinute(server, arm, passedMs() / MINUTE_MS)
      say(`churn, minute ${minute}: ${arms.map(lineOf).join('; ')}`)
    }
  } finally {
    await client.end()
  }
}

async function lookAtClaims(arms: readonly Arm[]): Promise<void> {
  for (const arm of arms) arm.looks.push(await arm.watch.lookAtClaim())
}

const lineOf = ({ settings, minutes }: Arm): string => {
  const [before, now] = minutes.slice(-2)
  if (!before || !now) return ''
  const claims = now.sample.statements.claim.calls - before.sample.statements.claim.calls
  const claimMs = (now.sample.statements.claim.ms - before.sample.statements.claim.ms) / claims
  const { dead, vacuums } = now.sample.tables.withdrawals
  return `${settings} claim ${claimMs.toFixed(2)} ms, open ${now.sample.open}, dead ${dead}, vacuums ${vacuums}, p99 ${now.load.p99Ms.toFixed(0)} ms, failed ${now.load.failed}, own CPU ${((now.counts.cpuMs - before.counts.cpuMs) / 600).toFixed(0)} %, PostgreSQL's of all ${(((now.postgresCpuMs ?? NaN) - (before.postgresCpuMs ?? NaN)) / 600).toFixed(0)} %`
}

async function lookAtActivity(client: pg.Client, arms: readonly Arm[]): Promise<void> {
  const { rows } = await client.query<{ database: string; event: string; count: number }>(
    `select datname as database, coalesce(wait_event_type || ':' || wait_event, 'none') as event, count(*)::int as count
       from pg_stat_activity
      where state = 'active' and backend_type = 'client backend' and application_name <> 'bench'
      group by 1, 2`,
  )
  for (const { database, event, count } of rows) {
    const arm = arms.find((one) => one.database === database)
    if (!arm) continue
    arm.seen += count
    arm.waits[event] = (arm.waits[event] ?? 0) + count
  }
}

async function keepMinute(server: PostgresServer, arm: Arm, atMinutes: number): Promise<void> {
  const told = await Promise.all(
    arm.children.map((child) => {
      const word = wordOf<InstanceCounts>(child)
      child.send('facts')
      return word
    }),
  )
  const sum = (of: keyof InstanceCounts) => told.reduce((all, one) => all + one[of], 0)
  const sample = await arm.watch.sample()
  arm.minutes.push({
    ...{ atMinutes, sample, load: arm.load.take(), seen: arm.seen, waits: arm.waits, looks: arm.looks },
    counts: {
      ...{ claims: sum('claims'), emptyClaims: sum('emptyClaims'), claimed: sum('claimed') },
      ...{ batchClaims: sum('batchClaims'), emptyBatchClaims: sum('emptyBatchClaims') },
      ...{ batchClaimed: sum('batchClaimed'), cpuMs: sum('cpuMs') },
    },
    rssMb: Math.max(...told.map(({ rssMb }) => rssMb)),
    postgresCpuMs: postgresCpuMs(server),
  })
  Object.assign(arm, { looks: [], waits: {}, seen: 0 })
}
