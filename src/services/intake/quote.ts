import type { Method } from '../../domain/destination'
import { chargesOf, type FeeMode, leavesNothing } from '../../domain/fee'
import { boundsOf } from '../../domain/policy'
import { AppError } from '../../errors'
import { arrivalOf } from './expected'
import { ask, checkAmount, checkBalance, findCurrency, findUser, quotedFee } from './intake'
import type { OptionsDeps } from './options'
import { providerFor } from './routing'

/** What a withdrawal of this amount would cost its user now, and what would come of it. */
export interface Quoted {
  readonly currency: string
  readonly method: Method
  readonly amount: string
  readonly fee: string
  readonly feeMode: FeeMode
  /** What the beneficiary gets. */
  readonly payoutAmount: string
  /** What the user can spend less of afterwards. */
  readonly needed: string
  readonly arrivesBy: Date
  readonly arrivesByIfNew: Date | null
}

export interface QuoteRequest {
  readonly userId: number
  readonly currency: string
  readonly method: Method
  readonly amount: string
}

/**
 * The figures of a request as it would be accepted now. Stores and locks nothing.
 *
 * @throws {AppError} As the request itself would be refused for its amount.
 */
export const createQuote =
  (deps: Omit<OptionsDeps, 'destinations' | 'store' | 'scheduleOf'>) =>
  async ({ userId, currency: symbol, method, amount }: QuoteRequest): Promise<Quoted> => {
    const { exchange, providers, feeMode } = deps
    const user = await findUser(exchange, userId)
    const currency = await findCurrency(exchange, symbol)
    const provider = providerFor(providers, method, symbol)
    if (!provider)
      throw new AppError(
        'unsupported_currency',
        `Withdrawals in ${symbol.toUpperCase()} by ${method} are not available.`,
      )
    const { policy } = await ask(deps.policy())
    checkAmount(amount, currency, provider, boundsOf(policy, { currency: symbol, method }))
    const fee = await quotedFee(exchange, user, { amount, currency: symbol })
    const charges = chargesOf(feeMode, amount, fee)
    if (leavesNothing(charges))
      throw new AppError('amount_out_of_range', `The amount must be larger than the fee of ${fee}.`)
    await checkBalance(exchange, { userId, currency: symbol }, charges.needed)
    const { payoutAmount, needed } = charges
    const { coolingOffHours } = policy
    const given = { mode: deps.modeOf(provider), from: deps.clock.now(), coolingOffHours }
    return {
      ...{ currency: symbol, method, amount, fee, feeMode, payoutAmount, needed },
      ...arrivalOf(deps, provider, given),
    }
  }
