-- Why: one word stops everything, in every instance and without a race; what one person alone could misuse is asked of
--   a second one, about exactly the record that the first has seen.
-- Locks: withdrawals for a moment, for adding a trigger; the rest are new tables.
-- Undo: drop the trigger, functions and tables named here.

-- Whether anything is accepted or may leave; no row: nobody has ever stopped it.
create table bank_withdrawal.stop (
  is_only    boolean primary key default true check (is_only),
  is_stopped boolean not null,
  -- What users read.
  message    text not null,
  reason     text not null,
  actor      text not null,
  version    integer not null check (version > 0),
  updated_at timestamptz not null
);

-- Asked by the very statement that stores an intent to pay, to credit or to accept. Whoever stops everything waits for
-- those that have been told yes, and who asks later sees the stop: a volatile function looks anew after its wait.
create function bank_withdrawal.may_leave() returns boolean language plpgsql volatile as $$
declare stopped boolean;
begin
  perform pg_advisory_xact_lock_shared(480722, 0);
  select exists (select from bank_withdrawal.stop where is_stopped) into stopped;
  return not stopped;
end $$;

create function bank_withdrawal.refuse_while_stopped() returns trigger language plpgsql as $$
begin
  if not bank_withdrawal.may_leave() then
    raise exception 'everything is stopped' using errcode = 'BW001';
  end if;
  return null;
end $$;
create trigger nothing_is_accepted_while_stopped before insert on bank_withdrawal.withdrawals
  for each statement execute function bank_withdrawal.refuse_while_stopped();

-- What one person has proposed and another has to confirm.
create table bank_withdrawal.approvals (
  id              bigint generated always as identity primary key,
  action          text not null,
  subject_kind    text not null,
  subject         text not null,
  -- Of the record, as it was seen: of another version nothing is said.
  subject_version integer not null,
  content         jsonb not null default '{}',
  -- How many others have to confirm it.
  needed          integer not null check (needed > 0),
  asked_by        text not null,
  reason          text not null,
  asked_at        timestamptz not null,
  closed_at       timestamptz,
  closed_as       text check (closed_as in ('done', 'refused', 'changed')),
  check ((closed_at is null) = (closed_as is null))
);
create unique index approvals_open on bank_withdrawal.approvals (subject_kind, subject, action)
  where closed_at is null;
create index approvals_of_subject on bank_withdrawal.approvals (subject_kind, subject, id desc);

create table bank_withdrawal.approval_words (
  approval_id bigint not null references bank_withdrawal.approvals (id),
  actor       text not null,
  confirms    boolean not null,
  reason      text not null,
  at          timestamptz not null,
  -- Nobody decides twice.
  primary key (approval_id, actor)
);

create function bank_withdrawal.refuse_rewriting_approvals() returns trigger language plpgsql as $$
begin
  raise exception 'what was proposed and confirmed stays as it was';
end $$;
create trigger approvals_are_kept
  before update of action, subject_kind, subject, subject_version, content, needed, asked_by, reason, asked_at
  or delete or truncate on bank_withdrawal.approvals
  for each statement execute function bank_withdrawal.refuse_rewriting_approvals();
create trigger approval_words_are_kept before update or delete or truncate on bank_withdrawal.approval_words
  for each statement execute function bank_withdrawal.refuse_rewriting_approvals();
create function bank_withdrawal.refuse_own_word() returns trigger language plpgsql as $$
begin
  if new.confirms and exists (select from bank_withdrawal.approvals a
                               where a.id = new.approval_id and a.asked_by = new.actor) then
    raise exception 'nobody confirms what they have proposed';
  end if;
  return new;
end $$;
create trigger nobody_confirms_alone before insert on bank_withdrawal.approval_words
  for each row execute function bank_withdrawal.refuse_own_word();
