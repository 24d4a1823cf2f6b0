import { isLess, readDecimal, toJsonNumber } from '../domain/money'
import { describeError } from '../errors'
import type { Clock } from '../ports/clock'
import type { Exchange, ExchangeCurrency, Quote } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import type { AccountFields } from './bank-accounts'
import { type Calls, createCalls, ExchangeUnavailableError } from './calls'
import { describeFault, isAboutBalance, isRuleRefusal, refusalText } from './classify-error'
import { createCreditSide } from './credit'
import { createLists } from './listed'
import { createPendingHolds } from './pending-holds'
import { toCurrency, toUser } from './shapes'
import type { ToolsLib } from './tools-lib'
import { createWalletSide } from './wallet'
import { createWholeLists, type WholeLists } from './whole-lists'

export interface KitExchangeOptions {
  readonly toolsLib: ToolsLib
  readonly clock: Clock
  readonly logger: Logger
  /** Deadline of one call. */
  readonly timeoutMs: number
  /** Whether this exchange's network refuses a second burn with the same transaction id. */
  readonly uniqueTransactionIds: boolean
  /** Whether the kit mails its users about the burn, its settling and its rejection. */
  readonly mails: boolean
  /** Names of fields in stored accounts, before the usual ones. */
  readonly accountFields?: AccountFields
  /** Of this kit, where another exchange object may read from it too. */
  readonly lists?: WholeLists
}

/** The exchange behind a kit's `toolsLib`. */
export function createKitExchange(options: KitExchangeOptions): Exchange {
  const calls = createCalls(options)
  const parts = { ...options, calls, lists: options.lists ?? createWholeLists() }
  return {
    holdIdsAreUnique: options.uniqueTransactionIds,
    ...createReadSide(options, calls),
    ...createWalletSide(parts),
    ...createCreditSide(parts),
    ...createPendingHolds(parts),
    ...mailSide(options.toolsLib, calls),
    ...createLists(parts),
  }
}

const mailSide = (toolsLib: ToolsLib, calls: Calls): Pick<Exchange, 'mail'> =>
  typeof toolsLib.sendCustomEmail !== 'function'
    ? {}
    : {
        async mail(to, { subject, text, html }) {
          await calls.read('mail', () => toolsLib.sendCustomEmail?.(to, subject, html, { text }))
        },
      }

type ReadSide = Pick<
  Exchange,
  'findUser' | 'findCurrency' | 'listCurrencies' | 'availableBalance' | 'quote' | 'verifyOtp'
>

function createReadSide(
  { toolsLib, clock, accountFields: names = {} }: KitExchangeOptions,
  calls: Calls,
): ReadSide {
  const coin = async (symbol: string): Promise<ExchangeCurrency | null> => {
    const answer = await calls.read('coin look-up', () => toolsLib.getKitCoin(symbol))
    const kitConfig = await calls.read('look at the kit’s settings', () => toolsLib.getKitConfig())
    return toCurrency(answer, symbol, kitConfig)
  }

  return {
    async findUser(userId) {
      const row = await calls.read('user look-up', () => toolsLib.user.getUserByKitId(userId, true, false))
      if (row === null || row === undefined) return null
      return toUser(userId, row, { names, now: clock.now() }) ?? noAnswer('user')
    },

    findCurrency: coin,

    async listCurrencies() {
      const symbols = await calls.read('coin list', () => toolsLib.getKitCoins())
      // Empty until the kit has loaded its configuration.
      if (!Array.isArray(symbols)) return noAnswer('list of coins')
      const coins = await Promise.all(symbols.map((symbol: unknown) => coin(String(symbol))))
      return coins.filter((found): found is ExchangeCurrency => found !== null)
    },

    async availableBalance(userId, currency) {
      const balance = await calls.read('balance look-up', () => toolsLib.wallet.getUserBalanceByKitId(userId))
      // The kit spreads what the network said: a page of HTML arrives as one member per letter.
      if (typeof balance !== 'object' || balance === null || '0' in balance) return noAnswer('balance')
      const available = (balance as Record<string, unknown>)[`${currency}_available`]
      return available === undefined ? '0' : (readDecimal(available) ?? noAnswer('balance'))
    },

    quote: (user, amount, currency) =>
      quote(calls, currency, () =>
        toolsLib.wallet.validateWithdrawal(user.raw, '', toJsonNumber(amount), currency, 'fiat'),
      ),

    async verifyOtp(user, code) {
      if (!user.otpEnabled) return 'ok'
      if (code === null) return 'missing'
      try {
        // Must be a string: a number never matches.
        const verified = await calls.call('OTP check', () =>
          toolsLib.security.verifyOtpBeforeAction(user.id, code),
        )
        return verified === true ? 'ok' : 'invalid'
      } catch (error) {
        // Only the kit's own words: our deadline and the TypeError of a broken kit speak of OTP as well.
        if (isRuleRefusal(error) && /otp/i.test(describeError(error).message)) return 'invalid'
        throw new ExchangeUnavailableError(`OTP check failed: ${describeFault(error)}`)
      }
    },
  }
}

/** The kit's own rules: a refusal is thrown as an error with a text for people. */
async function quote(calls: Calls, currency: string, validate: () => unknown): Promise<Quote> {
  let answer: unknown
  try {
    answer = await calls.call('withdrawal check', validate)
  } catch (error) {
    if (!isRuleRefusal(error))
      throw new ExchangeUnavailableError(`withdrawal check failed: ${describeFault(error)}`)
    const message = refusalText(error)
    return { kind: 'refused', why: isAboutBalance(message) ? 'balance' : 'rule', message }
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return noAnswer('quote')
  const { fee, fee_coin: feeCoin } = answer as Record<string, unknown>
  return toQuote(fee, feeCoin, currency)
}

function toQuote(givenFee: unknown, feeCoin: unknown, currency: string): Quote {
  const fee = readDecimal(givenFee ?? 0) ?? noAnswer('fee')
  // Taken off the amount, a negative fee would pay out more than was locked.
  if (isLess(fee, '0')) return noAnswer('fee')
  if (fee !== '0' && typeof feeCoin === 'string' && feeCoin !== currency)
    return {
      kind: 'refused',
      why: 'rule',
      message: `Fees in ${feeCoin.toUpperCase()} are not supported for withdrawals in ${currency.toUpperCase()}.`,
    }
  return { kind: 'ok', fee }
}

function noAnswer(what: string): never {
  throw new ExchangeUnavailableError(`The exchange answered with no ${what}.`)
}
