import type { LeaseRequest } from '../db/store'
import type { Clock, Randomness } from '../ports/clock'

/** A lease we ask for, with the moment on our own clock from which it counts. */
export interface Lease extends LeaseRequest {
  readonly askedAtMs: number
}

export interface LeaseDeps {
  readonly clock: Clock
  readonly random: Pick<Randomness, 'newId'>
  readonly leaseSeconds: number
  readonly processId: () => string | null
}

/** The owner is another one each time; it begins with the process that asks, where others can see whether that lives. */
export const createLeases =
  ({ clock, random, leaseSeconds, processId }: LeaseDeps): (() => Lease) =>
  () => {
    const [claim, process] = [random.newId(), processId()]
    return {
      owner: process === null ? claim : `${process}.${claim}`,
      seconds: leaseSeconds,
      askedAtMs: clock.monotonicMs(),
    }
  }
