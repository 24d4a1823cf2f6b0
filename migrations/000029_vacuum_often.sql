-- Why: a claim reads its index from the earliest time on, past the entries of all that was worked off since the last
--   vacuum, and a withdrawal leaves five of them behind. PostgreSQL's default waits for a fifth of the table: of ten million
--   rows two million. Beside that it leaves indexes alone while few pages have dead rows, which are few in a large table.
-- Locks: none that anybody waits for who reads or writes.
-- Undo: alter table bank_withdrawal.withdrawals reset (autovacuum_vacuum_scale_factor, vacuum_index_cleanup).
alter table bank_withdrawal.withdrawals set (autovacuum_vacuum_scale_factor = 0.01, vacuum_index_cleanup = on);
