import type { RequestListener } from 'node:http'
import http from 'node:http'

import type { Response } from 'supertest'

import { type Database, listsOf, type Queryable } from '../../src/db/connect/database'
import { type ErrorCode, httpStatusOf } from '../../src/errors'
import type { ToolsLib } from '../../src/kit/tools-lib'
import { between } from '../helpers/between'
import { listen } from '../helpers/listen'
import { IBAN, type World } from '../helpers/world'

/** A request that succeeds at once; a test names only what it changes. */
export const request10 = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  currency: 'eur',
  amount: 10,
  bank_account: { iban: IBAN },
  ...changes,
})

/** The amount that the sandbox bank leaves waiting, its account being empty. */
export const DEFERRED = 10.04

/** Every error of every route: status, code, and our shape with the id of the request. */
export function expectError(
  answer: Pick<Response, 'status' | 'body' | 'headers'>,
  code: ErrorCode,
  message?: string,
): void {
  const { body, headers, status } = answer
  expect({ status, code: body.code }).toEqual({ status: httpStatusOf(code), code })
  if (message !== undefined) expect(body.message).toBe(message)
  expect(body).toEqual({
    message: expect.stringMatching(/\S/),
    code,
    request_id: headers['x-request-id'],
    ...('errors' in body && { errors: expect.any(Array) }),
  })
  expect(body.request_id).toMatch(/^[\w.-]{1,64}$/)
  for (const problem of body.errors ?? [])
    expect(problem).toEqual({
      type: expect.stringMatching(/^(field|unknown_fields)$/),
      msg: expect.stringMatching(/\S/),
      path: expect.any(String),
      location: expect.stringMatching(/^(body|query|headers)$/),
    })
  expect(headers['content-type']).toMatch(/^application\/json/)
}

/** Counts what the provider hears. */
export function countingProvider() {
  let submits = 0
  return {
    submits: () => submits,
    reset: () => {
      submits = 0
    },
    provider: between({
      submit: (call) => {
        submits++
        return call()
      },
    }),
  }
}

/** What a refused request must not have done. */
export async function expectNoEffect(world: World, submits = 0): Promise<void> {
  expect(await world.rows()).toEqual([])
  expect(await world.kit.ledger()).toEqual([])
  expect(submits).toBe(0)
}

type Replacement<Name extends keyof ToolsLib> = (part: ToolsLib[Name]) => Partial<ToolsLib[Name]>

/** A kit some of whose functions do something else. */
export const kitWith =
  (changes: {
    wallet?: Replacement<'wallet'>
    user?: Replacement<'user'>
    security?: Replacement<'security'>
    getKitCoin?: ToolsLib['getKitCoin']
  }) =>
  (toolsLib: ToolsLib): ToolsLib => ({
    ...toolsLib,
    wallet: { ...toolsLib.wallet, ...changes.wallet?.(toolsLib.wallet) },
    user: { ...toolsLib.user, ...changes.user?.(toolsLib.user) },
    security: { ...toolsLib.security, ...changes.security?.(toolsLib.security) },
    getKitCoin: changes.getKitCoin ?? toolsLib.getKitCoin,
  })

/** A database that fails statements which match, as soon as the test says so. */
export function failingDatabase(pattern: RegExp, fails: () => boolean) {
  return (database: Database): Database => {
    const failing = (queryable: Queryable): Queryable => ({
      query: (text, parameters) =>
        pattern.test(text) && fails()
          ? Promise.reject(new Error('terminating connection; password=secret-detail'))
          : queryable.query(text, parameters),
    })
    return { ...database, ...failing(database), lists: failing(listsOf(database)) }
  }
}

export interface RawRequest {
  readonly path: string
  readonly method?: string
  /** A list sends the header as many times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
}

/** Sends what supertest would tidy up: any path, any bytes, a header twice, a body in chunks of unsaid length. */
export async function sendRaw(host: RequestListener, { body, ...request }: RawRequest): Promise<Response> {
  const listener = await listen(host)
  try {
    const answer = await exchange(listener.url, request, body)
    const isJson = answer.headers['content-type']?.startsWith('application/json') === true
    const parsed: unknown = isJson ? JSON.parse(answer.text) : {}
    return { ...answer, body: parsed } as unknown as Response
  } finally {
    listener.close()
  }
}

/** @throws When the answer ends before its end. */
const exchange = (
  url: string,
  { path, method = 'POST', headers = {} }: RawRequest,
  body: RawRequest['body'],
): Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = http.request(url, { path, method, agent: false }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () =>
        resolve({
          status: res.statusCode,
          headers: res.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    sent.on('error', reject)
    for (const [name, value] of Object.entries(headers))
      sent.setHeader(name, typeof value === 'string' ? value : [...value])
    sent.end(body)
  })

export interface BulkRow {
  readonly id: string
  readonly userId?: number
  readonly amount?: string
  readonly currency?: string
  /** Final states only: nothing in the background may touch what a list is tested with. */
  readonly state?: 'processed' | 'canceled' | 'in_review'
  readonly createdAt?: string
  readonly holder?: string
}

/** Writes withdrawals past the engine, for lists. */
export async function insertRows(database: Database, rows: readonly BulkRow[]): Promise<void> {
  const values = rows.map((row) => ({
    user_id: row.userId ?? 1,
    amount: row.amount ?? '10',
    currency: row.currency ?? 'eur',
    state: row.state ?? 'processed',
    at: row.createdAt ?? '2026-01-02T00:00:00Z',
    destination: `plain:${JSON.stringify({ method: 'BANK', iban: IBAN, accountHolder: row.holder ?? 'Ada Lovelace' })}`,
    id: row.id,
  }))
  await database.query(
    `insert into bank_withdrawal.withdrawals (
       id, user_id, request_hash, currency, amount, fee, payout_amount, method, destination, destination_masked,
       destination_hash, provider, mode, payout_key, end_to_end_id, state, version, held_at, state_since,
       created_at, updated_at)
     select id, user_id, 'h', currency, amount, 0, amount, 'BANK', destination, 'DE89…3000',
       'h', 'sandbox', 'immediate', 'BW-' || id, id, state, 1, at, at, at, at
       from jsonb_to_recordset($1::jsonb) as r(
         id text, user_id bigint, currency text, amount numeric, destination text, state text, at timestamptz)`,
    [JSON.stringify(values)],
  )
}
