import type { RetainedKey, RetainedKind, RetentionStore } from '../db/retention'
import { errorFields } from '../errors'
import type { Logger } from '../ports/logger'

/** For how many days each kind is kept; 0 for good. */
export type Retention = Readonly<Record<RetainedKind, number>>

/** Erases what has been kept for long enough. @returns How many of all kinds. Never rejects: the next night goes on. */
export type RetentionRun = () => Promise<number>

/** Whoever waits for a lock of it waits for a moment. */
const BATCH = 500
/** Of years that lie behind when somebody sets a time, the rest waits for the next night. */
const KIND_A_NIGHT = 20_000

interface Deps {
  readonly retention: RetentionStore
  readonly keptDays: Retention
  readonly logger: Logger
}

export const createRetentionRun =
  ({ retention, keptDays, logger }: Deps): RetentionRun =>
  async () => {
    let erased = 0
    for (const [kind, days] of Object.entries(keptDays) as [RetainedKind, number][]) {
      if (days === 0) continue
      try {
        erased += await eraseKind({ retention, logger }, kind, days)
      } catch (error) {
        logger.warn('retention.failed', { kind, ...errorFields(error) })
      }
    }
    return erased
  }

async function eraseKind(
  { retention, logger }: Omit<Deps, 'keptDays'>,
  kind: RetainedKind,
  days: number,
): Promise<number> {
  const keys: readonly RetainedKey[] = await retention.find(kind, days, KIND_A_NIGHT)
  let erased = 0
  for (let start = 0; start < keys.length; start += BATCH) {
    const count = await retention.erase(kind, days, keys.slice(start, start + BATCH))
    // Another instance is at it, with the same list.
    if (count === null) break
    erased += count
  }
  if (erased > 0) logger.info('retention.erased', { kind, days, erased })
  return erased
}
