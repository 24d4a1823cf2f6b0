import type { Batch, BatchMember } from '../../domain/batch'
import type { Database } from '../connect/database'
import type { StoredWithdrawal } from '../row'
import { countSending, insertBatch } from './batches'
import { changeRows } from './change-state'
import type { StateChange } from './state-change'

export interface BatchDraft extends Pick<Batch, 'id' | 'provider' | 'currency' | 'batchKey'> {
  /** What the batch says in total, of the members that really moved. */
  readonly seal: (members: readonly BatchMember[]) => { total: string; payloadHash: string }
}

/**
 * Stores a batch and moves its members into it, or nothing at all. A member that has moved on meanwhile, because its
 * user canceled it for instance, is left out.
 *
 * @returns The members in the order of `changes`; empty when none was left, and nothing was written.
 */
export const freezeBatch = (
  database: Database,
  { seal, ...batch }: BatchDraft,
  changes: readonly StateChange[],
): Promise<readonly StoredWithdrawal[]> =>
  database.transaction(async (tx) => {
    const order = new Map(changes.map(({ id }, index) => [id, index]))
    const moved = await changeRows(
      tx,
      changes.map((change) => ({ ...change, patch: { ...change.patch, batchId: batch.id } })),
    )
    const members = [...moved].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
    if (members.length > 0) await insertBatch(tx, { ...batch, ...seal(members) }, members)
    return members
  })

/**
 * Stores that a batch is being sent once more, with a note in the journal of each member.
 *
 * @returns null when the batch or one of its members has moved on; nothing was written.
 */
export async function freezeResend(
  database: Database,
  batch: { id: string; attempts: number },
  changes: readonly StateChange[],
): Promise<readonly StoredWithdrawal[] | null> {
  try {
    return await database.transaction(async (tx) => {
      const noted = await changeRows(tx, changes)
      if (noted.length < changes.length || !(await countSending(tx, batch))) throw new MovedOnError()
      const order = new Map(changes.map(({ id }, index) => [id, index]))
      return [...noted].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
    })
  } catch (error) {
    if (error instanceof MovedOnError) return null
    throw error
  }
}

/** Rolls the transaction back. */
class MovedOnError extends Error {
  override readonly name = 'MovedOnError'
}
