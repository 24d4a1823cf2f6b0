/**
 * A bucket that leaks: each request pours in one, `perMinute` leak out a minute, and it holds what leaks in a quarter of
 * one. So a person may hurry for a moment, and nobody may hurry for long. Times are milliseconds of a clock that only grows.
 */
export interface Bucket {
  readonly level: number
  readonly atMs: number
}

const MINUTE_MS = 60_000

export const levelAt = ({ level, atMs }: Bucket, perMinute: number, nowMs: number): number =>
  Math.max(0, level - (Math.max(0, nowMs - atMs) * perMinute) / MINUTE_MS)

/** How many fit into an empty one. */
export const roomOf = (perMinute: number): number => Math.max(1, Math.ceil(perMinute / 4))

/** Whole seconds until one more fits in; 0 when it does now. */
export const secondsUntilRoom = (level: number, perMinute: number): number => {
  const tooMuch = level + 1 - roomOf(perMinute)
  return tooMuch <= 0 ? 0 : Math.max(1, Math.ceil((tooMuch / perMinute) * 60))
}
