import type { Calls } from './calls'
import { describeFault } from './classify-error'
import type { UserTransactionsQuery } from './tools-lib'

/** The transactions of a user that have one id; empty only where the exchange proves that there is none. */
export type LookUp =
  | { readonly kind: 'rows'; readonly rows: readonly unknown[] }
  | { readonly kind: 'unknown'; readonly why: string }

/** @param ask One of toolsLib's lists of a user's transactions. */
export async function lookUp(
  calls: Calls,
  what: string,
  ask: (...query: UserTransactionsQuery) => unknown,
  { userId, id }: { userId: number; id: string },
): Promise<LookUp> {
  // A missing user id would make the kit search the whole exchange.
  if (!Number.isSafeInteger(userId) || userId <= 0) throw new Error('A user id is a positive integer.')
  let answer: unknown
  try {
    answer = await calls.call(what, () => ask(...queryById(userId, id)))
  } catch (error) {
    return { kind: 'unknown', why: describeFault(error) }
  }
  const all = listIn(answer)
  if (!all) return { kind: 'unknown', why: 'the look-up answered with no list' }
  const rows = all.filter(
    (row: unknown) => (row as { transaction_id?: unknown } | null)?.transaction_id === id,
  )
  if (rows.length === 0 && !isWhole(answer, all.length))
    return { kind: 'unknown', why: 'the look-up answered with a part of what there is' }
  return { kind: 'rows', rows }
}

export function listIn(answer: unknown): readonly unknown[] | null {
  const data = (answer as { data?: unknown } | null)?.data
  return Array.isArray(data) ? (data as unknown[]) : null
}

/** A network that does not filter answers with a page of other transactions: ours may be on the next one. */
export function isWhole(answer: unknown, rows: number): boolean {
  const { count } = answer as { count?: unknown }
  return typeof count === 'number' ? count <= rows : rows === 0
}

/** Every filter open but the id; the empty options keep what is on hold in sight, which the kit hides otherwise. */
const queryById = (userId: number, id: string): UserTransactionsQuery =>
  // prettier-ignore
  [userId, null, null, null, null, null, null, null, null, null, null, null, null, id, null, null, null, {}]
