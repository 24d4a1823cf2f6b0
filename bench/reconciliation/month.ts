import type { Database } from '../../src/db/connect/database'

const DAYS = 30
const DAY_MS = 86_400_000

export const PROVIDER = 'instant'

/** Withdrawals that were asked for and paid evenly over it; the last ended a day ago. */
export interface Month {
  readonly rows: number
  readonly beginsMs: number
  readonly endsMs: number
  /** Between one and the next. */
  readonly stepMs: number
}

export function lastMonth(rows: number): Month {
  const endsMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS
  return { rows, endsMs, beginsMs: endsMs - DAYS * DAY_MS, stepMs: (DAYS * DAY_MS) / rows }
}

export const idOf = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** Those of a time, each as `make` would have it. */
export function within<Made>(
  { rows, beginsMs, stepMs }: Month,
  { since, until }: { readonly since: Date; readonly until: Date },
  make: (n: number, at: string) => Made,
): Made[] {
  const made: Made[] = []
  const first = Math.max(0, Math.ceil((since.getTime() - beginsMs) / stepMs))
  for (let n = first; n < rows && beginsMs + n * stepMs < until.getTime(); n++)
    made.push(make(n, new Date(beginsMs + n * stepMs).toISOString()))
  return made
}

/** All paid, evenly over the month; the last ends a day ago. */
export async function fill(database: Database, month: Month): Promise<void> {
  const { rows, beginsMs, stepMs } = month
  for (let from = 0; from < rows; from += 25_000)
    await database.transaction((tx) =>
      tx.script(`
        set local session_replication_role = replica;
        insert into bank_withdrawal.withdrawals (id, user_id, request_hash, currency, amount, fee, payout_amount, method,
          destination, destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id, state, version,
          held_at, settled_burn_id, state_since, created_at, updated_at)
        select id, 1 + n % 5000, 'h', 'eur', 10, 0, 10, 'BANK', 'plain:{}', '…', 'd' || n % 9000, '${PROVIDER}', 'batch',
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
}
