import type { Approval, Store, StoredWithdrawal } from '../../db/store'
import type { ActionKey } from '../../domain/actions'
import { isKitSafeId } from '../../domain/identifiers'
import { sameAmount, sum } from '../../domain/money'
import { AppError, errorFields } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { Decided, Decisions } from './decisions'

/** Actions that need no evidence, so that one reason can speak for many. */
export const FOR_SEVERAL = ['approve', 'reject', 'hold', 'resume', 'retry'] as const satisfies ActionKey[]
export type ActionForSeveral = (typeof FOR_SEVERAL)[number]
export const SEVERAL_MAX = 100

export interface SeveralDecision {
  readonly actor: string
  readonly reason: string
  readonly items: readonly { readonly id: string; readonly version: number }[]
  /** Decimal strings by currency: what the person believes to decide about. */
  readonly totals: Readonly<Record<string, string>>
}

export type ItemResult =
  | { readonly id: string; readonly done: StoredWithdrawal }
  /** Another operator has to confirm it. */
  | { readonly id: string; readonly proposed: Approval }
  | { readonly id: string; readonly refused: AppError }

export interface SeveralDeps {
  readonly store: Pick<Store, 'findWithdrawal'>
  readonly decisions: Pick<Decisions, 'act'>
  readonly logger: Pick<Logger, 'error'>
}

/**
 * The same decision about many, each against the version that was seen: what has changed meanwhile is left alone, and
 * does not keep the others. One after the other, for each may ask others before it is believed.
 *
 * @throws {AppError} `withdrawal_not_found`; `invalid_request` where the sums are not those of the withdrawals. Nothing
 *   was done then.
 */
export const createDecideSeveral =
  ({ store, decisions, logger }: SeveralDeps) =>
  async (action: ActionForSeveral, decision: SeveralDecision): Promise<readonly ItemResult[]> => {
    const { items, totals, actor, reason } = decision
    const rows = await Promise.all(
      items.map(async ({ id }) => (isKitSafeId(id) ? store.findWithdrawal(id) : null)),
    )
    const known = rows.filter((row) => row !== null)
    if (known.length < items.length)
      throw new AppError('withdrawal_not_found', 'One of them is not there. Nothing was done.')
    requireTotals(known, totals)
    const results: ItemResult[] = []
    for (const { id, version } of items) {
      const said = { actor, reason, version, evidence: null, transactionId: null }
      results.push(await actOn(id, () => decisions.act(action, id, said), logger))
    }
    return results
  }

async function actOn(
  id: string,
  act: () => Promise<Decided<StoredWithdrawal>>,
  logger: SeveralDeps['logger'],
): Promise<ItemResult> {
  try {
    const decided = await act()
    return decided.kind === 'done' ? { id, done: decided.result } : { id, proposed: decided.approval }
  } catch (error) {
    if (error instanceof AppError) return { id, refused: error }
    // Those before it are done: an answer that says nothing of them would have them decided again.
    logger.error('decision.unclear', { withdrawalId: id, ...errorFields(error) })
    const message = 'Whether this was done is not known. Look at it again.'
    return { id, refused: new AppError('internal_error', message, { cause: error }) }
  }
}

function requireTotals(rows: readonly StoredWithdrawal[], given: Readonly<Record<string, string>>): void {
  const currencies = new Set([...rows.map(({ currency }) => currency), ...Object.keys(given)])
  for (const currency of currencies) {
    const there = sum(rows.filter((row) => row.currency === currency).map(({ amount }) => amount))
    const said = Object.hasOwn(given, currency) ? given[currency] : undefined
    if (said === undefined || !sameAmount(said, there))
      throw new AppError(
        'invalid_request',
        `The sum in ${currency} is ${there}${said === undefined ? '' : `, not ${said}`}. Nothing was done.`,
      )
  }
}
