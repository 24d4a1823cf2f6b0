import type { Check } from './check'

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
        select expected.name, 'is missing' from (values
            ('nothing_is_paid_without_a_lock'), ('nothing_is_forgotten'), ('the_end_is_the_end'),
            ('withdrawals_payout_key_key'), ('withdrawals_user_id_idempotency_key_key'),
            ('withdrawals_state_check'), ('withdrawals_amount_check'), ('journal_pkey'), ('withdrawals_pkey'), ('what_waits_is_in_no_batch'),
            ('only_what_came_back_is_credited'), ('batches_pkey'), ('batches_batch_key_key'), ('batch_items_pkey')
          ) expected (name)
         where not exists (select 1 from pg_constraint
                            where connamespace = 'bank_withdrawal'::regnamespace and conname = expected.name)
        union all
        select expected.name, 'is missing' from (values
            ('journal_is_append_only'), ('members_are_frozen'), ('actions_are_append_only'),
            ('journal_is_chained'), ('actions_are_chained'), ('heads_are_append_only')) expected (name)
         where not exists (select 1 from pg_trigger where tgname = expected.name)
        union all
        ${PARTS}
        union all
        select 'withdrawals_provider_reference', 'unique index is missing or broken' where not exists (
          select 1 from pg_index where indexrelid = to_regclass('bank_withdrawal.withdrawals_provider_reference')
             and indisunique and indisvalid)`,
}
