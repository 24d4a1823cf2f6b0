import type { ErrorCode } from '../../errors'
import type { Schema } from '../described'
import { errorsByStatus, type Operation, type Taken, takenBy } from './operation'
import { OPERATIONS } from './operations'
import { OPERATOR_SCHEMAS } from './operator-schemas'
import { OPERATOR_OPERATIONS } from './operators'
import { ref, text, USER_SCHEMAS, whole } from './schemas'
import { iotaapOperations, USER_OPERATIONS } from './users'
import { VERSION } from './version.generated'

export interface Dialect {
  readonly path: string
  readonly defaultCurrency: string | null
}

export interface OpenApiDocument {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly [part: string]: unknown
  }
  readonly [member: string]: unknown
}

const ALL: readonly Operation[] = [...USER_OPERATIONS, ...OPERATOR_OPERATIONS, ...OPERATIONS]

/** The whole API in OpenAPI 3.1, apart from where it is served. */
export function createDocument(dialect: Dialect | null): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bank withdrawals',
      version: VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
      description: INTRODUCTION,
    },
    security: [{ bearer: [] }],
    paths: { ...pathsOf(ALL), ...(dialect && dialectPaths(dialect)) },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The exchange’s own token.' },
      },
      schemas: { ...USER_SCHEMAS, ...OPERATOR_SCHEMAS },
      responses: sharedResponses(ALL),
      headers: {
        RequestId: { description: 'The request’s own, if it was harmless, else a new one.', schema: text },
        ReasonMasked: {
          description:
            'The payee’s own name or account was in what was typed about the withdrawal: `[payee]` is stored in their place, and what was asked for happened. Left out where nothing was masked.',
          schema: { type: 'string', enum: ['payee'] },
        },
        RetryAfter: { description: 'In so many seconds.', schema: whole },
      },
    },
  }
}

const INTRODUCTION =
  'Fiat withdrawals of an exchange. Every error has a `message` fit to show to a person and a stable `code`. Amounts in ' +
  'answers are JSON numbers of at most 15 significant digits, which no double rounds; times are in UTC.'

/** Everything that is served, by its path behind the base path; a dialect's is its own. */
export const operationsOf = (dialect: Dialect | null): readonly Operation[] => [
  ...ALL,
  ...(dialect ? dialectOperations(dialect) : []),
]

const dialectOperations = ({ path, defaultCurrency }: Dialect): readonly Operation[] =>
  iotaapOperations(defaultCurrency).map((operation) => ({
    ...operation,
    path: `${path}${operation.path === '/' ? '' : operation.path}`,
  }))

/** Not behind the address of the rest. */
const dialectPaths = (dialect: Dialect) =>
  Object.fromEntries(
    Object.entries(pathsOf(dialectOperations(dialect))).map(([at, item]) => [
      at,
      { servers: [{ url: '/' }], ...item },
    ]),
  )

function pathsOf(operations: readonly Operation[]): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations)
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) }
  return paths
}

const PUBLIC: readonly string[] = ['anybody', 'provider', 'observer']

function describe(operation: Operation): Record<string, unknown> {
  const { id, tag, summary, description, who, rawBody } = operation
  const { parameters, body } = takenBy(operation)
  const required = true
  return {
    ...{ operationId: id, tags: [tag], summary, ...(description !== undefined && { description }) },
    ...(PUBLIC.includes(who) && { security: [] }),
    parameters: [...pathParameters(operation), ...parameters.map(parameter)],
    ...(body && {
      requestBody: { required: isNeeded(body), content: { 'application/json': { schema: body } } },
    }),
    ...(rawBody && {
      requestBody: { required, description: rawBody.description, content: { [rawBody.type]: {} } },
    }),
    responses: responsesOf(operation),
  }
}

/** Where it may be empty it may be left out. */
const isNeeded = ({ required }: Schema): boolean => !Array.isArray(required) || required.length > 0

const pathParameters = ({ path, pathSchemas = {} }: Operation) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ in: 'path', name, required: true },
    schema: pathSchemas[String(name)] ?? text,
  }))

const parameter = ({ isRequired, ...part }: Taken['parameters'][number]) => ({
  ...part,
  ...(isRequired && { required: true }),
})

function responsesOf(operation: Operation): Record<string, unknown> {
  const answers = Object.entries(operation.answers).map(
    ([status, { description, schema, types, headers }]) => [
      status,
      {
        description,
        headers: {
          ...REQUEST_ID,
          ...(mayMask(operation) && REASON_MASKED),
          ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, of]) => [name, { schema: of }])),
        },
        content: {
          ...(schema && { 'application/json': { schema } }),
          ...Object.fromEntries((types ?? []).map((type) => [type, { schema: text }])),
        },
      },
    ],
  )
  const errors = [...errorsByStatus(operation)].map(([status, codes]) => {
    const also = operation.answers[status]?.schema
    const name = also ? null : sharedName(codes)
    const response =
      name === null ? errorResponse(status, codes, also) : { $ref: `#/components/responses/${name}` }
    return [String(status), response]
  })
  return { ...Object.fromEntries(answers), ...Object.fromEntries(errors) } as Record<string, unknown>
}

/** Most routes are refused alike; what is refused for many reasons has its own list of them. */
const sharedName = (codes: readonly ErrorCode[]): string | null =>
  codes.length <= 2 ? codes.join('_or_') : null

function sharedResponses(operations: readonly Operation[]): Record<string, unknown> {
  const all = operations.flatMap((operation) => [...errorsByStatus(operation)])
  return Object.fromEntries(
    all.flatMap(([status, codes]) => {
      const name = sharedName(codes)
      return name === null ? [] : [[name, errorResponse(status, codes, undefined)]]
    }),
  )
}

/** What an operator types about a withdrawal; all other reasons are kept as they are. */
export const mayMask = ({ method, path, who }: Operation): boolean =>
  who === 'operator' &&
  /^\/admin\/(withdrawals|approvals|differences|quarantine)\//.test(path) &&
  (method === 'post' || path.endsWith('/evidence'))

const REASON_MASKED = { 'Reason-Masked': { $ref: '#/components/headers/ReasonMasked' } }
const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } }
const ASK_AGAIN: readonly number[] = [409, 429, 503]

/** @param also What else is answered with that status. */
function errorResponse(status: number, codes: readonly ErrorCode[], also: Schema | undefined) {
  const error = { allOf: [ref('Error'), { type: 'object', properties: { code: { enum: codes } } }] }
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    headers: {
      ...REQUEST_ID,
      ...(ASK_AGAIN.includes(status) && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: { 'application/json': { schema: also ? { anyOf: [also, error] } : error } },
  }
}
