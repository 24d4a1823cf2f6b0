-- Why: what the exchange lets happen is data that operators change with a reason, in versions that stay; what it limits
--   is counted where a withdrawal is stored, so that no two requests can both be the last one that fits.
-- Locks: withdrawals and journal against writing, for building three indexes, one anew, and counting what was canceled;
--   ten seconds per million rows.
-- Undo: drop what is named here, build withdrawals_of_destination anew on (destination_hash), and give the functions
--   count_move and tally_moves their former check back.

create table bank_withdrawal.policies (
  version  integer primary key check (version > 0),
  content  jsonb not null,
  -- The earlier version that it brings back.
  restores integer references bank_withdrawal.policies (version),
  actor    text not null,
  reason   text not null,
  at       timestamptz not null
);
create function bank_withdrawal.refuse_rewriting_policies() returns trigger language plpgsql as $$
begin
  raise exception 'a policy that was in force stays as it was';
end $$;
create trigger policies_are_kept before update or delete or truncate on bank_withdrawal.policies
  for each statement execute function bank_withdrawal.refuse_rewriting_policies();

alter table bank_withdrawal.withdrawals
  -- Why the policy lets a person look at it, once its amount is locked.
  add column review_causes text,
  -- It goes on by itself then, and not before.
  add column cools_until timestamptz;

-- How much has gone to one account lately, and since when a user has known it.
drop index bank_withdrawal.withdrawals_of_destination;
create index withdrawals_of_destination on bank_withdrawal.withdrawals (destination_hash, created_at);

-- What operators did, over all withdrawals.
create index journal_of_operators on bank_withdrawal.journal (at desc, withdrawal_id desc, seq desc)
  where actor like 'operator:%';

-- 'void': what was asked for in that hour and has been canceled since; it counts for no limit.
alter table bank_withdrawal.tally_moves drop constraint tally_moves_outcome_check,
  add constraint tally_moves_outcome_check
    check (outcome in ('asked', 'paid', 'failed', 'canceled', 'returned', 'void'));
create index tally_moves_asked on bank_withdrawal.tally_moves (currency, at) where outcome in ('asked', 'void');
create index tally_outcomes_asked on bank_withdrawal.tally_outcomes (currency, hour)
  where outcome in ('asked', 'void');
insert into bank_withdrawal.tally_outcomes
select date_trunc('hour', created_at, 'UTC'), 'void', currency, -1, count(*), sum(amount)
  from bank_withdrawal.withdrawals where state = 'canceled' group by 1, 3;

create or replace function bank_withdrawal.count_move() returns trigger language plpgsql as $$
begin
  insert into bank_withdrawal.tally_moves values (
    old.state, new.state, new.currency, new.provider, new.mode, 1, new.amount, new.payout_amount, new.updated_at,
    case when old.state <> 'conflict' or new.state <> 'processed' or new.returned_amount is null
         then bank_withdrawal.outcome_of(new.state, new.canceled_by) end,
    case when new.state = 'processed' then extract(epoch from new.updated_at - new.created_at) end);
  if new.state = 'canceled' then
    insert into bank_withdrawal.tally_moves values (
      null, null, new.currency, new.provider, new.mode, 1, new.amount, new.payout_amount, new.created_at, 'void', null);
  elsif old.state = 'canceled' then
    insert into bank_withdrawal.tally_moves values (
      null, null, new.currency, new.provider, new.mode, -1, -new.amount, -new.payout_amount, new.created_at, 'void',
      null);
  end if;
  return null;
end $$;

-- What counts for a limit: of a user and of an account from the index of their own, of the exchange from the counters.
create function bank_withdrawal.used_of(
  scope text, owner bigint, account text, of_currency text, since timestamptz, out count bigint, out amount numeric)
  language plpgsql volatile set enable_seqscan = off as $$
begin
  if scope = 'user' then
    select count(*), coalesce(sum(w.amount), 0) into used_of.count, used_of.amount
      from bank_withdrawal.withdrawals w
     where w.user_id = owner and w.created_at >= since and w.state <> 'canceled'
       and (of_currency is null or w.currency = of_currency);
  elsif scope = 'destination' then
    select count(*), coalesce(sum(w.amount), 0) into used_of.count, used_of.amount
      from bank_withdrawal.withdrawals w
     where w.destination_hash = account and w.created_at >= since and w.state <> 'canceled'
       and (of_currency is null or w.currency = of_currency);
  else
    select coalesce(sum(case c.outcome when 'asked' then c.count else -c.count end), 0),
           coalesce(sum(case c.outcome when 'asked' then c.amount else -c.amount end), 0)
      into used_of.count, used_of.amount
      from (select o.outcome, o.count, o.amount from bank_withdrawal.tally_outcomes o
             where o.hour >= since and o.outcome in ('asked', 'void')
               and (of_currency is null or o.currency = of_currency)
            union all
            select m.outcome, m.count, m.amount from bank_withdrawal.tally_moves m
             where m.at >= since and m.outcome in ('asked', 'void')
               and (of_currency is null or m.currency = of_currency)) c;
  end if;
end $$;

-- What a policy says to a withdrawal that is about to be stored. Whoever counts over the same user, account or exchange
-- queues up here until the commit, always in this order, so that each counts what the one before has stored: each
-- statement of a volatile function sees what was committed before it began.
create function bank_withdrawal.judge_by_policy(
  owner bigint, account text, in_currency text, asked numeric, policy jsonb) returns jsonb
  language plpgsql volatile set enable_seqscan = off as $$
declare
  rule record;
  used record;
  over jsonb := '[]';
  refused jsonb;
  first_seen timestamptz;
  cools_until timestamptz;
begin
  if policy -> 'rules' <> '[]' then
    perform pg_advisory_xact_lock(480721, hashint8(owner));
    if policy @> '{"rules": [{"of": "destination"}]}' then
      perform pg_advisory_xact_lock(480723, hashtext(account));
    end if;
    if policy @> '{"rules": [{"of": "exchange"}]}' then
      perform pg_advisory_xact_lock(480724, 0);
    end if;
  end if;
  for rule in select * from jsonb_to_recordset(policy -> 'rules') as r (
      name text, "of" text, per text, currency text, amount numeric, count bigint, "then" text) loop
    used := bank_withdrawal.used_of(rule."of", owner, account, rule.currency,
                                    date_trunc(rule.per, bank_withdrawal.clock(), 'UTC'));
    if used.count + 1 > rule.count or used.amount + asked > rule.amount then
      over := over || to_jsonb(rule.name);
      if rule."then" = 'refuse' then
        refused := jsonb_build_object('name', rule.name, 'count', used.count, 'amount', trim_scale(used.amount)::text);
        return jsonb_build_object('refused', refused);
      end if;
    end if;
  end loop;
  if (policy ->> 'coolingOffHours')::integer > 0 then
    select min(w.created_at) into first_seen from bank_withdrawal.withdrawals w
     where w.destination_hash = account and w.user_id = owner;
    cools_until := coalesce(first_seen, bank_withdrawal.clock())
                   + make_interval(hours => (policy ->> 'coolingOffHours')::integer);
  end if;
  return jsonb_build_object(
    'causes', (select string_agg(cause, ',' order by place) from (
        select value as cause, ordinality as place from jsonb_array_elements_text(policy -> 'causes') with ordinality
         where value <> 'limit_reached' or over = '[]'
        union all select 'limit_reached', 1000 where over <> '[]') causes),
    'coolsUntil', case when cools_until > bank_withdrawal.clock() then cools_until end,
    'rules', (policy -> 'known') || over);
end $$;
