import type { StoredWithdrawal } from '../db/store'
import { errorFields } from '../errors'
import type { Clock } from '../ports/clock'
import { type CallPlaces, createCallPlaces, NO_PLACES } from './call-places'
import { CLAIMED_AHEAD, createAhead } from './claimed-ahead'
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
  /** Something has just become due: an idle worker looks now. */
  lookNow(): void
  /** Claims nothing more and waits until what is in hand has come to rest. */
  stop(): Promise<void>
  isRunning(): boolean
}

/** Looks that found nothing before every second one is left out: a busy hour is followed as closely as before. */
const QUIET_AFTER_LOOKS = 10
/**
 * Whoever starts may be the only one, in the place of a process that has just died: what that was to look at in its next
 * moments, a payout two seconds after the bank took it for instance, is due in ours. For so long an idle worker looks ten
 * times as often.
 */
const FIRST_LOOKS_MS = 3_000
export const firstLookMs = (pollMs: number): number => pollMs / 10
/** Withdrawals that wait for the database alone: as many as are written in one statement. */
const WRITTEN_MAX = 100

/** How long an idle worker sleeps. */
function createRhythm(pollMs: number, clock: Pick<Clock, 'monotonicMs'>) {
  const startedAtMs = clock.monotonicMs()
  const areFirst = () => clock.monotonicMs() - startedAtMs < FIRST_LOOKS_MS
  let idleLooks = 0
  return {
    looked(found: number) {
      idleLooks = found === 0 && !areFirst() ? idleLooks + 1 : 0
    },
    pauseMs() {
      if (areFirst()) return firstLookMs(pollMs)
      return idleLooks > QUIET_AFTER_LOOKS ? 2 * pollMs : pollMs
    },
  }
}

/** A sleep that ends early where somebody asks; it does not begin where that was asked during the look before. */
function createPause(clock: Pick<Clock, 'setTimer'>) {
  let wakeUp = () => {}
  let isAsked = false
  return {
    isNotAskedToEnd() {
      isAsked = false
    },
    lasts: (ms: number) =>
      new Promise<void>((resolve) => {
        if (isAsked) return resolve()
        const cancel = clock.setTimer(ms, resolve)
        wakeUp = () => {
          cancel()
          resolve()
        }
      }),
    end() {
      isAsked = true
      wakeUp()
    },
  }
}

export function createRunner(deps: RunnerDeps): Runner {
  const { store, clock, logger, settings, newLease } = deps
  const inHand = new Set<Promise<unknown>>()
  let stopping = false
  let loop: Promise<void> | null = null
  const pause = createPause(clock)

  function drive(
    row: StoredWithdrawal,
    lease: Lease,
    entered: boolean,
    places: Pick<CallPlaces, 'during'> = NO_PLACES,
  ): Promise<StoredWithdrawal> {
    const hand = { isStopping: () => stopping, mayBegin: () => places === NO_PLACES || !stopping, places }
    const journey = new Journey(deps, row, lease, entered, hand).run()
    inHand.add(journey)
    return journey.finally(() => inHand.delete(journey))
  }

  async function claimAndDrive(limit: number, places?: CallPlaces): Promise<Promise<StoredWithdrawal>[]> {
    const lease = newLease()
    const claimed = await store.claimDue(lease, limit)
    return claimed.map((row) => drive(row, lease, false, places))
  }

  /**
   * One cheap look per interval while idle; a slow payout holds one place, not the whole worker. A few more are claimed
   * than have a place, so that places are never empty and claims are not for one at a time.
   */
  async function work(): Promise<void> {
    const busy = new Set<Promise<unknown>>()
    const places = createCallPlaces(settings.concurrency)
    const ahead = createAhead(settings.concurrency, clock)
    const rhythm = createRhythm(settings.pollMs, clock)
    while (!stopping) {
      const claimedMax = ahead.count(places.served())
      const room = claimedMax - places.load()
      const isRoom = room >= claimedMax / CLAIMED_AHEAD && busy.size < claimedMax + WRITTEN_MAX
      pause.isNotAskedToEnd()
      const started = isRoom ? await claimAndDrive(room, places).catch(reportFailedClaim) : []
      for (const journey of started) {
        const place: Promise<unknown> = journey.finally(() => busy.delete(place))
        busy.add(place)
      }
      if (isRoom) rhythm.looked(started.length)
      if (stopping) break
      if (!isRoom) await Promise.race([...busy, places.left()])
      else if (started.length < room) await pause.lasts(rhythm.pauseMs())
    }
  }

  function reportFailedClaim(error: unknown): [] {
    logger.error('worker.claim_failed', errorFields(error))
    return []
  }

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
    lookNow: pause.end,
    async stop() {
      stopping = true
      pause.end()
      await loop
      loop = null
      await Promise.allSettled(inHand)
    },
    isRunning: () => loop !== null && !stopping,
  }
}
