import type { Check } from './check'

/** What was written once stands as it was written, though somebody had switched the triggers off. */
export const TRAIL: readonly Check[] = [
  {
    name: 'journal_is_as_it_was_written',
    holds: 'no entry was changed, removed, put in or moved: each has the hash of itself and the one before',
    sql: `select withdrawal_id as id, 'from entry ' || min(seq) || ' on (' || min(event) || ')' as detail
            from (select j.*, lag(hash, 1, '') over (partition by withdrawal_id order by seq) as before
                    from bank_withdrawal.journal j) e
           where hash is distinct from bank_withdrawal.journal_digest(before, withdrawal_id, seq, at, event, from_state,
                   to_state, actor, reason_code, detail)
           group by withdrawal_id`,
  },
  {
    name: 'actions_are_as_they_were_written',
    holds: 'no action of an operator was changed, removed, put in or moved',
    sql: `select id, action || ' of ' || actor || ' at ' || at as detail
            from (select a.*, lag(hash, 1, '') over (order by nth) as before, row_number() over (order by nth) as place
                    from bank_withdrawal.operator_actions a) e
           where nth <> place or hash is distinct from bank_withdrawal.action_digest(before, nth, at, actor, action,
                   subject, reason, detail)`,
  },
]
