import type { BooksStore } from '../../db/books'
import type { StoredWithdrawal } from '../../db/store'
import { userOf } from '../../domain/approvals'
import { endToEndIdOf, fingerprint, isKitSafeId, payoutKeyOf } from '../../domain/identifiers'
import { isLess, readDecimal, subtract } from '../../domain/money'
import type { PayoutMode } from '../../domain/withdrawal'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider } from '../../ports/payment-provider'
import type { Vault } from '../vault'
import { confirm, type ConfirmDeps } from './confirm'

export interface TakeInDeps extends ConfirmDeps {
  readonly books: Pick<BooksStore, 'openDifference' | 'insertLost'>
  readonly vault: Pick<Vault, 'sealWithout'>
  readonly modeOf: (provider: PaymentProvider) => PayoutMode
  readonly logger: Logger
}

export interface TakeInDecision {
  readonly actor: string
  readonly reason: string
  /** Who would have paid it, where nobody says that they did; null where there is only one. */
  readonly provider: string | null
}

/**
 * Takes a withdrawal whose row was lost into the books again, from its burn. No money moves by it: it stands as a
 * contradiction then, and what is made of that is decided like any other, by the rules for that.
 *
 * @throws {AppError} `difference_not_found`; `own_withdrawal`; `action_not_possible` of another question, where it is
 *   not so any more, or where the exchange does not say whose it is; `exchange_unavailable`; `invalid_request` where
 *   the provider has to be named. Nothing was written then.
 */
export type TakeInLost = (differenceId: string, decision: TakeInDecision) => Promise<StoredWithdrawal>

interface Listed {
  readonly id: string
  readonly userId: number | null
  readonly amount: string
  readonly currency: string
}

const UNKNOWN_ACCOUNT = 'not known: its row was lost'

export const createTakeInLost =
  (deps: TakeInDeps): TakeInLost =>
  async (differenceId, { actor, reason, provider: named }) => {
    const { books, logger } = deps
    const question = await books.openDifference(differenceId)
    if (!question) throw new AppError('difference_not_found', 'There is no such open difference.')
    if (question.kind !== 'burn_without_row' || !isKitSafeId(question.withdrawalId))
      throw notPossible('Only a burn without a withdrawal can be taken into the books.')
    const { withdrawalId: subject, detail: facts } = question
    // What was listed may be days old.
    const now = await confirm(deps, { kind: question.kind, subject, facts })
    if (now.kind === 'unknown')
      throw new AppError('exchange_unavailable', `The exchange does not say what became of it: ${now.why}`)
    if (now.kind === 'agrees') throw notPossible('It is not so any more. Say what was made of it instead.')
    const { detail } = now
    const listed = detail.exchange as Listed
    if (listed.userId === null) throw notPossible('The exchange does not say whose burn it is.')
    if (listed.userId === userOf(actor))
      throw new AppError(
        'own_withdrawal',
        'This withdrawal is your own: another operator has to decide over it.',
      )
    const draft = draftOf(deps, subject, { ...listed, userId: listed.userId }, detail, named)
    const { exchange, provider, burnId, burnState } = detail
    const row = await books.insertLost(draft, {
      ...{ differenceId, actor, reason },
      detail: { exchange, provider, burnId, burnState, difference: differenceId },
    })
    if (!row) throw new AppError('changed_meanwhile', 'Somebody has dealt with it meanwhile. Look again.')
    logger.warn('withdrawal.taken_in', { withdrawalId: row.id, actor, provider: row.provider })
    return row
  }

type Said = Readonly<Record<string, { readonly kind?: unknown; readonly amount?: unknown }>>

function draftOf(
  deps: TakeInDeps,
  id: string,
  { id: burnId, userId, amount, currency }: Listed & { userId: number },
  detail: Readonly<Record<string, unknown>>,
  named: string | null,
) {
  const said = (detail.provider ?? {}) as Said
  const provider = providerOf(deps, said, named)
  const paid = readDecimal(said[provider.name]?.amount)
  // What was paid is what was to be paid; where nobody was, all of it is what would have been.
  const payoutAmount = paid !== null && isLess('0', paid) && !isLess(amount, paid) ? paid : amount
  const method = provider.capabilities.methods[0] ?? 'BANK'
  const facts = {
    ...{ id, userId, idempotencyKey: null, currency, amount, payoutAmount, method },
    fee: subtract(amount, payoutAmount),
    provider: provider.name,
    ...{ payoutKey: payoutKeyOf(id), endToEndId: endToEndIdOf(id) },
    ...{ destinationMasked: UNKNOWN_ACCOUNT, returnedAmount: null },
  }
  return {
    ...facts,
    requestHash: fingerprint({ lost: id }),
    destination: deps.vault.sealWithout(facts),
    destinationHash: `lost:${id}`,
    mode: deps.modeOf(provider),
    settledBurnId: burnId === id ? null : burnId,
  }
}

/** Who says that they have it; else who is named. */
function providerOf({ providers }: TakeInDeps, said: Said, named: string | null): PaymentProvider {
  const having = providers.find(({ name }) => HAVING.includes(String(said[name]?.kind)))
  const found = having ?? (named === null && providers.length === 1 ? providers[0] : undefined)
  const chosen = found ?? providers.find(({ name }) => name === named)
  if (chosen) return chosen
  throw new AppError(
    'invalid_request',
    `provider must say who would have paid it: ${providers.map(({ name }) => name).join(', ')}.`,
  )
}
const HAVING: readonly string[] = ['settled', 'accepted', 'returned', 'declined', 'voided']

const notPossible = (message: string) => new AppError('action_not_possible', message)
