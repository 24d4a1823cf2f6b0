import { toJsonNumber } from '../domain/money'
import { stateRow } from '../domain/states'
import type { JournalEntry } from '../domain/withdrawal'
import type { AccountOption, CurrencyOptions, LimitLeft, MethodOptions } from '../services/intake/options'
import type { Quoted } from '../services/intake/quote'

/** What a form is filled with, for its user. */
export const presentOptions = (options: CurrencyOptions): Record<string, unknown> => ({
  currency: options.currency,
  name: options.name,
  available: toJsonNumber(options.available),
  otp_required: options.isCodeAsked,
  destinations: options.destinations,
  accounts: options.accounts.map(presentAccount),
  limits: options.limits.map(presentLimit),
  methods: options.methods.map(presentMethod),
  ...(options.coolingOffHours > 0 && { new_account_waits_hours: options.coolingOffHours }),
  ...(options.stopped !== null && { stopped: options.stopped }),
})

const presentAccount = (account: AccountOption) => ({
  id: account.id,
  method: account.method,
  account: account.masked,
  bank: account.bank ?? undefined,
  account_holder: account.accountHolder ?? undefined,
  country: account.country ?? undefined,
  verified: account.isVerified,
})

const presentLimit = (limit: LimitLeft) => ({
  per: limit.per,
  amount: toNumberOrNull(limit.amount),
  amount_left: toNumberOrNull(limit.amountLeft),
  count: limit.count,
  count_left: limit.countLeft,
  resets_at: limit.resetsAt.toISOString(),
})

const presentMethod = (options: MethodOptions) => ({
  method: options.method,
  provider: options.provider,
  required_fields: options.destinationFields,
  decimals: options.decimals,
  increment: toNumberOrNull(options.increment),
  min: toNumberOrNull(options.min),
  max: toNumberOrNull(options.max),
  fee: toJsonNumber(options.fee),
  fee_mode: options.feeMode,
  mode: options.mode,
  schedule: options.schedule,
  expected_seconds: Math.round(options.expectedMs / 1000),
  ...presentArrival(options),
})

const presentArrival = ({ arrivesBy, arrivesByIfNew }: Pick<Quoted, 'arrivesBy' | 'arrivesByIfNew'>) => ({
  arrives_by: arrivesBy.toISOString(),
  ...(arrivesByIfNew !== null && { arrives_by_if_new: arrivesByIfNew.toISOString() }),
})

export const presentQuote = (quote: Quoted): Record<string, unknown> => ({
  currency: quote.currency,
  method: quote.method,
  amount: toJsonNumber(quote.amount),
  fee: toJsonNumber(quote.fee),
  fee_mode: quote.feeMode,
  payout_amount: toJsonNumber(quote.payoutAmount),
  leaves_balance: toJsonNumber(quote.needed),
  ...presentArrival(quote),
})

interface Step {
  readonly stage: string
  readonly at: string
  readonly reason_code?: string | undefined
}

/** Each stage it went through, with the reason it last had there: a worker that looks again is no step. */
export function presentTimeline(journal: readonly JournalEntry[]): readonly Step[] {
  const steps: Step[] = []
  for (const { to, at, reasonCode } of journal) {
    const { stage } = stateRow(to)
    const last = steps.at(-1)
    const isSame = last?.stage === stage
    if (isSame) steps.pop()
    steps.push({
      stage,
      at: isSame ? last.at : at.toISOString(),
      reason_code: reasonCode ?? undefined,
    })
  }
  return steps
}

const toNumberOrNull = (value: string | null): number | null => (value === null ? null : toJsonNumber(value))
