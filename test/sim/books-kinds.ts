import type { DifferenceKind } from '../../src/domain/questions'

const OF_BOOKS: readonly DifferenceKind[] = [
  ...(['burn_without_row', 'row_without_burn', 'burn_state_differs', 'amount_differs'] as const),
  ...(['payout_without_row', 'payout_missing', 'paid_twice', 'credited_twice'] as const),
]

/** What a reconciliation asks, and nobody else. */
export const isOfBooks = (kind: DifferenceKind): boolean => OF_BOOKS.includes(kind)
