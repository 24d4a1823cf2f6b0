/* eslint-disable max-lines -- a table, one entry for each answer */
import { SUBJECT_KINDS } from '../../domain/approvals'
import { METHODS } from '../../domain/destination'
import { AUDIENCES } from '../../domain/outgoing'
import { DUTIES, PERIODS, SCOPES, THENS } from '../../domain/policy'
import { REASON_CODES } from '../../domain/reasons'
import { FINDINGS, FOLLOWS } from '../../domain/standing'
import { STATES } from '../../domain/states'
import { ERROR_CODES } from '../../errors'
import type { Schema } from '../described'
import {
  about,
  anything,
  decimal,
  flag,
  listOf,
  mapOf,
  moment,
  number,
  object,
  oneOf,
  orNull,
  ref,
  text,
  whole,
} from './schemas'

const state = oneOf(STATES)
const reasonCode = oneOf(REASON_CODES)
const mode = oneOf(['immediate', 'batch'])
/** Who did it: `operator:2`, `worker`. */
const actor = text

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

const counted = { currency: text, count: whole, amount: decimal }
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
        user_id: whole,
        currency: text,
        amount: decimal,
        state,
        provider: text,
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
})

const then = oneOf(THENS)
const policy = object({
  amounts: listOf(
    object({
      currency: text,
      method: orNull(oneOf(METHODS)),
      min: orNull(decimal),
      max: orNull(decimal),
      then,
    }),
  ),
  limits: listOf(
    object({
      of: oneOf(SCOPES),
      per: oneOf(PERIODS),
      currency: orNull(text),
      amount: orNull(decimal),
      count: orNull(whole),
      then,
    }),
  ),
  ceilings: listOf(object({ currency: text, amount: decimal, approvers: whole })),
  users: object(Object.fromEntries(FINDINGS.map((finding) => [finding, oneOf(FOLLOWS)]))),
  duties: object(Object.fromEntries(DUTIES.map((duty) => [duty, listOf(text)]))),
  cooling_off_hours: whole,
  second_person_above: mapOf(decimal),
})
const lines = listOf(object({ name: text, text }))
const policyChange = object({ name: text, before: orNull(text), after: orNull(text) })

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

const settingChange = object({ name: text, 'from?': text, 'to?': text, 'secret?': flag })
const versionHead = { version: whole, 'by?': actor, 'reason?': text, 'at?': moment }
const plan = object({
  provider: text,
  mode,
  schedule: orNull(text),
  timezone: text,
  next_runs: listOf(moment),
})
const setting = object({
  name: text,
  doc: text,
  'shape?': anything,
  'unit?': text,
  'secret?': flag,
  'value?': { type: ['string', 'boolean'] },
  'default?': { type: ['string', 'boolean'] },
  set: flag,
  source: oneOf(['default', 'desk', 'fixed']),
  'fixed_as?': text,
})

const sums = object({ currency: text, state, count: whole, amount: decimal, payout_amount: decimal })

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

/** What operators see. */
export const OPERATOR_SCHEMAS: Readonly<Record<string, Schema>> = {
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
  Policy: policy,
  PolicyInForce: object({ version: whole, policy: ref('Policy'), lines }),
  PolicyShown: {
    allOf: [
      ref('PolicyInForce'),
      object({
        'by?': actor,
        'reason?': text,
        'at?': moment,
        fixed: listOf(text),
        needs_second: flag,
        operator_roles: listOf(text),
        may_change: flag,
      }),
    ],
  },
  PolicyDryRun: object({
    since: moment,
    'until?': orNull(moment),
    looked: whole,
    refused: whole,
    held: whole,
    rules: listOf(
      object({
        name: text,
        text,
        ...counted,
        outcome: oneOf(['refused', 'held']),
        sample: listOf(text),
      }),
    ),
    changes: listOf(policyChange),
  }),
  PolicyVersion: object({
    version: whole,
    'restores?': whole,
    by: actor,
    reason: text,
    at: moment,
    changes: listOf(policyChange),
  }),
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
  SettingsVersion: object({
    ...versionHead,
    'undone_to?': whole,
    changes: listOf(settingChange),
  }),
  SettingsSaved: object(versionHead),
  SettingsShown: object({
    ...versionHead,
    effective: whole,
    problems: listOf(text),
    plans: listOf(plan),
    needs_second: flag,
    can_seal: flag,
    groups: listOf(
      object({
        key: text,
        title: text,
        expert: flag,
        'provider?': text,
        'on?': flag,
        settings: listOf(setting),
      }),
    ),
  }),
  SettingsTried: object({
    ok: flag,
    changed: listOf(text),
    problems: listOf(object({ 'name?': text, message: text })),
    trials: listOf(object({ provider: text, 'ok?': flag, message: text })),
    plans: listOf(plan),
    needs_second: flag,
  }),
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
  Delivery: object(delivery),
  DeliveryWithPayload: object({ ...delivery, payload: anything }),
}
