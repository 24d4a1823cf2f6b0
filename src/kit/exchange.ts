import { isLess, readDecimal, toJsonNumber } from '../domain/money'
import { describeError } from '../errors'
import type { Clock } from '../ports/clock'
import type { Exchange, Quote } from '../ports/exchange'
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
  const coin = (symbol: string) => calls.read('coin look-up', () => toolsLib.getKitCoin(symbol))
  const settings = () => calls.read('look at the kit’s settings', () => toolsLib.getKitConfig())

  return {
    async findUser(userId) {
      const row = await calls.read('user look-up', () => toolsLib.user.getUserByKitId(userId, true, false))
      if (row === null || row === undefined) return null
      return toUser(userId, row, { names, now: clock.now() }) ?? noAnswer('user')
    },

    async findCurrency(symbol) {
      return toCurrency(await coin(symbol), symbol, await settings())
    },

    // A kit copies all its coins, and all its settings, whenever it is asked for one: so it is asked once for all.
    async listCurrencies() {
      const coins = (await allCoins(toolsLib, calls)) ?? (await eachCoin(toolsLib, calls, coin))
      const kitConfig = await settings()
      return Object.entries(coins).flatMap(([symbol, one]) => toCurrency(one, symbol, kitConfig) ?? [])
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

type Coins = Readonly<Record<string, unknown>>

/** null where the host has no such list; empty until the kit has loaded its configuration. */
async function allCoins(toolsLib: ToolsLib, calls: Calls): Promise<Coins | null> {
  if (typeof toolsLib.getKitCoinsConfig !== 'function') return null
  const coins = await calls.read('coin list', () => toolsLib.getKitCoinsConfig?.())
  const isList = typeof coins === 'object' && coins !== null && Object.keys(coins).length > 0
  return isList ? (coins as Coins) : noAnswer('list of coins')
}

async function eachCoin(
  toolsLib: ToolsLib,
  calls: Calls,
  coin: (symbol: string) => Promise<unknown>,
): Promise<Coins> {
  const symbols = await calls.read('coin list', () => toolsLib.getKitCoins())
  if (!Array.isArray(symbols)) return noAnswer('list of coins')
  const named = symbols.map(async (symbol: unknown) => [String(symbol), await coin(String(symbol))] as const)
  return Object.fromEntries(await Promise.all(named))
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
