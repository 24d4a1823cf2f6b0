import type { Store, StoredWithdrawal } from '../db/store'
import { type DifferenceKind, factOf } from '../domain/questions'
import type { Logger } from '../ports/logger'

/** Puts a question to a person: on record, and loud. The same fact again is the same question. */
export type Raise = (
  row: StoredWithdrawal,
  kind: DifferenceKind,
  detail: Record<string, unknown>,
) => Promise<void>

export const createRaise =
  ({ store, logger }: { store: Pick<Store, 'openDifference'>; logger: Logger }): Raise =>
  async (row, kind, detail) => {
    if (await store.openDifference({ kind, withdrawalId: row.id, fact: factOf(kind, detail), detail }))
      logger.error('difference.opened', { withdrawalId: row.id, kind, ...detail })
  }
