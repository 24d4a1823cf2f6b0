import { isRefused, sqlState } from './connect/database'

export interface Grouped<Item, Result> {
  /** All of them in one statement. @returns A result for each, in their order. */
  readonly together: (items: readonly Item[]) => Promise<readonly Result[]>
  /**
   * Items of one key are never in the database at the same time: each sees what the one before has written. Left out
   * where nothing is written.
   */
  readonly keyOf?: (item: Item) => string
  /** Written by itself, in a statement of its own; nothing is when left out. */
  readonly isAlone?: (item: Item) => boolean
}

/** Writing two groups at once keeps the disk busy while the next group gathers; more would make the groups smaller. */
const GROUPS_MAX = 2
/**
 * So many have to wait before a second group begins beside the first. A statement for one costs what one for ten does:
 * two small groups at once use up the processor that both wait for.
 */
const WORTH_ANOTHER = 16
/** A statement stays in the low hundreds of kilobytes, and its locks short. */
const ITEMS_MAX = 100

/**
 * Writes what waits at the same moment in one statement and one commit, or reads it in one. Whoever comes while nobody
 * writes does not wait at all, so nothing is slower when little happens; under load each group is what came while the one
 * before was being written, and where that is much, a second one goes beside it. There is no timer. What is read is read
 * after it was asked for: nobody joins a statement that is under way.
 *
 * A row that cannot be written spoils its group, and the database undoes the group: then each of them is written alone,
 * so that only the one at fault fails. Where it is not known whether the group was written, a connection that broke for
 * instance, nothing is tried again: all of them hear the same as if they had been alone.
 */
export function createGrouping<Item, Result>({
  together,
  keyOf,
  isAlone = () => false,
}: Grouped<Item, Result>): (item: Item) => Promise<Result> {
  interface Waiting {
    readonly item: Item
    readonly key: string | null
    readonly resolve: (result: Result) => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let groups = 0
  const keysInHand = new Set<string>()

  /** The first of each key, as many as fit; who has to wait for another one stays in line. */
  function nextGroup(): Waiting[] {
    const group: Waiting[] = []
    const rest: Waiting[] = []
    let sizeMax = ITEMS_MAX
    for (const one of waiting) {
      const isFull = group.length >= sizeMax || (group.length > 0 && isAlone(one.item))
      if (isFull || (one.key !== null && keysInHand.has(one.key))) {
        rest.push(one)
        continue
      }
      if (one.key !== null) keysInHand.add(one.key)
      group.push(one)
      if (isAlone(one.item)) sizeMax = 1
    }
    waiting = rest
    return group
  }

  const isWorthAGroup = (): boolean =>
    groups === 0 ? waiting.length > 0 : groups < GROUPS_MAX && waiting.length >= WORTH_ANOTHER

  function flush(): void {
    while (isWorthAGroup()) {
      const group = nextGroup()
      if (group.length === 0) return
      groups++
      void write(group).finally(() => {
        for (const { key } of group) if (key !== null) keysInHand.delete(key)
        groups--
        flush()
      })
    }
  }

  async function write(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await together(group.map(({ item }) => item))
      group.forEach(({ resolve }, index) => resolve(results[index] as Result))
    } catch (error) {
      if (group.length > 1 && isUndone(error)) await Promise.all(group.map((one) => write([one])))
      else for (const { reject } of group) reject(error)
    }
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, key: keyOf?.(item) ?? null, resolve, reject })
      flush()
    })
}

/** A deadlock or its like. */
const GAVE_WAY = /^40/

/** The database itself says that the statement failed for what is in it: nothing of it was written. */
const isUndone = (error: unknown): boolean => isRefused(error) || GAVE_WAY.test(sqlState(error) ?? '')
