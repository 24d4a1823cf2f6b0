-- Why: of a hundred million withdrawals the journal is more than half of all bytes, and hardly any of it is read again. In parts
--   by month, which whoever wants them asks for, what is over can lie on other disks and is vacuumed for the last time.
-- Locks: none, new functions. Nothing is cut before somebody asks for it; what that locks stands with each step.
-- Undo: drop the functions named here. A journal that has been cut stays cut, and works on.

-- What is first given out in that moment: ids begin with their time (UUID version 7), and are of one shape, which all
-- collations order alike. Ids of another shape are somewhere before or behind, always in the same part.
create function bank_withdrawal.first_id_of(moment timestamptz) returns text language sql immutable as $$
  select regexp_replace(lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0'), '(.{8})(.{4})',
                        '\1-\2-7000-8000-000000000000')
$$;
create function bank_withdrawal.moment_of_id(id text) returns timestamptz language sql immutable as $$
  select to_timestamp(('x' || lpad(replace(left(id, 13), '-', ''), 16, '0'))::bit(64)::bigint / 1000.0)
$$;

-- What the parts of the journal are. What has no begin is the journal as it was before it was cut, and takes whatever is of
-- no month. The last part has no end that matters: who keeps none ahead loses nothing.
create function bank_withdrawal.journal_parts()
  returns table (part regclass, name text, "from" text, "to" text) language sql stable as $$
  select c.oid::regclass, c.relname::text, (bounds.quoted)[1], (bounds.quoted)[2]
    from pg_inherits i join pg_class c on c.oid = i.inhrelid,
         regexp_match(pg_get_expr(c.relpartbound, c.oid), '\(''([^'']+)''\) TO \(''([^'']+)''\)') bounds (quoted)
   where i.inhparent = 'bank_withdrawal.journal'::regclass
$$;

-- As chain_entry, whose words these are, for one part: all entries of a withdrawal are in the same one. Asked of the whole, the plan that is kept
-- locks every part for each entry: fifty microseconds of two hundred with two years of months.
create function bank_withdrawal.chain_part(name text) returns void language plpgsql as $$
begin
  execute format($made$
    create or replace function bank_withdrawal.%I() returns trigger language plpgsql as $body$
    declare before text := '';
    begin
      if new.seq > 1 then
        select hash into before from bank_withdrawal.%I where withdrawal_id = new.withdrawal_id and seq = new.seq - 1;
      end if;
      new.hash := bank_withdrawal.journal_digest(coalesce(before, ''), new.withdrawal_id, new.seq, new.at, new.event,
        new.from_state, new.to_state, new.actor, new.reason_code, new.detail);
      return new;
    end $body$;
    create or replace trigger journal_is_chained before insert on bank_withdrawal.%I
      for each row execute function bank_withdrawal.%I()$made$, 'chain_' || name, name, name, 'chain_' || name);
  execute format('alter function bank_withdrawal.%I() owner to %I', 'chain_' || name,
                 (select pg_get_userbyid(relowner) from pg_class where oid = 'bank_withdrawal.journal'::regclass));
end $$;

-- A statement on a part fires no trigger of the whole for statements, and asks for the part's own privileges: nobody
-- but the owner writes there, and whoever may read the whole may read a part, as a backup does.
create function bank_withdrawal.guard_part(name text) returns void language plpgsql as $$
declare whom text;
begin
  if not exists (select from pg_trigger where tgrelid = format('bank_withdrawal.%I', name)::regclass
                    and tgname = 'journal_is_append_only') then
    execute format('create trigger journal_is_append_only before update or delete or truncate on bank_withdrawal.%I
      for each statement execute function bank_withdrawal.refuse_rewriting()', name);
  end if;
  perform bank_withdrawal.chain_part(name);
  execute format('alter table bank_withdrawal.%I owner to %I', name, (select pg_get_userbyid(relowner) from pg_class
    where oid = 'bank_withdrawal.journal'::regclass));
  for whom in
    select distinct coalesce(quote_ident(r.rolname), 'public') from pg_class c, aclexplode(c.relacl) a
      left join pg_roles r on r.oid = a.grantee
     where c.oid in (format('bank_withdrawal.%I', name)::regclass, 'bank_withdrawal.journal'::regclass)
       and a.grantee <> c.relowner
  loop
    execute format('revoke all on bank_withdrawal.%I from %s', name, whom);
    if exists (select from pg_class c, aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
                where c.oid = 'bank_withdrawal.journal'::regclass and a.privilege_type = 'SELECT'
                  and coalesce(quote_ident(r.rolname), 'public') = whom) then
      execute format('grant select on bank_withdrawal.%I to %s', name, whom);
    end if;
  end loop;
end $$;

create function bank_withdrawal.add_part(name text, since text, until text) returns void language plpgsql as $$
begin
  execute format('create table bank_withdrawal.%I partition of bank_withdrawal.journal for values from (%L) to (%L)',
                 name, since, until);
  perform bank_withdrawal.guard_part(name);
end $$;

-- What would be left behind with the old table: said, and nothing is done.
create function bank_withdrawal.refuse_strangers() returns void language plpgsql as $$
declare stranger text;
begin
  select what into stranger from (
    select 'the trigger ' || tgname as what from pg_trigger
     where tgrelid = 'bank_withdrawal.journal'::regclass and not tgisinternal
       and tgname not in ('journal_is_append_only', 'journal_is_chained')
    union all
    select distinct pg_describe_object(classid, objid, 0) from pg_depend
     where refclassid = 'pg_class'::regclass and refobjid = 'bank_withdrawal.journal'::regclass
       and classid in ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass, 'pg_publication_rel'::regclass)
    union all
    select 'the foreign key ' || conname from pg_constraint
     where confrelid = 'bank_withdrawal.journal'::regclass and conrelid <> confrelid
    union all
    select 'a privilege on the column ' || attname from pg_attribute
     where attrelid = 'bank_withdrawal.journal'::regclass and attacl is not null) strangers limit 1;
  if stranger is not null then
    raise exception 'The journal cannot be cut: % would be left behind. Take it off, and make it anew afterwards.', stranger;
  end if;
