import type { Response } from 'supertest'

import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { endpointAt, TELLING } from '../../helpers/receiver'
import { BASE, World } from '../../helpers/world'
import { OPERATIONS } from '../answers'
import { sendRaw } from '../support'

/**
 * Goal: whatever is sent to the books, the float, the notices and the evidence by mistake or in malice is answered with a
 * sentence, and changes nothing. Method: a table of it, and all tables of the database before and after.
 */
let database: TestDatabase
let world: World
let at: { question: string; endpoint: string; withdrawal: string }

beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
  world = await World.create(database, { config: { ...TELLING, reconcileDays: 0 } })
  const { id: withdrawal } = await world.withdrawn(10)
  const { id: endpoint } = await endpointAt(world, 'http://127.0.0.1:9/gone')
  const [asked] = await database.query<{ id: string }>(
    `insert into bank_withdrawal.differences (kind, withdrawal_id, fact, detail, opened_at)
     values ('payout_missing', $1, '', '{}', bank_withdrawal.clock()) returning id::text as id`,
    [withdrawal],
  )
  at = { withdrawal, endpoint, question: String(asked?.id) }
})
afterAll(() => database.close())

type Sent = readonly [method: string, path: string, body?: unknown]

const NOT_A_LINE = [
  '',
  '   ',
  '\0',
  'a\u0000b',
  '\ud800',
  'x'.repeat(501),
  5,
  1e308,
  true,
  null,
  [],
  ['a'],
  {},
]
const NOT_AN_ID = [
  'nothing',
  '0',
  '-1',
  '1e3',
  '9'.repeat(30),
  '1%00',
  '%ED%A0%80',
  '..%2f..',
  '%27%3B--',
  '%F0%9F%92%B8',
  'x'.repeat(2_000),
]
const NOT_A_VERSION = [-1, 1.5, 1e308, '1', 2 ** 31, null, [], {}]
const WHY = { reason: 'r' }

/** A body that is right, with each of these in the place of one member. */
const each = (
  method: string,
  path: string,
  right: object,
  wrong: Readonly<Record<string, readonly unknown[]>>,
): Sent[] =>
  Object.entries(wrong).flatMap(([name, values]) =>
    values.map((value) => [method, path, { ...right, [name]: value }] as const),
  )

const FLOAT = { provider: 'sandbox', currency: 'eur', available: '100', ...WHY }
const RANGE = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', ...WHY }
const NOT_A_TIME = [
  '',
  'yesterday',
  '2026-01-01',
  '2026-02-30T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '9999-12-31T00:00:00Z',
  '2026-01-01T00:00:00Z\0',
  '\ud800',
  5,
  1e308,
  true,
  [],
  {},
  'x'.repeat(10_000),
]

const reconciliation = (): Sent[] => [
  ...each('POST', '/admin/reconciliation', RANGE, {
    reason: NOT_A_LINE,
    since: NOT_A_TIME,
    until: NOT_A_TIME,
    days: [3],
  }),
  ...NOT_AN_ID.map((id) => ['GET', `/admin/reconciliation/${id}`] as const),
]

const float = (): Sent[] => [
  ...each('POST', '/admin/float', FLOAT, {
    provider: [
      'nobody',
      'SANDBOX',
      '__proto__',
      'constructor',
      '',
      '\0',
      '\ud800',
      5,
      null,
      [],
      {},
      'x'.repeat(10_000),
    ],
    currency: ['EUR', '', 'e', 'eur ', 'e\0r', '\ud800', 5, null, [], {}, 'x'.repeat(10_000)],
    available: [
      -1,
      '-1',
      '-0.01',
      1e308,
      '1e308',
      '1e3',
      1e-9,
      'NaN',
      'Infinity',
      '0x10',
      '1,000',
      ' 1',
      '١',
      '10.001',
      0.1 + 0.2,
      '9'.repeat(400),
      '',
      '\0',
      '\ud800',
      true,
      null,
      [1],
      {},
    ],
    version: [...NOT_A_VERSION, 7],
    reason: NOT_A_LINE,
    amount: ['5'],
  }),
]

