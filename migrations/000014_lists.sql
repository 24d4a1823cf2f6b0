-- Why: lists and searches are found by an index, whatever the size of the table and however deep the page.
-- Locks: withdrawals against writing, for building four indexes and one anew; ten seconds per million rows.
-- Undo: drop what is named here, and build withdrawals_of_user anew on (user_id, created_at desc, id desc).
--
-- Each index on withdrawals is written with each change of a row, six to nine times in the life of one. Hence few, and
-- none for an order that somebody may ask for once: those are sorted as long as there are few rows, and refused beyond.

-- A user's own list, with the currency beside it: a filter reads the index, not the rows.
drop index bank_withdrawal.withdrawals_of_user;
create index withdrawals_of_user on bank_withdrawal.withdrawals (user_id, created_at desc, id desc)
  include (currency);
-- The same by the status a client sees (pending, processed, canceled), as a filter and as an order.
create index withdrawals_of_user_by_status on bank_withdrawal.withdrawals (
  user_id,
  (case when state in ('processed', 'returning') then 2 when state in ('canceled', 'returned') then 3 else 1 end),
  created_at, id) include (currency, state);
-- What operators look at: the newest, and the newest in a state.
create index withdrawals_by_time on bank_withdrawal.withdrawals (created_at desc, id desc);
create index withdrawals_by_state on bank_withdrawal.withdrawals (state, created_at desc, id desc);
-- All to one account.
create index withdrawals_of_destination on bank_withdrawal.withdrawals (destination_hash);
-- A burn goes by the bank's transaction id or by the withdrawal's own, which have indexes; seldom by a third.
create index withdrawals_settled_otherwise on bank_withdrawal.withdrawals (settled_burn_id)
  where settled_burn_id is not null and settled_burn_id <> id
    and settled_burn_id is distinct from provider_transaction_id;

create index differences_answered on bank_withdrawal.differences (opened_at, id) where resolved_at is not null;
drop index bank_withdrawal.differences_open;
create index differences_open on bank_withdrawal.differences (opened_at, id) where resolved_at is null;

-- Every so many-th withdrawal of a user, counted from the oldest: the way to a page deep in a long list. Written by
-- whoever first goes there; a row keeps its place, for later ones come after it.
create table bank_withdrawal.list_marks (
  user_id    bigint not null,
  position   bigint not null check (position > 0),
  created_at timestamptz not null,
  id         text not null,
  primary key (user_id, position)
);
create function bank_withdrawal.forget_marks() returns trigger language plpgsql as $$
begin
  delete from bank_withdrawal.list_marks where user_id in (select user_id from gone);
  return null;
end $$;
create trigger places_have_moved after delete on bank_withdrawal.withdrawals
  referencing old table as gone for each statement execute function bank_withdrawal.forget_marks();
