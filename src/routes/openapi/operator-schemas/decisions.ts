import { SUBJECT_KINDS } from '../../../domain/approvals'
import { METHODS } from '../../../domain/destination'
import { ERROR_CODES } from '../../../errors'
import type { Schema } from '../../described'
import {
  about,
  anything,
  flag,
  listOf,
  moment,
  number,
  object,
  oneOf,
  orNull,
  ref,
  text,
  whole,
} from '../schemas'
import { actor, mode, reasonCode, state } from './words'

const withdrawal = object({
  id: text,
  user_id: whole,
  currency: text,
  amount: number,
  fee: number,
  payout_amount: number,
  method: oneOf(METHODS),
  destination: about('Masked.', text),
  provider: text,
  mode,
  state,
  status: oneOf(['pending', 'processed', 'canceled']),
  version: whole,
  'reason_code?': reasonCode,
  'reason?': text,
  payout_key: text,
  end_to_end_id: text,
  'batch_id?': text,
  'provider_reference?': text,
  'provider_transaction_id?': text,
  'provider_status?': text,
  'returned_amount?': number,
  'return_approved_at?': moment,
  'next_run_at?': moment,
  state_since: moment,
  created_at: moment,
  updated_at: moment,
})

const question = object({
  title: text,
  money: text,
  what_to_do: text,
  suggested_actions: listOf(text),
})

const difference = object({
  id: text,
  kind: text,
  withdrawal_id: text,
  title: text,
  money: text,
  what_to_do: text,
  suggested_actions: listOf(text),
  'suggested_fix?': oneOf(['take_in', 'decide', 'answer']),
  detail: anything,
  opened_at: moment,
  'resolved_at?': moment,
  'resolved_by?': actor,
  'resolution?': text,
  history: listOf(
    object({
      detail: anything,
      opened_at: moment,
      resolved_at: moment,
      resolved_by: actor,
      resolution: text,
    }),
  ),
})

const approval = object({
  id: text,
  action: text,
  title: text,
  effect: text,
  subject_kind: oneOf(SUBJECT_KINDS),
  subject: text,
  subject_version: whole,
  content: anything,
  state: oneOf(['open', 'done', 'refused', 'changed']),
  needed: about('So many others have to confirm it.', whole),
  confirmed: flag,
  asked_by: actor,
  reason: text,
  asked_at: moment,
  'closed_at?': moment,
  words: listOf(object({ actor, confirms: flag, reason: text, at: moment })),
  'withdrawal?': ref('OperatorWithdrawal'),
})

/** What one decides over, and what is asked. */
export const DECISIONS_SEEN: Readonly<Record<string, Schema>> = {
  OperatorWithdrawal: withdrawal,
  OperatorWithdrawalWithJournal: {
    allOf: [
      ref('OperatorWithdrawal'),
      object({
        'question?': question,
        hints: listOf(object({ code: text, text })),
        actions: listOf(
          object({
            action: text,
            'to?': state,
            title: text,
            burn: text,
            payout: text,
            evidence: oneOf(['none', 'note', 'transaction']),
            needs_second: flag,
            others_needed: whole,
          }),
        ),
        approvals: listOf(ref('Approval')),
        differences: listOf(ref('Difference')),
        operator_actions: listOf(object({ at: moment, actor, action: text, reason: text, detail: anything })),
        journal: listOf(
          object({
            seq: whole,
            at: moment,
            event: text,
            from: orNull(state),
            to: state,
            actor,
            'reason_code?': reasonCode,
            detail: anything,
          }),
        ),
      }),
    ],
  },
  Difference: difference,
  Approval: approval,
  SeveralResult: object({
    id: text,
    ok: flag,
    'withdrawal?': ref('OperatorWithdrawal'),
    'approval?': ref('Approval'),
    'code?': oneOf(ERROR_CODES),
    'message?': text,
  }),
  AuditEntry: object({
    at: moment,
    actor,
    action: text,
    'withdrawal_id?': text,
    'subject?': text,
    'from?': text,
    'to?': text,
    'reason?': text,
    detail: anything,
  }),
}
