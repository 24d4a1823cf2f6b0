const path = require('node:path')

const { default: Sequencer } = require('@jest/test-sequencer')

/**
 * What takes minutes begins first, longest first: a clone that has no times yet would begin it by the size of its file,
 * and one worker would wait at the end for the other. Only the order depends on this; a name that is gone does nothing.
 */
const LONGEST = [
  'test/chaos/chaos.test.ts',
  'test/scripts/new-provider.test.ts',
  'test/sim/simulator.test.ts',
  'test/faults/processes.test.ts',
  'test/faults/crash-everywhere.test.ts',
  'test/faults/recovery-processes.test.ts',
  'test/package/installed.test.ts',
  'test/kit/plugin/process.test.ts',
  'test/sim/mutants.test.ts',
  'test/faults/kill.test.ts',
  'test/browser/desk.test.ts',
  'test/package/standalone.test.ts',
  'test/services/batches/doubt.test.ts',
  'test/kit/plugin/script.test.ts',
  'test/sim/store-differential.test.ts',
  'test/package/example-lines.test.ts',
]

class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path: file }) => {
      const at = LONGEST.indexOf(path.relative(process.cwd(), file).split(path.sep).join('/'))
      return at < 0 ? LONGEST.length : at
    }
    return super.sort(tests).sort((a, b) => place(a) - place(b))
  }
}

module.exports = LongestFirst
