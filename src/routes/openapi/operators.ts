/* eslint-disable max-lines -- a table, one entry for each route */
import type { Action, Proof } from '../../domain/action'
import { ACTION_KEYS, actionOf, pathOf } from '../../domain/actions'
import type { ErrorCode } from '../../errors'
import { FOR_SEVERAL } from '../../services/operate/several'
import { approvalQueries } from '../admin/approvals'
import { auditQueries } from '../admin/audit'
import { batchQueries, previewQueries, runInput } from '../admin/batches'
import { deliveryQueries } from '../admin/deliveries'
import {
  endpointChangeInput,
  endpointInput,
  nothingInput,
  removeEndpointInput,
  rotateInput,
  tryUrlInput,
} from '../admin/endpoints'
import { evidenceQueries } from '../admin/evidence'
import { floatInput } from '../admin/float'
import { justReason, reasonAndVersion } from '../admin/input'
import { noticeQueries } from '../admin/notices'
import { dryRunInput, policyInput, policyVersionQueries, restoreInput } from '../admin/policy'
import { proofQueries } from '../admin/proofs'
import { differenceQueries, quarantineInput, takeInInput } from '../admin/questions'
import { reconcileInput } from '../admin/reconciliation'
import { saveInput, settingsVersionQueries, tryInput, undoInput } from '../admin/settings'
import { severalInput } from '../admin/several'
import { stopInput } from '../admin/stop'
import { ACTION_NAMES, actionInput, keysOf, searchQueries } from '../admin/withdrawals'
import { line, type Part, type Schema } from '../described'
import { type Answer, ok, type Operation } from './operation'
import { about, flag, listOf, moment, object, ref, text, whole } from './schemas'

type Rest = Omit<Operation, 'method' | 'path' | 'id' | 'tag' | 'who' | 'answers' | 'summary'>

const operation =
  (method: 'get' | 'post') =>
  (path: string, id: string, summary: string, answer: Answered, rest: Rest = {}): Operation => ({
    ...{ method, path: `/admin${path}`, id, tag: 'Operators', who: 'operator', summary },
    answers: isSchema(answer) ? ok('As it is.', answer) : answer,
    ...rest,
  })
type Answered = Schema | Readonly<Record<number, Answer>>
const isSchema = (answer: Answered): answer is Schema => 'type' in answer || '$ref' in answer
const get = operation('get')
const post = operation('post')

const dataOf = (name: string): Schema => object({ data: listOf(ref(name)) })

/** What one operator may do, or another has to confirm. */
const orProposed = (
  schema: Schema,
  more: Readonly<Record<string, Schema>> = {},
): Readonly<Record<number, Answer>> => ({
  200: { description: 'It was done.', schema },
  202: {
    description: 'Nothing has happened: another operator has to confirm it.',
    schema: object({ approval: ref('Approval'), ...more }),
  },
})
const PROPOSING: readonly ErrorCode[] = ['changed_meanwhile', 'already_proposed', 'action_not_possible']

const FILE: Readonly<Record<number, Answer>> = {
  200: { description: 'Its bytes.', types: ['application/octet-stream', 'application/xml', 'text/plain'] },
}
const why: Part = { in: 'query', name: 'reason', schema: line(500), isRequired: true }

const ACTION_TITLES = Object.fromEntries(
  ACTION_NAMES.map((name) => [name, ACTION_KEYS.find((key) => pathOf(key).name === name)]),
)
/** What the table of actions says that any of these may be refused with, and nothing else. */
function errorsOfActions(actions: readonly Action[]): readonly ErrorCode[] {
  const proofs = actions.flatMap(({ proofs: asked }) => asked)
  return [
    ...(['withdrawal_not_found', 'own_withdrawal', 'changed_meanwhile', 'action_not_possible'] as const),
    ...(actions.some(({ evidence }) => evidence !== 'none') ? (['evidence_required'] as const) : []),
    ...(actions.some(({ needsSecond, needsSecondFrom }) => needsSecond || needsSecondFrom)
      ? (['already_proposed'] as const)
      : []),
    ...(proofs.some((proof) => ASKED_OF_EXCHANGE.includes(proof)) ? (['exchange_unavailable'] as const) : []),
  ]
}
const ASKED_OF_EXCHANGE: readonly Proof[] = ['burn_not_pending', 'burn_final', 'no_credit_on_its_way']
const camel = (name: string): string => name.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase())

