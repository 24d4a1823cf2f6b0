/**
 * A bucket that leaks: each request pours in one, `perMinute` leak out a minute, and it holds as much as leaks in one.
 * So a person may hurry for a moment, and nobody may hurry for long. Times are milliseconds of any clock that only grows.
 */
export interface Bucket {
  readonly level: number
  readonly atMs: number
}

const MINUTE_MS = 60_000

export const levelAt = ({ level, atMs }: Bucket, perMinute: number, nowMs: number): number =>
  Math.max(0, level - (Math.max(0, nowMs - atMs) * perMinute) / MINUTE_MS)

/** Whole seconds until one more fits in; 0 when it does now. */
export const secondsUntilRoom = (level: number, perMinute: number): number =>
  level + 1 <= perMinute ? 0 : Math.max(1, Math.ceil(((level + 1 - perMinute) / perMinute) * 60))
