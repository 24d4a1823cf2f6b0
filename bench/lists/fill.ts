import pg from 'pg'

export const idOf = (n: number): string => `withdrawal-${String(n).padStart(8, '0')}`

/**
 * A month of withdrawals, one every so often, half of them one user's, with a question about each thousandth; as they lie
 * after a working day's vacuum.
 */
export async function fill(url: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const each = Math.min(rows, 20_000)
  for (let from = 0; from < rows; from += each)
    await client.query(
      `insert into bank_withdrawal.withdrawals (
         id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
         destination_hash, provider, mode, payout_key, end_to_end_id, provider_reference, provider_transaction_id,
         settled_burn_id, state, version, held_at, state_since, created_at, updated_at)
       select id, case when n % 2 = 0 then 1 else 2 + n % 999 end, 'hash',
              case when n % 50000 = 0 then 'chf' when n % 10 = 0 then 'usd' else 'eur' end,
              10 + n % 1000, 0, 10 + n % 1000, 'BANK', repeat('x', 200), 'DE89…' || lpad((n % 10000)::text, 4, '0'),
              'h' || n % 50000, case when n % 20 = 0 then 'other' else 'sandbox' end, 'batch', 'BW-' || id, 'E' || n,
              'R' || n, 'T' || n, 'T' || n,
              case when n % 100 = 0 then 'canceled' when n % 5000 = 1 then 'in_review' when n % 90001 = 1 then 'conflict'
                   else 'processed' end,
              6, at, at, at, at
         from (select n, 'withdrawal-' || lpad(n::text, 8, '0') as id,
                      timestamptz '2026-01-01T00:00:00Z' + n * interval '1 month' / $3::double precision as at
                 from generate_series($1::int, $2::int) n) made`,
      [from, from + each - 1, rows],
    )
  await client.query(
    `insert into bank_withdrawal.differences (kind, withdrawal_id, opened_at)
     select 'paid_after_release', id, created_at from bank_withdrawal.withdrawals where right(id, 3) = '000'`,
  )
  await client.query('vacuum analyze')
  await client.end()
}
