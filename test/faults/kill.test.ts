import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import type { Database } from '../../src/db/connect/database'
import { openEmbedded } from '../../src/db/connect/embedded'
import { killAllStandalones, type Standalone, startStandalone } from '../helpers/standalone'
import { until } from '../helpers/until'
import { BASE, IBAN } from '../helpers/world'

/**
 * Goal: `kill -9` under load loses nothing and doubles nothing. Method: several clients send withdrawals and keep
 * a log of every answer; the server is killed in the middle of that, again and again, and started on the same
 * directory; then the books are read from the directory itself.
 */
const KILLS = 3
const CLIENTS = 6
const ANSWERS_PER_LIFE = 25

interface Acknowledged {
  readonly id: string
  readonly amount: number
}

describe('the standalone server', () => {
  let directory: string
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-kill-'))
  })
  afterEach(async () => {
    await killAllStandalones()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  const start = () =>
    startStandalone({
      DATA_DIR: directory,
      LEASE_SECONDS: '12',
      QUIET_SECONDS: '1',
      WORKER_POLL_MS: '50',
      LOG_LEVEL: 'error',
    })

  it('killed under load again and again loses no withdrawal and pays none twice', async () => {
    const log: Acknowledged[] = []
    for (let life = 0; life < KILLS; life++) {
      const server = await start()
      const enough = log.length + ANSWERS_PER_LIFE
      const clients = Array.from({ length: CLIENTS }, () =>
        sendUntil(server, log, () => log.length >= enough),
      )
      // The others are in the middle of a request when the first one is done.
      await Promise.race(clients)
      await server.kill()
      await Promise.all(clients)
    }
    const last = await start()
    await untilNothingIsPending(last)
    expect(await last.stop()).toBe(0)

    const database = await openEmbedded({ directory })
    try {
      await checkBooks(database, log)
    } finally {
      await database.close()
    }
  }, 120_000)
})

async function sendUntil(server: Standalone, log: Acknowledged[], enough: () => boolean): Promise<void> {
  for (let sent = 0; !enough(); sent++) {
    const amount = 1 + (sent % 7)
    const answer = await fetch(`${server.url}${BASE}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.userToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ currency: 'eur', amount, bank_account: { iban: IBAN } }),
    })
      .then((response) => response.json() as Promise<{ id: string }>)
      .catch(() => null)
    if (!answer) return // the server is gone
    log.push({ id: answer.id, amount })
  }
}

async function untilNothingIsPending(server: Standalone): Promise<void> {
  const url = `${server.url}${BASE}?status=pending&limit=1`
  const headers = { authorization: `Bearer ${server.userToken}` }
  await until(async () => {
    const { count } = (await (await fetch(url, { headers })).json()) as { count: number }
    return count === 0
  }, 100_000)
}

async function checkBooks(database: Database, log: readonly Acknowledged[]): Promise<void> {
  const rows = await database.query<{
    id: string
    state: string
    amount: string
    payouts: number
    ledger: string
  }>(
    `select w.id, w.state, w.amount::text as amount,
            (select count(*)::int from bank_withdrawal.provider_documents d where d.id = 'payout/' || w.payout_key)
              as payouts,
            (select string_agg(l.kind, ',' order by l.seq) from bank_withdrawal_sandbox.ledger l
              where l.burn_id = b.id) as ledger
       from bank_withdrawal.withdrawals w
       left join bank_withdrawal_sandbox.burns b on b.transaction_id in (w.id, w.settled_burn_id)`,
  )
  expect(rows.length).toBeGreaterThanOrEqual(log.length)
  expect(
    rows.filter((row) => row.state !== 'processed' || row.payouts !== 1 || row.ledger !== 'lock,settle'),
  ).toEqual([])
  const stored = new Map(rows.map((row) => [row.id, Number(row.amount)]))
  expect(log.filter(({ id, amount }) => stored.get(id) !== amount)).toEqual([])

  const [books] = await database.query<{ burns: number; payouts: number; available: string; locked: string }>(
    `select (select count(*)::int from bank_withdrawal_sandbox.burns) as burns,
            (select count(*)::int from bank_withdrawal.provider_documents where id like 'payout/%') as payouts,
            available::text as available, locked::text as locked
       from bank_withdrawal_sandbox.balances where user_id = 1 and currency = 'eur'`,
  )
  const spent = rows.reduce((sum, row) => sum + Number(row.amount), 0)
  expect(books).toEqual({
    burns: rows.length,
    payouts: rows.length,
    available: String(10_000 - spent),
    locked: '0',
  })
}
