import { spawn } from 'node:child_process'
import path from 'node:path'

import type { PostgresServer } from '../../test/helpers/postgres-server'
import { compiled, inDatabase } from '../children'
import type { DrainPlan, DrainResult } from './drain'

export interface BatchPlan {
  readonly runs: readonly DrainPlan[]
}

/** Each backlog in a database and a process of its own. */
export async function measureBatches(
  server: PostgresServer,
  plan: BatchPlan,
  say: (line: string) => void,
): Promise<readonly DrainResult[]> {
  const results: DrainResult[] = []
  for (const [index, run] of plan.runs.entries()) {
    const result = await inDatabase(server, `drain_${index}`, () => drain(server, `drain_${index}`, run))
    results.push(result)
    say(
      `${run.rows} rows: ${Math.round(result.sendUs)} µs to send, ${Math.round(result.settleUs)} µs to settle`,
    )
  }
  return results
}

export const drain = (server: PostgresServer, database: string, plan: DrainPlan): Promise<DrainResult> =>
  new Promise((resolve, reject) => {
    const script = path.join(__dirname, 'drain.ts')
    const given = [server.url(database), JSON.stringify(plan), server.directory]
    const child = spawn(process.execPath, [compiled(script), ...given], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    child.once('message', (result) => resolve(result as DrainResult))
    child.once('exit', (code) => reject(new Error(`Draining ended with code ${code}.`)))
  })
