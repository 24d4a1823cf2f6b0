/**
 * Of its three hundred functions those that express-validator calls. What reads and writes by a path is its own; the rest of
 * it, which knows every kind of collection and compares whatever there is, is most of what it takes to load.
 */
const leftOut = (name) => () => {
  throw new Error(`lodash.${name} is left out of the plugin: see scripts/build/instead.`)
}

/** Given a name, or left out, as well as a function. */
const iteratee = (given = (each) => each) =>
  typeof given === 'string'
    ? (each) => (each === null || each === undefined ? undefined : each[given])
    : given

const flatMap = (values, given) => Object.entries(values).flatMap(([key, each]) => iteratee(given)(each, key))

function groupBy(values, given) {
  // Without a prototype, of which a key could be the name of something.
  const groups = Object.create(null)
  for (const each of values) (groups[iteratee(given)(each)] ??= []).push(each)
  return groups
}

/** The first of each stays. */
const uniqWith = (values, areSame) =>
  values.filter((each, at) => values.findIndex((other) => areSame(other, each)) === at)

const uniqBy = (values, given) => {
  const of = iteratee(given)
  return uniqWith(values, (one, other) => Object.is(of(one), of(other)))
}

const defaults = (given, fallbacks) => {
  const result = Object(given)
  for (const [name, value] of Object.entries(fallbacks)) if (result[name] === undefined) result[name] = value
  return result
}

const chain = (value) => {
  const then =
    (work) =>
    (...given) =>
      chain(work(value, ...given))
  return {
    flatMap: then(flatMap),
    groupBy: then(groupBy),
    uniqWith: then(uniqWith),
    filter: then((values, isMeant) => values.filter((each) => isMeant(each))),
    value: () => value,
    valueOf: () => value,
  }
}

module.exports = Object.assign(chain, {
  castArray: leftOut('castArray'),
  cloneDeep: leftOut('cloneDeep'),
  defaults,
  flatMap,
  get: require('../../../node_modules/lodash/get.js'),
  isObjectLike: (value) => typeof value === 'object' && value !== null,
  set: require('../../../node_modules/lodash/set.js'),
  toPath: require('../../../node_modules/lodash/toPath.js'),
  uniqBy,
})
