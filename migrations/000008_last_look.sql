-- Why: a worker from which a person took a row says when its call is over, so that nobody waits for its lease; a person
--   who let a withdrawal of a blocked or flagged user pass is not asked the same again at the last look before money
--   moves; a credit that the exchange refused is only called refused once no request for it can land.
-- Locks: withdrawals exclusively, for adding columns that are empty or have one default; milliseconds.
-- Undo: drop the columns named here.

alter table bank_withdrawal.withdrawals
  -- What the exchange said of the user when a person was asked: words of domain/standing.ts with commas between.
  add column reviewed_findings text,
  -- Who held it when a person took it, and may still be in the middle of a call.
  add column taken_from text,
  -- The last request for the credit was answered with a refusal.
  add column credit_refused boolean not null default false;
