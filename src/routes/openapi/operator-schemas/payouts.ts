import type { Schema } from '../../described'
import { decimal, flag, listOf, moment, number, object, oneOf, orNull, text, whole } from '../schemas'
import { actor, reasonCode, state } from './words'

const batch: Readonly<Record<string, Schema>> = {
  id: text,
  provider: text,
  currency: text,
  key: text,
  state: oneOf(['sending', 'sent', 'refused', 'in_doubt']),
  item_count: whole,
  total: decimal,
  payload_hash: text,
  attempts: whole,
  'provider_reference?': text,
  'reason_code?': text,
  created_at: moment,
  sent_at: moment,
}

/** How payouts leave, and from which money. */
export const PAYOUTS_SEEN: Readonly<Record<string, Schema>> = {
  Batch: object(batch),
  BatchWithItems: object({
    ...batch,
    items: listOf(
      object({
        id: text,
        user_id: whole,
        amount: number,
        destination: text,
        state,
        'reason_code?': reasonCode,
        'provider_reference?': text,
        left: flag,
      }),
    ),
  }),
  BatchRun: object({
    provider: text,
    currency: text,
    batches: listOf(object({ id: text, item_count: whole, total: decimal, outcome: text })),
    singles: whole,
    'waiting?': text,
  }),
  ReadyGroup: object({
    provider: text,
    currency: text,
    item_count: whole,
    total: decimal,
    oldest_since: moment,
  }),
  Float: object({
    provider: text,
    currency: text,
    account: orNull(text),
    available: orNull(decimal),
    source: orNull(text),
    as_of: orNull(moment),
    is_old: flag,
    is_told: flag,
    is_short: flag,
    queued: object({ count: whole, total: decimal }),
    waiting_count: whole,
    mode: orNull(oneOf(['immediate', 'batch'])),
    next_run_at: orNull(moment),
    version: whole,
    'entered?': object({ available: decimal, at: moment, actor, reason: text }),
  }),
  FundingCall: object({
    id: text,
    provider: text,
    currency: text,
    account: orNull(text),
    amount: decimal,
    needed_by: moment,
    available: orNull(decimal),
    queued: decimal,
    expected: orNull(decimal),
    opened_at: moment,
    updated_at: moment,
    'closed_at?': moment,
    'closed_as?': text,
  }),
}
