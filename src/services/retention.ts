import type { RetainedKey, RetainedKind, RetentionStore } from '../db/retention'
import { errorFields } from '../errors'
import type { Logger } from '../ports/logger'
import type { PaymentProvider } from '../ports/payment-provider'

/** For how many days each kind is kept; 0 for good. `files`: those that providers keep for their banks. */
export type Retention = Readonly<Record<RetainedKind | 'files', number>>

/** Erases what has been kept for long enough. @returns How many of all kinds. Never rejects: the next night goes on. */
export type RetentionRun = () => Promise<number>

/** Whoever waits for a lock of it waits for a moment. */
const BATCH = 500
/** Of years that lie behind when somebody sets a time, the rest waits for the next night. */
const KIND_A_NIGHT = 20_000

interface Deps {
  readonly retention: RetentionStore
  readonly providers: readonly PaymentProvider[]
  readonly keptDays: Retention
  readonly logger: Logger
}

type Kept = Pick<Deps, 'retention' | 'logger'>

export const createRetentionRun =
  ({ retention, providers, keptDays, logger }: Deps): RetentionRun =>
  async () => {
    let erased = 0
    async function tried(kind: string, erase: () => Promise<number>): Promise<void> {
      try {
        erased += await erase()
      } catch (error) {
        logger.warn('retention.failed', { kind, ...errorFields(error) })
      }
    }
    const { files, ...kinds } = keptDays
    for (const [kind, days] of Object.entries(kinds) as [RetainedKind, number][])
      if (days > 0) await tried(kind, () => eraseKind({ retention, logger }, kind, days))
    for (const provider of files > 0 ? providers : [])
      await tried('files', () => forgetFiles({ retention, logger }, provider, files))
    return erased
  }

async function forgetFiles(
  { retention, logger }: Kept,
  { name, outbox }: PaymentProvider,
  days: number,
): Promise<number> {
  const erased = (await outbox?.forget?.(retention.filesOf(name, days))) ?? 0
  if (erased > 0) logger.info('retention.erased', { kind: 'files', provider: name, days, erased })
  return erased
}

async function eraseKind({ retention, logger }: Kept, kind: RetainedKind, days: number): Promise<number> {
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
