import type { Check } from './check'
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

/** A statement on a part of the journal is refused by the part's own trigger; what was taken off is part of nothing. */
const PARTS = `select p.name, expected.name || ' is missing' from bank_withdrawal.journal_parts() p,
            (values ('journal_is_append_only'), ('journal_is_chained')) expected (name)
         where not exists (select 1 from pg_trigger t where t.tgrelid = p.part and t.tgname = expected.name)
        union all
        select p.name, 'is chained by another function' from bank_withdrawal.journal_parts() p
          join pg_trigger t on t.tgrelid = p.part and t.tgname = 'journal_is_chained'
          join pg_proc f on f.oid = t.tgfoid where f.proname <> 'chain_' || p.name
        union all
        select relname::text, 'is not a part of the journal any more' from pg_class c
         where c.relnamespace = 'bank_withdrawal'::regnamespace and c.relkind in ('r', 'p')
           and c.relname ~ '^journal_(before|later|[0-9]{4}_[0-9]{2})$' and not c.relispartition`

/** What keeps the rules when no program of ours is looking: they can be switched off, and some tools do. */
export const GUARDS: Check = {
  name: 'guards_are_on',
  holds: "the schema's own constraints, unique indexes and triggers are in force",
  sql: `select conname::text as id, 'constraint is not validated' as detail from pg_constraint
         where connamespace = 'bank_withdrawal'::regnamespace and not convalidated
        union all
        select tgname::text, 'trigger is switched off on ' || c.relname from pg_trigger t
          join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'bank_withdrawal'::regnamespace and tgenabled not in ('O', 'A')
        union all
        ${MISSING}
        union all
        ${PARTS}`,
}