const ABOUT_WITHDRAWALS: readonly Operation[] = [
  get(
    '/withdrawals',
    'searchWithdrawals',
    'All users’ withdrawals, newest first',
    {
      200: {
        description: '`count` is exact up to 10,000. With `format=csv` a file.',
        schema: object({
          data: listOf(ref('OperatorWithdrawal')),
          count: whole,
          more: flag,
          'looked_back_to?': moment,
        }),
        types: ['text/csv'],
      },
    },
    { validators: searchQueries },
  ),
  get(
    '/withdrawals/{id}',
    'inspectWithdrawal',
    'One, with all that is known about it and what may be done',
    ref('OperatorWithdrawalWithJournal'),
    { errors: ['withdrawal_not_found'] },
  ),
  get(
    '/withdrawals/{id}/evidence',
    'getEvidence',
    'All there is about one, for an auditor or a dispute',
    {
      200: {
        description: 'JSON, or with `format=html` a page to print.',
        schema: { type: 'object', additionalProperties: true },
        types: ['text/html'],
      },
    },
    { validators: evidenceQueries, parameters: [why], errors: ['withdrawal_not_found'] },
  ),
  post(
    '/withdrawals/bulk/{action}',
    'decideSeveral',
    'The same decision about several',
    dataOf('SeveralResult'),
    {
      validators: severalInput(),
      pathSchemas: { action: { type: 'string', enum: FOR_SEVERAL } },
      errors: ['withdrawal_not_found'],
    },
  ),
  ...ACTION_NAMES.map((name) =>
    post(
      `/withdrawals/{id}/${name}`,
      `${camel(name)}Withdrawal${name === 'stop' ? 'Payout' : ''}`,
      `${ACTION_TITLES[name] ?? name}: see docs/actions.md`,
      keysOf(name).some((key) => actionOf(key).needsSecond)
        ? orProposed(ref('OperatorWithdrawal'))
        : ok('It was done.', ref('OperatorWithdrawal')),
      { validators: actionInput(keysOf(name)), errors: errorsOfActions(keysOf(name).map(actionOf)) },
    ),
  ),
]

const ABOUT_OTHERS: readonly Operation[] = [
  get('/overview', 'getOverview', 'What needs a person now', ref('Overview')),
  get(
    '/audit',
    'listAudit',
    'What operators did, the latest first',
    {
      200: {
        description: '`next` is `before` of the next page.',
        schema: object({ data: listOf(ref('AuditEntry')), 'next?': text }),
        types: ['text/csv'],
      },
    },
    { validators: auditQueries },
  ),
  get('/approvals', 'listApprovals', 'What waits for another operator', dataOf('Approval'), {
    validators: approvalQueries,
  }),
  get('/approvals/{id}', 'getApproval', 'One of them', ref('Approval'), { errors: ['approval_not_found'] }),
  post('/approvals/{id}/confirm', 'confirmApproval', 'Say yes', ref('Approval'), {
    description: 'Besides: what the action itself may be refused with; it then stays open.',
    validators: justReason,
    errors: [
      ...(['approval_not_found', 'own_proposal', 'own_withdrawal', 'already_decided'] as const),
      ...(['changed_meanwhile', 'action_not_possible', 'exchange_unavailable'] as const),
      ...(['provider_not_found', 'file_not_found', 'invalid_policy', 'endpoint_refused'] as const),
    ],
  }),
  post('/approvals/{id}/refuse', 'refuseApproval', 'Say no', ref('Approval'), {
    validators: justReason,
    errors: ['approval_not_found', 'already_decided', 'changed_meanwhile'],
  }),
  get('/stop', 'getStop', 'Whether everything is stopped', ref('Stop')),
  post('/stop', 'stopEverything', 'Stop everything', ref('Stop'), {
    validators: stopInput,
    errors: ['changed_meanwhile'],
  }),
  post('/stop/lift', 'liftStop', 'Let everything go on', orProposed(ref('Stop')), {
    validators: reasonAndVersion,
    errors: PROPOSING,
  }),
  get('/providers', 'listProviders', 'The providers', dataOf('Provider')),
  post('/providers/{name}/pause', 'pauseProvider', 'Let nothing leave to it', ref('Provider'), {
    validators: reasonAndVersion,
    errors: ['provider_not_found', 'changed_meanwhile'],
  }),
  post('/providers/{name}/resume', 'resumeProvider', 'Let it be paid by again', orProposed(ref('Provider')), {
    validators: reasonAndVersion,
    errors: ['provider_not_found', 'changed_meanwhile', 'already_proposed'],
  }),
  get('/batches', 'listBatches', 'Batches, newest first', dataOf('Batch'), { validators: batchQueries }),
  get('/batches/preview', 'previewBatches', 'What the next run would send', dataOf('ReadyGroup'), {
    validators: previewQueries,
  }),
  post('/batches/run', 'runBatches', 'Send what is due, now', dataOf('BatchRun'), {
    validators: runInput,
    errors: ['provider_not_found'],
  }),
  get('/batches/{id}', 'getBatch', 'One with its items', ref('BatchWithItems'), {
    errors: ['batch_not_found'],
  }),
]

