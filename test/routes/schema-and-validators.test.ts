import http from 'node:http'

import { Ajv2020 } from 'ajv/dist/2020'
import fc from 'fast-check'

import type { Schema } from '../../src/routes/described'
import { createDocument, operationsOf } from '../../src/routes/openapi/document'
import { type Operation, type Taken, takenBy } from '../../src/routes/openapi/operation'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen, type Listener } from '../helpers/listen'
import { rowCounts } from '../helpers/row-counts'
import { BASE, World } from '../helpers/world'
import { changed, fromSchema } from './from-schema'

/**
 * Goal: a client may trust the description: what it allows is not refused for its shape, and what it forbids does nothing.
 * Method: requests made of each route's schema, and the same with something changed, are held against the schema by ajv
 * and sent; the two have to agree.
 */
const DIALECT = { path: '/v1/withdrawal', defaultCurrency: 'eur' }
const OPERATIONS = operationsOf(DIALECT)
const { schemas } = createDocument(DIALECT).components
const RUNS = 10
/** What a validator says of a shape; other refusals are about what stands behind it. */
const OF_SHAPE: readonly string[] = [
  ...['invalid_request', 'unknown_field', 'invalid_idempotency_key', 'otp_invalid', 'invalid_method'],
  ...['missing_bank_fields', 'missing_paypal_id', 'invalid_json'],
]
/** And of a shape or of what stands behind it. */
const OF_MORE = ['invalid_amount', 'unsupported_currency', 'amount_out_of_range']

/** What no schema says: it is about other values, about now, or about what is there. */
const BEYOND: Readonly<Record<string, RegExp>> = {
  decideSeveral: /^Each item must have an id, and the version that was shown, once\.$/,
  enterFloat: /^available must be .* as a decimal of the currency\.$/,
  listAudit: /^before must be what an earlier answer gave as next\.$/,
  reconcile: /^(until must not be in the future|since must be before until|A run is over at most 31 days)/,
  saveSettings: /^Nothing is another than before\.$|is not a setting of the desk/,
  undoSettings: /^There is no such earlier version\.$/,
}

const ajv = new Ajv2020({ strict: false, unicodeRegExp: true })
ajv.addSchema({ $id: 'api', components: { schemas } })
/** References are within the document. */
const resolved = (schema: unknown): Schema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as Schema

