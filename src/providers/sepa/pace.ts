import { setImmediate } from 'node:timers'

import { mapFew } from '../../runtime/parallel'

/** Documents in one turn: each is two statements, and the embedded database runs them on our thread. */
export const DOCUMENTS_A_TURN = 4
/** Steps of pure reckoning in one turn: up to some tens of microseconds each. */
export const STEPS_A_TURN = 100

/**
 * Keeps long work from holding the event loop, which is a whole exchange's: it is done in turns, and whatever else is
 * due runs between them.
 */
export interface Pace {
  /** Ends the turn. */
  pause(): Promise<void>
  /** Counts one step of a loop without end in sight, and ends the turn when there were enough. */
  step(): Promise<void> | undefined
  /** Works through documents, a few at a time and few in a turn. @returns The results in the order of the items. */
  map<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]>
}

export type EndOfTurn = () => Promise<void>
const nextTurn: EndOfTurn = () => new Promise((resolve) => setImmediate(resolve))

/** @param pause Ends a turn; a test counts what is done between two of them. */
export function createPace(pause: EndOfTurn = nextTurn): Pace {
  let steps = 0
  return {
    pause,
    step() {
      if (++steps < STEPS_A_TURN) return undefined
      steps = 0
      return pause()
    },
    async map<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) {
      const results: Result[] = []
      for (let at = 0; at < items.length; at += DOCUMENTS_A_TURN) {
        results.push(...(await mapFew(items.slice(at, at + DOCUMENTS_A_TURN), work)))
        await pause()
      }
      return results
    },
  }
}
