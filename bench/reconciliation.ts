/**
 * A month is held against the exchange and a provider that list it at once: `node --import tsx bench/reconciliation.ts
 * --rows 100000`. What is measured is ours: staging, matching and clearing. By hand, not in CI.
 */
import os from 'node:os'
import { parseArgs } from 'node:util'

import pg from 'pg'

import { createBooksStore } from '../src/db/books'
import type { Database } from '../src/db/connect/database'
import { migrate } from '../src/db/connect/migrate'
import { openServer } from '../src/db/connect/pool'
import { createStore } from '../src/db/store'
import type { Exchange, ListedHold } from '../src/ports/exchange'
import type { PaymentProvider, PayoutRange } from '../src/ports/payment-provider'
import { createReconcile } from '../src/services/books/reconcile'
import { silentLogger } from '../test/helpers/loggers'
import { startPostgres } from '../test/helpers/postgres-server'

const DAYS = 30
const DAY_MS = 86_400_000

/** All paid, evenly over the month; the last ends a day ago. */
async function fill(database: Database, rows: number): Promise<{ beginsMs: number; stepMs: number }> {
  const stepMs = (DAYS * DAY_MS) / rows
  const beginsMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - (DAYS + 1) * DAY_MS
  for (let from = 0; from < rows; from += 25_000)
    await database.transaction((tx) =>
      tx.script(`
        set local session_replication_role = replica;
        insert into bank_withdrawal.withdrawals (id, user_id, request_hash, currency, amount, fee, payout_amount, method,
          destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id, state, version,
          held_at, settled_burn_id, state_since, created_at, updated_at)
        select id, 1 + n % 5000, 'h', 'eur', 10, 0, 10, 'BANK', 'plain:{}', '…', 'd' || n % 9000, 'bench', 'batch',
               'BW-' || id, upper(replace(id, '-', '')), 'processed', 4, at, id, at, at, at
          from (select n, format('00000000-0000-7000-8000-%s', lpad(n::text, 12, '0')) as id,
                       to_timestamp((${beginsMs} + n * ${stepMs}::numeric) / 1000) as at
                  from generate_series(${from}, ${Math.min(from + 25_000, rows) - 1}) n) made;
        insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor)
        select w.id, s, w.state_since, 'e', case s when 1 then null else 'settling' end,
               case s when 4 then 'processed' else 'settling' end, 'worker'
          from bank_withdrawal.withdrawals w, generate_series(1, 4) s
         where w.created_at >= to_timestamp((${beginsMs} + ${from} * ${stepMs}::numeric) / 1000)
           and w.created_at < to_timestamp((${beginsMs} + ${Math.min(from + 25_000, rows)} * ${stepMs}::numeric) / 1000)`),
    )
  // As autovacuum leaves it: without it the index over times covers nothing yet.
  await database.query('vacuum analyze bank_withdrawal.withdrawals')
  await database.query('vacuum analyze bank_withdrawal.journal')
  return { beginsMs, stepMs }
}

/** Sides that have everything, and answer at once. */
function sidesOf(rows: number, { beginsMs, stepMs }: { beginsMs: number; stepMs: number }) {
  const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
  const within = <Made>(since: Date, until: Date, make: (n: number, at: Date) => Made): Made[] => {
    const made: Made[] = []
    const first = Math.max(0, Math.ceil((since.getTime() - beginsMs) / stepMs))
    for (let n = first; n < rows && beginsMs + n * stepMs < until.getTime(); n++)
      made.push(make(n, new Date(beginsMs + n * stepMs)))
    return made
  }
  const hold = (n: number, createdAt: Date): ListedHold => ({
    ...{ id: idOf(n), userId: 1 + (n % 5000), currency: 'eur', amount: '10', fee: '0', state: 'settled' },
    ...{ processing: false, waiting: false, onHold: false, address: null, type: null, createdAt },
    description: `Withdrawal ${idOf(n)} to bank account`,
  })
  const exchange: Pick<Exchange, 'listCurrencies' | 'listHolds' | 'listCredits' | 'findAllHolds'> = {
    listCurrencies: () => Promise.resolve([{ symbol: 'eur', isFiat: true }] as never),
    listHolds: ({ since, until }) => Promise.resolve(within(since, until, hold)),
    listCredits: () => Promise.resolve([]),
    findAllHolds: () => Promise.resolve({ kind: 'all', holds: [] }),
  }
  const page = ({ since, until }: PayoutRange) => ({
    payouts: within(since, until, (n, at) => ({
      ...{ key: `BW-${idOf(n)}`, reference: `R${n}`, currency: 'eur', amount: '10', state: 'paid' as const },
      at: at.toISOString(),
    })),
    next: null,
  })
  return { exchange, page }
}

async function measure(url: string, rows: number): Promise<Record<string, unknown>> {
  const database = openServer({ url, logger: silentLogger })
  try {
    await migrate(database)
    const filled = performance.now()
    const { exchange, page } = sidesOf(rows, await fill(database, rows))
    const fillSeconds = (performance.now() - filled) / 1_000
    const provider = { name: 'bench', listPayouts: page, capabilities: {} } as unknown as PaymentProvider
    const bare = createBooksStore(database)
    const phases: Record<string, number> = {}
    // What each phase took, by where the run stood when it began.
    const books: typeof bare = {
      ...bare,
      async advance(before, progress) {
        const began = performance.now()
        const written = await bare.advance(before, progress)
        const { phase } = progress.place
        phases[phase] = (phases[phase] ?? 0) + (performance.now() - began) / 1_000
        return written
      },
      async clear(limit) {
        const began = performance.now()
        const cleared = await bare.clear(limit)
        phases.clear = (phases.clear ?? 0) + (performance.now() - began) / 1_000
        return cleared
      },
    }
    const reconcile = createReconcile({
      ...{ books, store: createStore(database), exchange, logger: silentLogger, days: 0 },
      ...{ providers: [provider], providerNamed: () => provider },
      providerCalls: {
        list: (_provider, range) => Promise.resolve({ kind: 'page', page: page(range) }),
        lookup: () => Promise.resolve({ kind: 'unknown', why: 'not asked' }),
      },
      newLease: () => ({ owner: 'bench', seconds: 90 }),
    })
    const until = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS)
    const since = new Date(until.getTime() - DAYS * DAY_MS)
    await books.ask({ slot: null, since, until, askedBy: 'bench', reason: 'measured' })
    const started = performance.now()
    const run = await reconcile.work()
    const seconds = (performance.now() - started) / 1_000
    const { place } = run ?? {}
    return {
      rows,
      seconds,
      phases,
      fillSeconds,
      state: run?.state,
      matched: place?.rows,
      found: place?.found,
    }
  } finally {
    await database.close()
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })
  const server = await startPostgres()
  try {
    const client = new pg.Client({ connectionString: server.url('postgres') })
    await client.connect()
    await client.query('create database reconciliation')
    await client.end()
    const figures = await measure(server.url('reconciliation'), Number(values.rows))
    console.log(JSON.stringify({ ...figures, cores: os.cpus().length, load: os.loadavg()[0] }, null, 2))
  } finally {
    await server.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
