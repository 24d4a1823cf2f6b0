import type { CountedRequests, GateStore } from '../../db/gates'
import { type Bucket, levelAt, roomOf, secondsUntilRoom } from '../../domain/bucket'
import { errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'

/**
 * Who asks for how much, counted in memory, so that no request waits for it. Instances add up what they have counted in
 * the database, behind the requests, as soon as somebody takes more than a tenth of a limit from one of them.
 *
 * What ten instances let through, then: the limit, as one does, plus what arrives before they have heard of each other
 * (`SHARE_AFTER_MS` and one statement), plus at most a tenth of the limit from each that nobody has told the others of.
 * An instance that cannot reach the database goes on with its own count.
 */
export interface RequestLimits {
  /**
   * Counts one request, unless it is one too many.
   *
   * @param perMinute 0: not limited.
   * @returns Seconds after which it may be sent again; 0 when it may pass.
   */
  take(key: string, perMinute: number): number
  /** Tells the others now what they do not know yet. Never throws. */
  share(): Promise<void>
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>
}

const SHARE_AFTER_MS = 100
/** Nobody has so many instances that this part of a limit, from each of them, is worth a word. */
const SPARED_PART = 1 / 10
/** A flood from many addresses must not fill the memory. */
const KEYS_MAX = 50_000
const DROP_OLD_EVERY_MS = 600_000

interface Count {
  perMinute: number
  /** Over all instances, as far as is known here. */
  all: Bucket
  /** What this instance need not tell anybody: it leaks with its part of the limit. */
  spared: Bucket
  untold: number
}

export function createRequestLimits(deps: {
  readonly gates: Pick<GateStore, 'addLevels' | 'dropOldLevels'>
  readonly clock: Clock
  readonly logger: Logger
}): RequestLimits {
  const { gates, clock, logger } = deps
  const counts = new Map<string, Count>()
  const toTell = new Set<string>()
  let cancel: (() => void) | null = null
  let sharing: Promise<void> = Promise.resolve()
  let droppedAtMs = -Infinity

  function countOf(key: string, perMinute: number, nowMs: number): Count {
    const known = counts.get(key)
    if (known) return known
    if (counts.size >= KEYS_MAX) forgetSome(counts, nowMs)
    const empty = { level: 0, atMs: nowMs }
    const made = { perMinute, all: empty, spared: empty, untold: 0 }
    counts.set(key, made)
    return made
  }

  function take(key: string, perMinute: number): number {
    if (perMinute === 0) return 0
    const nowMs = clock.monotonicMs()
    const count = countOf(key, perMinute, nowMs)
    const level = levelAt(count.all, perMinute, nowMs)
    const waitSeconds = secondsUntilRoom(level, perMinute)
    if (waitSeconds > 0) return waitSeconds
    count.perMinute = perMinute
    count.all = { level: level + 1, atMs: nowMs }
    count.spared = { level: levelAt(count.spared, perMinute * SPARED_PART, nowMs) + 1, atMs: nowMs }
    count.untold = Math.min(count.untold + 1, count.all.level)
    if (count.spared.level > roomOf(perMinute) * SPARED_PART) {
      toTell.add(key)
      cancel ??= clock.setTimer(SHARE_AFTER_MS, () => void share())
    }
    return 0
  }

  async function tell(): Promise<void> {
    cancel?.()
    cancel = null
    const told: CountedRequests[] = []
    for (const key of toTell) {
      const count = counts.get(key)
      if (!count) continue
      // What has leaked away meanwhile is nobody's business any more.
      const untold = Math.min(count.untold, levelAt(count.all, count.perMinute, clock.monotonicMs()))
      if (untold > 0) told.push({ key, count: untold, perMinute: count.perMinute })
      count.untold = 0
    }
    toTell.clear()
    if (told.length === 0) return
    const askedAtMs = clock.monotonicMs()
    try {
      const levels = await gates.addLevels(told)
      const nowMs = clock.monotonicMs()
      for (const [key, level] of levels) {
        const count = counts.get(key)
        if (!count) continue
        count.all = heard(count, { level, atMs: askedAtMs }, nowMs)
      }
      if (nowMs - droppedAtMs < DROP_OLD_EVERY_MS) return
      droppedAtMs = nowMs
      await gates.dropOldLevels()
    } catch (error) {
      logger.warn('limits.not_shared', errorFields(error))
    }
  }

  /** One after the other: an older answer must not overtake a newer one. */
  function share(): Promise<void> {
    sharing = sharing.then(tell)
    return sharing
  }

  return {
    take,
    share,
    async stop() {
      cancel?.()
      cancel = null
      await sharing
    },
  }
}

/** What is known after the database has answered; one that has lost its memory does not make us lose ours. */
function heard({ all, perMinute, untold }: Count, everybodys: Bucket, nowMs: number): Bucket {
  const ours = levelAt(all, perMinute, nowMs)
  return { level: Math.max(ours, levelAt(everybodys, perMinute, nowMs) + untold), atMs: nowMs }
}

/** Whoever has not asked for a while, and where that is not enough, whoever was first. */
function forgetSome(counts: Map<string, Count>, nowMs: number): void {
  for (const [key, { all, perMinute }] of counts) if (levelAt(all, perMinute, nowMs) === 0) counts.delete(key)
  for (const key of counts.keys()) {
    if (counts.size < KEYS_MAX) return
    counts.delete(key)
  }
}
