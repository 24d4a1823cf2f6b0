import type { Check } from './check'

/** Who counts what has happened must come to what there is. */
export const TALLIES: Check = {
  name: 'tallies_add_up',
  holds: 'what was counted of each state is what there is',
  sql: `select kind as id, counted || ' counted, ' || there || ' there' as detail from (
          select kind, sum(counted) as counted, sum(there) as there, sum(counted_amount) as counted_amount,
                 sum(there_amount) as there_amount from (
            select state || ' ' || currency || ' ' || provider || ' ' || mode as kind, count as counted, 0 as there,
                   amount as counted_amount, 0 as there_amount from bank_withdrawal.tally_standing
            union all
            select to_state || ' ' || currency || ' ' || provider || ' ' || mode, count, 0, amount, 0
              from bank_withdrawal.tally_moves where to_state is not null
            union all
            select from_state || ' ' || currency || ' ' || provider || ' ' || mode, -count, 0, -amount, 0
              from bank_withdrawal.tally_moves where from_state is not null
            union all
            select state || ' ' || currency || ' ' || provider || ' ' || mode, 0, count(*), 0, sum(amount)
              from bank_withdrawal.withdrawals group by 1) both_sides group by kind) kinds
         where counted <> there or counted_amount <> there_amount`,
}
