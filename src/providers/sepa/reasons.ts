import type { DeclineCode } from '../../domain/reasons'

/**
 * ISO 20022 external codes (status reasons and return reasons) in our words. What is not here, the exchange's own
 * troubles (funds, format, cut-off) included, is a decline without a detail for the user.
 */
const CODES: ReadonlyMap<string, DeclineCode> = new Map(
  Object.entries({
    account_not_found: 'AC01 BE06 UCRD',
    invalid_identifier: 'AC03 AC08 RC01 RC02 RC04 RC05 RC07 CNOR AGNT',
    account_closed: 'AC04 AC07 MD07',
    account_blocked: 'AC06 AC14 AC17 AG01 AG03',
    name_mismatch: 'BE01 BE21 AC15',
    currency_not_supported: 'AC09 AC11 AM03 AM11 CURR',
    amount_too_small: 'AM01 AM06 AM15',
    amount_too_large: 'AM02 AM13 AM14 AM21 AM23 SL16',
    receiver_refused: 'MS02 SL12 CUST NOAS',
    compliance: 'AM07 FRAD FR01 NOCM RR01 RR02 RR03 RR04 RR05 RR06 RR12',
  } as const satisfies Partial<Record<DeclineCode, string>>).flatMap(([code, reasons]) =>
    reasons.split(' ').map((reason) => [reason, code as DeclineCode] as const),
  ),
)

/** Codes for "we have this already". They say that an earlier copy was taken, not that nothing was. */
const DUPLICATE = new Set(['AM05', 'DU01', 'DU02', 'DU03', 'DU04', 'DU05', 'DUPL'])

export const isDuplicateReason = (reasons: readonly string[]): boolean =>
  reasons.some((reason) => DUPLICATE.has(reason))

/** The first reason that has a word of its own. */
export const declineCodeOf = (reasons: readonly string[]): DeclineCode =>
  reasons.map((reason) => CODES.get(reason)).find((code) => code !== undefined) ?? 'provider_declined'
