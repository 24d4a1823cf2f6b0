import { gzipSync } from 'node:zlib'

import type { ErrorCode } from '../../src/errors'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { recordingLogger } from '../helpers/loggers'
import { BASE, IBAN, World } from '../helpers/world'
import { FIELDS, SHAPES, UNKNOWN_KEYS } from './refused-fields'
import { AMOUNTS, CURRENCIES, METHODS } from './refused-values'
import { countingProvider, expectError, expectNoEffect, request10, sendRaw } from './support'

/**
 * Goal: whatever a client sends, a refused request has no effect and says why in one shape. Method: one world
 * that nothing may ever change, looked at after each input.
 */
let database: TestDatabase
let world: World
const counting = countingProvider()
const logger = recordingLogger()
async function untouchedWorld(): Promise<void> {
  counting.reset()
  world = await World.create(database, { logger, around: { provider: counting.provider } })
}
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
  await untouchedWorld()
})
afterAll(() => database.close())
afterEach(async () => {
  expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  await expectNoEffect(world, counting.submits()).catch(async (effect: unknown) => {
    await untouchedWorld()
    throw effect
  })
})

describe.each([
  ['amount', AMOUNTS],
  ['currency', CURRENCIES],
  ['method', METHODS],
  ['field', FIELDS],
  ['key', UNKNOWN_KEYS],
  ['shape', SHAPES],
])('POST / with a bad %s', (_kind, refusals) => {
  it.each(refusals)('refuses $what with $code', async ({ body, code, message }) => {
    const answer = await world.post(body)

    expectError(answer, code, message)
  })
})

describe('POST / on the wire', () => {
  const post = (headers: Record<string, string | string[]>, body: string | Buffer) =>
    sendRaw(world.host(), {
      path: BASE,
      headers: { Authorization: `Bearer ${world.token()}`, 'Content-Type': 'application/json', ...headers },
      body,
    })
  const good = JSON.stringify(request10())

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json-seq'],
    ['application/jsonx'],
    ['text/json'],
    ['application/json; charset=latin1'],
    ['application/json; charset=nonsense'],
    ['nonsense'],
    [''],
  ])('refuses the content type "%s" with 415', async (type) => {
    expectError(await post({ 'Content-Type': type }, good), 'unsupported_media_type')
  })

  it('refuses a body without a content type with 415', async () => {
    const headers = { Authorization: `Bearer ${world.token()}` }

    expectError(await sendRaw(world.host(), { path: BASE, headers, body: good }), 'unsupported_media_type')
  })

  const invalidUtf8 = (before: string): Buffer =>
    Buffer.concat([
      Buffer.from(`{"currency":"eur","amount":10,"bank_account":{"iban":"${IBAN}${before}`),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}}'),
    ])
  const bomb = gzipSync(JSON.stringify({ x: 'x'.repeat(5_000_000) }))
  it.each<[string, Record<string, string>, string | Buffer, ErrorCode]>([
    ['gzip that is none', { 'Content-Encoding': 'gzip' }, 'garbage', 'invalid_request'],
    [
      'gzip that breaks off',
      { 'Content-Encoding': 'gzip' },
      gzipSync(good).subarray(0, 30),
      'invalid_request',
    ],
    ['a small gzip of 5 MB', { 'Content-Encoding': 'gzip' }, bomb, 'body_too_large'],
    ['an encoding nobody knows', { 'Content-Encoding': 'compress' }, good, 'unsupported_media_type'],
    ['100 kB in chunks', { 'Transfer-Encoding': 'chunked' }, `"${'x'.repeat(100_000)}"`, 'body_too_large'],
    ['one byte more than 64 kB', {}, ' '.repeat(65_537 - good.length) + good, 'body_too_large'],
    [
      'UTF-16 that is UTF-8',
      { 'Content-Type': 'application/json; charset=utf-16' },
      good,
      'unsupported_media_type',
    ],
    ['invalid UTF-8 in an IBAN', {}, invalidUtf8(''), 'invalid_request'],
    ['invalid UTF-8 in a name', {}, invalidUtf8('","account_holder":"M'), 'invalid_request'],
    ['nothing but a NUL', {}, Buffer.from([0]), 'invalid_json'],
  ])('refuses %s', async (_what, headers, body, code) => {
    expectError(await post(headers, body), code)
  })

  it('takes no other method for a POST because a header says so', async () => {
    const answer = await post({ 'X-HTTP-Method-Override': 'POST' }, '')

    expectError(answer, 'invalid_method')
    expectError(await world.get('/nothing/here').set('X-HTTP-Method-Override', 'POST'), 'route_not_found')
  })
})

describe('POST / for somebody the exchange does not know', () => {
  it.each([99, Number.MAX_SAFE_INTEGER])('refuses user %d with the text of the contract', async (userId) => {
    expectError(await world.post(request10(), { userId }), 'user_not_found', 'User not found')
  })
})

describe('A refusal', () => {
  it('lists every field that is wrong, by name and without its value', async () => {
    const { body }: { body: { message: string; errors: { path: string; msg: string }[] } } = await world.post(
      {
        currency: 'not a currency',
        amount: 'secret-amount',
        bank_account: { iban: 'secret iban!' },
        otp_code: 'secret-code',
        user_id: 'secret-user',
      },
    )

    expect(body.errors.map(({ path }) => path)).toEqual(['iban', 'amount', 'currency', 'otp_code', 'user_id'])
    expect(body.message).toBe(body.errors[0]?.msg)
    expect(JSON.stringify(body)).not.toMatch(/secret|not a currency/)
  })

  it('names only some of a thousand unknown fields', async () => {
    const keys = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${'k'.repeat(45)}${n}`, 1]))

    const { body } = await world.post(request10(keys)).expect(400)

    expect(body.message.length).toBeLessThan(1_000)
  })
})

describe('The server', () => {
  it('has logged nothing of what was refused, and still answers a good request', async () => {
    expect(JSON.stringify(logger.lines)).not.toMatch(new RegExp(`${IBAN}|OR 1=1|${world.token()}`))

    await world.post(request10()).expect(200)

    expect(counting.submits()).toBe(1)
    await untouchedWorld()
  })
})
