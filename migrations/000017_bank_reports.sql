-- Why: what a bank is said to have written decides over money: the bytes are kept, with who handed them in and why, so that
--   another can look at them before they count, and an auditor afterwards.
-- Locks: none, a new table.
-- Undo: drop the table and the function named here.

create table bank_withdrawal.bank_reports (
  provider     text not null,
  -- The SHA-256 of the bytes, in hex.
  document_id  text not null,
  name         text not null,
  -- Compressed and sealed; readable only where there are no keys.
  content      text not null,
  handed_in_by text not null,
  reason       text not null,
  handed_in_at timestamptz not null,
  primary key (provider, document_id)
);
create function bank_withdrawal.refuse_rewriting_reports() returns trigger language plpgsql as $$
begin
  raise exception 'what was handed in stays as it was';
end $$;
-- The content may be sealed anew under another key.
create trigger bank_reports_are_kept
  before update of provider, document_id, name, handed_in_by, reason, handed_in_at or delete or truncate
  on bank_withdrawal.bank_reports for each statement execute function bank_withdrawal.refuse_rewriting_reports();
