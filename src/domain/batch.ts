import { fingerprint } from './identifiers'
import { sum } from './money'
import type { ReasonCode } from './reasons'

/**
 * `sending`: the intent is stored, the provider may be hearing it. `sent`: it has answered. `refused`: it has proven
 * that it took nothing. `in_doubt`: it may have it. What became of the money is each withdrawal's own state.
 */
export type BatchState = 'sending' | 'sent' | 'refused' | 'in_doubt'

/** One call to a provider for many payouts, as stored. Members, total and hash never change. */
export interface Batch {
  readonly id: string
  readonly provider: string
  readonly currency: string
  /** Our key of the batch at the provider, the same each time it is sent. */
  readonly batchKey: string
  readonly state: BatchState
  readonly itemCount: number
  readonly total: string
  readonly payloadHash: string
  /** How often it was sent. */
  readonly attempts: number
  readonly providerReference: string | null
  readonly reasonCode: ReasonCode | null
  readonly createdAt: Date
  readonly sentAt: Date
  readonly updatedAt: Date
}

/** What of a withdrawal goes into a batch. */
export interface BatchMember {
  readonly id: string
  readonly payoutKey: string
  readonly endToEndId: string
  readonly currency: string
  readonly payoutAmount: string
  readonly destinationHash: string
}

export const batchKeyOf = (batchId: string): string => `BB-${batchId}`

/** What a batch says in total, fixed before it is sent: a resend with another hash would be another payment. */
export const sealOf = (members: readonly BatchMember[]): { total: string; payloadHash: string } => ({
  total: sum(members.map(({ payoutAmount }) => payoutAmount)),
  payloadHash: fingerprint(
    members.map(({ payoutKey, endToEndId, currency, payoutAmount, destinationHash }) => ({
      payoutKey,
      endToEndId,
      currency,
      payoutAmount,
      destinationHash,
    })),
  ),
})

/**
 * Cuts what is due into batches. Members of a batch that was refused without a reason go on in smaller ones, until
 * the one at fault is alone: the others are paid on the way.
 */
export function sliceIntoBatches<Row extends { readonly batchSizeMax: number | null }>(
  rows: readonly Row[],
  maxItems: number,
): Row[][] {
  const bySize = new Map<number, Row[]>()
  for (const row of rows) {
    // One that was refused alone (0) is by itself, too: it must not hold up the others on its way to a person.
    const size = Math.max(1, Math.min(row.batchSizeMax ?? maxItems, maxItems))
    const same = bySize.get(size)
    if (same) same.push(row)
    else bySize.set(size, [row])
  }
  return [...bySize].flatMap(([size, members]) =>
    Array.from({ length: Math.ceil(members.length / size) }, (_, index) =>
      members.slice(index * size, (index + 1) * size),
    ),
  )
}
