import type { Destination } from '../../domain/destination'
import { redactText } from '../../domain/redaction'
import type { PayoutOrder, PayoutOutcome, SubmitOutcome } from '../../ports/payment-provider'

/**
 * What a provider says goes into the journal and the log, and some repeat in it whom they were to pay: we know the names,
 * which no pattern would find.
 */
export function withoutPayees(answer: SubmitOutcome, { items }: PayoutOrder): SubmitOutcome {
  const payees = items
    .flatMap(({ destination }) => textsIn(destination))
    .map((value) => value.trim())
    .filter((value) => value.length >= LENGTH_MIN)
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
/** Shorter ones are in half of all words. */
const LENGTH_MIN = 3

/** A number of an account that is no IBAN stands in the details; a country is everybody's. */
function textsIn({ method: _ours, ...destination }: Destination): readonly string[] {
  const { details, ...others } = { details: {}, ...destination }
  const { country: _everybodys, ...own }: Readonly<Record<string, string>> = details
  return Object.values({ ...own, ...others }).filter((value) => typeof value === 'string')
}

/**
 * Of a batch of thousands one text names a few: looked for as they stand first, by how they begin, for a bank may have other
 * words for each. A name that is a part of the mark is not looked for in one: it would be found there for ever.
 */
function wordsOf(payees: readonly string[]): (text: string) => string {
  const byStart = new Map<string, { payee: string; small: string }[]>()
  for (const payee of new Set(payees)) {
    const small = payee.toLowerCase()
    const start = small.slice(0, LENGTH_MIN)
    const alike = byStart.get(start)
    if (alike) alike.push({ payee, small })
    else byStart.set(start, [{ payee, small }])
  }
  function namedIn(small: string): readonly string[] {
    const named = new Set<string>()
    for (let at = 0; at <= small.length - LENGTH_MIN; at++)
      for (const word of byStart.get(small.slice(at, at + LENGTH_MIN)) ?? [])
        if (small.startsWith(word.small, at)) named.add(word.payee)
    // What is left of a longer name says it as well.
    return [...named].sort((a, b) => b.length - a.length)
  }
  const clean = (text: string): string => redactText(namedIn(text.toLowerCase()).reduce(without, text))
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
