const hooks = require('node:async_hooks')
const fs = require('node:fs')
const NodeModule = require('node:module')
const path = require('node:path')

const { createScriptTransformer } = require('@jest/transform')
const { default: circus } = require('jest-circus/runner')

const OneRealm = require('./one-realm-environment.cjs')

/**
 * Runs a test file as jest does, but for one thing: what it imports of src/ and node_modules/ is loaded by Node, once
 * for all files of a worker. A registry of its own for each file would evaluate four hundred modules again, and let none
 * of them live long enough to be compiled well. It is sound because nothing in src/ has state beside what is passed in,
 * and nothing here mocks a module; what lies in test/ may have some, and is loaded anew for each file. A file that asks
 * jest for more, for modules that are mocked or a clock that is, has a realm and a registry of its own as ever.
 */
module.exports = async function run(globalConfig, config, environment, runtime, testPath, sendMessageToJest) {
  if (!(environment instanceof OneRealm))
    return circus(globalConfig, config, environment, runtime, testPath, sendMessageToJest)
  await loadsTypeScript(config)
  forgetAllButTheProgram(config.rootDir)
  for (const name of ['EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL']) delete globalThis[Symbol.for(name)]
  const mocker = environment.moduleMocker
  globalThis.jest = {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    mocked: (source) => source,
    restoreAllMocks: () => mocker.restoreAllMocks(),
    setTimeout(timeoutMs) {
      globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = timeoutMs
    },
  }
  const inThisRealm = {
    // jest's own: hooks and tests of the last file are forgotten with it.
    requireInternalModule(file) {
      delete require.cache[file]
      return withStorage(isConcurrent(testPath) ? Forgotten : OneAtATime, () => require(file))
    },
    requireModule: (file) => require(file),
    unstable_shouldLoadAsEsm: () => false,
    setGlobalsForRuntime() {},
    enterTestCode() {},
    leaveTestCode() {},
  }
  // Where a line of a stack stands in its source is asked of the runtime of the test file, and of no other.
  asked = runtime.getSourceMaps()
  for (const [file, map] of sourceMaps) asked.set(file, map)
  const ran = circus(globalConfig, config, environment, inThisRealm, testPath, sendMessageToJest)
  return ran.finally(() => {
    for (const storage of Forgotten.used.splice(0)) storage.disable()
  })
}

const isConcurrent = (testPath) => /\.concurrent\b/.test(fs.readFileSync(testPath, 'utf8'))

/**
 * Which test runs, jest asks of an AsyncLocalStorage: a new one for each file, each of which Node from then on asks at
 * every promise, until the worker ends. After a hundred files that is what most of the time goes into. Where one test
 * runs after another a variable says the same; an error that nobody waits for is counted against the test it comes in.
 */
function withStorage(Storage, load) {
  const { AsyncLocalStorage } = hooks
  hooks.AsyncLocalStorage = Storage
  try {
    return load()
  } finally {
    hooks.AsyncLocalStorage = AsyncLocalStorage
  }
}

class OneAtATime {
  store = undefined

  getStore() {
    return this.store
  }

  /** Nothing is awaited, so that a failed test's stack begins where the test does. */
  run(store, work) {
    const before = this.store
    this.store = store
    return work().finally(() => {
      this.store = before
    })
  }
}

/** For tests beside each other: as Node has it, until their file is done. */
class Forgotten extends hooks.AsyncLocalStorage {
  static used = []

  constructor() {
    super()
    Forgotten.used.push(this)
  }
}

const sourceMaps = new Map()
let asked = sourceMaps
let loading = null

/** From here on Node itself compiles what it is asked for, as the configuration says, and finds it by the names there. */
function loadsTypeScript(config) {
  loading ??= createScriptTransformer(config).then((transformer) => {
    NodeModule._extensions['.ts'] = (target, file) => {
      const { code, sourceMapPath } = transformer.transformSource(file, fs.readFileSync(file, 'utf8'), PLAIN)
      if (sourceMapPath) for (const maps of [sourceMaps, asked]) maps.set(file, sourceMapPath)
      target._compile(code, file)
    }
    const names = config.moduleNameMapper.map(([name, file]) => [new RegExp(name), file])
    const resolve = NodeModule._resolveFilename
    NodeModule._resolveFilename = (request, ...rest) => {
      const [name, file] = names.find(([each]) => each.test(request)) ?? []
      return resolve.call(NodeModule, name ? request.replace(name, file) : request, ...rest)
    }
  })
  return loading
}

const PLAIN = {
  instrument: false,
  supportsDynamicImport: false,
  supportsExportNamespaceFrom: false,
  supportsStaticESM: false,
  supportsTopLevelAwait: false,
}

/** What decides for each file in which realm it runs: it has to be the same for all. */
const OWN = new Set([__filename, require.resolve('./one-realm-environment.cjs')])

function forgetAllButTheProgram(rootDir) {
  const inside = (folder) => path.join(rootDir, folder) + path.sep
  const isKept = (file) => !file.startsWith(inside('.')) || file.startsWith(inside('src'))
  for (const file of Object.keys(require.cache))
    if (!OWN.has(file) && !file.includes(`${path.sep}node_modules${path.sep}`) && !isKept(file))
      delete require.cache[file]
  // Who has loaded them would hold them.
  module.children = module.children.filter(({ id }) => id in require.cache)
}
