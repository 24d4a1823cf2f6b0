-- Why: one row per withdrawal, whose `state` is the only truth about progress, and a journal that nothing can rewrite.
-- Locks: none, new tables.
-- Undo: drop schema bank_withdrawal cascade.

-- Every due time and lease is measured with this clock, never with an application's: hosts may disagree about
-- the time. It is a function of its own so that tests can move the clock of a real database.
create function bank_withdrawal.clock() returns timestamptz language sql stable as 'select now()';

create table bank_withdrawal.withdrawals (
  id                      text primary key check (id ~ '^[A-Za-z0-9_-]{8,64}$'),
  user_id                 bigint not null check (user_id > 0),
  idempotency_key         text check (length(idempotency_key) between 1 and 255),
  request_hash            text not null,
  currency                text not null check (currency = lower(currency)),
  -- `NaN > 0` is true in PostgreSQL, hence the second half.
  amount                  numeric not null check (amount > 0 and amount < 'Infinity'),
  fee                     numeric not null check (fee >= 0 and fee < 'Infinity'),
  payout_amount           numeric not null check (payout_amount > 0 and payout_amount < 'Infinity'),
  method                  text not null check (method in ('BANK', 'PAYPAL')),
  destination             text not null,
  destination_masked      text not null,
  destination_hash        text not null,
  provider                text not null,
  mode                    text not null check (mode in ('immediate', 'batch')),
  payout_key              text not null unique,
  end_to_end_id           text not null,
  provider_reference      text,
  provider_transaction_id text,
  provider_status         text,
  settled_burn_id         text,
  state                   text not null check (state in (
    'requested', 'in_review', 'ready', 'submitting', 'submitted', 'in_doubt', 'settling', 'releasing',
    'processed', 'canceled', 'returning', 'returned', 'conflict')),
  version                 integer not null check (version > 0),
  reason_code             text,
  attempts                integer not null default 0,
  next_run_at             timestamptz,
  lease_owner             text,
  lease_until             timestamptz,
  hold_doubt_at           timestamptz,
  hold_repeated           boolean not null default false,
  held_at                 timestamptz,
  payout_started_at       timestamptz,
  payout_doubt_at         timestamptz,
  state_since             timestamptz not null,
  created_at              timestamptz not null,
  updated_at              timestamptz not null,
  unique (user_id, idempotency_key),
  constraint nothing_is_paid_without_a_lock check (
    state not in ('submitting', 'submitted', 'in_doubt', 'settling', 'processed', 'returning', 'returned')
    or held_at is not null),
  constraint nothing_is_forgotten check (
    next_run_at is not null or state in ('in_review', 'processed', 'canceled', 'returned', 'conflict')),
  constraint the_end_is_the_end check (
    state not in ('processed', 'canceled', 'returned', 'conflict') or next_run_at is null)
);

-- The work queue of the workers. Rows that wait for the next batch are looked for by currency instead.
create index withdrawals_due on bank_withdrawal.withdrawals (next_run_at)
  where next_run_at is not null and not (state = 'ready' and mode = 'batch');
create index withdrawals_for_batch on bank_withdrawal.withdrawals (provider, currency, next_run_at)
  where state = 'ready' and mode = 'batch';
create index withdrawals_of_user on bank_withdrawal.withdrawals (user_id, created_at desc, id desc);
-- Two withdrawals can never be one and the same payout.
create unique index withdrawals_provider_reference on bank_withdrawal.withdrawals (provider, provider_reference)
  where provider_reference is not null;

create table bank_withdrawal.journal (
  withdrawal_id text not null references bank_withdrawal.withdrawals (id),
  seq           integer not null,
  at            timestamptz not null,
  event         text not null,
  from_state    text,
  to_state      text not null,
  actor         text not null,
  reason_code   text,
  detail        jsonb not null default '{}',
  primary key (withdrawal_id, seq)
);

create function bank_withdrawal.refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'bank_withdrawal.journal is append-only';
end $$;
create trigger journal_is_append_only before update or delete or truncate on bank_withdrawal.journal
  for each statement execute function bank_withdrawal.refuse_rewriting();

-- What a provider has to remember across a restart (tokens, nonces, files).
create table bank_withdrawal.provider_documents (
  provider   text not null,
  id         text not null,
  value      jsonb not null,
  version    integer not null,
  updated_at timestamptz not null,
  primary key (provider, id)
);
