import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import type { PostgresServer } from '../../test/helpers/postgres-server'
import { PAID_TWICE, SETTLED } from '../batches/numbered'
import { ended, pause, queryOn, startChild, verifiedOn, wordOf } from '../children'
import { countMarks, makeMarks } from '../marks'
import { postgresCpuMs, processCpuMs } from '../postgres-cpu'
import type { LifePlan } from './worker'

export interface RecoveryPlan {
  readonly rows: number
  readonly providerMs: number
}

/** After SIGKILL in the middle of it all; ms from the moment the next instance said that it had started. */
export interface RecoveryResult {
  readonly rows: number
  readonly providerMs: number
  /** States of the rows when the process was dead. */
  readonly inFlight: Readonly<Record<string, number>>
  /** From the start of the process until it said that it works. */
  readonly bootMs: number
  readonly firstMs: number
  readonly halfMs: number
  readonly allMs: number
  /** Processor time a withdrawal, from the start of the process on, of it and of PostgreSQL; runs kept before have none. */
  readonly cpuUs?: { readonly own: number | null; readonly postgres: number | null }
  readonly complaints: readonly string[]
}

const GIVEN_UP_AFTER_MS = 400_000

/** Everything is with the bank when the process is killed; the next one finds out what became of it. */
export async function measureRecovery(
  server: PostgresServer,
  { rows, providerMs }: RecoveryPlan,
  say: (line: string) => void,
): Promise<RecoveryResult> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-bench-recovery-'))
  const burns = path.join(directory, 'burns')
  makeMarks(burns, rows)
  makeMarks(path.join(directory, 'payouts'), rows)
  await queryOn(server.url('postgres'), 'create database recovered')
  const url = server.url('recovered')
  const live = (life: LifePlan['life']) =>
    startChild(
      path.join(__dirname, 'worker.ts'),
      url,
      JSON.stringify({ rows, providerMs, directory, life } satisfies LifePlan),
    )
  const first = live('first')
  await wordOf(first)
  await wordOf(first)
  first.kill('SIGKILL')
  await ended(first)
  const states = await queryOn<{ state: string; count: number }>(
    url,
    'select state, count(*)::int as count from bank_withdrawal.withdrawals group by state',
  )

  const bootedAt = performance.now()
  const postgresBefore = postgresCpuMs(server)
  const second = live('second')
  try {
    await wordOf(second)
    const startedAt = performance.now()
    const reached = async (count: number) => {
      while (countMarks(burns, SETTLED) < count) {
        if (performance.now() - startedAt > GIVEN_UP_AFTER_MS) return Infinity
        await pause(20)
      }
      return performance.now() - startedAt
    }
    const [firstMs, halfMs] = [await reached(1), await reached(rows / 2)]
    await reached(rows)
    const allMs = (await allWritten(url, rows)) ? performance.now() - startedAt : Infinity
    say(`recovery of ${rows}: first after ${Math.round(firstMs)} ms, all after ${Math.round(allMs)} ms`)
    const each = (ms: number | null) => (ms === null ? null : (ms * 1_000) / rows)
    const postgresMs = postgresCpuMs(server)
    const cpuUs = {
      own: each(second.pid === undefined ? null : processCpuMs(second.pid)),
      postgres: each(postgresMs === null || postgresBefore === null ? null : postgresMs - postgresBefore),
    }
    const times = { bootMs: startedAt - bootedAt, firstMs, halfMs, allMs }
    const inFlight = Object.fromEntries(states.map(({ state, count }) => [state, count]))
    return {
      rows,
      providerMs,
      inFlight,
      ...times,
      cpuUs,
      complaints: await complaintsOf(url, { rows, directory }),
    }
  } finally {
    second.kill('SIGKILL')
    await ended(second)
    await queryOn(server.url('postgres'), 'drop database recovered with (force)')
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

/** The last burn is settled a commit before its end is written. */
async function allWritten(url: string, rows: number): Promise<boolean> {
  for (let looks = 0; looks < 1_000; looks++) {
    const [found] = await queryOn<{ count: number }>(
      url,
      `select count(*)::int as count from bank_withdrawal.withdrawals where state = 'processed'`,
    )
    if (found?.count === rows) return true
    await pause(20)
  }
  return false
}

async function complaintsOf(
  url: string,
  { rows, directory }: { rows: number; directory: string },
): Promise<string[]> {
  const settled = countMarks(path.join(directory, 'burns'), SETTLED)
  const twice = countMarks(path.join(directory, 'payouts'), PAID_TWICE)
  const unpaid = countMarks(path.join(directory, 'payouts'), 0)
  return [
    ...(settled === rows ? [] : [`${settled} of ${rows} settled`]),
    ...(twice === 0 ? [] : [`${twice} paid twice`]),
    ...(unpaid === 0 ? [] : [`${unpaid} not paid`]),
    ...(await verifiedOn(url)),
  ]
}
