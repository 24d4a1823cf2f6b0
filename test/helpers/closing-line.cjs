const path = require('node:path')

const SLOWEST = 10

/** Where the time went, and the last line of a run, plain enough for any tool: `N passed, N failed`. */
class ClosingLine {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } =
      results
    const files = testResults
      .map(({ testFilePath, perfStats }) => ({ testFilePath, seconds: perfStats.runtime / 1000 }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, SLOWEST)
      .map(
        ({ testFilePath, seconds }) =>
          `${seconds.toFixed(1).padStart(7)} s  ${path.relative('', testFilePath)}`,
      )
    if (testResults.length > SLOWEST) process.stdout.write(`\nThe slowest files:\n${files.join('\n')}\n`)
    const failed = numFailedTests + numRuntimeErrorTestSuites
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
    process.stdout.write(`\n${numPassedTests} passed, ${failed} failed${skipped}\n`)
  }
}

module.exports = ClosingLine
