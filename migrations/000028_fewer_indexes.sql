-- Why: a withdrawal on its way is written anew in each of its indexes, five times and more; three of them answered what
--   another one answers as well. The queue of a batch is read in its whole order now: without the id in it every batch sorted
--   all that waited since the same moment.
-- Locks: withdrawals exclusively for dropping indexes and building one, of what is ready for a batch: a second per million rows.
-- Undo: build the indexes named here as migrations 1, 2, 4 and 7 have them, and put the function of migration 13 back.

-- What is open is what a user's list calls pending: of_user_by_status has it, with the state beside it.
create or replace function bank_withdrawal.open_withdrawals_of(owner bigint, not_counted text[]) returns integer
  language plpgsql volatile set enable_seqscan = off as $$
begin
  -- Any number; it only has to be another one than that of other locks in this database.
  perform pg_advisory_xact_lock(480721, hashint8(owner));
  return (select count(*) from bank_withdrawal.withdrawals
           where user_id = owner
             and (case when state in ('processed', 'returning') then 2 when state in ('canceled', 'returned') then 3 else 1
                  end) = 1
             and state <> all (not_counted));
end $$;
drop index bank_withdrawal.withdrawals_open_of_user;

-- What takes too long is found by the index of the oldest, a state and currency after the other.
drop index bank_withdrawal.withdrawals_since;

-- A batch knows its members: batch_items.
drop index bank_withdrawal.withdrawals_of_batch;

drop index bank_withdrawal.withdrawals_for_batch;
create index withdrawals_for_batch on bank_withdrawal.withdrawals (provider, currency, next_run_at, id)
  where state = 'ready' and mode = 'batch';
