import type { Schema } from '../../described'
import { BOOKS_SEEN } from './books'
import { DECISIONS_SEEN } from './decisions'
import { FILES_SEEN } from './files'
import { MESSAGES_SEEN } from './messages'
import { OVERVIEW_SEEN } from './overview'
import { PAYOUTS_SEEN } from './payouts'
import { RULES_SEEN } from './rules'

/** What operators see, by room. */
export const OPERATOR_SCHEMAS: Readonly<Record<string, Schema>> = {
  ...DECISIONS_SEEN,
  ...OVERVIEW_SEEN,
  ...PAYOUTS_SEEN,
  ...FILES_SEEN,
  ...RULES_SEEN,
  ...BOOKS_SEEN,
  ...MESSAGES_SEEN,
}
