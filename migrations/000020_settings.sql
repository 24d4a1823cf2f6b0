-- Why: what operators set is kept as versions that nobody rewrites, with who, when and why, and takes effect in every
--   instance; secrets are apart, sealed, so that a change of keys can seal them anew without touching a version.
-- Locks: none but for new tables.
-- Undo: drop the tables and the function named here; what is given in code and by the environment stays.

create table bank_withdrawal.settings (
  version    integer primary key check (version > 0),
  -- All that is set, by full name: a text, a number, true or false, or {"secret": id}.
  given      jsonb not null check (jsonb_typeof(given) = 'object'),
  -- The version whose values these are again.
  undone_to  integer check (undone_to >= 0),
  actor      text not null,
  reason     text not null,
  at         timestamptz not null
);

-- What a version names by its id. Of one that is only proposed nothing comes unless it is confirmed.
create table bank_withdrawal.setting_secrets (
  id      text primary key,
  setting text not null,
  sealed  text not null,
  at      timestamptz not null
);

create function bank_withdrawal.refuse_rewriting_settings() returns trigger language plpgsql as $$
begin
  raise exception 'versions of the settings stay as they were saved';
end $$;
create trigger settings_are_kept before update or delete or truncate on bank_withdrawal.settings
  for each statement execute function bank_withdrawal.refuse_rewriting_settings();
-- Sealed anew they may be; another setting's they never become.
create trigger setting_secrets_are_kept
  before update of id, setting, at or delete or truncate on bank_withdrawal.setting_secrets
  for each statement execute function bank_withdrawal.refuse_rewriting_settings();
