import pg from 'pg'

const DIGITS = 8
const padded = (n: number): string => String(n).padStart(DIGITS, '0')
/** Ids of other people's making come in no order that grows with time. */
const scattered = (n: number): string => [...padded(n)].reverse().join('')

export const idOf = (n: number): string => `withdrawal-${padded(n)}`
export const userOf = (n: number): number => (n % 2 === 0 ? 1 : 2 + (n % 999))
/** Each user has their own, 50,000 in all. */
export const accountOf = (n: number): string =>
  n % 2 === 0 ? `h1-${n % 50_000}` : `h${userOf(n)}-${Math.floor(n / 1_998) % 25}`
/** What a user's client, a provider and a bank call it. */
export const keyOf = (n: number): string => `K${scattered(n)}`
export const endToEndIdOf = (n: number): string => `E${padded(n)}`
export const referenceOf = (n: number): string => `R${scattered(n)}`
export const bankIdOf = (n: number): string => `T${scattered(n)}`

const PADDED = `lpad(n::text, ${DIGITS}, '0')`
const DAY_MS = 24 * 3_600_000
/** The same number a day in a larger table, for longer: what grows is the past. */
const daysOf = (rows: number): number => 30 * Math.max(1, rows / 1_000_000)
/** The moment that the bench began at is the end of what it filled. */
const UNTIL_MS = Date.now() - 3_600_000
export const filledSince = (rows: number): Date => new Date(UNTIL_MS - daysOf(rows) * DAY_MS)

const FILLED_TABLES = ['withdrawals', 'journal', 'batches', 'batch_items']
const PER_STATEMENT = 200_000

/**
 * Withdrawals of a month, a million a month where there are more, half of them one user's, each with five journal entries,
 * and what was paid in batches; a question about a thousand of them, two hundred in review, however many there are. As they
 * lie after a working day's vacuum.
 *
 * Past all triggers, with the indexes built afterwards: the journal's hashes are only as long as real ones.
 */
export async function fill(url: string, rows: number, say: (line: string) => void = () => {}): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const step = async (what: string, work: () => Promise<unknown>) => {
    const from = performance.now()
    await work()
    if (rows > PER_STATEMENT) say(`  ${what}: ${((performance.now() - from) / 1_000).toFixed(0)} s`)
  }
  const chunked = async (sql: string, ...more: unknown[]) => {
    for (let from = 1; from <= rows; from += PER_STATEMENT)
      await client.query(sql, [from, Math.min(from + PER_STATEMENT - 1, rows), ...more])
  }
  try {
    await client.query(`set session_replication_role = replica`)
    await client.query(`set maintenance_work_mem = '1GB'`)
    await client.query('begin')
    // Emptied in the same transaction: a server that keeps no log for others then writes these rows once, and not twice.
    await client.query(`truncate ${FILLED_TABLES.map(named).join(', ')} cascade`)
    await client.query(
      `update pg_index set indisready = false where indrelid = any($1::text[]::regclass[])`,
      [FILLED_TABLES.map(named)],
    )
    await step('withdrawals', () => chunked(WITHDRAWALS, rows, filledSince(rows), daysOf(rows)))
    await step('batches', () => client.query(BATCHES, [rows, filledSince(rows), daysOf(rows)]))
    await step('members of batches', () => chunked(MEMBERS))
    await step('journal', () => chunked(JOURNAL, rows, filledSince(rows), daysOf(rows)))
    for (const table of FILLED_TABLES)
      await step(`indexes of ${table}`, () => client.query(`reindex table ${named(table)}`))
    await client.query('commit')
    await step('sums and questions', async () => {
      for (const sum of SUMS) await client.query(sum)
    })
    await step('vacuum', () => client.query('vacuum analyze'))
  } finally {
    await client.end()
  }
}

const named = (table: string): string => `bank_withdrawal.${table}`

const STATE = `case when n % 100 = 0 then 'canceled' when n % greatest($3::int / 200, 7) = 1 then 'in_review'
                   when n % greatest($3::int / 11, 7) = 2 then 'conflict' else 'processed' end`

