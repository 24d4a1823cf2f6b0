/** One of the instances that serve and work on one database: `instance.ts <database url> <plan as JSON>`. */
import type { AddressInfo } from 'node:net'

import express from 'express'

import { createApp } from '../../src/app/app'
import { createKitSide } from '../../src/app/kit-ports'
import type { Database } from '../../src/db/connect/database'
import { openServer } from '../../src/db/connect/pool'
import { systemClock } from '../../src/runtime/clock'
import { heardDatabase } from '../heard-database'
import { quietly } from '../numbered-app'
import { numberedRandomness, sharedBank, sharedExchange } from './books'

export interface InstancePlan {
  readonly number: number
  readonly instances: number
  readonly directory: string
  /** When batches leave, as a cron expression. */
  readonly schedule: string
}

/** What it has asked for so far. */
export interface InstanceCounts {
  readonly claims: number
  readonly emptyClaims: number
  readonly claimed: number
  readonly batchClaims: number
  readonly emptyBatchClaims: number
  readonly batchClaimed: number
  readonly cpuMs: number
  readonly rssMb: number
}

const NOTHING = {
  ...{ claims: 0, emptyClaims: 0, claimed: 0 },
  ...{ batchClaims: 0, emptyBatchClaims: 0, batchClaimed: 0 },
}

function counting(inner: Database) {
  const counts = { ...NOTHING }
  const database = heardDatabase(inner, (name, rows) => {
    if (name === 'claim_due') {
      counts.claims++
      counts.claimed += rows
      if (rows === 0) counts.emptyClaims++
    }
    if (name === 'claim_ready') {
      counts.batchClaims++
      counts.batchClaimed += rows
      if (rows === 0) counts.emptyBatchClaims++
    }
  })
  return { database, counts }
}

const UNLIMITED = { maxOpenWithdrawals: 0, createsPerMinute: 0, codesPerMinute: 0, addressPerMinute: 0 }

async function main(): Promise<void> {
  const [url = '', text = '{}'] = process.argv.slice(2)
  const { number, instances, directory, schedule } = JSON.parse(text) as InstancePlan
  const inner = openServer({ url, logger: quietly, connectionsMax: 10 })
  const { database, counts } = counting(inner)
  const app = createApp({
    ...createKitSide({ toolsLib: sharedExchange(directory), clock: systemClock, logger: quietly }),
    providers: [sharedBank(directory)],
    database,
    config: { mode: 'batch', schedule, ...UNLIMITED },
    logger: quietly,
    clock: systemClock,
    random: numberedRandomness(number, instances),
  })
  await app.start()
  const factsNow = (): InstanceCounts => {
    const { user, system } = process.cpuUsage()
    return { ...counts, cpuMs: (user + system) / 1_000, rssMb: process.memoryUsage().rss / 2 ** 20 }
  }
  process.on('message', (word) => {
    if (word === 'facts') process.send?.(factsNow())
    else
      void app
        .stop()
        .then(() => inner.close())
        .then(() => process.send?.('stopped'))
  })
  process.on('disconnect', () => process.exit(0))
  const server = express()
    .use(app.router)
    .listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  // A connection that waits for its next request longer than that is not closed in the moment in which it comes.
  server.keepAliveTimeout = 600_000
}

void main()
