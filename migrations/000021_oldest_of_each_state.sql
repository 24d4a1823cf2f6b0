-- Why: whoever watches is told how long the oldest withdrawal of each state and currency has been there, every few seconds
--   and at the same cost however many wait: one look into an index for each kind.
-- Locks: withdrawals against writing, for building one partial index over what is open; a second per million open rows.
-- Undo: drop the index named here.

-- Both in one value: as columns of their own they would tempt a planner that has no statistics yet away from the index that
-- a batch is claimed by.
create index withdrawals_oldest on bank_withdrawal.withdrawals ((state || ' ' || currency), state_since)
  where state not in ('processed', 'canceled', 'returned');
