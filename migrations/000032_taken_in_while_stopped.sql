-- Why: what was lost is taken into the books while everything is stopped, as after a restore: nothing was accepted, nothing
--   leaves with it, and it stays frozen until a person has decided.
-- Locks: withdrawals exclusively for a moment, for exchanging a trigger. No row is written.
-- Undo: put the function and the trigger of migration 16 back.

create or replace function bank_withdrawal.refuse_while_stopped() returns trigger language plpgsql as $$
begin
  if exists (select from added where state <> 'conflict') then
    if not bank_withdrawal.may_leave() then
      raise exception 'everything is stopped' using errcode = 'BW001';
    end if;
  end if;
  return null;
end $$;

-- Asked when the rows are there, and before they are committed: whoever stops everything waits for that.
drop trigger nothing_is_accepted_while_stopped on bank_withdrawal.withdrawals;
create trigger nothing_is_accepted_while_stopped after insert on bank_withdrawal.withdrawals
  referencing new table as added for each statement execute function bank_withdrawal.refuse_while_stopped();
