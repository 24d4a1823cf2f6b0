import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { ask, type Cluster, createCluster } from '../chaos/cluster'
import { createFreshDatabase, type FreshDatabase } from '../db/fresh-database'
import { killAllStandalones, startStandalone } from '../helpers/standalone'
import { until } from '../helpers/until'
import { BASE, IBAN } from '../helpers/world'
import { fakeToken } from '../kit/fake-bearer-check'

/**
 * Goal: a killed process is noticed by its death and not by the end of its leases. Method: real processes with leases
 * far longer than any test waits: what ends at all, ends because of that. The seconds are printed, and not judged.
 */
const LEASE_SECONDS = 900
/** A call to the exchange that is given up on before its process dies would be another story. */
const SETTINGS = { leaseSeconds: LEASE_SECONDS, quietSeconds: 1, exchangeTimeoutMs: 60_000 }

const print = (where: string, died: string, killedAtMs: number) =>
  process.stdout.write(
    `${where.padEnd(12)} ${died.padEnd(22)} ${((performance.now() - killedAtMs) / 1_000).toFixed(1)} s\n`,
  )

describe('one of two instances on PostgreSQL', () => {
  let fresh: FreshDatabase
  let cluster: Cluster
  beforeEach(async () => {
    fresh = await createFreshDatabase()
    const seed = Number(process.env.TEST_SEED)
    cluster = await createCluster({
      databaseUrl: fresh.url,
      servers: 2,
      seed,
      faultRate: 0,
      // A payout that is declined has not been done, and what has not been done waits for the lease.
      declinedPercent: 0,
      config: SETTINGS,
    })
    await Promise.all([cluster.wallet.start(), cluster.bank.start()])
    await Promise.all(cluster.servers.map((server) => server.start('started')))
  }, 60_000)
  afterEach(async () => {
    await cluster.destroy()
    await fresh.drop()
  })

  const isOver = async (): Promise<boolean> => {
    const [seen] = await ask<{ states: string; dead: number }>(
      fresh.url,
      `select (select string_agg(state, ',') from bank_withdrawal.withdrawals) as states,
              (select count(*)::int from bank_withdrawal.workers where gone_at is not null) as dead`,
    )
    return seen?.states === 'processed' && seen.dead === 1
  }

  it.each([
    ['asking for the lock', 'wallet', 'POST burn'],
    ['marking the lock', 'wallet', 'PUT burn'],
    ['sending the payout', 'bank', '/orders'],
  ] as const)(
    'that is killed while %s is finished for by the other, long before its lease is over',
    async (died, partner, gate) => {
      await cluster.control(partner, { close: gate })
      const [first] = cluster.servers
      if (!first) throw new Error('There is no first server.')
      const token = fakeToken({ sub: { id: 1, email: 'user@kit.example' }, scopes: ['user'] })
      const answer = fetch(`${cluster.urlOf(first)}${BASE}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ currency: 'eur', amount: 10, bank_account: { iban: IBAN } }),
      }).catch(() => null)
      await until(async () => (await cluster.control(partner, {})).waiting.length > 0)
      const killedAtMs = performance.now()
      await first.kill()
      await answer
      // What it had asked for takes effect: from here on it has been done.
      await cluster.control(partner, { open: gate })
      await until(isOver, 110_000)
      print('PostgreSQL', died, killedAtMs)
    },
    120_000,
  )
})

describe('the standalone server', () => {
  let directory: string
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-recovery-'))
  })
  afterEach(async () => {
    await killAllStandalones()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  it('that is killed goes on where it was as soon as it is back, and waits only for what had not been done', async () => {
    // What was not done yet may still be on its way: for that the lease is waited for, and for nothing else.
    const start = () =>
      startStandalone({ DATA_DIR: directory, LEASE_SECONDS: '30', QUIET_SECONDS: '1', WORKER_POLL_MS: '50' })
    const server = await start()
    const headers = { authorization: `Bearer ${server.userToken}`, 'content-type': 'application/json' }
    const send = (amount: number) =>
      fetch(`${server.url}${BASE}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ currency: 'eur', amount, bank_account: { iban: IBAN } }),
      }).catch(() => null)
    // Six at a time, so that some are in the middle of it when the first is done.
    const requests = [1, 2, 3, 4, 5, 6].map(send)
    await Promise.race(requests)
    const killedAtMs = performance.now()
    await server.kill()
    await Promise.all(requests)

    const again = await start()
    const pending = async (): Promise<number> => {
      const answer = await fetch(`${again.url}${BASE}?status=pending&limit=1`, {
        headers: { authorization: `Bearer ${again.userToken}` },
      })
      return ((await answer.json()) as { count: number }).count
    }
    const wasUnderWay = (await pending()) > 0
    await until(async () => (await pending()) === 0, 110_000)
    print('embedded', 'under load', killedAtMs)
    // It did not wait for the end of those leases to take them over.
    if (wasUnderWay) expect(again.log.join('\n')).toContain('worker.recovered')
    expect(await again.stop()).toBe(0)
  }, 120_000)
})