end $$;

-- The journal as it is becomes the part of all that is of no month; no row is moved. Everything goes with it: what is
-- found in indexes of the old table is found in the same ones.
create function bank_withdrawal.cut_journal(since text, until text) returns void language plpgsql as $$
declare
  old constant regclass := 'bank_withdrawal.journal';
  made record;
  -- As they are called now.
  found_by constant text[] := array(select pg_get_indexdef(indexrelid) from pg_index
                                     where indrelid = old and not indisunique and indisvalid);
  def text;
begin
  perform bank_withdrawal.refuse_strangers();
  alter table bank_withdrawal.journal rename to journal_before;
  for made in select relname from pg_class where oid in (select indexrelid from pg_index where indrelid = old) loop
    execute format('alter index bank_withdrawal.%I rename to %I', made.relname,
                   'journal_before_' || regexp_replace(made.relname, '^journal_', ''));
  end loop;
  create table bank_withdrawal.journal (
    like bank_withdrawal.journal_before including defaults including storage including compression including comments
  ) partition by range (withdrawal_id);
  alter table bank_withdrawal.journal
    add primary key (withdrawal_id, seq),
    add foreign key (withdrawal_id) references bank_withdrawal.withdrawals (id);
  foreach def in array found_by loop execute def; end loop;
  create trigger journal_is_append_only before update or delete or truncate on bank_withdrawal.journal
    for each statement execute function bank_withdrawal.refuse_rewriting();
  execute format('alter table bank_withdrawal.journal owner to %I',
                 (select pg_get_userbyid(relowner) from pg_class where oid = old));
  for made in
    select a.privilege_type as what, coalesce(quote_ident(r.rolname), 'public') as grantee, a.is_grantable
      from pg_class c, aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
     where c.oid = old and a.grantee <> c.relowner loop
    execute format('grant %s on bank_withdrawal.journal to %s %s', made.what, made.grantee,
                   case when made.is_grantable then 'with grant option' else '' end);
  end loop;
  alter table bank_withdrawal.journal attach partition bank_withdrawal.journal_before default;
  perform bank_withdrawal.guard_part('journal_before');
  perform bank_withdrawal.add_part('journal_later', since, until);
end $$;

