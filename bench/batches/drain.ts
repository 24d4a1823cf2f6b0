/**
 * Drains one backlog in a process of its own: `drain.ts <database url> <plan as JSON>`. The exchange and the bank are in
 * this process too, and keep one byte of each withdrawal: what memory grows by is the plugin's.
 */
import { createApp } from '../../src/app/app'
import { createKitSide } from '../../src/app/kit-ports'
import type { Database } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import type { Logger } from '../../src/ports/logger'
import { systemClock, systemRandomness } from '../../src/runtime/clock'
import { postgresCpuMs } from '../postgres-cpu'
import { numberedBank, numberedKit, preload } from './numbered'

export interface DrainPlan {
  readonly rows: number
  readonly batchSize?: number
  readonly providerMs?: number
  readonly exchangeMs?: number
  /** Withdrawals in hand at the same time; the default of the settings where left out. */
  readonly concurrency?: number
}

export interface DrainResult {
  readonly plan: DrainPlan
  /** Until every batch was sent and its answer written. */
  readonly sendUs: number
  /** From then until every burn was settled. */
  readonly settleUs: number
  /** Processor time of this process and of PostgreSQL, for each withdrawal; null where there is no /proc to read. */
  readonly sendCpuUs: CpuUs
  readonly settleCpuUs: CpuUs
  readonly rssMb: number
  readonly providerCalls: number
  readonly walBytes: number
  readonly complaints: readonly string[]
}

export interface CpuUs {
  readonly own: number
  readonly postgres: number | null
}

const LOGGER: Logger = { debug() {}, info() {}, warn() {}, error: console.error }

async function main(): Promise<void> {
  const [url = '', text = '{}', directory = ''] = process.argv.slice(2)
  const plan = JSON.parse(text) as DrainPlan
  const database = openServer({ url, logger: LOGGER })
  const kit = numberedKit(plan.rows, plan.exchangeMs)
  const bank = numberedBank(plan.rows, plan)
  const app = createApp({
    ...createKitSide({ toolsLib: kit.toolsLib, clock: systemClock, logger: LOGGER }),
    providers: [bank.provider],
    database,
    config: {
      mode: 'batch',
      worker: false,
      maxOpenWithdrawals: 0,
      ...(plan.concurrency !== undefined && { workerConcurrency: plan.concurrency }),
    },
    logger: LOGGER,
    clock: systemClock,
    random: systemRandomness,
  })
  await app.start()
  await preload(database, plan.rows)
  let rssMb = 0
  const watching = setInterval(() => (rssMb = Math.max(rssMb, process.memoryUsage().rss / 2 ** 20)), 20)
  const walBefore = await walOf(database)

  const cpuNow = () => {
    const { user, system } = process.cpuUsage()
    return { own: user + system, postgres: postgresCpuMs({ directory }) }
  }
  const cpuBetween = (from: CpuUs, to: CpuUs): CpuUs => ({
    own: (to.own - from.own) / plan.rows,
    postgres:
      to.postgres === null || from.postgres === null
        ? null
        : ((to.postgres - from.postgres) * 1_000) / plan.rows,
  })

  const cpu = [cpuNow()]
  const startedAt = performance.now()
  await app.engine().batches.run()
  const sentAt = performance.now()
  cpu.push(cpuNow())
  app.engine().runner.start()
  await until(() => kit.settled() === plan.rows && app.engine().runner.isRunning())
  await app.engine().runner.stop()
  const settledAt = performance.now()
  cpu.push(cpuNow())

  clearInterval(watching)
  const walBytes = (await walOf(database)) - walBefore
  const us = (ms: number) => (ms * 1_000) / plan.rows
  const result: DrainResult = {
    ...{ plan, rssMb, providerCalls: bank.calls(), walBytes: walBytes / plan.rows },
    ...{ sendUs: us(sentAt - startedAt), settleUs: us(settledAt - sentAt) },
    sendCpuUs: cpuBetween(cpu[0] as CpuUs, cpu[1] as CpuUs),
    settleCpuUs: cpuBetween(cpu[1] as CpuUs, cpu[2] as CpuUs),
    complaints: [...bank.complaints(), ...(await complaintsOf(database, plan.rows))],
  }
  await app.stop()
  await database.close()
  process.send?.(result)
  process.disconnect?.()
}

const walOf = async (database: Database): Promise<number> =>
  Number((await database.query<{ at: string }>(`select pg_current_wal_lsn() - '0/0' as at`))[0]?.at)

async function complaintsOf(database: Database, rows: number): Promise<string[]> {
  const [found] = await database.query<{ processed: number }>(
    `select count(*)::int as processed from bank_withdrawal.withdrawals where state = 'processed'`,
  )
  return found?.processed === rows ? [] : [`${found?.processed} of ${rows} processed`]
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

void main()
