-- Why: what was paid on a day, and what was open at its end, is said once the day is over and stays as it was said: for
--   the accountant at the end of the month, and the auditor after that.
-- Locks: none, a new table.
-- Undo: drop the table and the function named here; what it says can be read from the journal again.

create table bank_withdrawal.payout_proofs (
  day       date primary key,
  -- The very text that the hash is over; src/domain/payout-proof.ts says what is in it.
  content   text not null,
  hash      text not null,
  -- Where there is a key to sign with.
  signature text,
  closed_at timestamptz not null
);
create function bank_withdrawal.refuse_rewriting_proofs() returns trigger language plpgsql as $$
begin
  raise exception 'what was said of a day stays as it was said';
end $$;
create trigger proofs_are_append_only before update or delete or truncate on bank_withdrawal.payout_proofs
  for each statement execute function bank_withdrawal.refuse_rewriting_proofs();
