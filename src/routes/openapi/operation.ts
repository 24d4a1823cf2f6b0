import type { RequestHandler } from 'express'

import { type ErrorCode, httpStatusOf } from '../../errors'
import { type Part, partsOf, type Schema } from '../described'

/** One route, as it is described; document.ts makes OpenAPI of it. */
export interface Operation {
  readonly method: 'get' | 'post'
  /** Behind the base path, parameters in braces. */
  readonly path: string
  /** Of generated clients' functions; never changed. */
  readonly id: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  readonly who: Who
  /** The very ones that the route runs: what it takes is read off them. */
  readonly validators?: readonly RequestHandler[]
  /** What the handler reads by itself. */
  readonly parameters?: readonly Part[]
  /** Of those in the path what is not just a text. */
  readonly pathSchemas?: Readonly<Record<string, Schema>>
  /** A body that is no JSON, and what it may be. */
  readonly rawBody?: { readonly type: string; readonly description: string }
  /** By status; one schema alone is 200. */
  readonly answers: Readonly<Record<number, Answer>>
  /** Besides those that `who` and the body bring with them. */
  readonly errors?: readonly ErrorCode[]
}

export interface Answer {
  readonly description: string
  /** Left out where the answer is no JSON. */
  readonly schema?: Schema
  /** Other kinds of content, by media type. */
  readonly types?: readonly string[]
  readonly headers?: Readonly<Record<string, Schema>>
}

export type Tag = 'Users' | 'IoTaaP' | 'Operators' | 'Providers' | 'Operations'
/** `observer`: who looks after the server; nobody is asked who that is, nor how often. */
export type Who = 'user' | 'operator' | 'collector' | 'anybody' | 'provider' | 'observer'

/** @param schema Of the JSON that is answered. */
export const ok = (description: string, schema: Schema): Readonly<Record<number, Answer>> => ({
  200: { description, schema },
})

/** Any route may be asked for in a way that HTTP does not allow, and fail over something that nobody has thought of. */
const ERRORS_OF_ALL: readonly ErrorCode[] = ['invalid_request', 'internal_error']
const ERRORS_OF: Readonly<Record<Who, readonly ErrorCode[]>> = {
  user: ['unauthorized', 'forbidden', 'too_many_requests', 'not_ready'],
  operator: ['unauthorized', 'forbidden', 'too_many_requests', 'not_ready'],
  collector: ['unauthorized', 'too_many_requests', 'not_ready'],
  anybody: ['too_many_requests'],
  provider: ['unauthorized', 'not_ready'],
  observer: [],
}
const ERRORS_OF_BODY: readonly ErrorCode[] = [
  'invalid_json',
  'body_too_slow',
  'body_too_large',
  'unsupported_media_type',
]

/** Every code that a route may answer with, each once. */
export function errorsOf({ method, who, rawBody, errors = [] }: Operation): readonly ErrorCode[] {
  const body = method === 'post' && !rawBody ? ERRORS_OF_BODY : []
  return [...new Set<ErrorCode>([...ERRORS_OF_ALL, ...ERRORS_OF[who], ...body, ...errors])]
}

/** The codes of an operation by the status they are answered with. */
export function errorsByStatus(operation: Operation): ReadonlyMap<number, readonly ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of errorsOf(operation))
    byStatus.set(httpStatusOf(code), [...(byStatus.get(httpStatusOf(code)) ?? []), code])
  return byStatus
}

export interface Taken {
  readonly parameters: readonly Extract<Part, { in: 'query' | 'header' }>[]
  readonly body: Schema | null
}

/** What a route takes, read off its validators. */
export function takenBy({ validators = [], parameters = [] }: Operation): Taken {
  const parts = [...partsOf(validators), ...parameters]
  return {
    parameters: parts.flatMap((part) => (part.in === 'body' ? [] : [part])),
    body: bodyOf(parts),
  }
}

function bodyOf(parts: readonly Part[]): Schema | null {
  const whole = parts.flatMap((part) => ('whole' in part ? [part.whole] : []))
  if (whole[0]) return whole[0]
  const members = parts.flatMap((part) => (part.in === 'body' && 'name' in part ? [part] : []))
  const names = parts.flatMap((part) => ('names' in part ? part.names : []))
  if (!parts.some((part) => 'names' in part)) return null
  return {
    type: 'object',
    additionalProperties: false,
    required: members.flatMap(({ name, isRequired }) => (isRequired ? [name] : [])),
    properties: Object.fromEntries(
      names.map((name) => [name, members.find((member) => member.name === name)?.schema ?? {}]),
    ),
  }
}
