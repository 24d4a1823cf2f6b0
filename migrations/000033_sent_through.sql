-- Why: what was sent through one account is looked up and sent again through that one alone: another account proves that it
--   never had it. So what names the account is kept, as a hash, with the write that stores the intent to pay.
-- Locks: both tables exclusively for a moment, for adding an empty column. No row is written.
-- Undo: drop the columns; while an account is another one than before, nothing of it then shows.

alter table bank_withdrawal.withdrawals add column payer text;
alter table bank_withdrawal.retired_payouts add column payer text;
