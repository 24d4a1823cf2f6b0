-- Why: what an account can still pay is known before a batch is frozen, and who fills it is called before it is empty.
-- Locks: withdrawals against writing, for counting what was asked for in the last five weeks by day; a second per million
--   rows of that time. The rest are new tables.
-- Undo: drop the tables, the function and the trigger named here.

-- What a provider said last of each of its accounts, and who asks it next.
create table bank_withdrawal.float_words (
  provider  text not null,
  currency  text not null,
  available numeric not null check (available <> 'NaN'),
  told_at   timestamptz not null,
  -- All that had left and not come back when it was told.
  left_then numeric not null,
  primary key (provider, currency)
);
create table bank_withdrawal.float_asks (
  provider text primary key,
  asked_at timestamptz not null
);

-- What operators said; each stays, the last one counts.
create table bank_withdrawal.float_entries (
  provider  text not null,
  currency  text not null,
  version   integer not null check (version > 0),
  available numeric not null check (available >= 0 and available < 'Infinity'),
  left_then numeric not null,
  actor     text not null,
  reason    text not null,
  at        timestamptz not null,
  primary key (provider, currency, version)
);
create function bank_withdrawal.refuse_rewriting_float() returns trigger language plpgsql as $$
begin
  raise exception 'what was entered as float stays as it was';
end $$;
create trigger float_entries_are_kept before update or delete or truncate on bank_withdrawal.float_entries
  for each statement execute function bank_withdrawal.refuse_rewriting_float();

-- What was left behind for want of float, since when; taken out once it has moved on.
create table bank_withdrawal.float_waits (
  withdrawal_id text primary key references bank_withdrawal.withdrawals (id),
  provider      text not null,
  currency      text not null,
  since         timestamptz not null
);
create index float_waits_in_line on bank_withdrawal.float_waits (provider, currency, since, withdrawal_id);

-- Somebody is asked to put money into an account.
create table bank_withdrawal.funding_calls (
  id         bigint generated always as identity primary key,
  provider   text not null,
  currency   text not null,
  account    text,
  amount     numeric not null check (amount > 0 and amount < 'Infinity'),
  needed_by  timestamptz not null,
  available  numeric not null,
  queued     numeric not null,
  expected   numeric not null,
  opened_at  timestamptz not null,
  updated_at timestamptz not null,
  closed_at  timestamptz,
  -- `funded`: there is enough. `unknown`: nobody says any more what is there.
  closed_as  text check (closed_as in ('funded', 'unknown')),
  check ((closed_at is null) = (closed_as is null))
);
create unique index funding_calls_open on bank_withdrawal.funding_calls (provider, currency)
  where closed_at is null;

-- How much was asked for, by day in UTC; counted with the other tallies.
create table bank_withdrawal.tally_demand (
  day      date not null,
  provider text not null,
  currency text not null,
  count    bigint not null,
  amount   numeric not null,
  primary key (provider, currency, day)
);
insert into bank_withdrawal.tally_demand
select day, provider, currency, sum(count), sum(amount)
  from (select (created_at at time zone 'UTC')::date as day, provider, currency, 1 as count, payout_amount as amount
          from bank_withdrawal.withdrawals where created_at >= bank_withdrawal.clock() - interval '35 days'
        union all
        -- Not added up yet: it will be.
        select (at at time zone 'UTC')::date, provider, currency, -count, -payout_amount
          from bank_withdrawal.tally_moves
         where outcome = 'asked' and at >= bank_withdrawal.clock() - interval '35 days') asked
 group by day, provider, currency;
