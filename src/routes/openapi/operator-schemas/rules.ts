import { METHODS } from '../../../domain/destination'
import { DUTIES, PERIODS, SCOPES, THENS } from '../../../domain/policy'
import { FINDINGS, FOLLOWS } from '../../../domain/standing'
import type { Schema } from '../../described'
import {
  anything,
  decimal,
  flag,
  listOf,
  mapOf,
  moment,
  object,
  oneOf,
  orNull,
  ref,
  text,
  whole,
} from '../schemas'
import { actor, counted, mode } from './words'

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

/** What the exchange lets happen, and how the program works. */
export const RULES_SEEN: Readonly<Record<string, Schema>> = {
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
}
