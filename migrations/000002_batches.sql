-- Why: payouts go out together, in batches whose members are fixed before the call; operators pause providers.
-- Locks: withdrawals exclusively, for adding empty columns and checking one constraint; a second per million rows.
-- Undo: drop the columns and tables named here.

create table bank_withdrawal.batches (
  id                 text primary key check (id ~ '^[A-Za-z0-9_-]{8,64}$'),
  provider           text not null,
  currency           text not null,
  -- What the provider knows the batch by; the same for every time it is sent.
  batch_key          text not null unique,
  state              text not null check (state in ('sending', 'sent', 'refused', 'in_doubt')),
  item_count         integer not null check (item_count > 0),
  total              numeric not null check (total > 0 and total < 'Infinity'),
  payload_hash       text not null,
  -- How often it was sent.
  attempts           integer not null default 1 check (attempts > 0),
  provider_reference text,
  reason_code        text,
  created_at         timestamptz not null,
  sent_at            timestamptz not null,
  updated_at         timestamptz not null
);
create index batches_by_time on bank_withdrawal.batches (created_at desc, id desc);
create index batches_sending on bank_withdrawal.batches (sent_at) where state = 'sending';

-- Who was in it, for good: a withdrawal that is taken out and sent again is in another batch too.
create table bank_withdrawal.batch_items (
  batch_id      text not null references bank_withdrawal.batches (id),
  withdrawal_id text not null references bank_withdrawal.withdrawals (id),
  position      integer not null check (position >= 0),
  amount        numeric not null check (amount > 0 and amount < 'Infinity'),
  primary key (batch_id, withdrawal_id),
  unique (batch_id, position)
);
create index batch_items_of_withdrawal on bank_withdrawal.batch_items (withdrawal_id);
create function bank_withdrawal.refuse_changing_batches() returns trigger language plpgsql as $$
begin
  raise exception 'the members of a batch never change';
end $$;
create trigger members_are_frozen before update or delete or truncate on bank_withdrawal.batch_items
  for each statement execute function bank_withdrawal.refuse_changing_batches();
create trigger batches_are_frozen
  before update of id, provider, currency, batch_key, item_count, total, payload_hash, created_at or delete
  on bank_withdrawal.batches for each statement execute function bank_withdrawal.refuse_changing_batches();
-- Nobody joins later: all members come in one statement.
create function bank_withdrawal.refuse_late_members() returns trigger language plpgsql as $$
begin
  if exists (select from bank_withdrawal.batches b
              where b.id in (select batch_id from added)
                and b.item_count <> (select count(*) from bank_withdrawal.batch_items i where i.batch_id = b.id)) then
    raise exception 'the members of a batch never change';
  end if;
  return null;
end $$;
create trigger members_are_complete after insert on bank_withdrawal.batch_items
  referencing new table as added for each statement execute function bank_withdrawal.refuse_late_members();

alter table bank_withdrawal.withdrawals
  -- The batch it is in now: one column, so it can never be in two.
  -- Checked at commit: the members are moved first, and the batch is made of those that did.
  add column batch_id text references bank_withdrawal.batches (id) deferrable initially deferred,
  -- Batches with it were refused without a reason: the largest it may be in from now on; 0 was refused alone.
  add column batch_size_max integer check (batch_size_max >= 0),
  add constraint what_waits_is_in_no_batch check (
    batch_id is null or state not in ('requested', 'in_review', 'ready'));
create index withdrawals_of_batch on bank_withdrawal.withdrawals (batch_id) where batch_id is not null;

-- What an operator has decided about a provider.
create table bank_withdrawal.provider_states (
  provider   text primary key,
  is_paused  boolean not null,
  reason     text not null,
  actor      text not null,
  version    integer not null check (version > 0),
  updated_at timestamptz not null
);

-- Who did what, beside what the journal of a withdrawal already says.
create table bank_withdrawal.operator_actions (
  id      bigint generated always as identity primary key,
  at      timestamptz not null,
  actor   text not null,
  action  text not null,
  subject text not null,
  reason  text not null,
  detail  jsonb not null default '{}'
);
create function bank_withdrawal.refuse_rewriting_actions() returns trigger language plpgsql as $$
begin
  raise exception 'bank_withdrawal.operator_actions is append-only';
end $$;
create trigger actions_are_append_only before update or delete or truncate on bank_withdrawal.operator_actions
  for each statement execute function bank_withdrawal.refuse_rewriting_actions();
