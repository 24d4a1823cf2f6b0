import type { Exchange, ListedCredit, ListRange } from '../ports/exchange'
import { type Calls, ExchangeUnavailableError } from './calls'
import { toMint, toPendingHold, userIdOf } from './shapes'
import type { ExchangeTransactionsQuery, ToolsLib } from './tools-lib'
import type { WholeLists } from './whole-lists'

/** What the whole exchange burned and credited in a time, whoever asked for it. */
export function createLists({
  toolsLib,
  calls,
  lists,
}: {
  toolsLib: ToolsLib
  calls: Calls
  lists: WholeLists
}): Pick<Exchange, 'listHolds' | 'listCredits'> {
  async function read<Listed extends { currency: string; createdAt: Date }>(
    what: string,
    range: ListRange,
    ask: (...query: ExchangeTransactionsQuery) => unknown,
    shape: (row: unknown) => Listed | null,
  ): Promise<readonly Listed[]> {
    const listed = (await lists(calls, what, madeIn(range), ask)).map(shape)
    if (listed.includes(null))
      throw new ExchangeUnavailableError(`The exchange answered with a ${what} that cannot be read.`)
    // What a network makes of the times it is asked for is its own affair.
    return listed.filter(
      (one) =>
        one !== null &&
        one.currency === range.currency &&
        one.createdAt >= range.since &&
        one.createdAt < range.until,
    ) as Listed[]
  }

  return {
    listHolds: (range) =>
      read(
        'list of burns',
        range,
        (...query) => toolsLib.wallet.getExchangeWithdrawals(...query),
        (row) => {
          const hold = toPendingHold(row)
          return hold?.createdAt ? { ...hold, createdAt: hold.createdAt } : null
        },
      ),
    async listCredits(range) {
      const { wallet } = toolsLib
      if (!wallet.getExchangeDeposits)
        throw new ExchangeUnavailableError('This kit cannot list the credits of its exchange.')
      return read(
        'list of credits',
        range,
        (...query) => wallet.getExchangeDeposits?.(...query),
        toListedCredit,
      )
    },
  }
}

function toListedCredit(row: unknown): ListedCredit | null {
  const mint = toMint(row)
  if (!mint) return null
  const { created_at: at, description, user_id: userId } = row as Record<string, unknown>
  const createdAt = new Date(typeof at === 'string' ? at : Number.NaN)
  if (Number.isNaN(createdAt.getTime())) return null
  return {
    ...mint,
    userId: 'network_id' in (row as object) ? userIdOf(userId) : null,
    description: typeof description === 'string' ? description : null,
    createdAt,
  }
}

const madeIn = ({ currency, since, until }: ListRange): ExchangeTransactionsQuery =>
  // prettier-ignore
  [currency, null, null, null, null, null, null, null, 'created_at', 'asc', since.toISOString(), until.toISOString(), null, null, 'all', {}]
