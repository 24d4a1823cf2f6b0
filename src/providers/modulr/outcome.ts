import type { PayoutOutcome } from '../../ports/payment-provider'
import type { Payment } from './api'
import { REFUSED_APPROVALS, statusOf } from './statuses'

/** What the payment itself says. Whether the money has come back since, the account's credits say. */
export function outcomeOf({ id, status, approvalStatus, schemeId, amount }: Payment): PayoutOutcome {
  const meaning = statusOf(status)?.meaning
  const isRefused = approvalStatus !== null && REFUSED_APPROVALS.includes(approvalStatus)
  const word = approvalStatus === 'PENDING' || isRefused ? `${status} (approval ${approvalStatus})` : status
  switch (meaning) {
    case 'paid':
    case 'returned':
      // The scheme's id is what the payee's bank knows it by, and what a return names.
      return {
        kind: 'settled',
        reference: id,
        transactionId: schemeId ?? id,
        ...(amount !== null && { amount }),
        status: word,
      }
    case 'not_paid':
      return { kind: 'declined', code: 'provider_declined', reference: id, status: word }
    case 'open':
      return isRefused
        ? { kind: 'declined', code: 'provider_declined', reference: id, status: word }
        : { kind: 'accepted', reference: id, status: word }
    case undefined:
      return { kind: 'unknown', why: 'Modulr answered a status that is not known.' }
  }
}
