import { environmentName } from '../../src/domain/setting-names'
import {
  flag,
  integer,
  listOf,
  mapOf,
  oneOf,
  readSettings,
  type Setting,
  text,
} from '../../src/settings/setting'

/** One setting of each kind, with what it takes and what it refuses. */
const KINDS: readonly {
  readonly kind: string
  readonly setting: Setting<unknown>
  readonly takes: readonly (readonly [given: unknown, value: unknown])[]
  readonly refuses: readonly unknown[]
}[] = [
  {
    kind: 'a whole number',
    setting: integer('', 5, -2, 10),
    takes: [
      [5, 5],
      ['5', 5],
      [' 7 ', 7],
      ['-2', -2],
      [10, 10],
    ],
    refuses: [
      11,
      -3,
      '11',
      1.5,
      '1.5',
      '5s',
      '1e1',
      '0x5',
      NaN,
      Infinity,
      true,
      null,
      [5],
      {},
      'five',
      '9'.repeat(400),
    ],
  },
  {
    kind: 'a flag',
    setting: flag('', false),
    takes: [
      [true, true],
      ['true', true],
      ['1', true],
      [false, false],
      ['false', false],
      ['0', false],
    ],
    refuses: ['yes', 'TRUE', 'on', 1, 0, null, [], 'false '],
  },
  {
    kind: 'a choice',
    setting: oneOf('', 'a', ['a', 'b']),
    takes: [
      ['a', 'a'],
      ['b', 'b'],
    ],
    refuses: ['c', 'A', 'a ', 0, null, ['a'], 'toString'],
  },
  {
    kind: 'a text',
    setting: text('', 'x', /^[a-z]{1,3}$/, 'up to three letters'),
    takes: [['abc', 'abc']],
    refuses: ['abcd', 'A', 'a\n', 5, null, ['a']],
  },
  {
    kind: 'a list',
    setting: listOf('', ['red', 'green']),
    takes: [
      ['red', ['red']],
      ['red, green', ['red', 'green']],
      ['red,,', ['red']],
      [['green'], ['green']],
      [[], []],
    ],
    refuses: ['blue', 'red,blue', ['red', 'blue'], ['red', 5], 5, null, {}, true],
  },
  {
    kind: 'values by name',
    setting: mapOf('', integer('', 0, 0, 9)),
    takes: [
      ['eur=1;usd=2;', { eur: 1, usd: 2 }],
      [{ eur: '1' }, { eur: 1 }],
      ['', {}],
    ],
    // Which of two would count is nothing to guess.
    refuses: ['eur=1;eur=2', 'EUR=1', 'eur', 'eur=10', { EUR: 1 }, 5, null],
  },
]

describe.each(KINDS)('$kind as a setting', ({ setting, takes, refuses }) => {
  it.each(takes)('reads %p as %p', (given, value) => {
    expect(setting.read(given)).toEqual({ value })
  })

  it.each(refuses.map((given) => [given]))('refuses %p and says what it has to be', (given) => {
    expect(setting.read(given)).toEqual({ mustBe: expect.stringMatching(/^.{4,}$/) })
  })
})

describe('a table of settings', () => {
  const table = {
    port: integer('Port.', 8080, 0, 65_535),
    logLevel: oneOf('Level.', 'info', ['info', 'debug']),
    isOpen: flag('Open.', true),
    apiKey: { ...text('Key.', '', /^k_[a-z]+$/, 'a key'), secret: true as const },
  }

  it('falls back for what is not set, and takes empty as not set', () => {
    expect(readSettings(table, { port: '', logLevel: undefined })).toEqual({
      values: { port: 8080, logLevel: 'info', isOpen: true, apiKey: '' },
      problems: [],
    })
  })

  it('does not take null, false or 0 as not set', () => {
    expect(readSettings(table, { port: 0, isOpen: false }).values).toMatchObject({ port: 0, isOpen: false })
    expect(readSettings(table, { port: null }).problems).toHaveLength(1)
  })

  it('reports every problem at once, each under the name the person wrote', () => {
    const { problems } = readSettings(
      table,
      { port: 'http', logLevel: 'loud', isOpen: 'maybe', colour: 'red' },
      environmentName,
    )
    expect(problems).toEqual([
      'PORT must be a whole number from 0 to 65535',
      'LOG_LEVEL must be one of info, debug',
      'IS_OPEN must be true or false',
      'COLOUR is not a setting',
    ])
  })

  it('never repeats a value, because it may be a secret', () => {
    const secret = 'hunter2-s3cr3t'
    const given = Object.fromEntries([...Object.keys(table), 'unheardOf'].map((name) => [name, secret]))
    const { problems } = readSettings(table, given)
    expect(problems).toHaveLength(5)
    expect(problems.join()).not.toContain(secret)
  })

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'names %s as unknown, although every object has it',
    (name) => {
      expect(readSettings(table, { [name]: '1' }).problems).toEqual([`${name} is not a setting`])
    },
  )
})

describe('the environment name of a setting', () => {
  it.each([
    ['port', 'PORT'],
    ['waitMs', 'WAIT_MS'],
    ['uniqueTransactionIds', 'UNIQUE_TRANSACTION_IDS'],
  ])('%s is %s', (name, expected) => {
    expect(environmentName(name)).toBe(expected)
  })
})
