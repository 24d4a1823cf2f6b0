import { readDecimal } from './money'
import type { Withdrawal, WithdrawalPatch } from './withdrawal'

/**
 * What a withdrawal was accepted as, and what came back of it: who is paid how much by whom under which keys. It is
 * sealed with the destination, so that a row which anybody else has changed shows.
 */
const SEALED = [
  'userId',
  'idempotencyKey',
  'currency',
  'amount',
  'fee',
  'payoutAmount',
  'method',
  'provider',
  'payoutKey',
  'endToEndId',
  'destinationMasked',
  'returnedAmount',
] as const satisfies readonly (keyof Withdrawal)[]

export type SealedFact = (typeof SEALED)[number]
export type SealedFacts = Pick<Withdrawal, SealedFact>

const AMOUNTS: readonly SealedFact[] = ['amount', 'fee', 'payoutAmount', 'returnedAmount']

export const factsOf = (row: SealedFacts): SealedFacts =>
  Object.fromEntries(SEALED.map((name) => [name, row[name]])) as unknown as SealedFacts

/** The names of those in which the two differ; `10.50` is `10.5`. */
export const changedFacts = (row: SealedFacts, sealed: Partial<SealedFacts>): readonly SealedFact[] =>
  SEALED.filter((name) => {
    const [now, then] = [row[name], sealed[name] ?? null]
    return now !== then && canonical(name, now) !== canonical(name, then)
  })

/** A patch that writes one of them: the row has to be sealed anew in the same statement. */
export const writesSealedFact = (patch: WithdrawalPatch): boolean =>
  SEALED.some((name) => Object.hasOwn(patch, name))

const canonical = (name: SealedFact, value: string | number | null): string | number | null =>
  // What is no number is compared as it is: it is no amount that was ever sealed.
  value !== null && AMOUNTS.includes(name) ? (readDecimal(value) ?? value) : value
