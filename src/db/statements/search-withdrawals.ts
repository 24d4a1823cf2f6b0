import { publicStatus, type State, STATES } from '../../domain/states'
import { type Database, listsOf } from '../connect/database'
import { COLUMNS, type RawRow, type StoredWithdrawal, toWithdrawal } from '../row'
import { COUNTED_MAX, createdUntil, RANK_OF, STATUS_RANK } from './list-withdrawals'
import { NAMED_BY } from './named-by'

/** What an operator looks for, over all users, and a user among their own. */
export interface SearchQuery {
  readonly states?: readonly State[]
  readonly provider?: string
  readonly currency?: string
  readonly userId?: number
  readonly from?: Date
  readonly until?: Date
  /** Only what is older: how an export goes on behind its last row, whatever has changed before it. */
  readonly before?: Pick<StoredWithdrawal, 'createdAtExact' | 'id'>
  /** What a user, a provider or a bank names it by; whole, not a part. */
  readonly text?: string
  /** How an account ends, as it is shown. */
  readonly accountEnd?: string
  /** What one user knows one of theirs by; any of it. */
  readonly known?: Known
  readonly offset: number
  readonly limit: number
}

export interface Known {
  /** The withdrawal’s own id, or the bank’s or the exchange’s. */
  readonly name: string
  /** Hashes that the account may have. */
  readonly accounts: readonly string[]
  readonly accountEnd: string | null
  readonly amount: string | null
}

export interface Found {
  readonly rows: readonly StoredWithdrawal[]
  /** How many fit, among those that were looked at. */
  readonly count: number
  /** Older ones than this were not looked at; null when all were. */
  readonly lookedBackTo: Date | null
}

/**
 * Newest first. What no index finds (a provider, a currency, the end of an account) is looked for among the newest of
 * those that one does find, `COUNTED_MAX` of them: so any search is as long as that many rows, at any size of the table.
 */
export async function searchWithdrawals(db: Database, query: SearchQuery): Promise<Found> {
  const parameters: unknown[] = []
  const add: Add = (value, type) => `$${parameters.push(value)}::${type}`
  const { text: fits, columns } = unindexed(query, add)
  const rows = await listsOf(db).query<RawRow & Summary>(
    `with looked_at as materialized (
       select id as seen_id, created_at as seen_at, ${fits} as fits
         from (${candidates(query, add, columns)} order by created_at desc, id desc limit ${LOOKED_AT_MAX}) newest
     ), page (page_id, page_at) as (
       select seen_id, seen_at from looked_at where fits order by seen_at desc, seen_id desc
       offset ${add(query.offset, 'bigint')} limit ${query.limit}
     ), summary as (
       select count(*) filter (where fits)::int as fitting,
              -- A time in a query has no finer digits, and means its whole millisecond.
              case when count(*) = ${LOOKED_AT_MAX} then date_trunc('milliseconds', min(seen_at)) end
                as "lookedBackTo"
         from looked_at
     )
     select fitting, "lookedBackTo", ${COLUMNS}
       from summary left join page on true left join bank_withdrawal.withdrawals on id = page_id
      order by page_at desc, page_id desc`,
    parameters,
  )
  const [summary] = rows
  return {
    rows: rows.filter(({ id }) => (id as string | null) !== null).map(withoutSummary),
    count: Math.min(summary?.fitting ?? 0, COUNTED_MAX),
    lookedBackTo: summary?.lookedBackTo ?? null,
  }
}

/** One more than is counted: whether there are others. */
const LOOKED_AT_MAX = COUNTED_MAX + 1

type Add = (value: unknown, type: string) => string

interface Summary {
  readonly fitting: number
  readonly lookedBackTo: Date | null
}

const withoutSummary = ({ fitting: _1, lookedBackTo: _2, ...row }: RawRow & Summary): StoredWithdrawal =>
  toWithdrawal(row)

/** What is looked for row by row, and the columns it takes. */
function unindexed({ provider, currency, accountEnd, known, states, userId }: SearchQuery, add: Add) {
  const conditions = [
    ...(known === undefined ? [] : [[KNOWN_COLUMNS, knownBy(known, add)] as const]),
    ...(provider === undefined ? [] : [['provider', `provider = ${add(provider, 'text')}`] as const]),
    ...(currency === undefined ? [] : [['currency', `currency = ${add(currency, 'text')}`] as const]),
    ...(accountEnd === undefined
      ? []
      : [
          [
            'destination_masked',
            `right(destination_masked, ${accountEnd.length}) = ${add(accountEnd, 'text')}`,
          ] as const,
        ]),
    // Of one user, the index knows only what status they are of.
    ...(states === undefined || userId === undefined
      ? []
      : [['state', `state = any(${add(states, 'text[]')})`] as const]),
  ]
  return {
    text: conditions.map(([, condition]) => condition).join(' and ') || 'true',
    columns: ['id', 'created_at', ...conditions.map(([column]) => column)].join(', '),
  }
}

const KNOWN_COLUMNS = 'provider_transaction_id, settled_burn_id, destination_hash, destination_masked, amount'

function knownBy({ name, accounts, accountEnd, amount }: Known, add: Add): string {
  const named = add(name, 'text')
  const ways = [
    `id = ${named} or provider_transaction_id = ${named} or settled_burn_id = ${named}`,
    `destination_hash = any(${add(accounts, 'text[]')})`,
    ...(accountEnd === null
      ? []
      : [`right(destination_masked, ${accountEnd.length}) = ${add(accountEnd, 'text')}`]),
    ...(amount === null ? [] : [`amount = ${add(amount, 'numeric')}`]),
  ]
  // What is known of none of these is not known, and a row without it is none that was meant.
  return `coalesce(${ways.join(' or ')}, false)`
}

/** From one index, in its order; from one part of it after the other where several states are looked for. */
function candidates(query: SearchQuery, add: Add, columns: string): string {
  const { text, userId, from, until, before } = query
  const wanted = query.states && [...new Set(query.states)]
  const states = wanted && wanted.length < STATES.length ? wanted : undefined
  const within = [
    ...(from === undefined ? [] : [`created_at >= ${add(from.toISOString(), 'timestamptz')}`]),
    ...(until === undefined ? [] : [createdUntil(add(until.toISOString(), 'timestamptz'))]),
    ...(before === undefined
      ? []
      : [`(created_at, id) < (${add(before.createdAtExact, 'timestamptz')}, ${add(before.id, 'text')})`]),
    ...(userId === undefined ? [] : [`user_id = ${add(userId, 'bigint')}`]),
  ]
  const select = (conditions: readonly string[]) =>
    `select ${columns} from bank_withdrawal.withdrawals where ${conditions.join(' and ') || 'true'}`
  if (text !== undefined) {
    // As a list: how many may go by one name is a guess that would make the planner read the whole table.
    const named = `id = any(array(${NAMED_BY(add(text, 'text'))}))`
    return select([named, ...within, ...(states ? [`state = any(${add(states, 'text[]')})`] : [])])
  }
  if (states === undefined) return select(within)
  const parts =
    userId === undefined
      ? states.map((state) => `state = '${state}'`)
      : [...new Set(states.map(publicStatus))].map((status) => `${STATUS_RANK} = ${RANK_OF[status]}`)
  // Words of our own, written out: the planner knows how many there are of each.
  const selects = parts.map(
    (part) => `(${select([...within, part])} order by created_at desc, id desc limit ${LOOKED_AT_MAX})`,
  )
  return `select * from (${selects.join(' union all ')}) of_parts`
}