const WITHDRAWALS = `
  insert into bank_withdrawal.withdrawals (
    id, user_id, idempotency_key, request_hash, currency, amount, fee, payout_amount, method, destination,
    destination_masked, destination_hash, provider, mode, payout_key, end_to_end_id, provider_reference,
    provider_transaction_id, settled_burn_id, batch_id, state, version, held_at, state_since, created_at, updated_at)
  select id, case when n % 2 = 0 then 1 else 2 + n % 999 end, 'K' || scattered, repeat('0', 64),
         case when n % 50000 = 0 then 'chf' when n % 10 = 0 then 'usd' else 'eur' end,
         10 + n % 1000, 0, 10 + n % 1000, 'BANK', repeat('x', 200), 'DE89…' || lpad((n % 10000)::text, 4, '0'),
         case when n % 2 = 0 then 'h1-' || n % 50000 else 'h' || 2 + n % 999 || '-' || n / 1998 % 25 end, case when n % 20 = 0 then 'other' else 'sandbox' end, 'batch', 'BW-' || id, 'E' || padded,
         'R' || scattered, 'T' || scattered, 'T' || scattered,
         case when state = 'processed' then 'batch-' || lpad((n / 1000)::text, ${DIGITS}, '0') end,
         state, 5, at, at + interval '5 minutes', at, at + interval '5 minutes'
    from (select n, ${PADDED} as padded, reverse(${PADDED}) as scattered, 'withdrawal-' || ${PADDED} as id, ${STATE} as state,
                 $4::timestamptz + interval '1 day' * ($5::double precision * n / $3::int) as at
            from generate_series($1::int, $2::int) n) made`

const BATCHES = `
  insert into bank_withdrawal.batches
    (id, provider, currency, batch_key, state, item_count, total, payload_hash, provider_reference, created_at, sent_at,
     updated_at)
  select 'batch-' || ${PADDED}, 'sandbox', 'eur', 'BB-' || ${PADDED}, 'sent', 990, 500000, repeat('0', 64), 'B' || n, at, at, at
    from (select n, $2::timestamptz + interval '1 day' * ($3::double precision * n * 1000 / $1::int) as at
            from generate_series(0, $1::int / 1000) n) made`

const MEMBERS = `
  insert into bank_withdrawal.batch_items (batch_id, withdrawal_id, position, amount)
  select 'batch-' || lpad((n / 1000)::text, ${DIGITS}, '0'), 'withdrawal-' || ${PADDED}, n % 1000, 10 + n % 1000
    from generate_series($1::int, $2::int) n where n % 100 <> 0`

/** What wrote them is a number below all that are to come, as it is in life. */
const JOURNAL = `
  insert into bank_withdrawal.journal (withdrawal_id, seq, at, event, from_state, to_state, actor, detail, hash, tx)
  select id, seq, at + seq * interval '1 minute', event, from_state, to_state, actor, detail::jsonb, repeat(md5(id), 2),
         (3 + n::bigint * 600 / $3::int)::text::xid8
    from (select n, 'withdrawal-' || ${PADDED} as id,
                 $4::timestamptz + interval '1 day' * ($5::double precision * n / $3::int) as at
            from generate_series($1::int, $2::int) n) made,
         (values (1, 'withdrawal.requested', null, 'requested', 'user', '{}'),
                 (2, 'hold.confirmed', 'requested', 'ready', 'worker', '{"burnId": "withdrawal-00000000"}'),
                 (3, 'payout.submitting', 'ready', 'submitting', 'worker', '{"batchId": "batch-00000000"}'),
                 (4, 'payout.settled', 'submitting', 'settling', 'worker',
                  '{"reference": "R00000000", "transactionId": "T00000000"}'),
                 (5, 'hold.settled', 'settling', 'processed', 'worker', '{"burnId": "T00000000"}'))
           steps (seq, event, from_state, to_state, actor, detail)`

/** As the triggers and the folding of what they count would have left them. */
const SUMS = [
  `insert into bank_withdrawal.tally_standing
   select state, currency, provider, mode, count(*), sum(amount), sum(payout_amount)
     from bank_withdrawal.withdrawals group by state, currency, provider, mode`,
  `insert into bank_withdrawal.tally_outcomes
   select date_trunc('hour', created_at, 'UTC'), 'asked', currency, -1, count(*), sum(amount)
     from bank_withdrawal.withdrawals group by 1, 3
   union all
   select date_trunc('hour', state_since, 'UTC'), bank_withdrawal.outcome_of(state, canceled_by), currency,
          case when state = 'processed'
               then bank_withdrawal.took_class(extract(epoch from state_since - created_at)) else -1 end,
          count(*), sum(amount)
     from bank_withdrawal.withdrawals where state in ('processed', 'canceled') group by 1, 2, 3, 4`,
  `insert into bank_withdrawal.tally_demand
   select (created_at at time zone 'UTC')::date, provider, currency, count(*), sum(payout_amount)
     from bank_withdrawal.withdrawals group by 1, 2, 3`,
  `insert into bank_withdrawal.differences (kind, withdrawal_id, opened_at)
   select 'paid_after_release', id, created_at from bank_withdrawal.withdrawals
    where id in (select 'withdrawal-' || ${PADDED}
                   from generate_series(1, (select count(*)::int from bank_withdrawal.withdrawals),
                                        greatest((select count(*)::int / 1000 from bank_withdrawal.withdrawals), 1)) n)`,
]
