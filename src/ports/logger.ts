/**
 * A winston logger fits as it is. The message is a stable event name (`withdrawal.transitioned`), the fields
 * hold the facts.
 */
export interface Logger {
  debug(event: string, fields?: Record<string, unknown>): unknown
  info(event: string, fields?: Record<string, unknown>): unknown
  warn(event: string, fields?: Record<string, unknown>): unknown
  error(event: string, fields?: Record<string, unknown>): unknown
}
