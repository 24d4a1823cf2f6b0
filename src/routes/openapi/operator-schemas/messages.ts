import { AUDIENCES } from '../../../domain/outgoing'
import type { Schema } from '../../described'
import { about, anything, flag, listOf, moment, object, oneOf, orNull, ref, text, whole } from '../schemas'
import { actor } from './words'

const endpoint: Readonly<Record<string, Schema>> = {
  id: text,
  version: whole,
  audience: oneOf(AUDIENCES),
  name: text,
  url: text,
  kinds: listOf(text),
  on: flag,
  'removed?': flag,
  by: actor,
  reason: text,
  at: moment,
}

const delivery: Readonly<Record<string, Schema>> = {
  id: text,
  endpoint: text,
  event_id: text,
  kind: text,
  subject: text,
  state: oneOf(['waiting', 'delivered', 'dead']),
  attempts: whole,
  created_at: moment,
  'next_at?': moment,
  'given_up_at?': moment,
  'last_at?': moment,
  'last_status?': whole,
  'last_error?': text,
  'ended_at?': moment,
}

/** Who is told what, and what became of it. */
export const MESSAGES_SEEN: Readonly<Record<string, Schema>> = {
  Endpoint: object(endpoint),
  EndpointWithSecret: object({ ...endpoint, secret: about('Shown once.', text) }),
  EndpointShown: object({
    ...endpoint,
    secrets: listOf(object({ made_at: moment, 'ends_at?': moment })),
    waiting: whole,
    dead: whole,
    'oldest_waiting_at?': moment,
  }),
  EndpointTried: object({ ok: flag, message: text }),
  Delivery: object(delivery),
  DeliveryWithPayload: object({ ...delivery, payload: anything }),
  Notice: object({
    id: text,
    kind: text,
    about: orNull(text),
    severity: text,
    title: text,
    what_to_do: text,
    count: whole,
    examples: listOf(ref('NoticeItem')),
    opened_at: moment,
    'cleared_at?': moment,
    messages: whole,
    'told_at?': moment,
  }),
  NoticeItem: object({ subject: text, opened_at: moment }, { additionalProperties: true }),
}
