import type { Schema } from '../../described'
import { decimal, flag, listOf, moment, object, ref, text, whole } from '../schemas'
import { actor } from './words'

/** Between a provider and its bank. */
export const FILES_SEEN: Readonly<Record<string, Schema>> = {
  OutboxFile: object({
    name: text,
    order_key: text,
    currency: text,
    total: decimal,
    item_count: whole,
    created_at: moment,
    'voided_at?': moment,
    'erased_at?': moment,
  }),
  BankReport: object({
    id: text,
    at: moment,
    actor,
    reason: text,
    file: text,
    document_id: text,
    repeated: flag,
    matched: whole,
    asked: whole,
    held: whole,
    problems: listOf(text),
    problem_count: whole,
  }),
  TakenIn: object({
    document_id: text,
    repeated: flag,
    matched: whole,
    problems: listOf(text),
    'held?': whole,
    'approval?': ref('Approval'),
  }),
}
