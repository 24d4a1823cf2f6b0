import { createHash } from 'node:crypto'

import { TIMING } from './timing'

export type BankLine =
  | { op: 'heard'; key: string; order: string; at: number }
  | {
      op: 'taken'
      key: string
      order: string
      amount: string
      currency: string
      iban: string
      outcome: 'paid' | 'declined'
      finalAt: number
      at: number
    }
  /** A key that is asked for with other contents: whoever did that would be paying something else. */
  | { op: 'mismatch'; key: string; at: number }

export type Taken = Extract<BankLine, { op: 'taken' }>

export const DECLINED_PERCENT = 12

/** What a bank decides is its own business; here it follows from the key, so that a repeat cannot change it. */
export function fateOf(
  key: string,
  now: number,
  declinedPercent: number,
): Pick<Taken, 'outcome' | 'finalAt'> {
  const draw = createHash('sha256').update(key).digest().readUInt32LE() % 100
  const waitMs = draw % 2 === 0 ? 0 : (draw * TIMING.bankDecidesMsMax) / 100
  return { outcome: draw < declinedPercent ? 'declined' : 'paid', finalAt: now + waitMs }
}
