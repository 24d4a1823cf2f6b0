-- Why: a move of a withdrawal is counted with all others of its statement instead of for itself: of what it costs to move
--   a thousand withdrawals, counting each was a quarter.
-- Locks: withdrawals exclusively for a moment, for exchanging a trigger. No row is written.
-- Undo: drop the trigger and the function named here, and put moves_are_counted of migration 11 back.

-- Joined by hashes: the plan is made once for each session, when one row may be all there is.
create function bank_withdrawal.count_moves() returns trigger language plpgsql set enable_nestloop = off as $$
begin
  insert into bank_withdrawal.tally_moves
  with moved as materialized (
    select o.state as from_state, n.state as to_state, n.currency, n.provider, n.mode,
           n.amount, n.payout_amount, n.updated_at, n.created_at, n.returned_amount, n.canceled_by
      from was o join has n on n.id = o.id where o.state <> n.state
  ), judged as (
    select m.*,
           case when from_state <> 'conflict' or to_state <> 'processed' or returned_amount is null
                then bank_withdrawal.outcome_of(to_state, canceled_by) end as outcome,
           case when to_state = 'processed' then extract(epoch from updated_at - created_at) end as took_seconds
      from moved m
  )
  select from_state, to_state, currency, provider, mode, count(*), sum(amount), sum(payout_amount), updated_at, outcome,
         -- Any of its class says as much.
         min(took_seconds)
    from judged
   group by from_state, to_state, currency, provider, mode, updated_at, outcome, bank_withdrawal.took_class(took_seconds)
  union all
  -- What is canceled counts for no limit any more, in the hour in which it was asked for.
  select null, null, currency, provider, mode, sum(sign), sum(sign * amount), sum(sign * payout_amount), asked_at, 'void',
         null
    from (select m.*, case when to_state = 'canceled' then 1 else -1 end as sign, created_at as asked_at
            from moved m where 'canceled' in (from_state, to_state)) unasked
   group by currency, provider, mode, asked_at, sign;
  return null;
end $$;

-- It is called for every statement that writes withdrawals; what moves none of them counts nothing.
drop trigger moves_are_counted on bank_withdrawal.withdrawals;
create trigger moves_are_counted after update on bank_withdrawal.withdrawals
  referencing old table as was new table as has for each statement execute function bank_withdrawal.count_moves();
drop function bank_withdrawal.count_move();
