import { sqlState } from '../db/connect/database'
import { COUNTED_MAX, isFiltered, isIndexed } from '../db/statements/list-withdrawals'
import type { SearchQuery } from '../db/statements/search-withdrawals'
import type { ListedWithdrawal, ListQuery, Store } from '../db/store'
import { AppError, errorFields, TEXTS } from '../errors'
import type { Logger } from '../ports/logger'
import type { Vault } from '../services/vault'
import { createTurns, listsBusy } from './turns'

export interface ListPage {
  readonly rows: readonly ListedWithdrawal[]
  /** Of all pages; where there are `more`, at least so many. */
  readonly count: number
  readonly more: boolean
}

export interface FoundPage extends ListPage {
  /** Those that fit, of all of these. */
  readonly found: number
}

/** Reads users' lists, so that no length of one is felt by anybody else. */
export interface ListReader {
  /** @throws {AppError} `list_too_long` past what can be sorted or counted off; `lists_busy`; `list_failed`. */
  page(query: ListQuery): Promise<ListPage>
  /**
   * @param text What one knows a withdrawal by: one of its numbers, the account or its end, the amount. It is looked for among
   *   the newest; where there are `more`, older ones were not looked at.
   */
  search(query: Pick<ListQuery, 'userId' | 'offset' | 'limit'>, text: string): Promise<FoundPage>
  /** The same rows without the bounds: whoever reads on from row to row needs none. */
  rows(query: ListQuery): Promise<readonly ListedWithdrawal[]>
  /** Says a failure in the words of the contract. */
  told<Result>(work: () => Promise<Result>): Promise<Result>
}

type Reads = Pick<Store, 'listWithdrawals' | 'countWithdrawals' | 'searchWithdrawals'>

export function createListReader({
  store,
  logger,
  vault,
}: {
  store: Reads
  logger: Logger
  vault: Pick<Vault, 'hash'>
}): ListReader {
  const inTurn = createTurns()
  async function read(query: ListQuery): Promise<ListPage> {
    if (query.sort === 'created_at' && !isFiltered(query)) {
      const [rows, counted] = await Promise.all([store.listWithdrawals(query), store.countWithdrawals(query)])
      return toPage(rows, counted, query)
    }
    const counted = await store.countWithdrawals(query)
    if (counted > COUNTED_MAX) refuseTooLong(query)
    return toPage(await store.listWithdrawals(query), counted, query)
  }
  return {
    page: (query) => inTurn(query.userId, () => read(query)),
    search: ({ userId, offset, limit }, text) =>
      inTurn(userId, async () => {
        const known = knownBy(text, vault)
        const [{ rows, count, lookedBackTo }, counted] = await Promise.all([
          store.searchWithdrawals({ userId, known, offset, limit }),
          store.countWithdrawals({ userId }),
        ])
        return { rows, found: count, count: Math.min(counted, COUNTED_MAX), more: lookedBackTo !== null }
      }),
    rows: (query) => inTurn(query.userId, () => store.listWithdrawals(query)),
    async told(work) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof AppError) throw error
        if (sqlState(error) === STATEMENT_TIMEOUT)
          throw listsBusy('The list takes too long just now. Please ask for fewer, or again later.', error)
        logger.error('withdrawals.list_failed', errorFields(error))
        throw new AppError('list_failed', TEXTS.listFailed, { cause: error })
      }
    },
  }
}

const AMOUNT = /^\d{1,15}(?:[.,]\d{1,15})?$/
/** As much of an account as is shown of it. */
const ACCOUNT_END = /^[A-Z0-9]{4}$/

function knownBy(text: string, vault: Pick<Vault, 'hash'>): NonNullable<SearchQuery['known']> {
  const plain = text.replace(/\s/g, '').toUpperCase()
  return {
    name: text,
    accounts: [
      vault.hash({ method: 'BANK', iban: plain }),
      vault.hash({ method: 'PAYPAL', paypalId: text.toLowerCase() }),
    ],
    accountEnd: ACCOUNT_END.test(plain) ? plain : null,
    amount: AMOUNT.test(text) ? text.replace(',', '.') : null,
  }
}

const STATEMENT_TIMEOUT = '57014'
/** Written when it is said: the first number that is written for people loads a language, as long as a fifth of a start. */
const bound = (): string => COUNTED_MAX.toLocaleString('en')

/** What an index finds in its order has no end; the rest has one, and says where. */
function refuseTooLong({ sort, offset, limit }: ListQuery): void {
  if (!isIndexed(sort))
    throw new AppError(
      'list_too_long',
      `Up to ${bound()} withdrawals can be ordered by ${sort}, and these are more. Ask for a currency, a status or a ` +
        `time with fewer of them, or order by created_at.`,
    )
  if (offset + limit > COUNTED_MAX)
    throw new AppError(
      'list_too_long',
      `Pages go up to the ${bound()}th withdrawal where there is a filter or another order than created_at. Ask for ` +
        `the ones before or after a time instead.`,
    )
}

/** A client that reads until it has as many as there are said to be must not end too early. */
function toPage(rows: readonly ListedWithdrawal[], counted: number, { offset, limit }: ListQuery): ListPage {
  if (counted <= COUNTED_MAX) return { rows, count: counted, more: false }
  const seen = offset + rows.length + (rows.length === limit ? 1 : 0)
  return { rows, count: Math.max(COUNTED_MAX, seen), more: true }
}
