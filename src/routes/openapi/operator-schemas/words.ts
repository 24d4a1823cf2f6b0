import { REASON_CODES } from '../../../domain/reasons'
import { STATES } from '../../../domain/states'
import { decimal, oneOf, text, whole } from '../schemas'

export const state = oneOf(STATES)

export const reasonCode = oneOf(REASON_CODES)

export const mode = oneOf(['immediate', 'batch'])

/** Who did it: `operator:2`, `worker`. */
export const actor = text

export const counted = { currency: text, count: whole, amount: decimal }
