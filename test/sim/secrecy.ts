import type { Logger } from '../../src/ports/logger'

/** What every account in the simulator has in it, and nothing else does: where it shows, an account does. */
const CANARY = '370400440532'

/** A destination that somebody has damaged in the table. */
export const POISON = 'plain:{'

/** I15: whether something that is kept or shown holds an account that can be read. */
export function mentionsAccount(what: unknown): boolean {
  if (typeof what === 'string') return what.includes(CANARY)
  if (typeof what === 'number' || typeof what === 'bigint') return String(what).includes(CANARY)
  if (typeof what !== 'object' || what === null || what instanceof Date) return false
  for (const name in what)
    if (mentionsAccount((what as Record<string, unknown>)[name]) || name.includes(CANARY)) return true
  return false
}

/** Writes nothing down, and tells where a line would have shown an account. */
export function canaryLogger(onLeak: () => void): Logger {
  const look = (_event: string, fields?: Record<string, unknown>): void => {
    if (fields !== undefined && mentionsAccount(fields)) onLeak()
  }
  return { debug: () => {}, info: look, warn: look, error: look }
}