const questions = (): Sent[] => [
  ...each('POST', `/admin/differences/${at.question}/resolve`, WHY, {
    reason: NOT_A_LINE,
    evidence: [5, [], {}, '\0'],
    of: ['x'],
  }),
  ...each('POST', `/admin/differences/${at.question}/take-in`, WHY, { reason: NOT_A_LINE }),
  // It is about no lost row.
  ['POST', `/admin/differences/${at.question}/take-in`, WHY],
  ...NOT_AN_ID.flatMap((id): Sent[] => [
    ['POST', `/admin/differences/${id}/resolve`, WHY],
    ['POST', `/admin/differences/${id}/take-in`, WHY],
    ['POST', `/admin/differences/${at.withdrawal}/${id}/resolve`, WHY],
  ]),
]

const proofs = (): Sent[] =>
  [
    '2026-02-30',
    '2026-13-01',
    '2026-1-1',
    '2026-01-00',
    '0000-00-00',
    '9999-12-31',
    '20260104',
    '2026-01-04T00:00:00Z',
    ...NOT_AN_ID,
    '2026-01-04?format=pdf',
    '2026-01-04?format=csv&format=json',
    '2026-01-04?format=%00',
  ].map((day) => ['GET', `/admin/proofs/${day}`] as const)

const ENDPOINT = { audience: 'systems', name: 'n', url: 'https://example.com/hook', ...WHY }
const NOT_A_URL = [
  '',
  'example.com',
  'ftp://example.com',
  'javascript:alert(1)',
  'https://',
  'https://a:b@example.com/',
  '//example.com',
  'https://exa mple.com',
  'mailto:a@b.example',
  'x'.repeat(501),
  '\0',
  '\ud800',
  5,
  null,
  [],
  {},
]
const endpoints = (): Sent[] => [
  ...each('POST', '/admin/endpoints', ENDPOINT, {
    audience: ['everybody', '__proto__', 5, null, []],
    name: [...NOT_A_LINE, 'x'.repeat(81)],
    url: NOT_A_URL,
    kinds: [
      'float',
      ['nothing'],
      ['withdrawal.paid', 'withdrawal.paid'],
      [5],
      [null],
      {},
      5,
      Array(51).fill('x'),
    ],
    on: ['yes', 1, null, []],
    reason: NOT_A_LINE,
    secret: ['whsec_mine'],
  }),
  ...each(
    'POST',
    `/admin/endpoints/${at.endpoint}`,
    { version: 1, ...WHY },
    {
      version: [0, ...NOT_A_VERSION, 7, undefined],
      url: NOT_A_URL.filter((url) => url !== null),
      audience: ['operators'],
    },
  ),
  ...each(
    'POST',
    `/admin/endpoints/${at.endpoint}/rotate`,
    { version: 1, ...WHY },
    {
      keep_hours: [-1, 0.5, 1e308, 721, '1', null, []],
      version: NOT_A_VERSION,
      reason: NOT_A_LINE,
    },
  ),
  ...each(
    'POST',
    `/admin/endpoints/${at.endpoint}/remove`,
    { version: 1, ...WHY },
    { version: NOT_A_VERSION, reason: NOT_A_LINE },
  ),
  ...each('POST', '/admin/endpoints/try', {}, { url: [5, null, [], {}, 'x'.repeat(501)] }),
  ['POST', `/admin/endpoints/${at.endpoint}/test`, { url: 'https://elsewhere.example' }],
  ...NOT_AN_ID.flatMap((id): Sent[] => [
    ['GET', `/admin/endpoints/${id}/versions`],
    ['POST', `/admin/endpoints/${id}`, { version: 1, on: false, ...WHY }],
    ['POST', `/admin/endpoints/${id}/test`, {}],
    ['POST', `/admin/endpoints/${id}/rotate`, { version: 1, ...WHY }],
    ['POST', `/admin/endpoints/${id}/remove`, { version: 1, ...WHY }],
  ]),
]

const told = (): Sent[] => [
  ...NOT_AN_ID.flatMap((id): Sent[] => [['POST', `/admin/deliveries/${id}/send-again`, WHY]]),
  ...['open=perhaps', 'open=true&open=false', 'open=%00'].map(
    (query) => ['GET', `/admin/notices?${query}`] as const,
  ),
  ...[
    'state=x',
    'state=dead&state=dead',
    'limit=-1',
    'limit=x',
    'limit=201',
    'limit=1&limit=2',
    'endpoint=%00',
    `endpoint=${'x'.repeat(5_000)}`,
  ].map((query) => ['GET', `/admin/deliveries?${query}`] as const),
]

