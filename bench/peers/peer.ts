/** Drains trivial jobs with somebody else's queue: `peer.ts <which> <database url> <how many>`. */
import { run } from 'graphile-worker'
import pg from 'pg'
import PgBoss from 'pg-boss'

export interface PeerResult {
  /** Until the last job was over, from the moment that the first might begin; µs each. */
  readonly usEach: number
  readonly complaints: readonly string[]
}

const SIZE = 1_000
/** As on its page on performance. */
const CONCURRENT = 24
const [which = '', url = '', given = '0'] = process.argv.slice(2)
const jobs = Number(given)

/** Each number once. */
function createDone() {
  const done = new Uint8Array(jobs)
  let count = 0
  let over = () => {}
  const all = new Promise<void>((resolve) => (over = resolve))
  return {
    all,
    note({ n }: { n: number }) {
      done[n] = (done[n] ?? 0) + 1
      if (++count === jobs) over()
    },
    complaints(left: number): string[] {
      const wrong = done.filter((times) => times !== 1).length
      return [
        ...(wrong > 0 ? [`${wrong} jobs not done once`] : []),
        ...(left > 0 ? [`${left} jobs left in the queue`] : []),
      ]
    },
  }
}

/** As its page on performance sets it up for throughput: jobs fetched and completed in batches. */
async function graphile(): Promise<PeerResult> {
  const done = createDone()
  const pool = new pg.Pool({ connectionString: url, max: CONCURRENT + 2 })
  pool.on('error', console.error)
  pool.on('connect', (client) => client.on('error', console.error))
  const preset = {
    worker: {
      concurrentJobs: CONCURRENT,
      maxPoolSize: CONCURRENT + 2,
      localQueue: { size: SIZE, refetchDelay: { durationMs: 10 } },
      completeJobBatchDelay: 1,
      failJobBatchDelay: 1,
    },
  }
  const make = await run({ preset, pgPool: pool, taskList: { nothing: () => {} }, noHandleSignals: true })
  await make.stop()
  for (let from = 0; from < jobs; from += SIZE)
    await pool.query(
      `select graphile_worker.add_jobs(array(select json_populate_record(null::graphile_worker.job_spec,
         json_build_object('identifier', 'work', 'payload', json_build_object('n', n)))
         from generate_series($1::int, $2::int) n))`,
      [from, Math.min(from + SIZE, jobs) - 1],
    )
  const startedAt = performance.now()
  const runner = await run({
    ...{ preset, pgPool: pool, noHandleSignals: true },
    taskList: { work: (payload) => done.note(payload as { n: number }) },
  })
  await done.all
  // What is done is written a moment later.
  await runner.stop()
  const usEach = ((performance.now() - startedAt) * 1_000) / jobs
  const { rows } = await pool.query<{ left: number }>(
    'select count(*)::int as left from graphile_worker.jobs',
  )
  await pool.end()
  return { usEach, complaints: done.complaints(rows[0]?.left ?? 0) }
}

/** Fetched by the thousand and completed by the thousand, without its pause between two looks. */
async function boss(): Promise<PeerResult> {
  const done = createDone()
  const queue = new PgBoss({ connectionString: url, max: 10, supervise: false, schedule: false })
  await queue.start()
  await queue.createQueue('work')
  for (let from = 0; from < jobs; from += SIZE)
    await queue.insert(
      Array.from({ length: Math.min(SIZE, jobs - from) }, (_, at) => ({
        name: 'work',
        data: { n: from + at },
      })),
    )
  const startedAt = performance.now()
  const drain = async () => {
    for (;;) {
      const fetched = await queue.fetch<{ n: number }>('work', { batchSize: SIZE })
      if (fetched.length === 0) return
      for (const { data } of fetched) done.note(data)
      await queue.complete(
        'work',
        fetched.map(({ id }) => id),
      )
    }
  }
  await Promise.all([drain(), drain()])
  const usEach = ((performance.now() - startedAt) * 1_000) / jobs
  const left = await queue.getQueueSize('work', { before: 'completed' })
  await queue.stop({ graceful: false })
  return { usEach, complaints: done.complaints(left) }
}

async function main(): Promise<void> {
  process.send?.(await (which === 'graphile' ? graphile() : boss()))
  process.disconnect?.()
}

void main()
