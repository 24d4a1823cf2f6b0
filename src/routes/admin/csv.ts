import type { Response } from 'express'

import type { Store, StoredWithdrawal } from '../../db/store'
import { sendRecords } from '../csv'
import { presentWithdrawal } from './present'

const PAGE_ROWS = 500
/** As many as a search looks through; who wants older ones asks for them by time. */
const ROWS_MAX = 10_000

const COLUMNS = [
  ...['id', 'created_at', 'state', 'status', 'state_since', 'user_id', 'currency', 'amount', 'fee'],
  ...[
    'payout_amount',
    'returned_amount',
    'method',
    'destination',
    'provider',
    'mode',
    'reason_code',
    'reason',
  ],
  ...[
    'payout_key',
    'end_to_end_id',
    'batch_id',
    'provider_reference',
    'provider_transaction_id',
    'updated_at',
  ],
]

type Filter = Omit<Parameters<Store['searchWithdrawals']>[0], 'offset' | 'limit'>

/** What a search finds, newest first, as CSV with accounts masked. @throws Before the first byte, as any answer. */
export async function sendOperatorsCsv(
  res: Response,
  store: Pick<Store, 'searchWithdrawals'>,
  filter: Filter,
): Promise<void> {
  const page = (before?: StoredWithdrawal) =>
    store.searchWithdrawals({ ...filter, ...(before && { before }), offset: 0, limit: PAGE_ROWS })
  const first = await page()

  async function* records(): AsyncGenerator<Record<string, unknown>, void> {
    for (let found = first, sent = 0; ; found = await page(found.rows.at(-1))) {
      const { rows, lookedBackTo } = found
      for (const row of rows) yield presentWithdrawal(row)
      sent += rows.length
      if (rows.length < PAGE_ROWS) {
        if (lookedBackTo) yield { id: notLookedAt(lookedBackTo) }
        return
      }
      if (sent >= ROWS_MAX) {
        yield { id: `(the newest ${ROWS_MAX}; narrow the search for older ones)` }
        return
      }
    }
  }
  await sendRecords(res, COLUMNS, records())
}

/** A file that ends where the search did must not be taken for all there is. */
const notLookedAt = (lookedBackTo: Date): string =>
  `(older ones were not looked at; ask for them with end_date=${lookedBackTo.toISOString()})`
