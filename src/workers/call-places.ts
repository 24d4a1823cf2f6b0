/**
 * How many withdrawals may be waiting for a partner's answer at the same time. Whoever only waits for the database holds
 * no place: so much more is written together, and nobody is asked more at once.
 */
export interface CallPlaces {
  /** Runs `work` in a place, once there is one. Who is under way goes before those who have not begun. */
  during<Result>(isUnderWay: boolean, work: () => Promise<Result>): Promise<Result>
  /** Those that have a place and those that wait for one. */
  load(): number
  /** How many have left a place so far. */
  served(): number
  /** Resolves when somebody leaves a place. */
  left(): Promise<void>
}

export function createCallPlaces(count: number): CallPlaces {
  const waiting: (() => void)[] = []
  let taken = 0
  let served = 0
  let heardOfLeaving: (() => void)[] = []

  const take = (isUnderWay: boolean): Promise<void> =>
    new Promise((resolve) => {
      if (taken < count) {
        taken++
        return resolve()
      }
      // The place is handed over: nobody who comes in between gets it.
      if (isUnderWay) waiting.unshift(resolve)
      else waiting.push(resolve)
    })

  function leave(): void {
    served++
    const next = waiting.shift()
    if (next) next()
    else taken--
    const heard = heardOfLeaving
    heardOfLeaving = []
    for (const resolve of heard) resolve()
  }

  return {
    async during(isUnderWay, work) {
      await take(isUnderWay)
      try {
        return await work()
      } finally {
        leave()
      }
    },
    load: () => taken + waiting.length,
    served: () => served,
    left: () => new Promise((resolve) => heardOfLeaving.push(resolve)),
  }
}

/** For who has one already, a request for instance. */
export const NO_PLACES: Pick<CallPlaces, 'during'> = { during: (_isUnderWay, work) => work() }
