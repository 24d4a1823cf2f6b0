import type { Logger } from '../../ports/logger'

/** The kit's `loggerPlugin`: joins what it is given with blanks. */
export interface LoggerPlugin {
  info(...parts: string[]): unknown
  warn(...parts: string[]): unknown
  error(...parts: string[]): unknown
  debug(...parts: string[]): unknown
}

/**
 * Our events as lines of the kit's log. Only strings are handed over: an Error of ours comes from another realm
 * than the logger's and would lose its stack, an object of the kit's could carry its api key. A logger that fails
 * must not stop a payout.
 */
export function kitLogger(loggerPlugin: LoggerPlugin): Logger {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Record<string, unknown> = {}): void => {
      try {
        const facts = Object.keys(fields).length === 0 ? [] : [JSON.stringify(fields)]
        loggerPlugin[level]('plugins/bank-withdrawal', event, ...facts)
      } catch {
        // There is nowhere left to say it.
      }
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