-- The part that is open at its end gets one: what is in it stays in it, or behind it where nothing is in the next month.
create function bank_withdrawal.cut_later(since text, cut text, until text, stays boolean) returns void language plpgsql as $$
declare name constant text := to_char(bank_withdrawal.moment_of_id(since) at time zone 'utc', '"journal_"YYYY_MM');
begin
  alter table bank_withdrawal.journal detach partition bank_withdrawal.journal_later;
  if stays then
    execute format('alter table bank_withdrawal.journal_later rename to %I', name);
    execute format('alter table bank_withdrawal.journal attach partition bank_withdrawal.%I for values from (%L) to (%L)',
                   name, since, cut);
    execute format('alter table bank_withdrawal.%I drop constraint if exists journal_ends', name);
    perform bank_withdrawal.chain_part(name);
    perform bank_withdrawal.add_part('journal_later', cut, until);
  else
    perform bank_withdrawal.add_part(name, since, cut);
    execute format('alter table bank_withdrawal.journal attach partition bank_withdrawal.journal_later
      for values from (%L) to (%L)', cut, until);
  end if;
end $$;

-- One step, in a transaction of its own; to be called until it says 'done'. What it waits for it gives up soon ('55P03'), and
-- may be called again at any time, by anybody: each step begins with what is there.
--   'fenced'   From now on nothing goes into the open part that begins behind its end to be. In an instant, exclusively.
--   'proven'   Nothing of the kind is in it. Reads all of its rows, while others read and write.
--   'cut'      It has its end, and another one is open. Writers of withdrawals wait for an instant.
--   'unfenced' A fence that somebody left standing is taken away, weeks before anything could reach it.
--   'left'     What is in the open part lies so far apart that it stays open. Everything works on.
--   'busy'     Somebody else is at it.
-- What is no larger than `small` is read under the lock instead: two steps less, in a tenth of a second.
create function bank_withdrawal.keep_journal_by_month(wanted boolean, ahead integer, small bigint default 67108864)
  returns text language plpgsql set lock_timeout = '500ms' set "TimeZone" = 'UTC' as $$
declare
  this_month constant timestamptz := date_trunc('month', bank_withdrawal.clock());
  is_cut constant boolean := (select relkind = 'p' from pg_class where oid = 'bank_withdrawal.journal'::regclass);
  open_part constant regclass := case when is_cut then 'bank_withdrawal.journal_later' else 'bank_withdrawal.journal' end;
  fence record;
  since text;
  until text;
  cut text;
  month timestamptz;
begin
  if not pg_try_advisory_xact_lock(480731, 0) then return 'busy'; end if;
  select convalidated as is_proven, m[1] as begins, m[2] as ends into fence
    from pg_constraint, regexp_match(pg_get_constraintdef(oid), '''([^'']+)''(?:.*''([^'']+)'')?') m
   where conrelid = open_part and conname = 'journal_ends';
  if found and (bank_withdrawal.moment_of_id(fence.begins) < bank_withdrawal.clock() + interval '14 days'
                or not (is_cut or wanted)) then
    execute format('alter table %s drop constraint journal_ends', open_part);
    return 'unfenced';
  end if;
  if fence.begins is not null and not fence.is_proven then
    execute format('alter table %s validate constraint journal_ends', open_part);
    return 'proven';
  end if;

  if not is_cut then
    if not wanted then return 'done'; end if;
    if fence.begins is null then
      perform bank_withdrawal.refuse_strangers();
      -- Not before the month after the next: whatever is given out until the cut is before it, by clocks that are ahead too.
      since := bank_withdrawal.first_id_of(this_month + interval '2 months');
      -- Of what has another shape, some may lie where the times of the next years will.
      until := (select min(withdrawal_id) from bank_withdrawal.journal where withdrawal_id >= since);
      until := least(until, bank_withdrawal.first_id_of(this_month + interval '10 years'));
      if until < bank_withdrawal.first_id_of(this_month + interval '3 months') then
        raise exception 'The journal cannot be cut now: % is among the ids of next months. Next month it may be.', until;
      end if;
      execute format('alter table bank_withdrawal.journal add constraint journal_ends
        check (withdrawal_id < %L or withdrawal_id >= %L) not valid', since, until);
      return 'fenced';
    end if;
    -- In the order in which withdrawals are written, so that nobody waits for us who has what we wait for.
    lock table bank_withdrawal.withdrawals in share row exclusive mode;
    lock table bank_withdrawal.journal in access exclusive mode;
    perform bank_withdrawal.cut_journal(fence.begins, fence.ends);
    return 'cut';
  end if;

  select p."from", p."to" into since, until from bank_withdrawal.journal_parts() p where p.part = open_part;
  if bank_withdrawal.moment_of_id(since) >= this_month + make_interval(months => ahead + 1) then return 'done'; end if;
  month := bank_withdrawal.moment_of_id(since) + interval '1 month';
  cut := bank_withdrawal.first_id_of(month);
  if cut >= until then return 'done'; end if;
  if not exists (select from bank_withdrawal.journal where withdrawal_id >= since and withdrawal_id < cut) then
    lock table bank_withdrawal.withdrawals in share row exclusive mode;
    lock table only bank_withdrawal.journal in access exclusive mode;
    -- Whoever wrote meanwhile has written now.
    if exists (select from bank_withdrawal.journal where withdrawal_id >= since and withdrawal_id < cut) then
      return 'busy';
    end if;
    perform bank_withdrawal.cut_later(since, cut, until, false);
    return 'cut';
  end if;
  -- Nobody has kept months ahead: what has been written in it since then stays together.
  if fence.begins is null then
    if pg_relation_size(open_part) > small then month := greatest(month, this_month + interval '2 months'); end if;
    while exists (select from bank_withdrawal.journal
                   where withdrawal_id >= bank_withdrawal.first_id_of(month) and withdrawal_id < until) loop
      month := month + interval '1 month';
    end loop;
    cut := bank_withdrawal.first_id_of(month);
    if cut >= until then return 'left'; end if;
    if pg_relation_size(open_part) > small then
      execute format('alter table bank_withdrawal.journal_later add constraint journal_ends check (withdrawal_id < %L) not valid',
                     cut);
      return 'fenced';
    end if;
  else
    cut := fence.begins;
  end if;
  lock table bank_withdrawal.withdrawals in share row exclusive mode;
  lock table only bank_withdrawal.journal in access exclusive mode;
  if exists (select from bank_withdrawal.journal where withdrawal_id >= cut and withdrawal_id < until) then
    return 'busy';
  end if;
  perform bank_withdrawal.cut_later(since, cut, until, true);
  return 'cut';
end $$;
