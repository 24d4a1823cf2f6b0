-- Why: a user has only so many withdrawals open at once, and a one-time code lets one withdrawal pass.
-- Locks: withdrawals exclusively, for building a small index; a second per million rows.
-- Undo: drop the index and the table named here.

-- How many a user has open is counted with every new one.
create index withdrawals_open_of_user on bank_withdrawal.withdrawals (user_id)
  where state not in ('processed', 'canceled', 'returning', 'returned');

-- The codes that have let a withdrawal pass. What is older than a code can live is forgotten.
create table bank_withdrawal.used_codes (
  user_id bigint not null,
  -- A hash: a code is nobody's business, though it is worth nothing any more.
  code    text not null,
  used_at timestamptz not null,
  primary key (user_id, code)
);
create index used_codes_by_time on bank_withdrawal.used_codes (used_at);
