import type { AdoptionReview, Store, WithdrawalDraft } from '../../db/store'
import type { Destination } from '../../domain/destination'
import { chargesOf, type FeeMode, leavesNothing, modeOfForeignBurn, type NetworkFees } from '../../domain/fee'
import { fingerprint } from '../../domain/identifiers'
import type { PolicyInForce } from '../../domain/policy'
import { judgeStanding, type StandingRules, writeFindings } from '../../domain/standing'
import { AppError, errorFields } from '../../errors'
import type { Exchange, ExchangeCurrency, ExchangeUser, PendingHold } from '../../ports/exchange'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider } from '../../ports/payment-provider'
import { guardOf } from '../policy/guard'
import { type ExchangeWithdrawal, isExchangeWithdrawal, isUntouched } from './adoption-rules'
import { type DraftDeps, draftOf } from './draft'
import { checkAmount, checkDestination, storedDestination } from './intake'
import { providerFor } from './routing'

export interface AdoptionDeps extends DraftDeps {
  readonly store: Pick<Store, 'findWithdrawal' | 'insertAdopted' | 'isQuarantined' | 'readStop'>
  readonly exchange: Exchange
  readonly providers: readonly PaymentProvider[]
  readonly logger: Logger
  readonly feeMode: FeeMode
  /** What operators let happen. */
  readonly policy: () => Promise<PolicyInForce>
  /** The kit's form has burned with a fee: whether the network has taken it. */
  readonly networkFees: NetworkFees
}

/**
 * Finds withdrawals that users made with the exchange's own form, which leaves a pending burn for a person to pay by
 * hand, and makes them ours. The withdrawal's id is the burn's: there can be no second one for it, whoever looks, and
 * all that follows finds the burn as it finds our own.
 *
 * What is not plainly such a withdrawal, or breaks a rule, is left alone.
 *
 * @returns How many were adopted. Never rejects: what goes wrong is logged, and looked at again the next time.
 */
export type Adoption = () => Promise<number>

export function createAdoption(deps: AdoptionDeps): Adoption {
  const { exchange, logger } = deps
  const left = createOncePerBurn()

  /** A list that cannot be had keeps nobody from those of other currencies. */
  async function pendingOf({ symbol }: ExchangeCurrency): Promise<readonly PendingHold[]> {
    try {
      return await exchange.listPendingHolds(symbol)
    } catch (error) {
      logger.warn('adoption.failed', { currency: symbol, ...errorFields(error) })
      return []
    }
  }

  async function adoptAllOf(currency: ExchangeCurrency): Promise<number> {
    let adopted = 0
    for (const hold of await pendingOf(currency)) {
      if (!isExchangeWithdrawal(hold)) continue
      try {
        if (await adopt(deps, hold, currency)) adopted++
      } catch (error) {
        if (!(error instanceof AppError))
          logger.warn('adoption.failed', { burnId: hold.id, ...errorFields(error) })
        else if (left.isFirst(hold.id))
          logger.warn('adoption.left_alone', { burnId: hold.id, code: error.code, why: error.message })
      }
    }
    return adopted
  }

  return async () => {
    let adopted = 0
    try {
      // The burns wait where they are.
      if ((await deps.store.readStop()).isStopped) return 0
      for (const currency of await exchange.listCurrencies())
        if (currency.isFiat && currency.withdrawalsAllowed) adopted += await adoptAllOf(currency)
    } catch (error) {
      logger.warn('adoption.failed', errorFields(error))
    }
    return adopted
  }
}

/** @throws {AppError} It breaks a rule that our own withdrawals keep. */
async function adopt(
  deps: AdoptionDeps,
  hold: ExchangeWithdrawal,
  currency: ExchangeCurrency,
): Promise<boolean> {
  const { store, exchange, logger } = deps
  if (await store.findWithdrawal(hold.id)) return false
  const user = await exchange.findUser(hold.userId)
  if (!user) throw new AppError('user_not_found', 'There is no such user.')
  const draft = adoptedDraft(deps, hold, user, currency)
  const inForce = await deps.policy()
  const review = reviewOf(user, inForce.policy.users)
  if (await store.isQuarantined(draft))
    throw new AppError('destination_quarantined', 'A payment to this account came back.')
  // The list is a moment old: the user or an operator may have decided since.
  const search = await exchange.findHold({ userId: hold.userId, ids: [hold.id] })
  if (search.kind !== 'found' || !isUntouched(search.hold)) return false
  const row = await store.insertAdopted(draft, review, guardOf(inForce, draft, true))
  if (!row) return false
  logger.info('withdrawal.transitioned', {
    ...{ withdrawalId: row.id, from: null, to: row.state, event: 'withdrawal.adopted', actor: 'adoption' },
    ...{ version: row.version, provider: row.provider, currency: row.currency },
  })
  return true
}

/**
 * The exchange's own form sends a one-time code along, and the exchange does not look at it; nor does it look at what it
 * says of the user itself.
 *
 * @throws {AppError} Such a user is not paid: the burn is left to whoever blocked them.
 */
function reviewOf(user: ExchangeUser, rules: StandingRules): AdoptionReview | null {
  const { follows, findings } = judgeStanding(user.standing, rules)
  if (follows === 'refuse')
    throw new AppError('withdrawal_refused', `The exchange says of the user: ${findings.join(', ')}.`)
  const reasonCode = user.otpEnabled ? 'code_not_checked' : follows === 'review' ? 'under_review' : null
  if (reasonCode === null) return null
  return { reasonCode, findings: findings.length > 0 ? writeFindings(null, findings) : null }
}

/** The exchange has quoted and locked; every other rule is checked as for a request. */
function adoptedDraft(
  deps: AdoptionDeps,
  hold: ExchangeWithdrawal,
  user: ExchangeUser,
  currency: ExchangeCurrency,
): WithdrawalDraft {
  const { providers, feeMode, networkFees } = deps
  const { id, amount, fee } = hold
  const destination = storedDestination(user, hold.address, currency)
  refuseChangedAccount(hold, destination)
  const provider = providerFor(providers, destination.method, currency.symbol)
  if (!provider) throw new AppError('unsupported_currency', 'No provider pays this method in this currency.')
  checkAmount(amount, currency, provider)
  const charges = chargesOf(modeOfForeignBurn(feeMode, networkFees), amount, fee)
  if (leavesNothing(charges)) throw new AppError('amount_out_of_range', 'The fee takes all of the amount.')
  const { payoutAmount } = charges
  checkDestination(provider, destination, currency.symbol, payoutAmount)
  return draftOf(deps, {
    id,
    userId: user.id,
    idempotencyKey: null,
    requestHash: fingerprint({ adopted: id }),
    currency: currency.symbol,
    ...{ amount, fee, payoutAmount },
    destination,
    provider,
  })
}

/**
 * An account keeps its id when an operator edits it. The exchange wrote down where the user wanted the money to go:
 * that has to be where it would go now.
 */
function refuseChangedAccount({ description }: PendingHold, destination: Destination): void {
  const account = destination.method === 'BANK' ? destination.iban : destination.paypalId
  const plain = (text: string) => text.replace(/\s/g, '').toUpperCase()
  if (!plain(description ?? '').includes(plain(account)))
    throw new AppError('destination_refused', 'The account is not the one that the withdrawal was asked for.')
}

/** What is left alone is said once, not at every look; a restart may say it again. */
function createOncePerBurn() {
  const said = new Set<string>()
  return {
    isFirst(id: string): boolean {
      if (said.has(id)) return false
      if (said.size >= 10_000) said.clear()
      said.add(id)
      return true
    },
  }
}
