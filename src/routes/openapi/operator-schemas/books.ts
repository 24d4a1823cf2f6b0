import type { Schema } from '../../described'
import { about, decimal, flag, listOf, mapOf, moment, object, oneOf, orNull, text, whole } from '../schemas'
import { actor, state } from './words'

const sums = object({ currency: text, state, count: whole, amount: decimal, payout_amount: decimal })

/** What the books say, and whether others agree. */
export const BOOKS_SEEN: Readonly<Record<string, Schema>> = {
  ReconciliationRun: object({
    id: text,
    state: text,
    agrees: about('All was seen, and nothing differs.', flag),
    since: moment,
    until: moment,
    asked_by: actor,
    reason: text,
    asked_at: moment,
    'ended_at?': moment,
    'phase?': text,
    differences: mapOf(whole),
    problems: listOf(text),
    not_listed: listOf(text),
    withdrawals: whole,
    lists: listOf(
      object({
        list: oneOf(['burns', 'credits', 'payouts']),
        of: text,
        count: whole,
        read_until: orNull(moment),
        whole: flag,
      }),
    ),
  }),
  Proof: object({
    day: text,
    closed: flag,
    'closed_at?': moment,
    until: moment,
    moved: listOf(sums),
    open: listOf(sums),
    open_items: listOf(
      object({ id: text, currency: text, amount: decimal, state, provider: text, asked_at: moment }),
    ),
    open_items_left_out: whole,
    open_differences: whole,
    journal_entries: whole,
    journal_digest: text,
    hash: text,
    'signature?': text,
    content: text,
  }),
}
