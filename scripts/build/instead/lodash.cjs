/** Of its three hundred functions those that express-validator calls, each from its own file; also one after the other. */
const flatMap = require('../../../node_modules/lodash/flatMap.js')
const groupBy = require('../../../node_modules/lodash/groupBy.js')
const uniqWith = require('../../../node_modules/lodash/uniqWith.js')

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
  castArray: require('../../../node_modules/lodash/castArray.js'),
  cloneDeep: require('../../../node_modules/lodash/cloneDeep.js'),
  defaults: require('../../../node_modules/lodash/defaults.js'),
  flatMap,
  get: require('../../../node_modules/lodash/get.js'),
  isObjectLike: require('../../../node_modules/lodash/isObjectLike.js'),
  set: require('../../../node_modules/lodash/set.js'),
  toPath: require('../../../node_modules/lodash/toPath.js'),
  uniqBy: require('../../../node_modules/lodash/uniqBy.js'),
})
