-- Why: one user must not keep the others from being served, and a one-time code must not be guessed: what instances have
--   counted is added up here, so that ten of them are one limit.
-- Locks: none, new tables.
-- Undo: drop the tables named here.

-- Who has asked for how much, as levels that leak away. Not written ahead: after a crash everybody begins anew.
create unlogged table bank_withdrawal.request_levels (
  -- What is counted and for whom: create:user:7.
  key        text primary key check (length(key) <= 128),
  level      double precision not null,
  per_minute double precision not null check (per_minute > 0),
  at         timestamptz not null
);

-- Wrong one-time codes in a row. Written ahead: a crash must not give an attacker new tries.
create table bank_withdrawal.wrong_codes (
  user_id      bigint primary key check (user_id > 0),
  count        integer not null check (count > 0),
  locked_until timestamptz,
  last_at      timestamptz not null
);
