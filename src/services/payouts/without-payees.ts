import { redactText } from '../../domain/redaction'
import type { PayoutOrder, PayoutOutcome, SubmitOutcome } from '../../ports/payment-provider'

/**
 * What a provider says goes into the journal and the log, and some repeat in it whom they were to pay: we know the names,
 * which no pattern would find.
 */
export function withoutPayees(answer: SubmitOutcome, { items }: PayoutOrder): SubmitOutcome {
  const payees = items
    .flatMap(({ destination }) => Object.entries(destination))
    .filter(([field, value]) => field !== 'method' && typeof value === 'string' && value.trim().length > 2)
    .map(([, value]) => String(value).trim())
  const inWords = wordsOf(payees)
  const clean = <Outcome extends PayoutOutcome>(outcome: Outcome): Outcome => ({
    ...outcome,
    ...textsOf(outcome, inWords),
  })
  const { items: each } = answer as { items?: Readonly<Record<string, PayoutOutcome>> }
  if (each === undefined) return clean(answer)
  return {
    ...clean(answer),
    items: Object.fromEntries(Object.entries(each).map(([key, outcome]) => [key, clean(outcome)])),
  }
}

/** Of a batch of thousands one text names a few: looked for as they stand, without an expression over all of them. */
function wordsOf(payees: readonly string[]): (text: string) => string {
  return (text) => {
    let cleaned = text
    for (const payee of payees)
      for (let at = indexOf(cleaned, payee); at >= 0; at = indexOf(cleaned, payee))
        cleaned = `${cleaned.slice(0, at)}[payee]${cleaned.slice(at + payee.length)}`
    return redactText(cleaned)
  }
}

const indexOf = (text: string, payee: string): number =>
  payee.toLowerCase() === '[payee]' ? -1 : text.toLowerCase().indexOf(payee.toLowerCase())

function textsOf(outcome: PayoutOutcome, clean: (text: string) => string): Record<string, string> {
  const { status, why, kind } = outcome as { status?: unknown; why?: unknown; kind: string }
  return {
    ...(typeof status === 'string' && { status: clean(status) }),
    // Of what is deferred it is a word of ours.
    ...(kind === 'unknown' && typeof why === 'string' && { why: clean(why) }),
  }
}
