-- Why: money comes back after it was paid, and requests land after they were given up: what has ended is watched on.
-- Locks: withdrawals exclusively, for adding empty columns and two indexes; some seconds per million rows.
-- Undo: drop the columns, indexes and tables named here.

alter table bank_withdrawal.withdrawals
  -- Something happened outside while a worker held it: it is looked at again at once.
  add column woken_at timestamptz,
  -- After the end: when somebody looks again, how often it was looked, and until when it is worth it.
  add column watch_at timestamptz,
  add column watch_until timestamptz,
  add column watch_looks integer not null default 0,
  add column returned_amount numeric check (returned_amount > 0 and returned_amount < 'Infinity'),
  -- Since when a credit may be on its way without an answer we believe.
  add column credit_doubt_at timestamptz,
  -- When an operator allowed to give a returned payout back to its user.
  add column return_approved_at timestamptz,
  add constraint only_what_came_back_is_credited check (
    state not in ('returning', 'returned') or returned_amount is not null),
  add constraint only_what_has_ended_is_watched check (
    watch_at is null or state in ('processed', 'canceled', 'returned'));
create index withdrawals_watched on bank_withdrawal.withdrawals (watch_at) where watch_at is not null;
create index withdrawals_end_to_end_id on bank_withdrawal.withdrawals (end_to_end_id);

-- Each event of a provider once, with what it hints at.
create table bank_withdrawal.webhook_events (
  provider     text not null,
  event_id     text not null check (length(event_id) between 1 and 255),
  type         text not null,
  -- false: inside a kit the signed bytes are gone, and only the secret path spoke for it.
  is_verified  boolean not null,
  payouts      jsonb not null,
  -- How many withdrawals it hinted at; 0 is worth a look.
  matched      integer not null,
  received_at  timestamptz not null,
  primary key (provider, event_id)
);

-- Accounts that sent money back: nothing goes there until an operator lifts it.
create table bank_withdrawal.quarantined_destinations (
  destination_hash text primary key,
  masked           text not null,
  reason_code      text not null,
  withdrawal_id    text not null references bank_withdrawal.withdrawals (id),
  since            timestamptz not null,
  lifted_at        timestamptz,
  lifted_by        text,
  lifted_reason    text
);

-- What cannot be squared with what we had already concluded: a question to a person, open until it is answered.
create table bank_withdrawal.differences (
  id            bigint generated always as identity primary key,
  kind          text not null,
  withdrawal_id text not null references bank_withdrawal.withdrawals (id),
  detail        jsonb not null default '{}',
  opened_at     timestamptz not null,
  resolved_at   timestamptz,
  resolved_by   text,
  resolution    text,
  -- The same fact seen again is the same question.
  unique (kind, withdrawal_id)
);
create index differences_open on bank_withdrawal.differences (opened_at) where resolved_at is null;
