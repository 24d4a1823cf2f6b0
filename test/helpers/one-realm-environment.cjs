const fs = require('node:fs')

const { TestEnvironment } = require('jest-environment-node')
const { ModuleMocker } = require('jest-mock')

/** What of jest works in the realm of the worker; a file that asks for more of it gets a realm of its own. */
const MORE = /\bjest\.(?!fn\b|spyOn\b|mocked\b|restoreAllMocks\b|setTimeout\b)[a-zA-Z]+\(|@jest\/globals/

/** The realm of the worker itself, for all its test files (see one-realm.cjs); each leaves it as it was. */
module.exports = class OneRealm {
  global = globalThis
  moduleMocker = new ModuleMocker(globalThis)
  fakeTimers = null
  fakeTimersModern = null
  found = { console: globalThis.console, exit: process.exit, environment: { ...process.env } }

  constructor(config, context) {
    if (MORE.test(fs.readFileSync(context.testPath, 'utf8'))) return new TestEnvironment(config, context)
  }

  async setup() {}

  async teardown() {
    const { console, exit, environment } = this.found
    this.moduleMocker.restoreAllMocks()
    globalThis.console = console
    process.exit = exit
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
    Object.assign(process.env, environment)
  }

  exportConditions() {
    return ['node', 'node-addons']
  }

  getVmContext() {
    return null
  }
}
