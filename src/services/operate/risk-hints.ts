import type { ListedWithdrawal, Store, StoredWithdrawal } from '../../db/store'
import { isLess, sum } from '../../domain/money'
import { isOpen } from '../../domain/states'
import type { Exchange } from '../../ports/exchange'
import type { Vault } from '../vault'

/** What is unusual about a withdrawal, for the eye of whoever decides: nothing is decided by it. */
export interface RiskHint {
  readonly code: 'first_payout' | 'new_account' | 'unusual_amount' | 'name_differs'
  readonly text: string
}

export interface RiskHintDeps {
  readonly store: Pick<Store, 'listWithdrawals'>
  readonly vault: Pick<Vault, 'open'>
  readonly exchange: Pick<Exchange, 'findUser'>
}

/** What a user was paid before that is worth comparing with. */
const LOOKED_BACK = 100
/** So many payouts make a habit. */
const HABIT_MIN = 3
const TIMES = 3

/** Never throws: a hint that cannot be had is not there. */
export const createRiskHints =
  ({ store, vault, exchange }: RiskHintDeps) =>
  async (row: StoredWithdrawal): Promise<readonly RiskHint[]> => {
    if (!isOpen(row.state)) return []
    const [paid, named] = await Promise.all([paidBefore(store, row), nameHint(row, { vault, exchange })])
    return [...historyHints(row, paid), ...named]
  }

const paidBefore = (store: RiskHintDeps['store'], { userId, createdAt }: StoredWithdrawal) =>
  store
    .listWithdrawals({
      ...{ userId, states: ['processed'], until: new Date(createdAt.getTime() - 1) },
      ...{ sort: 'created_at', order: 'desc', offset: 0, limit: LOOKED_BACK },
    })
    .catch(() => null)

function historyHints(
  { currency, amount, destinationHash }: StoredWithdrawal,
  paid: readonly ListedWithdrawal[] | null,
): readonly RiskHint[] {
  if (paid === null) return []
  if (paid.length === 0)
    return [{ code: 'first_payout', text: 'Nothing was ever paid out to this user before.' }]
  const hints: RiskHint[] = []
  if (!paid.some((earlier) => earlier.destinationHash === destinationHash))
    hints.push({ code: 'new_account', text: 'Nothing was paid to this account for this user before.' })
  const alike = paid.filter((earlier) => earlier.currency === currency).map((earlier) => earlier.amount)
  const most = alike.reduce((a, b) => (isLess(a, b) ? b : a), '0')
  if (alike.length >= HABIT_MIN && isLess(sum(Array.from({ length: TIMES }, () => most)), amount))
    hints.push({
      code: 'unusual_amount',
      text: `More than three times the most that this user was paid before (${most} ${currency.toUpperCase()}).`,
    })
  return hints
}

async function nameHint(
  { id, userId, destination }: StoredWithdrawal,
  { vault, exchange }: Pick<RiskHintDeps, 'vault' | 'exchange'>,
): Promise<readonly RiskHint[]> {
  try {
    const opened = vault.open(id, destination)
    const payee = opened.method === 'BANK' ? opened.accountHolder : undefined
    if (payee === undefined) return []
    const user = (await exchange.findUser(userId))?.fullName ?? null
    if (user === null || user.trim() === '') return []
    return isSameName(payee, user)
      ? []
      : [{ code: 'name_differs', text: 'The payee’s name is not the user’s name at the exchange.' }]
  } catch {
    return []
  }
}

/** The same words in any order, whatever the case, the accents and the signs between them. */
function isSameName(a: string, b: string): boolean {
  const words = (name: string) =>
    name
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean)
      .sort()
      .join(' ')
  return words(a) === words(b)
}
