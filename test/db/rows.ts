import type { Database } from '../../src/db/connect/database'
import type { StateChange } from '../../src/db/store'
import { createStore, type Store, type StoredWithdrawal, type WithdrawalDraft } from '../../src/db/store'

/** A draft with defaults: a test names only what it is about. Ids and keys follow from the number. */
export function draft(number: number, more: Partial<WithdrawalDraft> = {}): WithdrawalDraft {
  const id = more.id ?? `withdrawal-${String(number).padStart(4, '0')}`
  return {
    id,
    userId: 1,
    idempotencyKey: null,
    requestHash: 'hash',
    currency: 'eur',
    amount: '10.5',
    fee: '0.25',
    payoutAmount: '10.25',
    method: 'BANK',
    destination: 'plain:{}',
    destinationMasked: 'DE89…3000',
    destinationHash: 'account',
    provider: 'sandbox',
    mode: 'immediate',
    payoutKey: `BW-${id}`,
    endToEndId: `E2E${number}`,
    ...more,
  }
}

export const LEASE = { owner: 'worker-1', seconds: 90 }

/** Stores drafts, and then sets columns as no code of ours would: where a test starts is not what it is about. */
export function createArranger(database: Database) {
  const store: Store = createStore(database)
  let number = 0
  return {
    store,

    async row(given: Readonly<Record<string, unknown>> = {}, more: Partial<WithdrawalDraft> = {}) {
      const cameBack = given.state === 'returning' || given.state === 'returned'
      const columns = cameBack ? { returned_amount: '1', ...given } : given
      const stored = await store.insertWithdrawal(draft(++number, more), LEASE)
      if (!stored) throw new Error('The draft was not stored.')
      const names = Object.keys(columns)
      if (names.length > 0)
        await database.query(
          `update bank_withdrawal.withdrawals set ${names.map((name, index) => `${name} = $${index + 2}`).join(', ')}
            where id = $1`,
          [stored.id, ...Object.values(columns)],
        )
      return found(store, stored.id)
    },

    /** Due at that moment, held by nobody. */
    async due(
      at = '2026-01-05T09:00:00Z',
      columns: Readonly<Record<string, unknown>> = {},
      more: Partial<WithdrawalDraft> = {},
    ) {
      return this.row({ lease_owner: null, lease_until: null, next_run_at: at, ...columns }, more)
    },
  }
}

export async function found(store: Store, id: string): Promise<StoredWithdrawal> {
  const row = await store.findWithdrawal(id)
  if (!row) throw new Error(`There is no withdrawal ${id}.`)
  return row
}

/** A change that a worker with LEASE makes on a row as it was seen, from `requested` to `ready`. */
export const change = (seen: StoredWithdrawal, more: Partial<StateChange> = {}): StateChange => ({
  id: seen.id,
  from: seen.state,
  to: 'ready',
  version: seen.version,
  leaseOwner: LEASE.owner,
  event: 'hold.placed',
  actor: 'worker',
  patch: {},
  detail: {},
  next: { keepLeaseSeconds: 90 },
  ...more,
})

/** What the database itself says, under the names of its columns. */
export async function columnsOf(database: Database, id: string): Promise<Record<string, unknown>> {
  const [row] = await database.query<Record<string, unknown>>(
    'select * from bank_withdrawal.withdrawals where id = $1',
    [id],
  )
  if (!row) throw new Error(`There is no withdrawal ${id}.`)
  return row
}

export const seconds = (n: number): number => n * 1_000
