import { environmentName } from '../../src/domain/setting-names'
import { configFromEnvironment, parseConfig, SETTINGS } from '../../src/settings/plugin'
import { SERVER_SETTINGS } from '../../src/settings/server'
import { type Setting } from '../../src/settings/setting'
import { keyNamed, keyOf } from '../helpers/keys'
import { problemsOf } from './problems'

const key = (id: string, byte = 1): string => `${id}:${Buffer.alloc(32, byte).toString('base64')}`

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(parseConfig({})).toMatchObject({
      basePath: '/plugins/bank/withdrawal',
      feeMode: 'on_top',
      dialects: [],
      encryptionKeys: [],
      hashKey: null,
      waitMs: 8_000,
    })
  })

  it('cannot be changed after it was checked', () => {
    expect(Object.isFrozen(parseConfig({}))).toBe(true)
  })

  it.each(Object.entries<Setting<unknown>>({ ...SETTINGS, ...SERVER_SETTINGS }))(
    'says of %s what it does',
    (_name, { doc }) => {
      expect(doc).toMatch(/^[A-Z].{15,}\.$/)
    },
  )

  it('takes its own defaults when they are written down', () => {
    const written = Object.entries<Setting<unknown>>(SETTINGS).filter(([, { fallback }]) => fallback !== '')
    const given = Object.fromEntries(
      written.map(([name, { fallback }]) => [name, Array.isArray(fallback) ? '' : fallback]),
    )
    expect(parseConfig(given)).toEqual(parseConfig({}))
  })

  it('reports every problem at once, unknown names and contradictions too', () => {
    const given = { feeMode: 'sometimes', waitMs: -1, worker: 'maybe', dialects: ['latin'], retrys: 3 }
    expect(problemsOf(() => parseConfig({ ...given, leaseSeconds: 20, exchangeTimeoutMs: 7_000 }))).toEqual([
      'feeMode must be one of on_top, deducted',
      'waitMs must be a whole number from 0 to 60000',
      'dialects must be a list of iotaap',
      'worker must be true or false',
      'retrys is not a setting',
      'leaseSeconds must be at least three times exchangeTimeoutMs: a step makes two calls',
    ])
  })

  it('keeps what names people for good, or for no less than a month', () => {
    const kept = (eventsKeptDays: unknown) => problemsOf(() => parseConfig({ eventsKeptDays }))
    for (const days of [0, '0', 30, '400', 36_500]) expect(kept(days)).toEqual([])
    for (const days of [1, '29', -1, 36_501, 'long'])
      expect(kept(days)).toEqual(['eventsKeptDays must be 0, or a whole number from 30 to 36500'])
  })

  it('prints its problems as a list', () => {
    expect(() => parseConfig({ waitMs: 'soon' })).toThrow(
      'Invalid configuration:\n  - waitMs must be a whole number from 0 to 60000',
    )
  })

  it('takes a lease of exactly three calls', () => {
    expect(problemsOf(() => parseConfig({ leaseSeconds: 30, exchangeTimeoutMs: 10_000 }))).toEqual([])
  })

  it.each(['withdrawals', '/', '/a/', '/a b', '/a/:id', '/a?b', '/a/*', 'https://a.example/b', '/a\n'])(
    'refuses %p as a path',
    (basePath) => {
      expect(problemsOf(() => parseConfig({ basePath }))).toHaveLength(1)
    },
  )

  it.each([
    ['steps that no field has', '*/999999999 * * * *'],
    ['a list longer than any day needs', `${'0,'.repeat(100)}0 * * * *`],
    // Written out it would not fit into memory: the process that read it was gone.
    ['a range of ten thousand million minutes', '1-9999999999 * * * *'],
  ])('refuses a schedule with %s before it is written out', (_what, schedule) => {
    const mustBe = 'a cron expression such as */5 * * * *'
    expect(problemsOf(() => parseConfig({ schedule, schedules: { sepa: schedule } }))).toEqual([
      `schedule must be ${mustBe}`,
      expect.stringContaining(mustBe),
    ])
  })

  it('takes the schedules that there are', () => {
    for (const schedule of ['*/5 * * * *', '30 0-59/15 9-17 * * 1-5', '@daily', '0 8,12,16 1-7 jan-jun mon'])
      expect(parseConfig({ schedule })).toMatchObject({ schedule })
  })

  it('refuses a statement text that no bank carries', () => {
    for (const statementText of ['Zahlung ä', 'a\nb', 'x'.repeat(61), '<b>'])
      expect(problemsOf(() => parseConfig({ statementText }))).toHaveLength(1)
  })
})

