-- Why: reason_code is for people. What a program decides by has a column of its own.
-- Locks: withdrawals exclusively, for adding columns that are empty or have one default; rows that wait or are in
--   question are written once, seconds per million rows.
-- Undo: drop the columns named here.

alter table bank_withdrawal.withdrawals
  -- Facts that cannot both be true were seen, and nobody has decided over them: no later answer takes that back.
  add column contradiction text check (contradiction in (
    'amount_mismatch', 'duplicate_reference', 'hold_changed', 'hold_missing')),
  -- Who asked to give the balance back before anything was sent.
  add column canceled_by text check (canceled_by in ('user', 'operator')),
  -- It waits for its provider to be resumed, not for a time.
  add column waits_for_resume boolean not null default false;

update bank_withdrawal.withdrawals set contradiction = reason_code
 where (state = 'in_doubt' and reason_code in ('amount_mismatch', 'duplicate_reference'))
    or (state = 'releasing' and reason_code in ('hold_changed', 'hold_missing'));
update bank_withdrawal.withdrawals
   set canceled_by = case reason_code when 'canceled_by_user' then 'user' else 'operator' end
 where state in ('releasing', 'canceled') and reason_code in ('canceled_by_user', 'canceled_by_operator');
update bank_withdrawal.withdrawals set waits_for_resume = true
 where state = 'ready' and reason_code = 'provider_paused';
