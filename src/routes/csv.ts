import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { stringify } from 'csv-stringify'
import type { Response } from 'express'

import type { ListedWithdrawal, ListQuery } from '../db/store'
import type { Presenter } from './present'

const COLUMNS = [
  'id',
  'created_at',
  'updated_at',
  'currency',
  'amount',
  'fee',
  'method',
  'bank',
  'iban',
  'swift',
  'paypal_id',
  'account_holder',
  'status',
  'stage',
  'reason',
  'transaction_id',
  'provider',
  'provider_transaction_id',
]
const PAGE_ROWS = 500
/** Where lists are separated by semicolons, or a paste is by tabs, what follows one is a cell of its own. */
const OTHER_CELL = /[;\t] *(?=[=+\-@\uff0b\uff0d\uff1d\uff20])/g

type ReadRows = (query: ListQuery) => Promise<readonly ListedWithdrawal[]>
type Filter = Pick<ListQuery, 'userId' | 'currency' | 'states' | 'from' | 'until'>

/** Streams a user's withdrawals as CSV, oldest first, a page at a time: no length of history has to fit in memory. */
export async function sendCsv(
  res: Response,
  read: ReadRows,
  present: Presenter,
  filter: Filter,
): Promise<void> {
  // Read before the headers are sent, so that a failing database is still an error and not a truncated file.
  const first = await readPage(read, filter, undefined)
  async function* records() {
    for (let rows = first; rows.length > 0;) {
      for (const row of rows) yield present.record(row)
      rows = rows.length < PAGE_ROWS ? [] : await readPage(read, filter, rows.at(-1))
    }
  }
  await sendRecords(res, COLUMNS, records())
}

/** Streams records as a file of that name. The first must be at hand: from the first byte on nothing else can be answered. */
export async function sendRecords(
  res: Response,
  columns: readonly string[],
  records: AsyncIterable<object>,
  name = 'withdrawals.csv',
): Promise<void> {
  res.setHeader('Content-Type', 'text/csv; charset=utf-8')
  res.setHeader('Content-Disposition', `attachment; filename="${name}"`)
  // A cell that begins like a formula is a formula to a spreadsheet, and clients choose some of our texts.
  const csv = stringify({
    header: true,
    columns: [...columns],
    escape_formulas: true,
    cast: { string: (text) => text.replace(OTHER_CELL, "$&'") },
  })
  // A failure after the first page destroys the connection: a part must not be taken for the whole.
  await pipeline(Readable.from(records), csv, res).catch((error: unknown) => {
    // Whoever downloads may stop at any time.
    if ((error as { code?: unknown } | null)?.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}

const readPage = (
  read: ReadRows,
  filter: Filter,
  after: ListedWithdrawal | undefined,
): Promise<readonly ListedWithdrawal[]> =>
  read({
    ...filter,
    sort: 'created_at',
    order: 'asc',
    offset: 0,
    limit: PAGE_ROWS,
    ...(after && { after: { createdAtExact: after.createdAtExact, id: after.id } }),
  })