describe('encryption keys', () => {
  it('are an id and 32 bytes each, the newest first', () => {
    const { encryptionKeys } = parseConfig({
      encryptionKeys: `${keyNamed('2026a')}, ${keyNamed('2025b')}`,
    })
    expect(encryptionKeys).toEqual([keyOf('2026a'), keyOf('2025b')])
  })

  it.each([
    ['a key that is too short', `a:${Buffer.alloc(31).toString('base64')}`],
    ['a key of zeros', `a:${Buffer.alloc(32).toString('base64')}`],
    ['a key of one byte that repeats', key('a', 7)],
    ['a key of a few bytes that repeat', `a:${Buffer.from('0123456789abcdef'.repeat(2)).toString('base64')}`],
    ['a key with something after it', `${keyNamed('a')}:${'x'.repeat(6)}`],
    ['a key with letters that are no base64', `${keyNamed('a').slice(0, -4)}****`],
    ['a key that is too long', `a:${Buffer.alloc(33).toString('base64')}`],
    ['no id', `:${Buffer.alloc(32).toString('base64')}`],
    ['no key', '2026a'],
    ['an id that cannot stand before a colon', keyNamed('a b')],
    ['one good and one bad', `${keyNamed('a')},b:zzz`],
    ['one id twice, so that the second could never open anything', `${keyNamed('a')},${keyNamed('a')}`],
    ['a list', [keyNamed('a')]],
  ])('are refused for %s, without a word about what was given', (_what, encryptionKeys) => {
    const [problem, ...more] = problemsOf(() => parseConfig({ encryptionKeys }))
    expect(more).toEqual([])
    expect(problem).toMatch(/^encryptionKeys must be id:key pairs/)
    for (const part of String(encryptionKeys)
      .split(/[:,]/)
      .filter((part) => part.length > 5))
      expect(problem).not.toContain(part)
  })

  it('may be words or a pattern where they only open what the first version has sealed with them', () => {
    const old = key('old', 7)
    const { encryptionKeys } = parseConfig({ encryptionKeys: `${keyNamed('new')},${old}` })
    expect(encryptionKeys).toEqual([
      keyOf('new'),
      { id: 'old', secret: Uint8Array.from(Buffer.alloc(32, 7)) },
    ])
    expect(problemsOf(() => parseConfig({ encryptionKeys: `${old},${keyNamed('new')}` }))).toHaveLength(1)
  })

  it('have a hash key beside them, of the same strength', () => {
    const given = (id: string): string => Buffer.from(keyOf(id).secret).toString('base64')
    expect(parseConfig({ hashKey: given('h') }).hashKey).toEqual(keyOf('h').secret)
    for (const hashKey of [Buffer.alloc(32).toString('base64'), given('h').slice(4), 'secret', 7])
      expect(problemsOf(() => parseConfig({ hashKey }))).toEqual([
        'hashKey must be 32 random bytes in base64 (npm run keys makes them)',
      ])
  })
})

describe('the environment', () => {
  it('names every setting in capitals', () => {
    const environment = Object.fromEntries(Object.keys(SETTINGS).map((name) => [environmentName(name), name]))
    expect(configFromEnvironment({ ...environment, PATH: '/bin' })).toEqual(
      Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, name])),
    )
  })

  it('leaves out what is not set', () => {
    expect(configFromEnvironment({ WAIT_MS: '5', HOME: '/home/ada' })).toEqual({ waitMs: '5' })
  })
})
