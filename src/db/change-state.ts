import type { State } from '../domain/states'
import type { WithdrawalPatch } from '../domain/withdrawal'
import type { Queryable } from './database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from './row'

export interface StateChange {
  readonly id: string
  readonly from: State
  readonly to: State
  /** The version the decision was made on. */
  readonly version: number
  /** The worker's lease, or null where a person acts: a person takes the row from a worker. */
  readonly leaseOwner: string | null
  readonly event: string
  readonly actor: string
  readonly patch: WithdrawalPatch
  readonly detail: Readonly<Record<string, unknown>>
  readonly next:
    /** The same worker goes on at once: the lease is renewed. */
    | { readonly keepLeaseSeconds: number }
    /** The row rests until then; null for ever. */
    | { readonly runInMs: number | null }
}

const PATCH_COLUMNS = {
  providerReference: 'provider_reference',
  providerTransactionId: 'provider_transaction_id',
  providerStatus: 'provider_status',
  settledBurnId: 'settled_burn_id',
  reasonCode: 'reason_code',
  holdDoubtAt: 'hold_doubt_at',
  holdRepeated: 'hold_repeated',
  heldAt: 'held_at',
  payoutStartedAt: 'payout_started_at',
  payoutDoubtAt: 'payout_doubt_at',
} as const satisfies Record<keyof WithdrawalPatch, string>

/**
 * Writes a change and its journal entry in one statement. Only services/transition.ts calls it.
 *
 * @returns null when the row has moved on, or the lease is no longer ours; nothing was written.
 */
export async function changeState(db: Queryable, change: StateChange): Promise<StoredWithdrawal | null> {
  const parameters: unknown[] = []
  const bind = (value: unknown) => `$${parameters.push(value)}`
  const assignments = [
    `state = ${bind(change.to)}`,
    'version = version + 1',
    'updated_at = bank_withdrawal.clock()',
    ...(change.from === change.to ? [] : ['state_since = bank_withdrawal.clock()']),
    ...schedule(change, bind),
    ...patchAssignments(change, bind),
  ]
  const guards = [
    `id = ${bind(change.id)}`,
    `state = ${bind(change.from)}`,
    `version = ${bind(change.version)}`,
    ...(change.leaseOwner === null
      ? []
      : [`lease_owner = ${bind(change.leaseOwner)}`, 'lease_until > bank_withdrawal.clock()']),
  ]
  const entry = [change.event, change.from, change.actor, JSON.stringify(change.detail)].map(bind)
  const rows = await db.query<RawRow>(
    `with moved as (
       update bank_withdrawal.withdrawals set ${assignments.join(', ')}
        where ${guards.join(' and ')}
       returning *
     ), journalled as (
       insert into bank_withdrawal.journal
         (withdrawal_id, seq, at, event, from_state, to_state, actor, reason_code, detail)
       select id, version, updated_at, ${entry[0]}, ${entry[1]}, state, ${entry[2]}, reason_code, ${entry[3]}::jsonb
         from moved
     )
     select ${COLUMNS} from moved`,
    parameters,
  )
  return rows[0] ? toWithdrawal(rows[0]) : null
}

function schedule({ next, from, to, leaseOwner }: StateChange, bind: (value: unknown) => string): string[] {
  const clock = 'bank_withdrawal.clock()'
  if ('keepLeaseSeconds' in next) {
    const leaseEnd = `${clock} + make_interval(secs => ${bind(next.keepLeaseSeconds)})`
    return [
      `lease_until = ${leaseEnd}`,
      `next_run_at = ${leaseEnd}`,
      ...(from === to ? [] : ['attempts = 1']),
    ]
  }
  const free = [
    'lease_owner = null',
    // A worker that a person took the row from may still be in the middle of a call: its time stays written down,
    // so that nobody acts before it is up, not after a wake or another person's change either.
    ...(leaseOwner === null ? [] : ['lease_until = null']),
    ...(from === to ? [] : ['attempts = 0']),
  ]
  if (next.runInMs === null) return [...free, 'next_run_at = null']
  const due = `${clock} + make_interval(secs => ${bind(next.runInMs / 1000)})`
  const afterTheLease = `greatest(${due}, coalesce(lease_until, ${clock}))`
  return [...free, `next_run_at = ${leaseOwner === null ? afterTheLease : due}`]
}

function patchAssignments({ patch, next }: StateChange, bind: (value: unknown) => string): string[] {
  return (Object.keys(patch) as (keyof WithdrawalPatch)[]).map((name) => {
    const value = patch[name]
    const column = PATCH_COLUMNS[name]
    if (value === 'now') return `${column} = bank_withdrawal.clock()`
    if (value === 'lease_end') {
      if (!('keepLeaseSeconds' in next)) throw new Error('Without a lease there is no end of it.')
      return `${column} = bank_withdrawal.clock() + make_interval(secs => ${bind(next.keepLeaseSeconds)})`
    }
    // Texts, so that a Date of another realm means the same to every driver.
    if (typeof value === 'object' && value !== null)
      return `${column} = ${bind(value.toISOString())}::timestamptz`
    return `${column} = ${bind(value ?? null)}`
  })
}