const evidence = (): Sent[] => [
  ...[
    '',
    'reason=',
    'reason=%20',
    'reason=%00',
    'reason=a&reason=b',
    'reason[a]=b',
    `reason=${'x'.repeat(501)}`,
    'reason=r&format=exe',
    'reason=r&format=json&format=html',
  ].map((query) => ['GET', `/admin/withdrawals/${at.withdrawal}/evidence?${query}`] as const),
  ...NOT_AN_ID.map((id) => ['GET', `/admin/withdrawals/${id}/evidence?reason=r`] as const),
]

const OURS = /^\/admin\/(reconciliation|float|differences|proofs|endpoints|notices|deliveries)|\/evidence$/
const operations = OPERATIONS.filter(({ path }) => OURS.test(path))
const filled = (path: string) => path.replace(/\{(\w+)\}/g, () => 'nothing')
const otherMethods = (): Sent[] =>
  ['PUT', 'PATCH', 'DELETE', 'TRACE'].flatMap((method) =>
    [...new Set([...operations.map(({ path }) => filled(path)), '/metrics'])].map(
      (path) => [method, path] as const,
    ),
  )
const broken = (): Sent[] =>
  operations
    .filter(({ method }) => method === 'post')
    .flatMap(({ path }) =>
      [
        '{',
        '[]',
        '"text"',
        '5',
        'null',
        '{"__proto__":{"reason":"r"}}',
        `{"reason":"${'x'.repeat(70_000)}"}`,
      ].map((body) => ['POST', filled(path), body] as const),
    )

const send = ([method, path, body]: Sent, token?: string): Promise<Response> =>
  sendRaw(world.host(), {
    ...{ method, path: `${BASE}${path}` },
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

/** All that is stored: of each table how much, and what. */
async function stored(): Promise<Readonly<Record<string, string>>> {
  const tables = await database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'bank_withdrawal' order by 1`,
  )
  const seen: Record<string, string> = {}
  for (const { name } of tables) {
    const [hash] = await database.query<{ hash: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash
         from bank_withdrawal.${name} t`,
    )
    seen[name] = String(hash?.hash)
  }
  return seen
}

const isSentence = (value: unknown): boolean => typeof value === 'string' && /^\S.{8,}$/s.test(value)

/** @returns What was answered with anything but a refusal in words. */
async function taken(
  sent: readonly Sent[],
  tokens: readonly (string | undefined)[],
): Promise<readonly unknown[]> {
  const wrong: unknown[] = []
  for (const one of sent)
    for (const token of tokens) {
      const { status, body } = (await send(one, token)) as { status: number; body: Record<string, unknown> }
      if (status < 400 || status >= 500 || !isSentence(body.message) || typeof body.code !== 'string')
        wrong.push([...one.map((part) => JSON.stringify(part)?.slice(0, 120)), status, body])
    }
  return wrong
}

describe('What nobody should send', () => {
  it.each([
    ['a reconciliation', reconciliation],
    ['the float', float],
    ['a question', questions],
    ['a day’s proof', proofs],
    ['who is told', endpoints],
    ['what was told', told],
    ['evidence', evidence],
    ['a method that there is not', otherMethods],
    ['a body that is none', broken],
  ])('about %s is refused in words, and changes nothing', async (_what, sent) => {
    const before = await stored()
    expect(await taken(sent(), [world.token(2, 'admin')])).toEqual([])
    expect(await stored()).toEqual(before)
  })

  it('is refused to users and to nobody in particular, and changes nothing', async () => {
    const before = await stored()
    const sent = operations.map(({ method, path }): Sent => [
      method.toUpperCase(),
      filled(path),
      method === 'post' ? {} : undefined,
    ])
    const right: Sent[] = [
      ['POST', '/admin/float', FLOAT],
      ['POST', '/admin/reconciliation', WHY],
      ['POST', `/admin/differences/${at.question}/resolve`, WHY],
      ['POST', '/admin/endpoints', ENDPOINT],
      ['GET', `/admin/withdrawals/${at.withdrawal}/evidence?reason=r`],
    ]
    expect(await taken([...sent, ...right], [undefined, world.token(1), 'x.y.z'])).toEqual([])
    expect(await stored()).toEqual(before)
  })
})
