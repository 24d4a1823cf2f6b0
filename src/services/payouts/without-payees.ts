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

/** Stands where a payee's own words were. */
const MARK = '[payee]'

/**
 * Of a batch of thousands one text names a few: looked for as they stand first, without an expression over all of them. A
 * name that is a part of the mark is not looked for in one: it would be found there for ever.
 */
function wordsOf(payees: readonly string[]): (text: string) => string {
  const words = [...new Set(payees)].map((payee) => ({ payee, small: payee.toLowerCase() }))
  // What is left of a longer name says it as well.
  words.sort((a, b) => b.payee.length - a.payee.length)
  const clean = (text: string): string => {
    const small = text.toLowerCase()
    const named = words.filter((word) => small.includes(word.small))
    return redactText(named.reduce((cleaned, { payee }) => without(cleaned, payee), text))
  }
  // A bank has a dozen words for thousands of payouts.
  const known = new Map<string, string>()
  return (text) => {
    const cleaned = known.get(text) ?? clean(text)
    known.set(text, cleaned)
    return cleaned
  }
}

const without = (text: string, payee: string): string =>
  text
    .split(MARK)
    .map((part) => part.replace(new RegExp(payee.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu'), MARK))
    .join(MARK)

function textsOf(outcome: PayoutOutcome, clean: (text: string) => string): Record<string, string> {
  const { status, why, kind } = outcome as { status?: unknown; why?: unknown; kind: string }
  return {
    ...(typeof status === 'string' && { status: clean(status) }),
    // Of what is deferred it is a word of ours.
    ...(kind === 'unknown' && typeof why === 'string' && { why: clean(why) }),
  }
}
