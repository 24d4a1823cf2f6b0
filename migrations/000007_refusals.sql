-- Why: a refusal counts when a look-up has confirmed it, and what a provider once had is never sent again by a machine.
-- Locks: withdrawals exclusively, for adding empty columns and building a small index; a second per million rows.
-- Undo: drop the columns and the index named here, once nothing is in_doubt with a payout_refusal.

alter table bank_withdrawal.withdrawals
  -- What the provider said to the first and only request for this payout, until a look-up has confirmed it.
  add column payout_refusal text,
  -- Not before then, where it said "not now".
  add column payout_retry_at timestamptz,
  -- Since when the provider has said that it has it.
  add column taken_at timestamptz;

update bank_withdrawal.withdrawals set taken_at = state_since where state = 'submitted';
update bank_withdrawal.withdrawals set taken_at = state_since where state = 'in_doubt' and reason_code = 'vanished';

-- What takes too long is looked for once a minute.
create index withdrawals_since on bank_withdrawal.withdrawals (state_since)
  where state not in ('in_review', 'processed', 'canceled', 'returned', 'conflict');
