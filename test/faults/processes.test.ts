import { type BankLine } from '../chaos/bank-books'
import { check } from '../chaos/check'
import { ask, type Cluster, createCluster } from '../chaos/cluster'
import { readTruthFile } from '../chaos/truth-file'
import { createFreshDatabase, type FreshDatabase } from '../db/fresh-database'
import { until } from '../helpers/until'
import { fakeToken } from '../kit/fake-bearer-check'

/**
 * Goal: many instances on one database, and one that is stopped in the middle, send each payout once. Method: real
 * processes and a real PostgreSQL; the wallet and the bank keep their own books, and a gate in them decides where a
 * process stands still.
 */
describe('instances as processes', () => {
  let fresh: FreshDatabase
  let cluster: Cluster
  beforeEach(async () => {
    fresh = await createFreshDatabase()
  })
  afterEach(async () => {
    await cluster.destroy()
    await fresh.drop()
  })

  async function startCluster(servers: number, config: Record<string, unknown> = {}): Promise<void> {
    const seed = Number(process.env.TEST_SEED)
    cluster = await createCluster({ databaseUrl: fresh.url, servers, seed, faultRate: 0, config })
    await Promise.all([cluster.wallet.start(), cluster.bank.start()])
    await Promise.all(cluster.servers.map((server) => server.start('started')))
  }

  /** Asks until it is accepted: on a busy machine the wallet may be too slow for an intake. */
  async function withdraw(server: number, key: string, user = 1): Promise<void> {
    const target = cluster.servers[server]
    if (!target) throw new Error(`There is no server ${server}.`)
    const token = fakeToken({ sub: { id: user, email: 'user@kit.example' }, scopes: ['user'] })
    for (let status = 0; status !== 200;) {
      const answer = await fetch(`${cluster.urlOf(target)}/plugins/bank/withdrawal`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({
          currency: 'eur',
          amount: 10,
          bank_account: { iban: 'DE89370400440532013000' },
        }),
      }).catch(() => null)
      // Cut off with its server: another one has it.
      if (!answer) return
      status = answer.status
    }
  }

  const states = async (): Promise<string[]> =>
    (await ask<{ state: string }>(fresh.url, 'select state from bank_withdrawal.withdrawals')).map(
      ({ state }) => state,
    )
  const untilAtRest = (count: number): Promise<void> =>
    until(async () => {
      const now = await states()
      return now.length === count && now.every((state) => state === 'processed' || state === 'canceled')
    }, 110_000)
  const heard = () => readTruthFile<BankLine>(cluster.files.bank).filter(({ op }) => op === 'heard')
  /** Payouts whose sending was begun more than once, without a doubt in between. */
  const sentTwice = () =>
    ask(
      fresh.url,
      `select withdrawal_id from bank_withdrawal.journal group by withdrawal_id
        having count(*) filter (where to_state = 'submitting' and from_state = 'ready') >
               1 + count(*) filter (where event in ('payout.unknown', 'payout.interrupted'))`,
    )
  const verdict = async () => {
    const { violations, lateLocks } = await check(cluster.files, fresh.url)
    return { violations, lateLocks }
  }
  const NOTHING = { violations: [], lateLocks: [] }

  it.each([
    ['work off what is due', { workerPollMs: 50 }],
    ['run the schedule', { mode: 'batch', schedule: '* * * * * *' }],
  ])(
    'ten of them that %s at the same moment send each payout once',
    async (_what, config) => {
      await startCluster(10, { waitMs: 0, ...config })
      const withdrawals = 60
      await Promise.all(
        Array.from({ length: withdrawals }, (_, index) =>
          withdraw(index % 10, `key-${index}`, 1 + (index % 30)),
        ),
      )
      await untilAtRest(withdrawals)
      // A call that the machine was too slow for may be repeated, by key; two instances may never send it by chance.
      expect(new Set(heard().map(({ key }) => key)).size).toBe(withdrawals)
      expect(await sentTwice()).toEqual([])
      expect(await verdict()).toEqual(NOTHING)
    },
    120_000,
  )

  it.each([
    ['asking for the lock', 'wallet', 'POST burn'],
    ['marking the lock', 'wallet', 'PUT burn'],
    ['sending the payout', 'bank', '/orders'],
  ] as const)(
    'one that is stopped past its lease while %s writes nothing and sends nothing when it comes back',
    async (_what, partner, gate) => {
      await startCluster(2)
      await cluster.control(partner, { close: gate })
      const asked = withdraw(0, 'key')
      await until(async () => (await cluster.control(partner, {})).waiting.length > 0)
      const [stopped] = cluster.servers
      stopped?.pause()

      // The other one finishes the work; the request of the first is still on its way all the time.
      await untilAtRest(1)
      const journal = () =>
        ask(fresh.url, 'select * from bank_withdrawal.journal order by withdrawal_id, seq')
      const before = await journal()

      await cluster.control(partner, { open: gate })
      stopped?.resume()
      await asked
      expect(await stopped?.stop(15_000)).toBe(0)
      expect(await journal()).toEqual(before)
      expect(await states()).toHaveLength(1)
      expect(await verdict()).toEqual(NOTHING)
    },
    120_000,
  )
})