const resolved = object({ resolved: { const: true } })
const lifted = object({ lifted: { const: true } })

const QUESTIONS: readonly Operation[] = [
  get('/differences', 'listDifferences', 'Questions to a person', dataOf('Difference'), {
    validators: differenceQueries,
  }),
  post(
    '/differences/{id}/take-in',
    'takeInLost',
    'Take a burn that has no withdrawal into the books again',
    ref('OperatorWithdrawal'),
    {
      validators: takeInInput,
      errors: [
        ...(['own_withdrawal', 'difference_not_found', 'action_not_possible'] as const),
        ...(['changed_meanwhile', 'exchange_unavailable'] as const),
      ],
    },
  ),
  get(
    '/proofs',
    'listProofs',
    'Closed days, the latest first',
    object({
      data: listOf(object({ day: text, hash: text, 'signature?': text, closed_at: moment })),
    }),
  ),
  get(
    '/proofs/{day}',
    'getProof',
    'What the payouts of a day came to',
    {
      200: {
        description: '`hash` is SHA-256 over `content`, to the letter.',
        schema: ref('Proof'),
        types: ['text/csv'],
      },
    },
    { validators: proofQueries },
  ),
  post('/differences/{id}/resolve', 'resolveDifference', 'Say what was made of one', resolved, {
    validators: justReason,
    errors: ['own_withdrawal', 'difference_not_found'],
  }),
  post(
    '/differences/{withdrawalId}/{kind}/resolve',
    'resolveDifferences',
    'Say what was made of all of a kind about a withdrawal',
    resolved,
    { validators: justReason, errors: ['own_withdrawal', 'difference_not_found'] },
  ),
  get(
    '/quarantine',
    'listQuarantine',
    'Accounts that sent money back',
    object({
      data: listOf(
        object({
          destination_hash: text,
          user_id: whole,
          destination: text,
          reason_code: text,
          withdrawal_id: text,
          since: moment,
        }),
      ),
    }),
  ),
  post('/quarantine/{hash}/lift', 'liftQuarantine', 'Let withdrawals go there again', lifted, {
    validators: quarantineInput,
    errors: ['quarantine_not_found'],
  }),
  get(
    '/code-locks',
    'listCodeLocks',
    'Users whose one-time codes are not looked at for a while',
    object({
      data: listOf(object({ user_id: whole, wrong_codes: whole, 'locked_until?': moment, last_at: moment })),
    }),
  ),
  post('/code-locks/{userId}/lift', 'liftCodeLock', 'Let one try again', lifted, {
    validators: justReason,
    errors: ['code_lock_not_found'],
  }),
  get('/reconciliation', 'listReconciliations', 'Runs, the latest first', dataOf('ReconciliationRun')),
  get('/reconciliation/{id}', 'getReconciliation', 'One of them', ref('ReconciliationRun'), {
    errors: ['reconciliation_not_found'],
  }),
  post(
    '/reconciliation',
    'reconcile',
    'Hold the books against what others say',
    { 202: { description: 'It has begun.', schema: ref('ReconciliationRun') } },
    { validators: reconcileInput, errors: ['action_not_possible'] },
  ),
]

