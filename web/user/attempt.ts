import { newIdempotencyKey } from '../../src/client/key'
import type { Body, Expected } from './types'

/**
 * One attempt to withdraw, from the click until its answer. Its key stays the same however often it is sent, so that a
 * double click, a reload and a lost answer are one withdrawal; it outlives the page, and not the tab.
 */
export interface Attempt {
  readonly key: string
  readonly body: Body
  /** The figures that were confirmed: where they are others when it is sent, it is not taken. */
  readonly expected?: Expected
  /** What was confirmed, for people. */
  readonly amount: number
  readonly startedAt: string
  /** Whose it is: another one who signs in here is not asked to go on with it. */
  readonly owner: string
}

const KEPT_AS = 'withdrawal-attempt'
/** What is older is not sent again by itself: nobody expects it any more. */
const GOES_ON_MS = 15 * 60_000

/** Where the browser keeps nothing for us, the page itself does. */
let remembered: string | null = null

export function keepAttempt(attempt: Attempt): void {
  remembered = JSON.stringify(attempt)
  try {
    sessionStorage.setItem(KEPT_AS, remembered)
  } catch {
    // A private window, or a full one.
  }
}

export function forgetAttempt(): void {
  remembered = null
  try {
    sessionStorage.removeItem(KEPT_AS)
  } catch {
    // It kept nothing either.
  }
}

/** The attempt that was never answered. `isOld`: it is told, and not gone on with. */
export function findAttempt(owner: string, now: number): { attempt: Attempt; isOld: boolean } | null {
  const attempt = parsed(stored())
  if (attempt?.owner !== owner) return null
  return { attempt, isOld: now - Date.parse(attempt.startedAt) > GOES_ON_MS }
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? remembered
  } catch {
    return remembered
  }
}

function parsed(text: string | null): Attempt | null {
  try {
    return text === null ? null : (JSON.parse(text) as Attempt)
  } catch {
    return null
  }
}

/** Seen in a log, it says where it came from. */
export const newKey = (): string => `page-${newIdempotencyKey()}`
