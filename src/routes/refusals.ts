import type { Response } from 'express'

import { type Bucket, levelAt } from '../domain/bucket'
import type { Clock } from '../ports/clock'

/**
 * When somebody who is refused is told so. The first few times at once; whoever goes on is let feel it, since an answer is
 * the beginning of his next request. And never many at a time: two hundred answers in one moment would be two hundred
 * requests in the next, and everybody else behind them.
 */
export interface Refusals {
  /** @param answer Called in this one's turn; never when the client has gone. */
  inTurn(name: string, res: Response, answer: () => void): void
}

/** Of somebody who has rested; they come back one a second. */
const QUICK = 10
const QUICK_BACK_PER_MINUTE = 60
const HELD_MS = 1_000
const APART_MS = 100
/** However many connections there are, none waits longer: clients give up. Then the next ones go in between. */
const HELD_MAX_MS = 10_000
const NAMES_MAX = 10_000

interface Told {
  quick: Bucket
  nextMs: number
}

export function createRefusals({ monotonicMs, setTimer }: Pick<Clock, 'monotonicMs' | 'setTimer'>): Refusals {
  const told = new Map<string, Told>()

  function toldOf(name: string, nowMs: number): Told {
    const known = told.get(name)
    if (known) return known
    if (told.size >= NAMES_MAX) forgetSome(told, nowMs)
    const made = { quick: { level: 0, atMs: nowMs }, nextMs: 0 }
    told.set(name, made)
    return made
  }

  return {
    inTurn(name, res, answer) {
      const nowMs = monotonicMs()
      const one = toldOf(name, nowMs)
      const level = levelAt(one.quick, QUICK_BACK_PER_MINUTE, nowMs)
      if (level + 1 <= QUICK) {
        one.quick = { level: level + 1, atMs: nowMs }
        return answer()
      }
      const heldMs = Math.max(HELD_MS, one.nextMs + APART_MS - nowMs)
      one.nextMs = nowMs + (heldMs > HELD_MAX_MS ? HELD_MS : heldMs)
      res.once('close', setTimer(one.nextMs - nowMs, answer))
    },
  }
}

/** Those who have rested; and where nobody has, whoever was first. */
function forgetSome(told: Map<string, Told>, nowMs: number): void {
  for (const [name, { quick }] of told)
    if (levelAt(quick, QUICK_BACK_PER_MINUTE, nowMs) === 0) told.delete(name)
  for (const name of told.keys()) {
    if (told.size < NAMES_MAX) return
    told.delete(name)
  }
}
