import { createHash } from 'node:crypto'

import { canonicalJson } from './identifiers'
import { SETTLED_AFTER_MS } from './trail-head'

/** How many withdrawals, and how much: `amount` leaves the user, `payoutAmount` reaches the payee. */
export interface Sum {
  readonly currency: string
  readonly state: string
  readonly count: number
  readonly amount: string
  readonly payoutAmount: string
}

export interface OpenItem {
  readonly id: string
  readonly currency: string
  readonly amount: string
  readonly state: string
  readonly provider: string
  readonly askedAt: string
}

/** What a day (UTC) came to, by the journal alone. */
export interface PayoutProof {
  readonly day: string
  /** Exclusive: the end of the day, or the time of asking while it goes on. */
  readonly until: string
  /** Withdrawals that came into each state on that day, each once per state. */
  readonly moved: readonly Sum[]
  /** Where those stood at the end that had not ended. */
  readonly open: readonly Sum[]
  readonly openItems: readonly OpenItem[]
  readonly openItemsLeftOut: number
  /** Differences that were open at the end. */
  readonly openDifferences: number
  /** Of all journals on that day, and one hash over them; the signed head of the trail has the same. */
  readonly entries: number
  readonly journalDigest: string
}

const DAY = /^\d{4}-\d\d-\d\d$/
const DAY_MS = 86_400_000

/** @returns null for what is no day. */
export function dayFrom(given: unknown): { since: Date; until: Date } | null {
  if (typeof given !== 'string' || !DAY.test(given)) return null
  const since = new Date(`${given}T00:00:00.000Z`)
  if (Number.isNaN(since.getTime()) || since.toISOString().slice(0, 10) !== given) return null
  return { since, until: new Date(since.getTime() + DAY_MS) }
}

/** Nothing is written any more that bears a time of that day. */
export const isClosed = (until: Date, now: Date): boolean =>
  until.getTime() + SETTLED_AFTER_MS <= now.getTime()

/** The text that is kept: the same facts are the same text. */
export const writeProof = (proof: PayoutProof): string => canonicalJson(proof)
export const hashOfProof = (content: string): string => createHash('sha256').update(content).digest('hex')
