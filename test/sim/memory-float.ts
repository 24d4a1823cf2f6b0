import type { FloatPlace, FloatStore, StoredFloat } from '../../src/db/float'
import { hasLeft } from '../../src/domain/float'
import { sum } from '../../src/domain/money'
import type { MemoryRow, MemoryTables } from './memory-tables'

/** What the exchange keeps with its banks: so much at first, and more from time to time. */
export interface FloatKnobs {
  /** In units of the currency. */
  readonly first: number
  readonly everyMs: number
  readonly more: number
}

type MemoryFloat = Pick<FloatStore, 'readFloats' | 'listWaiting' | 'noteWaiting'>

/** The float of a history, as an operator who never errs would enter it. Since when who waits for it is in `waits`. */
export const memoryFloat = (
  tables: MemoryTables,
  waits: Map<string, Date>,
  fundedNow: () => string,
): {
  readonly [Name in keyof MemoryFloat]: (
    ...given: Parameters<MemoryFloat[Name]>
  ) => Awaited<ReturnType<MemoryFloat[Name]>>
} => {
  const rowsOf = ({ provider, currency }: FloatPlace): MemoryRow[] =>
    [...tables.rows.values()].filter((row) => row.provider === provider && row.currency === currency)
  const total = (rows: readonly MemoryRow[]) => sum(rows.map(({ payoutAmount }) => payoutAmount))
  function floatOf(place: FloatPlace): StoredFloat {
    const rows = rowsOf(place)
    const ready = rows.filter(({ state }) => state === 'ready')
    const now = tables.at()
    const entry = {
      ...{ available: fundedNow(), at: now, leftThen: '0' },
      ...{ version: 1, actor: 'operator:2', reason: 'r' },
    }
    return {
      ...{ provider: place.provider, currency: place.currency, now, entry, word: null },
      ...{ leftNow: total(rows.filter(({ state }) => hasLeft(state))), queued: total(ready) },
      ...{ queuedCount: ready.length, waitingCount: 0 },
    }
  }

  return {
    readFloats(place): readonly StoredFloat[] {
      if (place) return [floatOf(place)]
      const places = new Map([...tables.rows.values()].map((row) => [`${row.provider} ${row.currency}`, row]))
      return [...places.values()].map(floatOf)
    },
    listWaiting: (place, limit) =>
      rowsOf(place)
        .flatMap(({ id, payoutAmount: amount, method, createdAt, state }) => {
          const waitsSince = waits.get(id)
          return waitsSince && state === 'ready' ? [{ id, amount, method, createdAt, waitsSince }] : []
        })
        .sort((a, b) => Number(a.waitsSince) - Number(b.waitsSince) || (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    noteWaiting(_place, ids) {
      for (const id of ids) if (!waits.has(id)) waits.set(id, tables.at())
    },
  }
}
