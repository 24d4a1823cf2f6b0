-- Why: a payout that was never handed in leaves again under another key; what was known by the old one is remembered.
-- Locks: withdrawals exclusively, for adding a column with a default; milliseconds.
-- Undo: drop the column and the table named here; a withdrawal whose payout was retired must not be sent by what knows
--   nothing of it.

alter table bank_withdrawal.withdrawals
  -- How many payouts of it were given up for another under a new key.
  add column retired_payouts integer not null default 0 check (retired_payouts >= 0);

-- Payouts that were proven not to be made. A bank may say otherwise later: whatever it calls them by leads to the
-- withdrawal, and they are looked up for as long as they could be paid after all.
create table bank_withdrawal.retired_payouts (
  payout_key         text primary key,
  withdrawal_id      text not null references bank_withdrawal.withdrawals (id),
  provider           text not null,
  end_to_end_id      text not null,
  -- What it was sent in: its own key, or its batch's.
  order_key          text not null,
  provider_reference text,
  order_reference    text,
  why                text not null check (why in ('voided', 'proven_unpaid')),
  retired_at         timestamptz not null,
  watch_at           timestamptz,
  watch_until        timestamptz not null
);
create index retired_payouts_of_withdrawal on bank_withdrawal.retired_payouts (withdrawal_id);
create index retired_payouts_end_to_end_id on bank_withdrawal.retired_payouts (end_to_end_id);
create index retired_payouts_reference on bank_withdrawal.retired_payouts (provider_reference)
  where provider_reference is not null;
create index retired_payouts_watched on bank_withdrawal.retired_payouts (watch_at) where watch_at is not null;

create function bank_withdrawal.refuse_forgetting_payouts() returns trigger language plpgsql as $$
begin
  raise exception 'what was sent once is not forgotten';
end $$;
create trigger retired_payouts_are_kept
  before update of payout_key, withdrawal_id, provider, end_to_end_id, order_key, why, retired_at or delete or truncate
  on bank_withdrawal.retired_payouts for each statement execute function bank_withdrawal.refuse_forgetting_payouts();
