const { ModuleMocker } = require('jest-mock')

/** The realm of the worker itself, for all its test files (see one-realm.cjs); each leaves it as it was. */
module.exports = class OneRealm {
  global = globalThis
  moduleMocker = new ModuleMocker(globalThis)
  fakeTimers = null
  fakeTimersModern = null
  found = { console: globalThis.console, exit: process.exit, environment: { ...process.env } }

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
