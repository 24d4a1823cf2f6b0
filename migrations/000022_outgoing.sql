-- Why: the exchange's own systems hear what becomes of each withdrawal, and its operators what needs them: at least once,
--   in order for each subject, and never by waiting in a request.
-- Locks: the journal exclusively for a moment, for adding an empty column, and against writing, for building an index that
--   is empty at first; a second per million entries. The rest are new tables.
-- Undo: drop the index, the column, the tables and the function named here.

-- Which transaction wrote an entry. Times and numbers are given out before a commit: who reads by them misses what commits
-- late. Below the oldest transaction that is still under way nothing can appear any more. Earlier entries have none, and
-- are told to nobody.
alter table bank_withdrawal.journal add column tx xid8;
alter table bank_withdrawal.journal alter column tx set default pg_current_xact_id();
create index journal_to_tell on bank_withdrawal.journal (tx)
  where tx is not null and from_state is distinct from to_state;

-- How far the journal has been told.
create table bank_withdrawal.told (
  feed          text primary key,
  tx            xid8 not null,
  withdrawal_id text not null default '',
  seq           integer not null default 0
);

-- Who is told, in versions that nobody rewrites; the last one counts.
create table bank_withdrawal.endpoints (
  endpoint_id text not null check (endpoint_id ~ '^[A-Za-z0-9_-]{8,64}$'),
  version     integer not null check (version > 0),
  audience    text not null check (audience in ('systems', 'operators')),
  name        text not null,
  url         text not null,
  -- What it is told of; none named: everything there is for its audience.
  kinds       jsonb not null check (jsonb_typeof(kinds) = 'array'),
  is_on       boolean not null,
  is_removed  boolean not null default false,
  actor       text not null,
  reason      text not null,
  at          timestamptz not null,
  primary key (endpoint_id, version)
);
create function bank_withdrawal.refuse_rewriting_endpoints() returns trigger language plpgsql as $$
begin
  raise exception 'versions of an endpoint stay as they were saved';
end $$;
create trigger endpoints_are_kept before update or delete or truncate on bank_withdrawal.endpoints
  for each statement execute function bank_withdrawal.refuse_rewriting_endpoints();

-- What an endpoint's messages are signed with: sealed among the secrets of the settings. While one takes the other's place
-- both sign.
create table bank_withdrawal.endpoint_secrets (
  endpoint_id text not null,
  secret_id   text not null references bank_withdrawal.setting_secrets (id),
  made_at     timestamptz not null,
  ends_at     timestamptz,
  primary key (endpoint_id, secret_id)
);

-- Messages, each for one endpoint. The order of their numbers is the order in which a subject's are sent.
create table bank_withdrawal.deliveries (
  id          bigint generated always as identity primary key,
  endpoint_id text not null,
  -- The same at every try, so that who hears it twice can tell.
  event_id    text not null check (event_id ~ '^[A-Za-z0-9_-]{1,128}$'),
  kind        text not null,
  subject     text not null,
  payload     text not null,
  state       text not null check (state in ('waiting', 'delivered', 'dead')),
  attempts    integer not null default 0 check (attempts >= 0),
  created_at  timestamptz not null,
  due_at      timestamptz,
  give_up_at  timestamptz not null,
  lease_owner text,
  lease_until timestamptz,
  -- Of the last try.
  last_at     timestamptz,
  last_status integer,
  last_error  text,
  ended_at    timestamptz,
  unique (endpoint_id, event_id),
  constraint nothing_is_forgotten check ((due_at is not null) = (state = 'waiting'))
);
create index deliveries_due on bank_withdrawal.deliveries (endpoint_id, due_at, id) where state = 'waiting';
create index deliveries_in_order on bank_withdrawal.deliveries (endpoint_id, subject, id) where state = 'waiting';
create index deliveries_of_subject on bank_withdrawal.deliveries (subject, id);
create index deliveries_dead on bank_withdrawal.deliveries (endpoint_id, id) where state = 'dead';
create index deliveries_ended on bank_withdrawal.deliveries (ended_at) where state <> 'waiting';

-- What operators are told: one for each outage, and not one for each withdrawal that it hits.
create table bank_withdrawal.notices (
  id          bigint generated always as identity primary key,
  kind        text not null,
  -- What makes it one outage: a provider, a kind of question.
  about       text not null,
  opened_at   timestamptz not null,
  -- Since when nothing of it is open; it ends when that has lasted.
  quiet_since timestamptz,
  cleared_at  timestamptz,
  -- How many messages were made of it, and when the last one.
  told        integer not null default 0 check (told >= 0),
  told_at     timestamptz
);
create unique index notices_open on bank_withdrawal.notices (kind, about) where cleared_at is null;
create index notices_by_time on bank_withdrawal.notices (opened_at desc, id desc);

create table bank_withdrawal.notice_items (
  notice_id  bigint not null references bank_withdrawal.notices (id) on delete cascade,
  subject    text not null,
  facts      jsonb not null default '{}',
  opened_at  timestamptz not null,
  seen_at    timestamptz not null,
  cleared_at timestamptz,
  is_told    boolean not null default false,
  primary key (notice_id, subject)
);
create index notice_items_open on bank_withdrawal.notice_items (notice_id, opened_at) where cleared_at is null;
