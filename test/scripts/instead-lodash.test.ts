import { createRequire } from 'node:module'

/**
 * Goal: what the plugin is built with in place of lodash does what lodash does. Method: each kind of call that
 * express-validator makes is made of both.
 */
interface Chain {
  flatMap(of: (...given: never[]) => unknown): Chain
  groupBy(name: string): Chain
  uniqWith(areSame: (one: Field, other: Field) => boolean): Chain
  filter(isMeant: (each: unknown) => boolean): Chain
  valueOf(): unknown
}
type Name = 'defaults' | 'flatMap' | 'get' | 'isObjectLike' | 'set' | 'toPath' | 'uniqBy'
type Lodash = Readonly<Record<Name, (...given: unknown[]) => unknown>> & ((values: unknown) => Chain)

const load = createRequire(__filename)
const lodash = load('lodash') as Lodash
const ours = load('../../scripts/build/instead/lodash.cjs') as Lodash

const field = (path: string, location: string, value?: unknown) => ({
  ...{ path, location, value },
  originalPath: path,
})
type Field = ReturnType<typeof field>
const FIELDS = [
  ...[field('amount', 'body', 1), field('amount', 'query'), field('amount', 'body', 2)],
  ...[field('__proto__', 'body', 3), field('constructor', 'body'), field('7', 'params', null)],
]

const CALLS: Readonly<Record<string, (of: Lodash) => unknown>> = {
  'flatMap with a function': (_) => _.flatMap(['a', 'b'], (each: string) => [each, [each]]),
  'flatMap with a name': (_) => _.flatMap([{ errors: [1, 2] }, { errors: [] }, {}], 'errors'),
  'flatMap alone': (_) => _.flatMap([[1], [2, [3]]]),
  'uniqBy with a name': (_) => _.uniqBy(FIELDS, 'location'),
  'uniqBy with a function': (_) => _.uniqBy(FIELDS, ({ path }: Field) => path),
  defaults: (_) => _.defaults({ a: 1, b: undefined, c: null }, { a: 2, b: 2, c: 2, d: 2 }),
  'defaults of nothing': (_) => _.defaults(undefined, { a: 2 }),
  isObjectLike: (_) => [{}, [], null, undefined, 'a', 1, () => 1].map((value) => _.isObjectLike(value)),
  get: (_) => ['a.b[0]', 'a["b"]', 'x.y'].map((path) => _.get({ a: { b: [7] } }, path)),
  set: (_) => _.set(_.set({}, 'a.b[1]', 7), '__proto__.polluted', true),
  toPath: (_) => ['a', 'a.b[0].c', 'a["b.c"]', '', '*.a'].map((path) => _.toPath(path)),
  'the chain that picks fields': (_) =>
    _(['amount', 'currency'])
      .flatMap((path: string) => ['body', 'query', 'body'].map((location) => field(path, location)))
      .uniqWith((one, other) => one.path === other.path && one.location === other.location)
      .valueOf(),
  'the chain that picks their values': (_) =>
    _(FIELDS)
      .groupBy('originalPath')
      .flatMap((fields: readonly Field[], group: string) => [group, ...fields])
      .filter((each) => each !== 'constructor')
      .valueOf(),
}

describe('what stands for lodash in the plugin', () => {
  it.each(Object.entries(CALLS))('does as lodash does: %s', (_name, call) => {
    expect(JSON.stringify(call(ours))).toBe(JSON.stringify(call(lodash)))
  })
})
