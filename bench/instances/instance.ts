/** One of several instances on one database: `instance.ts <database url> <plan as JSON>`; works off from a word until a word. */
import path from 'node:path'

import type { Database } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import { numberedBank, numberedKit } from '../batches/numbered'
import { heardDatabase } from '../heard-database'
import { fileMarks } from '../marks'
import { numberedApp, quietly } from '../numbered-app'

export interface InstancePlan {
  readonly rows: number
  readonly directory: string
}

export interface InstanceResult {
  readonly claims: number
  readonly claimed: number
  readonly cpuMs: number
}

function counting(inner: Database) {
  const counts = { claims: 0, claimed: 0 }
  const database = heardDatabase(inner, (name, rows) => {
    if (name !== 'claim_due') return
    counts.claims++
    counts.claimed += rows
  })
  return { database, counts }
}

async function main(): Promise<void> {
  const [url = '', text = '{}'] = process.argv.slice(2)
  const { rows, directory } = JSON.parse(text) as InstancePlan
  const { database, counts } = counting(openServer({ url, logger: quietly, connectionsMax: 10 }))
  const kit = numberedKit(rows, 0, fileMarks(path.join(directory, 'burns')))
  const { provider } = numberedBank(rows, { paid: fileMarks(path.join(directory, 'payouts')) })
  const app = numberedApp(kit, provider, database, { mode: 'immediate', worker: false })
  await app.start()
  const { runner } = app.engine()
  let cpuBefore = process.cpuUsage()
  process.on('message', (word) => {
    if (word === 'go') {
      cpuBefore = process.cpuUsage()
      Object.assign(counts, { claims: 0, claimed: 0 })
      runner.start()
      return
    }
    void runner.stop().then(() => {
      const { user, system } = process.cpuUsage(cpuBefore)
      process.send?.({ ...counts, cpuMs: (user + system) / 1_000 } satisfies InstanceResult)
    })
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.('ready')
}

void main()
