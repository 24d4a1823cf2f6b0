import pg from 'pg'

import { IBAN, USERS } from '../instant-kit'

/** Withdrawals of the weeks before, paid in batches and ended, each with its journal. */
export async function fillEnded(url: string, rows: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (let from = 0; from < rows; from += 20_000)
      await client.query(
        `with numbered as (
           select n, 'ended-' || lpad(n::text, 8, '0') as id, now() - interval '30 days' + n * interval '1 second' as at
             from generate_series($1::int, $2::int) n
         ), stored as (
           insert into bank_withdrawal.withdrawals
             (id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
              destination_hash, provider, mode, payout_key, end_to_end_id, provider_reference, provider_transaction_id,
              settled_burn_id, state, version, held_at, payout_started_at, state_since, created_at, updated_at)
           select id, n % $3::int + 1, '', 'eur', 10, 0, 10, 'BANK', 'plain:{"method":"BANK","iban":"${IBAN}"}',
                  'DE********3000', 'hash' || n % 50000, 'instant', 'batch', 'BW-' || id, id, 'BW-' || id, 'BW-' || id,
                  'BW-' || id, 'processed', 5, at, at, at, at, at
             from numbered
         )
         insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor)
         select id, seq, at, event, from_state, to_state, actor
           from numbered, (values (1, 'withdrawal.requested', null, 'requested', 'user'),
                                  (2, 'hold.confirmed', 'requested', 'ready', 'worker'),
                                  (3, 'payout.started', 'ready', 'submitting', 'worker'),
                                  (4, 'payout.settled', 'submitting', 'settling', 'worker'),
                                  (5, 'hold.settled', 'settling', 'processed', 'worker'))
                           steps (seq, event, from_state, to_state, actor)`,
        [from, Math.min(from + 20_000, rows) - 1, USERS],
      )
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}
