-- Why: a chain shows what was changed in it, and not that its end was cut off, or all of it written anew. A head over a
--   day's entries of all chains, signed by a key that is not in the database and kept elsewhere too, shows that.
-- Locks: the journal against writing, for building an index of some kilobytes; a second per million entries.
-- Undo: drop the table, the functions and the index named here.

-- Entries come in the order of their times, so an index of ranges will do, which costs their writers nothing.
create index journal_by_time on bank_withdrawal.journal using brin (at) with (pages_per_range = 32);

-- What all chains together got in that time: how many entries, and one hash over which and what. By the hour in
-- between, so that a busy day fits into memory.
create function bank_withdrawal.trail_digest(since timestamptz, until timestamptz)
  returns table (entries bigint, digest text) language sql stable as $$
  select coalesce(sum(hour.entries), 0)::bigint,
         encode(sha256(convert_to(coalesce(string_agg(hour.digest, '' order by hour.start), ''), 'UTF8')), 'hex')
    from (select date_trunc('hour', j.at at time zone 'utc') as start, count(*) as entries,
                 encode(sha256(convert_to(string_agg(j.withdrawal_id || ' ' || j.seq || ' ' || coalesce(j.hash, ''), E'\n'
                   order by j.withdrawal_id collate "C", j.seq), 'UTF8')), 'hex') as digest
            from bank_withdrawal.journal j where j.at >= since and j.at < until group by 1) hour
$$;

create table bank_withdrawal.trail_heads (
  nth       bigint primary key check (nth > 0),
  -- The very text that is signed; src/domain/trail-head.ts says what is in it.
  content   text not null,
  signature text not null
);
create function bank_withdrawal.refuse_rewriting_heads() returns trigger language plpgsql as $$
begin
  raise exception 'what was signed stays as it was';
end $$;
create trigger heads_are_append_only before update or delete or truncate on bank_withdrawal.trail_heads
  for each statement execute function bank_withdrawal.refuse_rewriting_heads();
