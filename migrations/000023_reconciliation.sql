-- Why: the exchange's burns, our rows and the provider's payouts are held against each other three ways. What the others
--   list is kept beside the rows while a run lasts, so that millions are matched by joins, and a run that is killed
--   goes on where it was.
-- Locks: differences exclusively, for dropping a constraint; an instant.
-- Undo: drop the tables named here; add the foreign key of differences.withdrawal_id again, once no difference is about
--   a withdrawal that has no row.

create table bank_withdrawal.reconciliation_runs (
  id          bigint generated always as identity primary key,
  -- Of a scheduled run: the day it is for, so that each day is asked for once, whoever asks first.
  slot        text unique,
  since       timestamptz not null,
  until       timestamptz not null,
  asked_by    text not null,
  reason      text not null,
  asked_at    timestamptz not null,
  state       text not null check (state in ('running', 'complete', 'incomplete')),
  -- How far it has come; src/domain/reconciliation.ts says what is in it.
  place       jsonb not null,
  version     integer not null check (version > 0),
  next_run_at timestamptz,
  lease_owner text,
  lease_until timestamptz,
  ended_at    timestamptz,
  constraint what_has_ended_is_not_due check ((state = 'running') = (next_run_at is not null)
    and (state = 'running') = (ended_at is null)),
  constraint a_range_has_a_length check (since < until)
);
-- One at a time.
create unique index reconciliation_running on bank_withdrawal.reconciliation_runs (state) where state = 'running';

-- What the others have listed, while a run lasts.
create table bank_withdrawal.reconciliation_items (
  run_id   bigint not null,
  nth      bigint generated always as identity,
  kind     text not null check (kind in ('hold', 'credit', 'payout')),
  -- The currency of what the exchange has listed, the name of the provider.
  source   text not null,
  -- Their own name for it.
  id       text not null,
  -- What it is matched by: the withdrawal that it names, or its own id; of a payout our key.
  ref      text not null,
  is_ours  boolean not null,
  user_id  bigint,
  currency text not null,
  amount   numeric not null,
  fee      numeric not null,
  state    text not null,
  at       timestamptz not null,
  primary key (run_id, nth)
);
create index reconciliation_items_by_ref on bank_withdrawal.reconciliation_items (run_id, kind, ref);

-- What does not match, until it was looked at once more.
create table bank_withdrawal.reconciliation_candidates (
  run_id  bigint not null,
  kind    text not null,
  -- The withdrawal, or what nobody has a row for.
  subject text not null,
  facts   jsonb not null,
  verdict text check (verdict in ('difference', 'agrees', 'unknown')),
  primary key (run_id, kind, subject)
);

-- A difference may be about what has no row: a burn, or a payout.
alter table bank_withdrawal.differences drop constraint differences_withdrawal_id_fkey;
