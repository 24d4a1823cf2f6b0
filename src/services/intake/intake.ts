import { cleanText, type Destination } from '../../domain/destination'
import { type Charges, chargesOf, type FeeMode, leavesNothing } from '../../domain/fee'
import { isLess, isMultipleOf, isZero, parseAmount, sameAmount } from '../../domain/money'
import { boundsOf, type PolicyInForce } from '../../domain/policy'
import { AppError, TEXTS } from '../../errors'
import type { Exchange, ExchangeCurrency, ExchangeUser } from '../../ports/exchange'
import type { PaymentProvider, PayoutItem } from '../../ports/payment-provider'
import { type CodeLocks, NO_CODE_LOCKS } from '../limits/code-locks'
import { type AmountBounds, amountRules, providerFor } from './routing'

/** Where the money goes, as the request says it. */
export type DestinationChoice =
  | { readonly kind: 'given'; readonly destination: Destination }
  | { readonly kind: 'stored'; readonly accountId: string }

export interface IntakeRequest {
  readonly userId: number
  /** Kit symbol, lower case. */
  readonly currency: string
  /** Canonical decimal, not yet checked against the currency. */
  readonly amount: string
  readonly choice: DestinationChoice
  readonly otpCode: string | null
  /** The figures that were confirmed, where the request says them. No part of what is asked for: a repeat may say others. */
  readonly expected?: ExpectedFigures
}

/** As a quote has shown them, canonical decimals; null where the request says nothing of it. */
export interface ExpectedFigures {
  readonly payoutAmount: string | null
  readonly needed: string | null
}

/** A request that may become a withdrawal. */
export interface Accepted {
  readonly fee: string
  readonly payoutAmount: string
  readonly destination: Destination
  readonly provider: PaymentProvider
  /** The code that was checked; null where the user has none to give. */
  readonly otpCode: string | null
}

export interface IntakeDeps {
  readonly exchange: Exchange
  readonly providers: readonly PaymentProvider[]
  readonly feeMode: FeeMode
  /** `stored`: only to accounts that the exchange has verified. */
  readonly destinations: 'any' | 'stored'
  /** What operators let happen. */
  readonly policy: () => Promise<PolicyInForce>
  /** Keeps one-time codes from being guessed; nobody does when left out. */
  readonly codes?: CodeLocks
}

/**
 * Everything that is checked before anything is stored or locked.
 *
 * @throws {AppError} Says what is wrong; no row, no burn, no call to a provider has happened.
 */
export type Intake = (request: IntakeRequest) => Promise<Accepted>

export const createIntake =
  ({
    exchange,
    providers,
    feeMode,
    destinations,
    policy: inForce,
    codes = NO_CODE_LOCKS,
  }: IntakeDeps): Intake =>
  async (request) => {
    const user = await findUser(exchange, request.userId)
    const currency = await findCurrency(exchange, request.currency)
    if (request.choice.kind === 'given' && destinations === 'stored')
      throw new AppError(
        'bank_account_not_verified',
        'Withdrawals only go to a verified account of yours: choose one of them (bank_id).',
      )
    const destination = resolveDestination(user, request.choice, currency)
    const provider = providerFor(providers, destination.method, currency.symbol)
    if (!provider)
      throw new AppError(
        'unsupported_currency',
        `Withdrawals in ${currency.symbol.toUpperCase()} by ${destination.method} are not available.`,
      )
    const { policy } = await ask(inForce())
    const asked = { currency: currency.symbol, method: destination.method }
    checkAmount(request.amount, currency, provider, boundsOf(policy, asked))

    const fee = await quotedFee(exchange, user, request)
    const charges = chargesOf(feeMode, request.amount, fee)
    const { payoutAmount } = charges
    if (leavesNothing(charges))
      throw new AppError('amount_out_of_range', `The amount must be larger than the fee of ${fee}.`)
    checkExpected(request, charges)
    await checkBalance(exchange, request, charges.needed)
    checkDestination(provider, destination, currency.symbol, payoutAmount)
    await checkOtp(exchange, user, request.otpCode, codes)
    return { fee, payoutAmount, destination, provider, otpCode: user.otpEnabled ? request.otpCode : null }
  }

export async function findUser(exchange: Exchange, userId: number): Promise<ExchangeUser> {
  const user = await exchange.findUser(userId).catch((cause: unknown) => {
    throw new AppError('user_lookup_failed', TEXTS.userLookupFailed, { cause })
  })
  if (!user) throw new AppError('user_not_found', TEXTS.userNotFound)
  return user
}

export async function findCurrency(exchange: Exchange, symbol: string): Promise<ExchangeCurrency> {
  const currency = await ask(exchange.findCurrency(symbol))
  if (!currency?.isFiat)
    throw new AppError(
      'unsupported_currency',
      `${symbol.toUpperCase()} cannot be withdrawn to a bank or PayPal.`,
    )
  if (!currency.withdrawalsAllowed)
    throw new AppError('unsupported_currency', `Withdrawals in ${symbol.toUpperCase()} are switched off.`)
  return currency
}

function resolveDestination(
  user: ExchangeUser,
  choice: DestinationChoice,
  currency: ExchangeCurrency,
): Destination {
  return choice.kind === 'given'
    ? withHolder(choice.destination, user)
    : storedDestination(user, choice.accountId, currency)
}

/**
 * Where a stored account's money goes.
 *
 * @throws {AppError} It is not the user's, not verified, of a kind the exchange does not pay this currency to, or
 *   nothing that can be paid to.
 */
