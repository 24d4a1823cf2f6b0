/**
 * The plugin as it is served, on a month that its exchange and its provider list at once:
 * `served.ts <database url> <rows> <token key in base64>`.
 */
import { createSecretKey } from 'node:crypto'
import type http from 'node:http'
import type { AddressInfo } from 'node:net'

import express from 'express'

import { createApp } from '../../src/app/app'
import { createKitSide } from '../../src/app/kit-ports'
import { createBooksStore } from '../../src/db/books'
import { openServer } from '../../src/db/connect/pool'
import type { ToolsLib } from '../../src/kit/tools-lib'
import type { PaymentProvider } from '../../src/ports/payment-provider'
import { systemClock, systemRandomness } from '../../src/runtime/clock'
import { createInstantKit } from '../instant-kit'
import { instantProvider } from '../instant-provider'
import { quietly } from '../numbered-app'
import { idOf, lastMonth, type Month, PROVIDER, within } from './month'

/** What a run came to, and what it took. */
export interface Reconciled {
  readonly seconds: number
  readonly state: string | undefined
  readonly matched: number | undefined
  readonly found: Readonly<Record<string, number>> | undefined
  /** Of this process, which serves requests meanwhile. */
  readonly cpuSeconds: number
  readonly rssBeforeMb: number
  readonly rssPeakMb: number
}

const [url = '', rows = '', keyText = ''] = process.argv.slice(2)
const month = lastMonth(Number(rows))
const key = createSecretKey(Buffer.from(keyText, 'base64'))

/** Rows as a kit's network has them: what reads them is measured too. */
function listingKit(of: Month): ToolsLib {
  const { toolsLib } = createInstantKit({ key })
  const burn = (n: number, at: string) => ({
    ...{
      transaction_id: idOf(n),
      user_id: 1 + (n % 5_000),
      network_id: 7,
      currency: 'eur',
      amount: 10,
      fee: 0,
    },
    ...{ status: true, rejected: false, dismissed: false, processing: false, waiting: false, onhold: false },
    ...{
      description: `Withdrawal ${idOf(n)} to bank account`,
      address: null,
      type: 'withdrawal',
      created_at: at,
    },
  })
  return {
    ...toolsLib,
    wallet: {
      ...toolsLib.wallet,
      getExchangeWithdrawals(...query) {
        const [since, until] = [new Date(String(query[10])), new Date(String(query[11]))]
        const data = within(of, { since, until }, burn)
        return Promise.resolve({ count: data.length, data })
      },
      getExchangeDeposits: () => Promise.resolve({ count: 0, data: [] }),
    },
  }
}

const provider: PaymentProvider = {
  ...instantProvider(),
  name: PROVIDER,
  listPayouts: (range) =>
    Promise.resolve({
      payouts: within(month, range, (n, at) => ({
        ...{
          key: `BW-${idOf(n)}`,
          reference: `R${n}`,
          currency: 'eur',
          amount: '10',
          state: 'paid' as const,
          at,
        },
      })),
      next: null,
    }),
}

function main(): void {
  const database = openServer({ url, logger: quietly })
  const app = createApp({
    ...createKitSide({ toolsLib: listingKit(month), clock: systemClock, logger: quietly }),
    providers: [provider],
    database,
    // Batches leave at night, and nobody reconciles by himself; one who asks often is one who measures.
    config: {
      ...{ mode: 'batch', schedule: '0 3 1 1 *', reconcileDays: 0, maxOpenWithdrawals: 0 },
      ...{ createsPerMinute: 0, codesPerMinute: 0, addressPerMinute: 0 },
    },
    ...{ logger: quietly, clock: systemClock, random: systemRandomness },
  })
  const books = createBooksStore(database)
  const server: http.Server = express()
    .use(app.router)
    .listen(0, '127.0.0.1', () => {
      void app.start().then(() => process.send?.({ port: (server.address() as AddressInfo).port }))
    })

  async function reconcile(): Promise<Reconciled> {
    const [since, until] = [new Date(month.beginsMs), new Date(month.endsMs)]
    await books.ask({ slot: null, since, until, askedBy: 'bench', reason: 'measured' })
    const rssBeforeMb = process.memoryUsage().rss / 2 ** 20
    const [began, cpu] = [performance.now(), process.cpuUsage()]
    const run = await app.reconciliation().work()
    const { user, system } = process.cpuUsage(cpu)
    return {
      seconds: (performance.now() - began) / 1_000,
      ...{ state: run?.state, matched: run?.place.rows, found: run?.place.found },
      cpuSeconds: (user + system) / 1e6,
      rssBeforeMb,
      // The system's own mark: what came and went between two looks is in it.
      rssPeakMb: process.resourceUsage().maxRSS / 2 ** 10,
    }
  }
  process.on('message', () => void reconcile().then((done) => process.send?.(done)))
  process.on('disconnect', () => process.exit(0))
}

main()
