/**
 * What safety costs, measured beside what others do, all of it in one run: `npm run bench`, or `-- --quick` for three
 * minutes. `--evidence` keeps the run and draws its charts and tables into docs/; `--draw` draws those of the last one that
 * was kept. By hand, not in CI: a figure is only worth something beside the others of the same run.
 */
import { execFileSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { startPostgres } from '../test/helpers/postgres-server'
import { drawEvidence, keep, type Kept, lastKept } from './evidence/page'
import { goalLine } from './goals'
import { BY_NAME_ONLY, goalsOf, measureParts, PART_NAMES, type Plan, tablesOf } from './parts'
import { FULL, QUICK, TINY } from './plans'
import { isArm } from './request-path/arms'

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()

const loadNow = () => os.loadavg().map((load) => Number(load.toFixed(2)))

const surroundings = () => ({
  at: new Date().toISOString(),
  commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : ' with changes'),
  node: process.version,
  cpu: `${os.cpus()[0]?.model ?? 'unknown'} x ${os.cpus().length}`,
  memoryGb: Math.round(os.totalmem() / 2 ** 30),
  loadAverage: loadNow(),
})

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  tiny: { type: 'boolean', default: false },
  evidence: { type: 'boolean', default: false },
  draw: { type: 'boolean', default: false },
  only: { type: 'string' },
  arms: { type: 'string' },
  rounds: { type: 'string' },
  profiles: { type: 'string' },
  minutes: { type: 'string' },
  'per-second': { type: 'string' },
  ended: { type: 'string' },
  out: { type: 'string' },
} as const

interface Asked {
  readonly quick: boolean
  readonly tiny: boolean
  readonly arms?: string
  readonly rounds?: string
  readonly profiles?: string
  readonly minutes?: string
  readonly 'per-second'?: string
  readonly ended?: string
}

function planOf({
  quick,
  tiny,
  arms,
  rounds,
  profiles,
  minutes,
  'per-second': perSecond,
  ended,
}: Asked): Plan {
  const plan = tiny ? TINY : quick ? QUICK : FULL
  return {
    ...plan,
    requests: {
      ...plan.requests,
      ...(arms !== undefined && { arms: arms.split(',').filter(isArm) }),
      ...(rounds !== undefined && { rounds: Number(rounds) }),
      ...(profiles !== undefined && { profiles: path.resolve(profiles) }),
    },
    churn: {
      ...plan.churn,
      ...(minutes !== undefined && { minutes: Number(minutes) }),
      ...(perSecond !== undefined && { perSecond: Number(perSecond) }),
      ...(ended !== undefined && { ended: Number(ended) }),
    },
  }
}

async function measure(plan: Plan, only: string | undefined): Promise<Kept> {
  const before = surroundings()
  const names = PART_NAMES.filter((name) =>
    only === undefined ? !BY_NAME_ONLY.includes(name) : only.split(',').includes(name),
  )
  const server = await startPostgres({ fsync: 'on', synchronous_commit: 'on', shared_buffers: '256MB' })
  try {
    const say = (line: string) => process.stderr.write(`${line}\n`)
    const results = await measureParts(server, plan, { names, say })
    const goals = goalsOf(results, plan)
    return { surroundings: before, loadAverageAtEnd: loadNow(), plan, results, goals }
  } finally {
    await server.destroy()
  }
}

function print({ surroundings: before, loadAverageAtEnd, plan, results, goals }: Kept): void {
  console.log(`\n${JSON.stringify(before)}\nload average at the end: ${loadAverageAtEnd.join(' ')}\n`)
  for (const name of PART_NAMES)
    for (const table of tablesOf(results, plan, name)) console.log([...table, ''].join('\n'))
  for (const goal of goals) console.log(goalLine(goal))
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.draw) return drawEvidence(lastKept())
  const run = await measure(planOf(values), values.only)
  print(run)
  if (values.out !== undefined) keep(run, path.resolve(values.out))
  if (!values.evidence) return
  keep(run)
  drawEvidence(run)
}

void main()
