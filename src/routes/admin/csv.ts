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
  const page = async (offset: number) =>
    (await store.searchWithdrawals({ ...filter, offset, limit: PAGE_ROWS })).rows
  const first = await page(0)

  async function* records(): AsyncGenerator<Record<string, unknown>, void> {
    // What is created while it is read moves the pages: nothing is in it twice.
    const seen = new Set<string>()
    for (let rows: readonly StoredWithdrawal[] = first, offset = 0; rows.length > 0;) {
      for (const row of rows) {
        if (!seen.has(row.id)) yield presentWithdrawal(row)
        seen.add(row.id)
      }
      offset += rows.length
      if (rows.length < PAGE_ROWS) return
      if (offset >= ROWS_MAX) {
        yield { id: `(the newest ${ROWS_MAX}; narrow the search for older ones)` }
        return
      }
      rows = await page(offset)
    }
  }
  await sendRecords(res, COLUMNS, records())
}
