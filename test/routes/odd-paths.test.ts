import fc from 'fast-check'

import { operationsOf } from '../../src/routes/openapi/document'
import { errorsOf, type Operation } from '../../src/routes/openapi/operation'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { rowCounts } from '../helpers/row-counts'
import { BASE, IBAN, World } from '../helpers/world'
import { taken, tokenOf } from './described/asker'
import { DEFERRED, sendRaw } from './support'

/**
 * Goal: whatever stands in a path where a name or a number is meant, nothing happens, and the answer is a described one.
 * Method: requests that are fine but for their path, which is drawn.
 */
const OPERATIONS = operationsOf({ path: '/v1/withdrawal', defaultCurrency: 'eur' })
const RUNS = 10
/** Nobody has any of these, or what stands there is nothing at all. */
const ODD: readonly string[] = [
  ...[
    'nothing',
    'Nothing-1',
    '00000000-0000-7000-8000-000000000000',
    'BW-1',
    'x'.repeat(3_000),
    '9'.repeat(300),
  ],
  ...['0', '-1', '1.5', '1e3', '0x1', '2147483648', '9223372036854775808', '99999999999999999', 'NaN'],
  ...[
    '%00',
    'x%00',
    '%0a',
    '%0d%0aSet-Cookie:a',
    '%20',
    '%09',
    '%2e',
    '%2e%2e',
    '..%2f..%2fpackage.json',
    '%2F',
  ],
  ...['%', '%zz', '%c3', '%ff', '%ed%a0%80', '%u0041', '%25', '%2500', '%f0%9f%98%80', '%e2%80%ae', '%c2%a0'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    '*',
    "'",
    "'%20or%201=1--",
    ';',
    '$1',
    '{id}',
    '&',
  ],
  ...['2026-02-30', '2026-13-01', '0000-00-00', '9999-12-31', '2026-01-32', '10000-01-01', '26-1-5'],
]
const part = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD) },
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).map(encodeURIComponent),
  fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 30 }).map(encodeURIComponent),
)

describe('A path with something odd in it', () => {
  let database: TestDatabase
  let world: World
  let theirs: string
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database)
    const wish = { currency: 'eur', amount: DEFERRED, bank_account: { iban: IBAN } }
    theirs = String((await world.post(wish, { userId: 2 }).expect(200)).body.id)
  })
  afterAll(() => database.close())

  async function asked(operation: Operation, at: Readonly<Record<string, string>>) {
    const { query = '', body } = taken(operation)
    const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => String(at[name]))
    const answer = await sendRaw(world.host(), {
      method: operation.method.toUpperCase(),
      path: `${operation.tag === 'IoTaaP' ? '' : BASE}${path}${query}`,
      headers: {
        Authorization: `Bearer ${tokenOf(world, operation)}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const { code } = answer.body as { code?: never }
    const isDescribed =
      answer.status >= 400 && answer.status < 500 && errorsOf(operation).includes(code as never)
    if (!isDescribed) throw new Error(`${path} is answered ${answer.status} ${answer.text.slice(0, 300)}`)
  }

  it('is refused for a character that no table can hold, wherever it stands', async () => {
    for (const operation of OPERATIONS.filter(({ path }) => path.includes('{'))) {
      const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name))
      for (const odd of names)
        await asked(operation, Object.fromEntries(names.map((name) => [name, name === odd ? 'a%00b' : 'x'])))
    }
  })

  const cases = OPERATIONS.filter(({ path }) => path.includes('{')).map(
    (operation) => [operation.id, operation] as const,
  )

  it.each(cases)('is refused by %s, and does nothing', async (_id, operation) => {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name))
    const before = await rowCounts(database)
    await fc.assert(
      fc.asyncProperty(fc.record(Object.fromEntries(names.map((name) => [name, part]))), (at) =>
        asked(operation, at),
      ),
      { seed: Number(process.env.TEST_SEED), numRuns: RUNS },
    )
    expect(await rowCounts(database)).toBe(before)
  })

  it('is refused where it names what is another user’s', async () => {
    const before = await rowCounts(database)
    for (const [, operation] of cases.filter(([, { who }]) => who === 'user'))
      await asked(operation, { id: theirs })
    expect(await rowCounts(database)).toBe(before)
  })
})
