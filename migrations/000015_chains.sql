-- Why: a journal entry or an operator's action that is changed, removed, put in or moved shows, though the triggers that
--   refuse it were switched off: each has a hash over itself and over the one before.
-- Locks: journal and operator_actions exclusively, for writing every row once; about a minute per million entries.
-- Undo: drop the triggers, functions and columns named here.

create function bank_withdrawal.journal_digest(
  before text, withdrawal_id text, seq integer, at timestamptz, event text, from_state text, to_state text, actor text,
  reason_code text, detail jsonb) returns text language sql stable as $$
  -- A list, so that no two entries are written alike; the time in words that no session's settings change.
  select encode(sha256(convert_to(jsonb_build_array(before, withdrawal_id, seq,
    to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'), event, from_state, to_state, actor, reason_code,
    detail)::text, 'UTF8')), 'hex')
$$;
create function bank_withdrawal.action_digest(
  before text, nth bigint, at timestamptz, actor text, action text, subject text, reason text, detail jsonb)
  returns text language sql stable as $$
  select encode(sha256(convert_to(jsonb_build_array(before, nth,
    to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'), actor, action, subject, reason, detail)::text,
    'UTF8')), 'hex')
$$;

-- One without a hash was written past the trigger: `npm run verify` names it.
alter table bank_withdrawal.journal add column hash text;
alter table bank_withdrawal.operator_actions add column nth bigint, add column hash text;

alter table bank_withdrawal.journal disable trigger journal_is_append_only;
do $$ declare step integer; begin
  -- All first entries, all second ones ...: each round needs the hashes of the one before it.
  for step in 1 .. (select coalesce(max(seq), 0) from bank_withdrawal.journal) loop
    update bank_withdrawal.journal j set hash = bank_withdrawal.journal_digest(
        coalesce((select b.hash from bank_withdrawal.journal b
                   where b.withdrawal_id = j.withdrawal_id and b.seq = step - 1), ''),
        j.withdrawal_id, j.seq, j.at, j.event, j.from_state, j.to_state, j.actor, j.reason_code, j.detail)
     where j.seq = step;
  end loop;
end $$;
alter table bank_withdrawal.journal enable trigger journal_is_append_only;

alter table bank_withdrawal.operator_actions disable trigger actions_are_append_only;
do $$ declare a record; last_hash text := ''; place bigint := 0; begin
  for a in select * from bank_withdrawal.operator_actions order by id loop
    place := place + 1;
    last_hash := bank_withdrawal.action_digest(
      last_hash, place, a.at, a.actor, a.action, a.subject, a.reason, a.detail);
    update bank_withdrawal.operator_actions set nth = place, hash = last_hash where id = a.id;
  end loop;
end $$;
alter table bank_withdrawal.operator_actions enable trigger actions_are_append_only;
alter table bank_withdrawal.operator_actions add unique (nth);

-- Whatever statement writes an entry, and however many at once: a row sees those that its own statement wrote before it.
create function bank_withdrawal.chain_entry() returns trigger language plpgsql as $$
declare before text := '';
begin
  if new.seq > 1 then
    select hash into before from bank_withdrawal.journal
     where withdrawal_id = new.withdrawal_id and seq = new.seq - 1;
  end if;
  new.hash := bank_withdrawal.journal_digest(coalesce(before, ''), new.withdrawal_id, new.seq, new.at, new.event,
    new.from_state, new.to_state, new.actor, new.reason_code, new.detail);
  return new;
end $$;
create trigger journal_is_chained before insert on bank_withdrawal.journal
  for each row execute function bank_withdrawal.chain_entry();

-- One chain over all of them: two people at once wait for each other, until the first one's action is there to see.
create function bank_withdrawal.chain_action() returns trigger language plpgsql as $$
declare last record;
begin
  perform pg_advisory_xact_lock(hashtextextended('bank_withdrawal.operator_actions', 0));
  select a.nth, a.hash into last from bank_withdrawal.operator_actions a order by a.nth desc limit 1;
  new.nth := coalesce(last.nth, 0) + 1;
  new.hash := bank_withdrawal.action_digest(
    coalesce(last.hash, ''), new.nth, new.at, new.actor, new.action, new.subject, new.reason, new.detail);
  return new;
end $$;
create trigger actions_are_chained before insert on bank_withdrawal.operator_actions
  for each row execute function bank_withdrawal.chain_action();