interface Sent {
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** All that a route takes, as one schema. */
function schemaOf(operation: Operation): Schema {
  const { parameters, body } = takenBy(operation)
  const part = (place: 'query' | 'header'): Schema => {
    const of = parameters.filter((each) => each.in === place)
    return {
      type: 'object',
      required: of.flatMap(({ name, isRequired }) => (isRequired === true ? [name] : [])),
      properties: Object.fromEntries(of.map(({ name, schema }) => [name, schema])),
    }
  }
  const members = { query: part('query'), headers: part('header'), ...(body && { body }) }
  // Of a body that may be empty all may be left out.
  const isNeeded = Array.isArray(body?.required) ? body.required.length > 0 : body !== null
  const required = ['query', 'headers', ...(isNeeded ? ['body'] : [])]
  return { type: 'object', required, properties: members }
}

type Members = Readonly<Record<string, unknown>>
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Nothing in a query or a header is anything but a text, and an empty one of a form counts as left out. */
function isSendable(sent: unknown): sent is Sent {
  if (!isMembers(sent) || !isMembers(sent.query) || !isMembers(sent.headers)) return false
  const texts = [...Object.values(sent.query), ...Object.values(sent.headers)]
  return (
    texts.every((value) => (typeof value === 'string' && value !== '') || typeof value === 'number') &&
    Object.entries(sent.headers).every(
      ([name, value]) => /^[\w-]+$/.test(name) && /^[!-~]([ -~]*[!-~])?$/.test(String(value)),
    )
  )
}

/** As a schema reads what came over the wire: all texts, of which some stand for numbers. */
function asRead({ query, headers, ...rest }: Sent, { parameters }: Taken): unknown {
  const isNumber = (name: string) =>
    parameters.some((each) => each.name === name && each.schema.type === 'integer')
  const entries = Object.entries(query).map(([name, value]) => {
    const text = String(value)
    return [name, isNumber(name) && /^-?\d{1,15}$/.test(text) ? Number(text) : text]
  })
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return {
    ...rest,
    query: Object.fromEntries(entries) as Members,
    headers: Object.fromEntries(texts) as Members,
  }
}

/** Where a path says more than that it is a text. */
const AT: Readonly<Record<string, string>> = { action: 'reject', day: '2020-01-31' }

describe('What the description allows and forbids', () => {
  let database: TestDatabase
  let world: World
  let server: Listener
  const agent = new http.Agent({ keepAlive: true })
  let remoteCalls = 0

  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database, {
      around: {
        exchange: (exchange) =>
          new Proxy(exchange, {
            get(of, name: keyof typeof exchange) {
              remoteCalls++
              return of[name]
            },
          }),
      },
    })
    server = await listen(world.host())
  })
  afterAll(async () => {
    agent.destroy()
    server.close()
    await database.close()
  })

  async function send(operation: Operation, { query, headers, body }: Sent) {
    const { who, path, method, tag } = operation
    const at = path.replace(/\{(\w+)\}/g, (_all, name: string) => AT[name] ?? 'nothing')
    const entries = Object.entries(query).map(([name, value]) => [name, String(value)])
    const search =
      entries.length === 0
        ? ''
        : `?${new URLSearchParams(Object.fromEntries(entries) as Record<string, string>).toString()}`
    return new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
      const request = http.request(`${server.url}${tag === 'IoTaaP' ? '' : BASE}${at}${search}`, {
        method: method.toUpperCase(),
        agent,
        headers: {
          Authorization: `Bearer ${who === 'user' ? world.token(1) : world.token(2, 'admin')}`,
          ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
      })
      request.on('error', reject)
      request.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)))
        response.on('end', () => {
          const isJson = response.headers['content-type']?.startsWith('application/json') === true
          const answered = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
          resolve({ status: Number(response.statusCode), body: answered })
        })
      })
      request.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  const takers = OPERATIONS.filter((operation) => {
    const { parameters, body } = takenBy(operation)
    return operation.who !== 'provider' && operation.rawBody === undefined && (parameters.length > 0 || body)
  })

  const cases = takers.map((operation) => {
    const schema = schemaOf(operation)
    const validate = ajv.compile(resolved(schema))
    const allowed = fromSchema(schema, schemas)
    const taken = takenBy(operation)
    const sent = fc.oneof(allowed, changed(allowed, schema)).filter(isSendable)
    const only = (isAllowed: boolean) => sent.filter((each) => validate(asRead(each, taken)) === isAllowed)
    return [operation.id, { operation, only }] as const
  })
  const runs = { seed: Number(process.env.TEST_SEED), numRuns: RUNS }

  it.each(cases)('%s refuses what is forbidden, and does nothing', async (_id, { operation, only }) => {
    const before = await rowCounts(database)
    remoteCalls = 0
    await fc.assert(
      fc.asyncProperty(only(false), async (sent) => {
        const { status, body } = await send(operation, sent)
        if (status !== 400 || ![...OF_SHAPE, ...OF_MORE].includes(String(body.code)))
          throw new Error(`It was taken: ${status} ${String(body.code)}`)
        if (remoteCalls > 0) throw new Error(`The exchange was asked: ${JSON.stringify(body)}`)
      }),
      runs,
    )
    expect(await rowCounts(database)).toBe(before)
  })

  it.each(cases)('%s refuses nothing for its shape that is allowed', async (_id, { operation, only }) => {
    await fc.assert(
      fc.asyncProperty(only(true), async (sent) => {
        const { status, body } = await send(operation, sent)
        const isBeyond = BEYOND[operation.id]?.test(String(body.message)) === true
        if (status >= 500 || (OF_SHAPE.includes(String(body.code)) && !isBeyond))
          throw new Error(`It was refused: ${status} ${JSON.stringify(body)}`)
      }),
      runs,
    )
  })
})
