import type { Check } from './check'
import { CHAIN_OF_PART, codeInSql, FUNCTIONS, TRIGGERS } from './defined'
import { GUARDED } from './guarded'

const EXPECTED = Object.entries(GUARDED)
  .flatMap(([place, names]) => names.map((name) => `('${place}', '${name}')`))
  .join(', ')

/** By its table: a name may be there twice. Of a journal that is cut by month the parts are chained, and not the whole. */
const MISSING = `select e.name, 'is missing or broken on ' || e.place
          from (select place, name, to_regclass('bank_withdrawal.' || place) as relation
                  from (values ${EXPECTED}) named (place, name)) e
         where not exists (select from pg_trigger where tgrelid = e.relation and tgname = e.name)
           and not exists (select from pg_constraint where conrelid = e.relation and conname = e.name)
           and not exists (select from pg_index i join pg_class n on n.oid = i.indexrelid
                            where i.indrelid = e.relation and n.relname = e.name and i.indisunique and i.indisvalid)
           and not (e.name = 'journal_is_chained' and exists (select from pg_class where oid = e.relation and relkind = 'p'))`

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
const DIGEST = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`

const typeOnJournal = (trigger: string): number =>
  TRIGGERS.find(({ table, name }) => table === 'journal' && name === trigger)?.type ?? 0

/** A trigger that is there keeps nothing where what it calls does nothing. */
const OTHER_FUNCTIONS = `select e.name, 'is not the function that the migrations define'
          from (values ${FUNCTIONS.map(({ name, digest, volatility }) => `('${name}', '${digest}', '${volatility}')`).join(', ')})
               e (name, digest, volatility)
          left join pg_proc f on f.proname = e.name and f.pronamespace = 'bank_withdrawal'::regnamespace
         where f.oid is null or f.prosecdef or f.provolatile::text <> e.volatility or ${DIGEST(codeInSql('f.prosrc'))} <> e.digest`
const OTHER_TRIGGERS = `select t.tgname::text, 'is not the trigger that the migrations define on ' || e.place
          from (values ${TRIGGERS.map(({ table, name, calls, type, columns }) => `('${table}', '${name}', '${calls}', ${type}, '${columns}')`).join(', ')})
               e (place, name, calls, type, columns)
          join pg_trigger t on t.tgname = e.name and t.tgrelid = to_regclass('bank_withdrawal.' || e.place)
         where t.tgfoid <> coalesce(to_regproc('bank_withdrawal.' || e.calls)::oid, 0) or t.tgtype <> e.type
            or t.tgqual is not null
            or e.columns <> coalesce((select string_agg(a.attname::text, ',' order by a.attname::text collate "C")
                 from pg_attribute a where a.attrelid = t.tgrelid and a.attnum = any(t.tgattr::int2[])), '')`

/** A statement on a part of the journal is refused by the part's own trigger; what was taken off is part of nothing. */
const PARTS = `select p.name, expected.name || ' is missing' from bank_withdrawal.journal_parts() p,
            (values ('journal_is_append_only'), ('journal_is_chained')) expected (name)
         where not exists (select 1 from pg_trigger t where t.tgrelid = p.part and t.tgname = expected.name)
        union all
        select p.name, 'is chained by another function' from bank_withdrawal.journal_parts() p
          join pg_trigger t on t.tgrelid = p.part and t.tgname = 'journal_is_chained'
          join pg_proc f on f.oid = t.tgfoid
         where f.proname <> 'chain_' || p.name or ${codeInSql('f.prosrc')} <> replace(${literal(CHAIN_OF_PART)}, '%I', p.name)
            or t.tgtype <> ${typeOnJournal('journal_is_chained')} or t.tgqual is not null
        union all
        select p.name, 'can be rewritten' from bank_withdrawal.journal_parts() p
          join pg_trigger t on t.tgrelid = p.part and t.tgname = 'journal_is_append_only'
         where t.tgfoid <> coalesce(to_regproc('bank_withdrawal.refuse_rewriting')::oid, 0)
            or t.tgtype <> ${typeOnJournal('journal_is_append_only')} or t.tgqual is not null
        union all
        select relname::text, 'is not a part of the journal any more' from pg_class c
         where c.relnamespace = 'bank_withdrawal'::regnamespace and c.relkind in ('r', 'p')
           and c.relname ~ '^journal_(before|later|[0-9]{4}_[0-9]{2})$' and not c.relispartition`

/** What keeps the rules when no program of ours is looking: they can be switched off, and some tools do. */
export const GUARDS: Check = {
  name: 'guards_are_on',
  holds:
    "the schema's own constraints, unique indexes and triggers are in force, and do what the migrations define",
  sql: `select conname::text as id, 'constraint is not validated' as detail from pg_constraint
         where connamespace = 'bank_withdrawal'::regnamespace and not convalidated
        union all
        select tgname::text, 'trigger is switched off on ' || c.relname from pg_trigger t
          join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'bank_withdrawal'::regnamespace and tgenabled not in ('O', 'A')
        union all
        ${MISSING}
        union all
        ${OTHER_FUNCTIONS}
        union all
        ${OTHER_TRIGGERS}
        union all
        ${PARTS}`,
}