export function storedDestination(
  user: ExchangeUser,
  accountId: string,
  currency: ExchangeCurrency,
): Destination {
  const account = user.bankAccounts.find(({ id }) => id === accountId)
  if (!account) throw new AppError('bank_account_not_found', 'You have no bank account with this id.')
  if (!account.verified)
    throw new AppError('bank_account_not_verified', 'This bank account is not verified yet.')
  if (account.type !== null && !isPaidTo(currency, account.type))
    throw new AppError(
      'destination_refused',
      `${currency.symbol.toUpperCase()} is not paid out to this kind of account.`,
    )
  if (!account.destination)
    throw new AppError('destination_refused', 'This bank account has no account number that can be paid to.')
  return account.destination
}

/**
 * Accounts from before there were kinds have none; that an operator has verified them is all there is. Where the
 * exchange does not say which kinds a currency goes to, its own page offers none either.
 */
export const isPaidTo = ({ accountTypes }: ExchangeCurrency, type: string): boolean =>
  accountTypes?.some((listed) => plain(listed) === plain(type)) === true

const plain = (type: string): string => type.trim().toLowerCase()

/**
 * Banks compare the payee's name with the account, and the shortest form of a request carries none. What users call
 * themselves at the exchange is held to what is asked of a name in a request.
 */
function withHolder(destination: Destination, user: ExchangeUser): Destination {
  const name = cleanText(user.fullName)
  return destination.method === 'BANK' && destination.accountHolder === undefined && name !== null
    ? { ...destination, accountHolder: name }
    : destination
}

/** @throws {AppError} Too many decimals, no whole multiple of the step, or out of range. */
export function checkAmount(
  amount: string,
  currency: ExchangeCurrency,
  provider: PaymentProvider,
  policy?: AmountBounds,
): void {
  const rules = amountRules(currency, provider, policy)
  const symbol = currency.symbol.toUpperCase()
  if ('problem' in parseAmount(amount, rules.decimals))
    throw new AppError('invalid_amount', `${symbol} amounts have at most ${rules.decimals} decimals.`)
  if (rules.increment !== null && !isZero(rules.increment) && !isMultipleOf(amount, rules.increment))
    throw new AppError('invalid_amount', `The amount must be a multiple of ${rules.increment} ${symbol}.`)
  if (rules.min !== null && isLess(amount, rules.min))
    throw new AppError('amount_out_of_range', `The smallest withdrawal is ${rules.min} ${symbol}.`)
  if (rules.max !== null && isLess(rules.max, amount))
    throw new AppError('amount_out_of_range', `The largest withdrawal is ${rules.max} ${symbol}.`)
}

export async function quotedFee(
  exchange: Exchange,
  user: ExchangeUser,
  { amount, currency }: Pick<IntakeRequest, 'amount' | 'currency'>,
): Promise<string> {
  const quote = await ask(exchange.quote(user, amount, currency))
  if (quote.kind === 'ok') return quote.fee
  throw quote.why === 'balance'
    ? new AppError('insufficient_balance', TEXTS.insufficientBalance)
    : new AppError('withdrawal_refused', quote.message)
}

/** A fee may change between what a person was shown and what they confirm: then they are to be asked once more. */
function checkExpected({ currency, expected }: IntakeRequest, { payoutAmount, needed }: Charges): void {
  const isAsExpected = (figure: string | null | undefined, now: string) => !figure || sameAmount(figure, now)
  if (isAsExpected(expected?.payoutAmount, payoutAmount) && isAsExpected(expected?.needed, needed)) return
  const symbol = currency.toUpperCase()
  throw new AppError(
    'quote_changed',
    `The fee has changed: ${payoutAmount} ${symbol} would be paid out now, for ${needed} ${symbol} of the balance. ` +
      'Nothing was taken; please look at it again.',
  )
}

export async function checkBalance(
  exchange: Exchange,
  { userId, currency }: Pick<IntakeRequest, 'userId' | 'currency'>,
  needed: string,
): Promise<void> {
  const available = await ask(exchange.availableBalance(userId, currency))
  if (isLess(available, needed)) throw new AppError('insufficient_balance', TEXTS.insufficientBalance)
}

/** The provider's word on the destination, before the user's balance is locked for it. */
export function checkDestination(
  provider: PaymentProvider,
  destination: Destination,
  currency: string,
  amount: string,
): void {
  const item: PayoutItem = { key: '', endToEndId: '', currency, amount, destination, statementText: '' }
  const problems = provider.check(item)
  const [first] = problems
  if (!first) return
  throw new AppError('destination_refused', first.message, {
    errors: problems.map(({ field, message }) => ({
      type: 'field',
      location: 'body',
      path: field,
      msg: message,
    })),
  })
}

async function checkOtp(
  exchange: Exchange,
  user: ExchangeUser,
  code: string | null,
  codes: CodeLocks,
): Promise<void> {
  const verify = () => ask(exchange.verifyOtp(user, code))
  const isGuessable = user.otpEnabled && code !== null
  const verdict = await (isGuessable ? codes.check(user.id, verify) : verify())
  if (verdict === 'missing') throw new AppError('otp_required', 'A one-time code (otp_code) is required.')
  if (verdict === 'invalid') throw new AppError('otp_invalid', 'Invalid OTP Code')
}

/** Outages are over in seconds, or in much more. */
const ASK_AGAIN_SECONDS = 10

/** A question to the exchange that got no answer: nothing was created, and the client may ask again. */
export const ask = <Answer>(question: Promise<Answer>): Promise<Answer> =>
  question.catch((cause: unknown) => {
    throw new AppError(
      'exchange_unavailable',
      'The exchange is not answering. Nothing was taken; please try again in a moment.',
      { cause, retryAfterSeconds: ASK_AGAIN_SECONDS },
    )
  })
