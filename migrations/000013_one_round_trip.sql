-- Why: how many withdrawals a user has open is counted in the statement that stores the next one, in one round trip.
-- Locks: none, a new function.
-- Undo: drop the function named here.

-- Requests of one user queue up here until the commit, so that each counts what the one before has stored. Each
-- statement of a volatile function sees what was committed before it began: the count sees what the lock waited for.
create function bank_withdrawal.open_withdrawals_of(owner bigint, not_counted text[]) returns integer
  language plpgsql volatile set enable_seqscan = off as $$
begin
  -- Any number; it only has to be another one than that of other locks in this database.
  perform pg_advisory_xact_lock(480721, hashint8(owner));
  return (select count(*) from bank_withdrawal.withdrawals
           where user_id = owner and state not in ('processed', 'canceled', 'returning', 'returned')
             and state <> all (not_counted));
end $$;
