import { isUnsent } from '../../domain/states'
import { statesThat } from '../row'
import type { Check } from './check'

/** A run marks what was abandoned after two leases; this late, no run has looked for a while. */
const SENDING_MINUTES_MAX = 60

export const BATCHES: readonly Check[] = [
  {
    name: 'batches_add_up',
    holds: 'number and total of a batch are those of its members',
    sql: `select b.id, b.item_count || ' items, ' || b.total || '; members: ' || count(i.batch_id) || ', ' ||
                 coalesce(sum(i.amount), 0) as detail
            from bank_withdrawal.batches b left join bank_withdrawal.batch_items i on i.batch_id = b.id
           group by b.id having count(i.batch_id) <> b.item_count or coalesce(sum(i.amount), 0) <> b.total`,
  },
  {
    name: 'members_belong_to_their_batch',
    holds: 'a member has the provider, the currency and the amount its batch was sent with',
    sql: `select w.id, 'batch ' || b.id as detail
            from bank_withdrawal.batch_items i
            join bank_withdrawal.batches b on b.id = i.batch_id
            join bank_withdrawal.withdrawals w on w.id = i.withdrawal_id
           where w.provider <> b.provider or w.currency <> b.currency or w.payout_amount <> i.amount`,
  },
  {
    name: 'batch_of_a_withdrawal_has_it',
    holds: 'the batch a withdrawal is in has it among its members',
    sql: `select w.id, 'batch ' || w.batch_id as detail from bank_withdrawal.withdrawals w
           where w.batch_id is not null and not exists (select 1 from bank_withdrawal.batch_items i
             where i.batch_id = w.batch_id and i.withdrawal_id = w.id)`,
  },
  {
    name: 'what_waits_is_in_no_batch',
    holds: 'a withdrawal that waits to be sent is in no batch',
    sql: `select id, state || ' in batch ' || batch_id as detail from bank_withdrawal.withdrawals
           where batch_id is not null and state in (${statesThat(isUnsent)})`,
  },
  {
    name: 'at_most_one_open_batch',
    holds: 'no withdrawal is being sent by two batches',
    sql: `select i.withdrawal_id as id, count(*) || ' batches, one of them ' || min(b.id) as detail
            from bank_withdrawal.batch_items i join bank_withdrawal.batches b on b.id = i.batch_id
           where b.state = 'sending' group by i.withdrawal_id having count(*) > 1`,
  },
  {
    name: 'no_batch_is_stuck',
    holds: 'no batch has been on its way for an hour',
    sql: `select id, 'sent ' || sent_at as detail from bank_withdrawal.batches
           where state = 'sending'
             and sent_at < bank_withdrawal.clock() - make_interval(mins => ${SENDING_MINUTES_MAX})`,
  },
]
