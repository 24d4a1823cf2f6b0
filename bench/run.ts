/**
 * What safety costs, measured beside what others do, all of it in one run: `npm run bench`, or `-- --quick` for three
 * minutes. By hand, not in CI: a figure is only worth something beside the others of the same run.
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { startPostgres } from '../test/helpers/postgres-server'
import { batchGoals, batchTable } from './batches/report'
import { type BatchPlan, measureBatches } from './batches/run'
import { embeddedGoals, embeddedTable } from './embedded/report'
import { type EmbeddedPlan, measureEmbedded } from './embedded/run'
import { type Goal, goalLine } from './goals'
import { listGoals, listTable, measureListsOn } from './lists'
import { isArm } from './request-path/arms'
import { requestPathGoals, requestPathTable } from './request-path/report'
import { measureRequestPath, type RequestPathPlan } from './request-path/run'

interface Plan {
  readonly requests: RequestPathPlan
  readonly batches: BatchPlan
  readonly lists: { readonly rows: number; readonly rounds: number }
  readonly embedded: EmbeddedPlan
}

const QUICK: Plan = {
  requests: { connections: [50], rounds: 3, seconds: 3, idleRequests: 100 },
  batches: { runs: [{ rows: 2_000 }, { rows: 20_000 }] },
  lists: { rows: 100_000, rounds: 5 },
  embedded: { connections: [20, 50], seconds: 6 },
}
const FULL: Plan = {
  requests: { connections: [10, 50], rounds: 5, seconds: 5, idleRequests: 200 },
  batches: {
    runs: [
      { rows: 1_000 },
      { rows: 100_000 },
      { rows: 1_000_000 },
      { rows: 1_000, batchSize: 1 },
      { rows: 10_000, batchSize: 100 },
      { rows: 10_000, providerMs: 20 },
      { rows: 10_000, exchangeMs: 50 },
    ],
  },
  lists: { rows: 1_000_000, rounds: 9 },
  embedded: { connections: [1, 20, 50], seconds: 15 },
}

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()

const surroundings = () => ({
  at: new Date().toISOString(),
  commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes'),
  node: process.version,
  cpu: `${os.cpus()[0]?.model ?? 'unknown'} x ${os.cpus().length}`,
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  loadAverage: os.loadavg().map((load) => Number(load.toFixed(2))),
})

const requestPlan = (
  plan: RequestPathPlan,
  { arms, rounds, profiles }: { arms?: string; rounds?: string; profiles?: string },
): RequestPathPlan => ({
  ...plan,
  ...(arms !== undefined && { arms: arms.split(',').filter(isArm) }),
  ...(rounds !== undefined && { rounds: Number(rounds) }),
  ...(profiles !== undefined && { profiles: path.resolve(profiles) }),
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      arms: { type: 'string' },
      rounds: { type: 'string' },
      profiles: { type: 'string' },
      out: { type: 'string' },
    },
  })
  const { requests, batches, lists, embedded } = values.quick ? QUICK : FULL
  const isAsked = (part: keyof Plan) => values.only === undefined || values.only.split(',').includes(part)
  const before = surroundings()
  const server = await startPostgres({ fsync: 'on', synchronous_commit: 'on', shared_buffers: '256MB' })
  const say = (line: string) => process.stderr.write(`${line}\n`)
  try {
    const plan = requestPlan(requests, values)
    const path_ = isAsked('requests') ? await measureRequestPath(server, plan, say) : null
    const drained = isAsked('batches') ? await measureBatches(server, batches, say) : null
    const listed = isAsked('lists') ? await measureListsOn(server, lists, say) : null
    const started = isAsked('embedded') ? await measureEmbedded(embedded, say) : null
    const goals: Goal[] = []
    console.log(
      `\n${JSON.stringify(before)}\nload average at the end: ${os
        .loadavg()
        .map((load) => load.toFixed(2))
        .join(' ')}\n`,
    )
    for (const connections of path_ ? plan.connections : []) {
      console.log([...requestPathTable(path_ as NonNullable<typeof path_>, connections), ''].join('\n'))
      goals.push(...requestPathGoals(path_ as NonNullable<typeof path_>, connections))
    }
    if (drained) {
      console.log([...batchTable(drained), ''].join('\n'))
      goals.push(...batchGoals(drained))
    }
    if (listed) {
      console.log(
        [`${lists.rows.toLocaleString('en')} withdrawals:`, '', ...listTable(listed), ''].join('\n'),
      )
      goals.push(...listGoals(listed))
    }
    if (started) {
      console.log([...embeddedTable(started), ''].join('\n'))
      goals.push(...embeddedGoals(started))
    }
    for (const goal of goals) console.log(goalLine(goal))
    if (values.out !== undefined)
      fs.writeFileSync(
        path.resolve(values.out),
        `${JSON.stringify({ surroundings: before, loadAverageAtEnd: os.loadavg(), plan: { requests: plan, batches, lists, embedded }, requests: path_, batches: drained, lists: listed, embedded: started, goals }, null, 1)}\n`,
      )
  } finally {
    await server.destroy()
  }
}

void main()
