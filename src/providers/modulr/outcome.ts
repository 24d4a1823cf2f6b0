import type { DeferReason, LookupOutcome, PayoutOutcome } from '../../ports/payment-provider'
import type { Payment } from './api'
import { isAboutFunds, ownFaultIn } from './own-account'
import { REFUSED_APPROVALS, statusOf } from './statuses'

export type PaymentOutcome = PayoutOutcome | Extract<LookupOutcome, { kind: 'voided' }>

/** What the payment itself says. Whether the money has come back since, the account's credits say. */
export function outcomeOf(payment: Payment): PaymentOutcome {
  const { id, status, approvalStatus, schemeId, amount } = payment
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
    case 'not_paid': {
      const why = ownFaultOf(payment)
      if (why !== null) return { kind: 'voided', why, status: word }
      return { kind: 'declined', code: 'provider_declined', reference: id, status: word }
    }
    case 'open':
      return isRefused
        ? { kind: 'declined', code: 'provider_declined', reference: id, status: word }
        : { kind: 'accepted', reference: id, status: word }
    case undefined:
      return { kind: 'unknown', why: 'Modulr answered a status that is not known.', wasHeard: true }
  }
}

/** @returns Why it is not the payee's fault that it was not paid, or null. */
function ownFaultOf({ status, message }: Payment): DeferReason | null {
  const fault = statusOf(status)?.fault
  if (fault === 'ours') return 'provider_unavailable'
  if (fault === 'as_its_text_says') return ownFaultIn(message)
  return status === 'ER_GENERAL' && isAboutFunds(message) ? 'insufficient_float' : null
}
