import type { StoredWithdrawal } from '../db/store'
import { errorFields } from '../errors'
import { Journey, type RunnerDeps } from './journey'
import type { Lease } from './lease'

export interface Runner {
  /** A lease for a withdrawal that this process will drive. */
  newLease(): Lease
  /**
   * Takes a withdrawal, which this process has just claimed under `lease`, as far as it goes now.
   * Never throws: what goes wrong is logged, and the row comes back when its lease ends.
   */
  drive(row: StoredWithdrawal, lease: Lease, entered: boolean): Promise<StoredWithdrawal>
  /** Claims and drives one withdrawal if it is due. */
  driveNow(id: string): Promise<void>
  /** Works off what is due now, once. @returns How many withdrawals it looked at. */
  tick(): Promise<number>
  start(): void
  /** Claims nothing more and waits until what is in hand has come to rest. */
  stop(): Promise<void>
  isRunning(): boolean
}

export function createRunner(deps: RunnerDeps): Runner {
  const { store, clock, logger, settings, newLease } = deps
  const inHand = new Set<Promise<unknown>>()
  let stopping = false
  let loop: Promise<void> | null = null
  let wakeUp = () => {}

  function drive(row: StoredWithdrawal, lease: Lease, entered: boolean): Promise<StoredWithdrawal> {
    const journey = new Journey(deps, row, lease, entered, () => stopping).run()
    inHand.add(journey)
    return journey.finally(() => inHand.delete(journey))
  }

  async function claimAndDrive(limit: number): Promise<Promise<StoredWithdrawal>[]> {
    const lease = newLease()
    const claimed = await store.claimDue(lease, limit)
    return claimed.map((row) => drive(row, lease, false))
  }

  /** One cheap look per interval while idle; a slow payout holds one place, not the whole worker. */
  async function work(): Promise<void> {
    const busy = new Set<Promise<unknown>>()
    while (!stopping) {
      const free = settings.concurrency - busy.size
      const started = free > 0 ? await claimAndDrive(free).catch(reportFailedClaim) : []
      for (const journey of started) {
        const place: Promise<unknown> = journey.finally(() => busy.delete(place))
        busy.add(place)
      }
      if (stopping) break
      if (busy.size >= settings.concurrency) await Promise.race(busy)
      else if (started.length < free) await nextLook()
    }
  }

  function reportFailedClaim(error: unknown): [] {
    logger.error('worker.claim_failed', errorFields(error))
    return []
  }

  const nextLook = () =>
    new Promise<void>((resolve) => {
      const cancel = clock.setTimer(settings.pollMs, resolve)
      wakeUp = () => {
        cancel()
        resolve()
      }
    })

  return {
    newLease,
    drive,
    async driveNow(id) {
      const lease = newLease()
      const row = await store.claimOne(lease, id)
      if (row) await drive(row, lease, false)
    },
    async tick() {
      return (await Promise.all(await claimAndDrive(settings.concurrency))).length
    },
    start() {
      stopping = false
      loop ??= work()
    },
    async stop() {
      stopping = true
      wakeUp()
      await loop
      loop = null
      await Promise.allSettled(inHand)
    },
    isRunning: () => loop !== null && !stopping,
  }
}
