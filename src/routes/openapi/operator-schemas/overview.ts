import { METHODS } from '../../../domain/destination'
import type { Schema } from '../../described'
import {
  anything,
  decimal,
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
import { actor, counted, mode, state } from './words'

const provider: Readonly<Record<string, Schema>> = {
  name: text,
  mode,
  schedule: text,
  methods: listOf(oneOf(METHODS)),
  batch_items_max: orNull(whole),
  paused: flag,
  'paused_reason?': text,
  'paused_by?': actor,
  'paused_at?': moment,
  version: whole,
  silent_for_ms: number,
}

const activity = object({
  spans: listOf(
    object({ at: moment, asked: whole, paid: whole, failed: whole, canceled: whole, returned: whole }),
  ),
  paid: listOf(object(counted)),
  'half_within_seconds?': number,
  'most_within_seconds?': number,
})

const overview = object({
  at: moment,
  you: object({ id: whole, may_act: flag }),
  questions: object({
    count: whole,
    data: listOf(
      object({
        kind: oneOf(['in_review', 'conflict', 'returning', 'difference']),
        since: moment,
        title: text,
        money: text,
        withdrawal_id: text,
        // Left out where there is no withdrawal: a burn or a payout that the books do not have.
        'user_id?': whole,
        'currency?': text,
        'amount?': decimal,
        'state?': state,
        'provider?': text,
        'ends_at?': moment,
        'difference_id?': text,
      }),
    ),
  }),
  standing: listOf(
    object({ state, meaning: text, ...counted, 'oldest_since?': moment, 'limit_seconds?': whole }),
  ),
  funding_calls: listOf(ref('FundingCall')),
  providers: listOf(
    object({
      ...provider,
      'next_run_at?': moment,
      queue: listOf(object({ currency: text, count: whole, total: decimal, 'available?': decimal })),
      'asked_at?': moment,
      'balances?': listOf(anything),
      'healthy?': flag,
      'health_message?': text,
    }),
  ),
  activity: object({ day: activity, month: activity }),
  'stopped?': object({ by: actor, reason: text, 'since?': moment }),
})

/** The first page, and the switches on it. */
export const OVERVIEW_SEEN: Readonly<Record<string, Schema>> = {
  Provider: object(provider),
  Overview: overview,
  Stop: object({
    stopped: flag,
    'message?': text,
    'under_way?': whole,
    'reason?': text,
    'by?': actor,
    'since?': moment,
    version: whole,
  }),
}
