-- Why: an operator's first screen says how much money stands where and how the last days went, in one request that costs
--   the same at a thousand withdrawals and at a hundred million: it is counted as it happens, and never by reading them.
-- Locks: withdrawals against writing, for counting what is there and building a small index; some seconds per million
--   rows.
-- Undo: drop the triggers, functions, index and tables named here.

-- What was counted since it was last added up. Only ever appended to, so that nobody waits for anybody's counting.
create table bank_withdrawal.tally_moves (
  -- null: it was not there before, or is not any more.
  from_state    text,
  to_state      text,
  currency      text not null,
  provider      text not null,
  mode          text not null,
  count         bigint not null,
  amount        numeric not null,
  payout_amount numeric not null,
  at            timestamptz not null,
  outcome       text check (outcome in ('asked', 'paid', 'failed', 'canceled', 'returned')),
  -- From the user's request until it was paid.
  took_seconds  double precision
);

create table bank_withdrawal.tally_standing (
  state         text not null,
  currency      text not null,
  provider      text not null,
  mode          text not null,
  count         bigint not null,
  amount        numeric not null,
  payout_amount numeric not null,
  primary key (state, currency, provider, mode)
);

create table bank_withdrawal.tally_outcomes (
  hour     timestamptz not null,
  outcome  text not null,
  currency text not null,
  -- Which of the times of bank_withdrawal.took_class it stayed under; -1 where nothing was paid.
  took     integer not null,
  count    bigint not null,
  amount   numeric not null,
  primary key (hour, outcome, currency, took)
);

-- 0 for up to a second, 1 for up to two, and so on; domain/tallies.ts has the same steps.
create function bank_withdrawal.took_class(seconds double precision) returns integer language sql immutable as $$
  select width_bucket(seconds, array[1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 172800,
    259200, 432000, 604800, 1209600]::double precision[])
$$;

create function bank_withdrawal.outcome_of(state text, canceled_by text) returns text language sql immutable as $$
  select case state when 'processed' then 'paid' when 'returned' then 'returned'
                    when 'canceled' then case when canceled_by is null then 'failed' else 'canceled' end end
$$;

create function bank_withdrawal.count_move() returns trigger language plpgsql as $$
begin
  insert into bank_withdrawal.tally_moves values (
    old.state, new.state, new.currency, new.provider, new.mode, 1, new.amount, new.payout_amount, new.updated_at,
    case when old.state <> 'conflict' or new.state <> 'processed' or new.returned_amount is null
         then bank_withdrawal.outcome_of(new.state, new.canceled_by) end,
    case when new.state = 'processed' then extract(epoch from new.updated_at - new.created_at) end);
  return null;
end $$;
create trigger moves_are_counted after update of state on bank_withdrawal.withdrawals
  for each row when (old.state <> new.state) execute function bank_withdrawal.count_move();

create function bank_withdrawal.count_new() returns trigger language plpgsql as $$
begin
  insert into bank_withdrawal.tally_moves
  select null, state, currency, provider, mode, count(*), sum(amount), sum(payout_amount),
         date_trunc('hour', created_at, 'UTC'), 'asked', null
    from added group by state, currency, provider, mode, date_trunc('hour', created_at, 'UTC');
  return null;
end $$;
create trigger new_ones_are_counted after insert on bank_withdrawal.withdrawals
  referencing new table as added for each statement execute function bank_withdrawal.count_new();

create function bank_withdrawal.count_gone() returns trigger language plpgsql as $$
begin
  insert into bank_withdrawal.tally_moves
  select state, null, currency, provider, mode, count(*), sum(amount), sum(payout_amount), bank_withdrawal.clock()
    from gone group by state, currency, provider, mode;
  return null;
end $$;
create trigger gone_ones_are_counted after delete on bank_withdrawal.withdrawals
  referencing old table as gone for each statement execute function bank_withdrawal.count_gone();

insert into bank_withdrawal.tally_standing
select state, currency, provider, mode, count(*), sum(amount), sum(payout_amount)
  from bank_withdrawal.withdrawals group by state, currency, provider, mode;
insert into bank_withdrawal.tally_outcomes
select date_trunc('hour', created_at, 'UTC'), 'asked', currency, -1, count(*), sum(amount)
  from bank_withdrawal.withdrawals group by 1, 3
union all
select date_trunc('hour', state_since, 'UTC'), bank_withdrawal.outcome_of(state, canceled_by), currency,
       case when state = 'processed'
            then bank_withdrawal.took_class(extract(epoch from state_since - created_at)) else -1 end,
       count(*), sum(amount)
  from bank_withdrawal.withdrawals where state in ('processed', 'canceled', 'returned') group by 1, 2, 3, 4;

-- What a person is asked about, the oldest first.
create index withdrawals_asking on bank_withdrawal.withdrawals (state_since, id)
  where state in ('in_review', 'conflict') or (state = 'returning' and return_approved_at is null);