const RULES: readonly Operation[] = [
  get('/policy', 'getPolicy', 'What the exchange lets happen', ref('PolicyShown')),
  get('/policy/versions', 'listPolicyVersions', 'The latest first', dataOf('PolicyVersion'), {
    validators: policyVersionQueries,
  }),
  post('/policy', 'changePolicy', 'Change it', orProposed(ref('PolicyInForce')), {
    validators: policyInput,
    errors: ['invalid_policy', ...PROPOSING],
  }),
  post('/policy/dry-run', 'tryPolicy', 'What it would have done in the last 90 days', ref('PolicyDryRun'), {
    validators: dryRunInput,
    errors: ['invalid_policy'],
  }),
  post('/policy/restore', 'restorePolicy', 'Bring an earlier one back', orProposed(ref('PolicyInForce')), {
    validators: restoreInput,
    errors: ['policy_not_found', 'invalid_policy', ...PROPOSING],
  }),
  get('/settings', 'getSettings', 'What operators set', ref('SettingsShown')),
  get('/settings/versions', 'listSettingsVersions', 'The latest first', dataOf('SettingsVersion'), {
    validators: settingsVersionQueries,
  }),
  post('/settings/try', 'trySettings', 'Try changes; nothing is saved', ref('SettingsTried'), {
    validators: tryInput,
    errors: ['changed_meanwhile'],
  }),
  post('/settings', 'saveSettings', 'Save changes', orProposed(ref('SettingsSaved')), {
    validators: saveInput,
    errors: ['settings_not_working', 'changed_meanwhile', 'already_proposed'],
  }),
  post('/settings/undo', 'undoSettings', 'Go back to earlier ones', orProposed(ref('SettingsSaved')), {
    validators: undoInput,
    errors: ['settings_not_working', 'changed_meanwhile', 'already_proposed'],
  }),
]

const provider: readonly ErrorCode[] = ['provider_not_found']
const FILES: readonly Operation[] = [
  get('/files/{provider}', 'listFiles', 'Files for a bank', dataOf('OutboxFile'), { errors: provider }),
  get('/files/{provider}/{name}', 'getFile', 'One of them; masked for who only looks', FILE, {
    parameters: [why],
    errors: ['file_not_found', 'action_not_possible', ...provider],
  }),
  post(
    '/files/{provider}/{name}/void',
    'voidFile',
    'The bank never got it',
    orProposed(object({ voided: { const: true }, matched: whole })),
    {
      validators: justReason,
      errors: ['own_withdrawal', 'file_not_found', 'action_not_possible', 'already_proposed', ...provider],
    },
  ),
  get('/files/{provider}/reports', 'listReports', 'What was handed in', dataOf('BankReport'), {
    errors: provider,
  }),
  get('/files/{provider}/reports/{document}', 'getReport', 'The bytes of one', FILE, {
    parameters: [why],
    errors: ['file_not_found'],
  }),
  post(
    '/files/{provider}',
    'handInReport',
    'Hand in what the bank has answered',
    {
      200: { description: 'It counts.', schema: ref('TakenIn') },
      202: { description: 'Some of it waits for another operator.', schema: ref('TakenIn') },
    },
    {
      rawBody: { type: 'application/octet-stream', description: 'The file as it is.' },
      parameters: [{ in: 'query', name: 'name', schema: { type: 'string' } }, why],
      errors: ['body_too_large', ...provider],
    },
  ),
]

