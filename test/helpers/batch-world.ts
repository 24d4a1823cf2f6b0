import type { Batch, StoredWithdrawal } from '../../src/db/store'
import { createStore } from '../../src/db/store'
import { BatchBank, type BatchBankOptions } from './batch-bank'
import type { TestDatabase } from './databases'
import { IBAN, World, type WorldOptions } from './world'

/** A world in batch mode whose provider is a bank that takes batches. */
export interface BatchWorld {
  readonly world: World
  readonly bank: BatchBank
  /** Withdrawals that wait for the next batch, one per amount. */
  waiting(...amounts: readonly string[]): Promise<StoredWithdrawal[]>
  run(): ReturnType<World['engine']['batches']['run']>
  /** Runs batches and works until nothing is left to do. */
  toRest(untilMs?: number): Promise<void>
  rows(): Promise<StoredWithdrawal[]>
  batches(): Promise<readonly Batch[]>
  /** Amount to state, in the order of the requests. */
  states(): Promise<Record<string, string>>
}

export async function createBatchWorld(
  database: TestDatabase,
  bankOptions: BatchBankOptions = {},
  options: WorldOptions = {},
): Promise<BatchWorld> {
  const bank: BatchBank = new BatchBank(() => world.clock, bankOptions)
  const { around, config } = options
  const world: World = await World.create(database, {
    ...options,
    config: { mode: 'batch', ...config },
    around: { ...around, provider: () => around?.provider?.(bank.provider()) ?? bank.provider() },
  })
  const store = createStore(database)
  const rows = async () => Promise.all((await world.rows()).map(({ id }) => world.row(id)))
  return {
    world,
    bank,
    rows,
    async waiting(...amounts) {
      const made: StoredWithdrawal[] = []
      for (const amount of amounts) made.push(await world.withdrawn(amount))
      return made
    },
    run: () => world.engine.batches.run(),
    toRest: (untilMs) => world.runToRest(untilMs),
    batches: async () => [...(await store.listBatches({ offset: 0, limit: 1_000 }))].reverse(),
    async states() {
      const all = await rows()
      return Object.fromEntries(all.map(({ amount, state }) => [amount, state]))
    },
  }
}

/** Puts withdrawals of 10 eur, with their burns, into the tables as if they had been requested: thousands at once. */
export async function insertWaiting(database: TestDatabase, count: number): Promise<void> {
  const destination = `plain:${JSON.stringify({ method: 'BANK', iban: IBAN })}`
  const balances = 'update bank_withdrawal_sandbox.balances set available = 0, locked = $1 where user_id = 1'
  await database.query(`${balances} and currency = 'eur'`, [10 * count])
  await database.query(
    `insert into bank_withdrawal_sandbox.burns (transaction_id, unique_id, user_id, currency, amount, status)
     select 'bulk-' || lpad(n::text, 8, '0'), 'bulk-' || lpad(n::text, 8, '0'), 1, 'eur', 10, false
       from generate_series(1, $1) n`,
    [count],
  )
  await database.query(
    `insert into bank_withdrawal.withdrawals (
       id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
       destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at, next_run_at, state_since,
       created_at, updated_at)
     select 'bulk-' || lpad(n::text, 8, '0'), 1, 'h', 'eur', 10, 0, 10, 'BANK', $2, 'DE89…3000',
       'h', 'sandbox', 'batch', 'BW-bulk-' || lpad(n::text, 8, '0'), 'E' || n, 'ready', 1, at, at, at, at, at
       from generate_series(1, $1) n, bank_withdrawal.clock() at`,
    [count, destination],
  )
}

/** Another process on the same database, with its own memory; it has to be started. */
export const anotherProcess = (world: World, options: WorldOptions = {}): World =>
  Object.assign(Object.create(World.prototype) as World, world, { options, app_: null })
