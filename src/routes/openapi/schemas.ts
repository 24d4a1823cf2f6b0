import { METHODS } from '../../domain/destination'
import { FEE_MODES } from '../../domain/fee'
import { PERIODS } from '../../domain/policy'
import { REASON_CODES } from '../../domain/reasons'
import { stateRow, STATES } from '../../domain/states'
import { ERROR_CODES } from '../../errors'
import { CREATE_SCHEMAS } from '../create-schema'
import type { Schema } from '../described'

/** What answers are made of. Members that say nothing are left out of an answer, and are not required here. */

export const text: Schema = { type: 'string' }
export const flag: Schema = { type: 'boolean' }
export const whole: Schema = { type: 'integer' }
export const number: Schema = { type: 'number' }
export const moment: Schema = { type: 'string', format: 'date-time' }
/** A sum may have more digits than a JSON number keeps. */
export const decimal: Schema = { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' }
export const oneOf = (values: readonly string[]): Schema => ({ type: 'string', enum: values })
export const listOf = (items: Schema): Schema => ({ type: 'array', items })
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
export const mapOf = (schema: Schema): Schema => ({ type: 'object', additionalProperties: schema })
/** Whatever a journal, say, has to tell. */
export const anything: Schema = { type: 'object', additionalProperties: true }

/** @param properties Those that are not always there have a question mark behind their name. */
export function object(properties: Readonly<Record<string, Schema>>, about: Schema = {}): Schema {
  return {
    type: 'object',
    ...about,
    // Taken apart by whoever asks for the description, and not by every start.
    get required() {
      return Object.keys(properties).filter((name) => !name.endsWith('?'))
    },
    get properties() {
      return Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [name.replace(/\?$/, ''), schema]),
      )
    },
  }
}

/** The same schema with a word about it. */
export const about = (description: string, schema: Schema): Schema => ({ ...schema, description })

const STAGES = [...new Set(STATES.map((state) => stateRow(state).stage))]

const withdrawal = object({
  id: text,
  currency: text,
  amount: about('What was asked for.', number),
  fee: about('The exchange’s.', number),
  'payout_amount?': about('What the beneficiary gets, where the fee is taken off the amount.', number),
  method: oneOf(METHODS),
  'bank?': text,
  'iban?': about('As its owner gave it; masked where the key it was sealed with is gone.', text),
  'swift?': text,
  'paypal_id?': text,
  'account_holder?': text,
  status: about(
    '`processed`: paid. `canceled`: not paid, or returned; the balance is the user’s again.',
    oneOf(['pending', 'processed', 'canceled']),
  ),
  completed: about('Whether `status` is `processed`.', flag),
  stage: about('The finer word for people.', oneOf(STAGES)),
  'reason_code?': about('Why it waits or ended, for machines.', oneOf(REASON_CODES)),
  'reason?': about('The same for people.', text),
  transaction_id: about('The burn at the exchange; once processed, the id it got when it was settled.', text),
  provider: text,
  'provider_transaction_id?': about('The bank’s reference of the executed payment.', text),
  cancelable: about('Whether it could be canceled now.', flag),
  'eta?': about(
    'While pending: when the money usually arrives. Left out where that hangs on somebody.',
    moment,
  ),
  created_at: moment,
  updated_at: moment,
})

const iotaapWithdrawal = object({
  _id: text,
  created_at: moment,
  amount: number,
  method: oneOf(METHODS),
  'bank?': text,
  'iban?': text,
  'swift?': text,
  'paypal_id?': text,
  owner: whole,
  completed: flag,
  status: oneOf(['pending', 'processed', 'canceled']),
  __v: { const: 0 },
})

const error = object(
  {
    message: about('Fit to show to a person.', text),
    code: about('Stable; see docs/errors.md.', oneOf(ERROR_CODES)),
    request_id: text,
    'errors?': about(
      'Single fields, where it is about some.',
      listOf(
        object({
          type: oneOf(['field', 'unknown_fields']),
          msg: text,
          'path?': text,
          'location?': text,
        }),
      ),
    ),
  },
  { description: 'Every error, from every route.' },
)

const arrival = {
  arrives_by: about('Until when the money of a request made now comes.', moment),
  'arrives_by_if_new?': about('Where the account is a new one, that waits.', moment),
}

const listMore = about('Whether there are more than the counts say.', flag)

export const USER_SCHEMAS: Readonly<Record<string, Schema>> = {
  ...CREATE_SCHEMAS,
  Withdrawal: withdrawal,
  IotaapWithdrawal: iotaapWithdrawal,
  Error: error,
  WithdrawalWithTimeline: {
    allOf: [ref('Withdrawal'), object({ timeline: listOf(ref('TimelineStep')) })],
  },
  TimelineStep: object({ stage: oneOf(STAGES), at: moment, 'reason_code?': oneOf(REASON_CODES) }),
  Quote: object({
    currency: text,
    method: oneOf(METHODS),
    amount: number,
    fee: number,
    fee_mode: oneOf(FEE_MODES),
    payout_amount: about('What the beneficiary gets.', number),
    leaves_balance: about('What the user can spend less of.', number),
    ...arrival,
  }),
  CurrencyOptions: object({
    currency: text,
    name: text,
    available: about('What the user can spend.', number),
    otp_required: about('Whether `otp_code` is asked for.', flag),
    destinations: about('`stored`: money goes to verified accounts only.', oneOf(['any', 'stored'])),
    accounts: about('The user’s, that this currency goes to.', listOf(ref('StoredAccount'))),
    limits: about('What is left of the user’s own.', listOf(ref('LimitLeft'))),
    methods: listOf(ref('MethodOptions')),
    'new_account_waits_hours?': about('Where the first withdrawal to an account waits: how long.', whole),
    'stopped?': about('While everything is stopped: the sentence to show to users.', text),
  }),
  MethodOptions: object({
    method: oneOf(METHODS),
    provider: text,
    required_fields: listOf(text),
    decimals: whole,
    increment: orNull(number),
    min: orNull(number),
    max: orNull(number),
    fee: number,
    fee_mode: oneOf(FEE_MODES),
    mode: oneOf(['immediate', 'batch']),
    schedule: about('The cron expression of the next batches, where there are batches.', orNull(text)),
    expected_seconds: whole,
    ...arrival,
  }),
  StoredAccount: object({
    id: about('To send as `bank_id`.', text),
    method: oneOf(METHODS),
    account: about('Masked.', text),
    'bank?': text,
    'account_holder?': text,
    'country?': text,
    verified: flag,
  }),
  LimitLeft: object({
    per: oneOf(PERIODS),
    amount: orNull(number),
    amount_left: orNull(number),
    count: orNull(whole),
    count_left: orNull(whole),
    resets_at: moment,
  }),
}

/** As tables that page by offset ask for them. */
export const tableOf = (record: Schema): Schema =>
  object({
    withdrawals: listOf(record),
    recordsTotal: whole,
    recordsFiltered: whole,
    more: listMore,
    draw: whole,
  })

/** As the kit's own lists. */
export const pageOf = (record: Schema): Schema =>
  object({ count: whole, more: listMore, data: listOf(record) })
