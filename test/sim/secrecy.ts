import type { Logger } from '../../src/ports/logger'

/** What every account in the simulator has in it, and nothing else does: where it shows, an account does. */
const CANARY = '370400440532'

/** A destination that somebody has damaged in the table. */
export const POISON = 'plain:{'

/** I15: whether something that is kept or shown holds an account that can be read. */
export const mentionsAccount = (what: unknown): boolean => JSON.stringify(what)?.includes(CANARY) === true

/** Writes nothing down, and tells where a line would have shown an account. */
export function canaryLogger(onLeak: () => void): Logger {
  const look = (_event: string, fields?: Record<string, unknown>): void => {
    if (fields !== undefined && mentionsAccount(fields)) onLeak()
  }
  return { debug: () => {}, info: look, warn: look, error: look }
}
