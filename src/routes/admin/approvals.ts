import { type RequestHandler, Router } from 'express'

import { isConfirmed } from '../../db/statements/approvals'
import type { Approval, Store, StoredWithdrawal } from '../../db/store'
import { ACTION_KEYS, actionOf } from '../../domain/actions'
import { SUBJECT_KINDS, type SubjectKind } from '../../domain/approvals'
import type { Duty } from '../../domain/policy'
import type { ProposedEndpoint } from '../../services/events/endpoint-decisions'
import type { Approvals } from '../../services/operate/approvals'
import type { SettingChange } from '../../services/settings/view'
import { handle, rejectInvalid } from '../http'
import type { Duties } from './duties'
import { actorOf, justReason, nameQuery, numberQuery, reasonOf, wordQuery } from './input'
import { presentChange, presentWithdrawal } from './present'

const SHOWN_MAX = 200

export interface ApprovalRouteDeps {
  readonly approvals: Approvals
  readonly store: Pick<Store, 'findWithdrawal'>
  readonly duties: Pick<Duties, 'require'>
}

/** Whose duty it is to say something to what is proposed. */
const DUTY_OF: Readonly<Record<SubjectKind, Duty>> = {
  withdrawal: 'decide',
  provider: 'payouts',
  file: 'payouts',
  stop: 'stop',
  policy: 'policy',
  settings: 'policy',
  endpoint: 'policy',
}

export const approvalQueries = [
  wordQuery('open', ['true', 'false']),
  wordQuery('subject_kind', SUBJECT_KINDS),
  nameQuery('subject'),
  numberQuery('limit', SHOWN_MAX),
]

/** What one operator has proposed and another has to confirm. */
export function approvalRoutes({ approvals, store, duties }: ApprovalRouteDeps): Router {
  const router = Router()
  const shown = async (approval: Approval) => ({
    ...presentApproval(approval),
    ...aboutOf(approval.subjectKind === 'withdrawal' ? await store.findWithdrawal(approval.subject) : null),
  })
  router.get(
    '/',
    ...approvalQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const { open, subject_kind, subject, limit } = req.query as Record<string, string | undefined>
      const found = await approvals.list({
        isOpen: open !== 'false',
        limit: Number(limit ?? SHOWN_MAX),
        ...(subject_kind !== undefined && { subjectKind: subject_kind as SubjectKind }),
        ...(subject !== undefined && { subject }),
      })
      res.json({ data: await Promise.all(found.map(shown)) })
    }),
  )
  router.get(
    '/:id',
    handle(async (req, res) => res.json(await shown(await approvals.find(String(req.params.id))))),
  )
  const word = (say: Approvals['confirm']): RequestHandler[] => [
    ...justReason,
    rejectInvalid,
    handle(async (req, res) => {
      const given = { actor: actorOf(res), reason: reasonOf(req.body) }
      const { subjectKind } = await approvals.find(String(req.params.id))
      await duties.require(res, DUTY_OF[subjectKind])
      res.json(await shown(await say(String(req.params.id), given)))
    }),
  ]
  router.post('/:id/confirm', ...word(approvals.confirm))
  router.post('/:id/refuse', ...word(approvals.refuse))
  return router
}

const OTHERS: Readonly<Record<string, { title: string; effect: string }>> = {
  'provider.resume': {
    title: 'Resume the provider',
    effect: 'What waits for it leaves, now or with the next batch.',
  },
  'stop.lift': {
    title: 'Let everything go on',
    effect: 'New withdrawals are accepted, and what waits leaves, now or with the next batch.',
  },
  'policy.change': {
    title: 'Change the policy',
    effect: 'It holds for every withdrawal from then on; those that were accepted before go on as they are.',
  },
  'settings.change': {
    title: 'Change the settings',
    effect: 'From then on withdrawals are taken and paid by them, in every instance within seconds.',
  },
  'settings.undo': {
    title: 'Go back to earlier settings',
    effect: 'From then on withdrawals are taken and paid by them, in every instance within seconds.',
  },
  'endpoint.created': {
    title: 'Tell somebody',
    effect: 'This address hears what happens from then on.',
  },
  'endpoint.changed': {
    title: 'Change who is told',
    effect: 'What it was told before it may not hear any more, or somebody else does.',
  },
  'endpoint.secret_changed': {
    title: 'Give an endpoint a new secret',
    effect: 'Whoever only knows the old one believes no message any more when that ends.',
  },
  'endpoint.removed': {
    title: 'Tell an endpoint no more',
    effect: 'It hears nothing from then on, and what waits for it is not sent.',
  },
  'file.void': {
    title: 'The bank never got this file',
    effect: 'Its payouts are looked up as never handed in, and leave again under new keys.',
  },
  'file.take_in': {
    title: 'Take in a file of the bank’s',
    effect: 'What it says of payouts counts: they are settled, given back or credited by it.',
  },
}

/** What is proposed, in words, and what it does to the money. */
function wordsOf(action: string): { title: string; effect: string } {
  const key = ACTION_KEYS.find((known) => `withdrawal.${known}` === action)
  if (key === undefined) return OTHERS[action] ?? { title: action, effect: '' }
  const { title, burn, payout } = actionOf(key)
  return { title, effect: `The lock: ${burn} The payout: ${payout}` }
}

/** `open` also where it is confirmed and could not be done yet. */
export const presentApproval = (approval: Approval) => ({
  id: approval.id,
  action: approval.action,
  ...wordsOf(approval.action),
  subject_kind: approval.subjectKind,
  subject: approval.subject,
  subject_version: approval.subjectVersion,
  content: contentOf(approval),
  state: approval.closedAs ?? 'open',
  needed: approval.needed,
  confirmed: isConfirmed(approval),
  asked_by: approval.askedBy,
  reason: approval.reason,
  asked_at: approval.askedAt.toISOString(),
  closed_at: approval.closedAt?.toISOString(),
  words: approval.words.map(({ actor, confirms, reason, at }) => ({
    actor,
    confirms,
    reason,
    at: at.toISOString(),
  })),
})

/** Of settings what changes is told, not all there are. */
function contentOf({ subjectKind, content }: Approval): Readonly<Record<string, unknown>> {
  if (subjectKind === 'endpoint') return shownEndpoint(content as unknown as ProposedEndpoint)
  if (subjectKind !== 'settings') return content
  const { changes, undoneTo } = content as { changes: readonly SettingChange[]; undoneTo: number | null }
  return {
    changes: changes.map(presentChange),
    ...(undoneTo !== null && { undone_to: undoneTo }),
  }
}

const shownEndpoint = ({
  version: { audience, name, url, kinds, isOn },
  was,
  keepHours,
}: ProposedEndpoint) => ({
  ...{ audience, name, url, hears: kinds.length === 0 ? 'everything' : kinds.join(', '), on: isOn },
  ...(was !== null && was.url !== url && { url_before: was.url }),
  ...(was !== null && was.name !== name && { name_before: was.name }),
  ...(keepHours !== null && { old_secret_signs_for_hours: keepHours }),
})

const aboutOf = (row: StoredWithdrawal | null) => (row ? { withdrawal: presentWithdrawal(row) } : {})
