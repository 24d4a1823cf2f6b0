import winston from 'winston'

import { redactText } from '../domain/redaction'
import type { Logger } from '../ports/logger'
import { redactMembers } from './redacting'

/** Lines on stdout, one per event: JSON for programs, `text` for people. */
export function createLogger(level: string, format: 'json' | 'text' = 'json'): winston.Logger & Logger {
  return winston.createLogger({
    level,
    format: winston.format((info) => lineOf(info, format))(),
    transports: [new winston.transports.Console()],
  })
}

/** In one step: each of winston's own formats would copy and look at everything once more. */
function lineOf(info: winston.Logform.TransformableInfo, format: 'json' | 'text') {
  // Always now: a field of that name must not change when it happened.
  info.timestamp = new Date().toISOString()
  const line = redactInfo(info, format === 'json' ? byName : Object.keys)
  line[MESSAGE] = format === 'json' ? JSON.stringify(line, asJson) : asText(line)
  return line
}

const byName = (fields: object): readonly string[] => Object.keys(fields).sort()

const asJson = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value

/** Time of day, level, event, and what belongs to it; an explanation is a sentence and comes last, as it is. */
function asText({ timestamp, level, message, ...info }: winston.Logform.TransformableInfo): string {
  const { explanation, ...fields } = info
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${asWord(value)}`)
  const parts = [String(timestamp).slice(11, 19), level.padEnd(5), String(message), ...facts]
  return [...parts, ...(explanation === undefined ? [] : [`- ${asSentence(explanation)}`])].join(' ')
}

const asSentence = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const asWord = (value: unknown): string =>
  typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : JSON.stringify(value)

/** Under these winston keeps what it was called with, the level that it goes by, and what is to be written. */
const SPLAT = Symbol.for('splat')
const LEVEL = Symbol.for('level')
const MESSAGE = Symbol.for('message')

function redactInfo(
  info: winston.Logform.TransformableInfo,
  namesOf: (fields: object) => readonly string[],
): winston.Logform.TransformableInfo {
  const [fields] = (info[SPLAT] ?? []) as readonly ({ readonly message?: string } | undefined)[]
  const glued = fields?.message ? ` ${fields.message}` : ''
  const event = String(info.message)
  const members =
    glued === '' || !event.endsWith(glued)
      ? info
      : { detail: fields?.message, ...info, message: event.slice(0, -glued.length) }
  // Both are members of what is redacted: they are written over, and stay where they are.
  return Object.assign(redactMembers(members, 0, namesOf), {
    level: info.level,
    message: redactText(String(members.message)),
    [LEVEL]: info[LEVEL],
  })
}

export { redacting } from './redacting'