const one: readonly ErrorCode[] = ['endpoint_not_found']
const SECRET = about('Shown once; it signs when another operator has confirmed it.', text)
const MESSAGES: readonly Operation[] = [
  get(
    '/endpoints',
    'listEndpoints',
    'Who is told what happens',
    object({
      can_seal: flag,
      kinds: { type: 'object', additionalProperties: listOf(text) },
      data: listOf(ref('EndpointShown')),
    }),
  ),
  get('/endpoints/{id}/versions', 'listEndpointVersions', 'What it was before', dataOf('Endpoint'), {
    errors: one,
  }),
  post(
    '/endpoints',
    'createEndpoint',
    'Tell somebody',
    orProposed(ref('EndpointWithSecret'), { 'secret?': SECRET }),
    {
      validators: endpointInput,
      errors: ['endpoint_refused'],
    },
  ),
  post('/endpoints/try', 'tryEndpoint', 'Send a trial to an address', ref('EndpointTried'), {
    validators: tryUrlInput,
    errors: ['endpoint_refused'],
  }),
  post('/endpoints/{id}/test', 'testEndpoint', 'Send one a trial', ref('EndpointTried'), {
    validators: nothingInput,
    errors: one,
  }),
  post('/endpoints/{id}', 'changeEndpoint', 'Change one', orProposed(ref('Endpoint')), {
    validators: endpointChangeInput,
    errors: ['endpoint_refused', 'changed_meanwhile', 'already_proposed', ...one],
  }),
  post(
    '/endpoints/{id}/rotate',
    'rotateSecret',
    'Give one a new secret',
    orProposed(ref('EndpointWithSecret'), { 'secret?': SECRET }),
    {
      validators: rotateInput,
      errors: ['endpoint_refused', 'changed_meanwhile', 'already_proposed', ...one],
    },
  ),
  post('/endpoints/{id}/remove', 'removeEndpoint', 'Tell it no more', orProposed(ref('Endpoint')), {
    validators: removeEndpointInput,
    errors: ['changed_meanwhile', 'already_proposed', ...one],
  }),
  get(
    '/deliveries',
    'listDeliveries',
    'What was sent to whom',
    object({ data: listOf(ref('Delivery')), 'next?': text }),
    { validators: deliveryQueries },
  ),
  get('/deliveries/{id}', 'getDelivery', 'One with what it says', ref('DeliveryWithPayload'), {
    errors: ['delivery_not_found'],
  }),
  post(
    '/deliveries/{id}/send-again',
    'sendDeliveryAgain',
    'Send one again that was given up',
    object({ waiting: { const: true } }),
    { validators: justReason, errors: ['delivery_not_found', 'action_not_possible'] },
  ),
]

const FLOAT: readonly Operation[] = [
  get(
    '/float',
    'listFloat',
    'What payout accounts can still pay, against what waits',
    object({ data: listOf(ref('Float')), funding_calls: listOf(ref('FundingCall')) }),
  ),
  post('/float', 'enterFloat', 'Enter what an account can pay out now', ref('Float'), {
    validators: floatInput,
    errors: ['unsupported_currency', 'provider_not_found', 'changed_meanwhile'],
  }),
  get('/notices', 'listNotices', 'What operators are told', dataOf('Notice'), { validators: noticeQueries }),
  get(
    '/notices/{id}/items',
    'listNoticeItems',
    'What one is about',
    object({ data: listOf(ref('NoticeItem')) }),
    { errors: ['notice_not_found'] },
  ),
]

const DESK: Operation = {
  ...{ method: 'get', path: '/admin', id: 'getDesk', tag: 'Operators', who: 'anybody' },
  summary: 'The desk, one page for operators',
  answers: { 200: { description: 'It asks for a token.', types: ['text/html'] } },
  errors: ['route_not_found', 'not_ready'],
}

/** What operators see and do. */
export const OPERATOR_OPERATIONS: readonly Operation[] = [
  DESK,
  ...[...ABOUT_OTHERS, ...ABOUT_WITHDRAWALS, ...QUESTIONS, ...RULES, ...FILES, ...MESSAGES, ...FLOAT],
]
