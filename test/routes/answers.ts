import { once } from 'node:events'
import http from 'node:http'

import { Ajv2020 } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import type { Express } from 'express'

import type { ErrorCode } from '../../src/errors'
import { createDocument, operationsOf } from '../../src/routes/openapi/document'
import { errorsOf, type Operation } from '../../src/routes/openapi/operation'
import { listen } from '../helpers/listen'
import type { TestClock } from '../helpers/test-clock'
import { BASE } from '../helpers/world'
import { sendRaw } from './support'

const DIALECT = { path: '/v1/withdrawal', defaultCurrency: 'eur' }
export const OPERATIONS = operationsOf(DIALECT)

type Json = Record<string, unknown>

/**
 * What is described may not leave anything out: what is not named is wrong.
 *
 * @param isPart Of something larger, which has the last word.
 */
function closed(value: unknown, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((item) => closed(item, isPart))
  if (typeof value !== 'object' || value === null) return value
  const isWhole = !isPart && ('$ref' in value || 'allOf' in value || 'properties' in value)
  const isOpen = 'additionalProperties' in value
  return {
    ...Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        key === 'properties'
          ? Object.fromEntries(Object.entries(member as Json).map(([name, of]) => [name, closed(of)]))
          : closed(member, key === 'allOf'),
      ]),
    ),
    ...(isWhole && !isOpen && { unevaluatedProperties: false }),
  }
}

const eachOf = (members: Json, isPart: boolean): Json =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [name, closed(member, isPart)]))

const document = createDocument(DIALECT)
const { schemas, responses: shared } = document.components
const strict = {
  paths: closed(document.paths),
  // Parts of larger ones, some of them: closed where they are referred to.
  components: { schemas: eachOf(schemas, true), responses: eachOf(shared as Json, false) },
}
const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: true })
addFormats(ajv)
ajv.addSchema(strict, 'api')

const pointer = (...parts: readonly string[]) =>
  `api#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`

interface Response {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, unknown>>
}

/** The schema of an answer, by where it stands. */
function schemaAt({ path, method }: Operation, status: number): string | null {
  const responses = (document.paths[path]?.[method] as { responses: Record<string, Response> }).responses
  const response = responses[String(status)]
  if (!response) throw new Error(`${method} ${path} is not described to answer ${status}.`)
  const name = response.$ref?.split('/').at(-1)
  if (name !== undefined)
    return pointer('components', 'responses', name, 'content', 'application/json', 'schema')
  return response.content && 'application/json' in response.content
    ? pointer('paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema')
    : null
}

export interface Asked {
  readonly token?: string | undefined
  /** Of the path. */
  readonly at?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

/** Everything that was answered, each as it is described. */
export class Answers {
  readonly seen = new Set<string>()
  /** What the last one was: its status, or the code of an error. */
  latest = ''

  /** @throws Where the answer is not as described. */
  async ask(host: Express, operation: Operation, asked: Asked = {}): Promise<Json> {
    const { token, at = {}, query = '', body, headers = {} } = asked
    const base = operation.tag === 'IoTaaP' ? '' : BASE
    const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => at[name] ?? 'nothing')
    const answer = await sendRaw(host, {
      ...{ method: operation.method.toUpperCase(), path: `${base}${path}${query}` },
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return this.note(operation, answer.status, answer.body as Json, answer.headers)
  }

  /** Begins a body and never ends it, until the time for it is over. */
  async askSlowly(
    host: Express,
    operation: Operation,
    clock: Pick<TestClock, 'advance'>,
    token: string,
  ): Promise<void> {
    const arrived: http.IncomingMessage[] = []
    const server = await listen((req, res) => {
      arrived.push(req)
      host(req, res)
    })
    const base = operation.tag === 'IoTaaP' ? '' : BASE
    const path = operation.path.replace(/\{\w+\}/g, 'nothing')
    const headers = {
      ...{ 'Content-Type': 'application/json', 'Content-Length': 10, Authorization: `Bearer ${token}` },
    }
    const request = http.request(`${server.url}${base}${path}`, { method: 'POST', headers, agent: false })
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>
    let isOver = false
    void answered.finally(() => (isOver = true))
    request.write('{')
    while (!isOver) {
      // Some ask who it is first, which has a time of its own.
      if (arrived[0]?.readableFlowing === true) await clock.advance(10_000)
      await new Promise(setImmediate)
    }
    const [response] = await answered
    let text = ''
    for await (const part of response) text += String(part)
    server.close()
    this.note(operation, Number(response.statusCode), JSON.parse(text) as Json, {
      'content-type': String(response.headers['content-type']),
    })
  }

  note(operation: Operation, status: number, body: Json, headers: Record<string, string>): Json {
    const schema = schemaAt(operation, status)
    if (schema !== null && headers['content-type']?.startsWith('application/json')) {
      const validate = ajv.getSchema(schema)
      if (!validate) throw new Error(`There is no ${schema}.`)
      if (!validate(body))
        throw new Error(
          `${operation.id} ${status}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body, null, 1)}`,
        )
    }
    this.latest = status >= 400 && typeof body.code === 'string' ? body.code : String(status)
    this.seen.add(`${operation.id} ${this.latest}`)
    return body
  }
}

/** All that the description says can be answered. */
export const described = (): string[] =>
  OPERATIONS.flatMap((operation) => [
    ...Object.keys(operation.answers).map((status) => `${operation.id} ${status}`),
    ...errorsOf(operation).map((code: ErrorCode) => `${operation.id} ${code}`),
  ])

export function operationOf(id: string): Operation {
  const found = OPERATIONS.find((operation) => operation.id === id)
  if (!found) throw new Error(`There is no ${id}.`)
  return found
}
