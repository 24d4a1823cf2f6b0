import { type Calls, ExchangeUnavailableError } from './calls'
import { isWhole, listIn } from './look-up'
import type { ExchangeTransactionsQuery } from './tools-lib'

/** Reads lists of the whole exchange. One for a kit, however often its settings change. */
export type WholeLists = (
  calls: Calls,
  what: string,
  query: ExchangeTransactionsQuery,
  ask: (...query: ExchangeTransactionsQuery) => unknown,
) => Promise<readonly unknown[]>

/**
 * In one piece: pages would shift while others come in, and one would slip through.
 *
 * A kit puts its own id of a user where the network's stood, in the very rows it was answered with. Until 2.17.8 kits
 * keep an answer for five seconds and hand it out again, translated once more: the second time the burn is another
 * user's, or nobody's. So whose a row is says the first look at an answer, and who asks at the same time shares it.
 *
 * @throws {ExchangeUnavailableError} From what is returned: it did not answer, or not with all there is.
 */
export function createWholeLists(): WholeLists {
  const asked = new Map<string, Promise<readonly unknown[]>>()
  const owners = new WeakMap<object, readonly unknown[]>()

  function asFirstSeen(answer: object, rows: readonly unknown[]): readonly unknown[] {
    const first = owners.get(answer)
    if (first) return rows.map((row, place) => ({ ...(row as object | null), user_id: first[place] }))
    owners.set(
      answer,
      rows.map((row) => (row as { user_id?: unknown } | null)?.user_id),
    )
    return rows
  }

  async function read(...[calls, what, query, ask]: Parameters<WholeLists>): Promise<readonly unknown[]> {
    const answer = await calls.read(what, () => ask(...query))
    const rows = listIn(answer)
    if (!rows || !isWhole(answer, rows.length))
      throw new ExchangeUnavailableError(`The exchange answered with no complete ${what}.`)
    return asFirstSeen(answer as object, rows)
  }

  return (calls, what, query, ask) => {
    const name = JSON.stringify([what, query])
    const underWay = asked.get(name)
    if (underWay) return underWay
    const reading = read(calls, what, query, ask).finally(() => asked.delete(name))
    asked.set(name, reading)
    return reading
  }
}
