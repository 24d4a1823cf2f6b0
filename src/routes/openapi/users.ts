import type { ErrorCode } from '../../errors'
import { createChecks } from '../create-body'
import { listValidators, pageValidators } from '../list-queries'
import { quoteValidators } from '../quote-query'
import { ok, type Operation } from './operation'
import { listOf, pageOf, ref, tableOf } from './schemas'

const CREATE_ERRORS: readonly ErrorCode[] = [
  ...(['invalid_amount', 'amount_out_of_range', 'unsupported_currency', 'invalid_method'] as const),
  ...(['missing_paypal_id', 'missing_bank_fields', 'unknown_field', 'destination_refused'] as const),
  ...(['destination_quarantined', 'bank_account_not_found', 'bank_account_not_verified'] as const),
  ...(['insufficient_balance', 'withdrawal_refused', 'otp_required', 'otp_invalid'] as const),
  ...(['invalid_idempotency_key', 'user_not_found', 'too_many_open_withdrawals', 'limit_reached'] as const),
  ...(['idempotency_key_in_use', 'withdrawals_stopped', 'idempotency_key_reused', 'otp_locked'] as const),
  ...(['user_lookup_failed', 'create_failed', 'exchange_unavailable', 'quote_changed'] as const),
]
const LIST_ERRORS: readonly ErrorCode[] = ['list_failed', 'lists_busy']

const created = (schema: string) => ({
  200: {
    description: 'It is stored and will end in an outcome; `status` says whether it has, and in which.',
    schema: ref(schema),
    headers: {
      'Idempotency-Replayed': {
        const: 'true',
        description: 'The key was used for this request before: this is the first withdrawal, as it is now.',
      },
    },
  },
})

/** What users do with their own withdrawals. */
export const USER_OPERATIONS: readonly Operation[] = [
  {
    ...{ method: 'post', path: '/', id: 'createWithdrawal', tag: 'Users', who: 'user' },
    summary: 'Create a withdrawal',
    description:
      'Locks the amount and has it paid out. Answers when that has ended, or would not end soon: the work then goes on. ' +
      'Send an `Idempotency-Key`, and repeat with the same one until there is an answer: it stays one withdrawal.',
    validators: [createChecks(null)],
    answers: created('Withdrawal'),
    errors: CREATE_ERRORS,
  },
  {
    ...{ method: 'get', path: '/list', id: 'listWithdrawals', tag: 'Users', who: 'user' },
    summary: 'List withdrawals by offset, for tables',
    validators: listValidators,
    answers: ok('Newest first. The totals are exact up to 10,000.', tableOf(ref('Withdrawal'))),
    errors: LIST_ERRORS,
  },
  {
    ...{ method: 'get', path: '/', id: 'findWithdrawals', tag: 'Users', who: 'user' },
    summary: 'List withdrawals by page, with filters, or download them',
    validators: pageValidators,
    answers: {
      200: {
        description: '`count` is of all pages, exact up to 10,000. With `format=csv` a file of all pages.',
        schema: pageOf(ref('Withdrawal')),
        types: ['text/csv'],
      },
    },
    errors: ['list_too_long', ...LIST_ERRORS],
  },
  {
    ...{ method: 'get', path: '/options', id: 'getOptions', tag: 'Users', who: 'user' },
    summary: 'What a form needs, per currency that can be withdrawn',
    description: 'For the user who asks: one request fills the page.',
    answers: ok(
      '`min`, `max` and `decimals` are the tighter of the exchange’s and the provider’s.',
      listOf(ref('CurrencyOptions')),
    ),
    errors: ['user_not_found', 'user_lookup_failed', 'exchange_unavailable'],
  },
  {
    ...{ method: 'get', path: '/quote', id: 'getQuote', tag: 'Users', who: 'user' },
    summary: 'What a withdrawal would cost and bring, as it would be accepted now',
    description: 'Nothing is stored or locked.',
    validators: quoteValidators,
    answers: ok('What a person confirms.', ref('Quote')),
    errors: [
      ...(['invalid_amount', 'unsupported_currency', 'invalid_method', 'amount_out_of_range'] as const),
      ...(['insufficient_balance', 'withdrawal_refused', 'user_not_found', 'user_lookup_failed'] as const),
      'exchange_unavailable',
    ],
  },
  {
    ...{ method: 'get', path: '/{id}', id: 'getWithdrawal', tag: 'Users', who: 'user' },
    summary: 'Look at a withdrawal',
    answers: ok('As it is now, with each stage it went through.', ref('WithdrawalWithTimeline')),
    errors: ['withdrawal_not_found'],
  },
  {
    ...{ method: 'post', path: '/{id}/cancel', id: 'cancelWithdrawal', tag: 'Users', who: 'user' },
    summary: 'Give the balance back while nothing was sent',
    description: 'Twice is once. Takes no body.',
    answers: ok('`canceled`, or `pending` while the exchange has not confirmed it.', ref('Withdrawal')),
    errors: ['withdrawal_not_found', 'not_cancelable', 'changed_meanwhile'],
  },
]

/** The same withdrawals in the words of the IoTaaP withdrawal API, at an address of its own. */
export const iotaapOperations = (defaultCurrency: string | null): readonly Operation[] => [
  {
    ...{ method: 'post', path: '/', id: 'createIotaapWithdrawal', tag: 'IoTaaP', who: 'user' },
    summary: 'Create a withdrawal',
    validators: [createChecks(defaultCurrency)],
    answers: created('IotaapWithdrawal'),
    errors: CREATE_ERRORS,
  },
  {
    ...{ method: 'get', path: '/list', id: 'listIotaapWithdrawals', tag: 'IoTaaP', who: 'user' },
    summary: 'List withdrawals',
    validators: listValidators,
    answers: ok('Newest first.', tableOf(ref('IotaapWithdrawal'))),
    errors: LIST_ERRORS,
  },
  {
    ...{ method: 'get', path: '/{id}', id: 'getIotaapWithdrawal', tag: 'IoTaaP', who: 'user' },
    summary: 'Look at a withdrawal',
    answers: ok('As it is now.', ref('IotaapWithdrawal')),
    errors: ['withdrawal_not_found'],
  },
]
