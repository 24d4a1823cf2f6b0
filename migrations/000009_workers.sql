-- Why: the leases of a process that is provably dead need not be waited for before somebody looks what it had done.
-- Locks: withdrawals exclusively, for adding an empty column; no time at all.
-- Undo: drop the column and the table named here.

-- A process while it works, seen by a session advisory lock on its id; rows of dead ones are cleared away.
create table bank_withdrawal.workers (
  id         text primary key,
  started_at timestamptz not null,
  -- Since when its lock was found free.
  missed_at  timestamptz,
  -- When it was taken for dead; final, a process that lives after all comes back under another id.
  gone_at    timestamptz
);

alter table bank_withdrawal.withdrawals
  -- Until when a call may still leave whose worker was given up before its lease was over: quiet times count from here.
  add column stray_until timestamptz;
