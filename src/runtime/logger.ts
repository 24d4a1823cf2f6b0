import winston from 'winston'

import { redactText } from '../domain/redaction'
import type { Logger } from '../ports/logger'
import { redactMembers } from './redacting'

/** JSON lines on stdout, one per event. */
export function createLogger(level: string): winston.Logger & Logger {
  return winston.createLogger({
    level,
    format: winston.format.combine(
      // Always now: a field of that name must not change when it happened.
      winston.format.timestamp({ format: () => new Date().toISOString() }),
      winston.format((info) => redactInfo(info))(),
      winston.format.json(),
    ),
    transports: [new winston.transports.Console()],
  })
}

/** Under these winston keeps what it was called with, and the level that it goes by. */
const SPLAT = Symbol.for('splat')
const LEVEL = Symbol.for('level')

function redactInfo(info: winston.Logform.TransformableInfo): winston.Logform.TransformableInfo {
  const [fields] = (info[SPLAT] ?? []) as readonly ({ readonly message?: string } | undefined)[]
  const glued = fields?.message ? ` ${fields.message}` : ''
  const event = String(info.message)
  const members =
    glued === '' || !event.endsWith(glued)
      ? info
      : { detail: fields?.message, ...info, message: event.slice(0, -glued.length) }
  return {
    ...redactMembers(members, 0),
    level: info.level,
    message: redactText(String(members.message)),
    [LEVEL]: info[LEVEL],
  }
}

export { redacting } from './redacting'
