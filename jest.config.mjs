/** Three kinds of tests share one runner; the database server they need is started by test/helpers/global-setup.ts. */
const config = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '\\.[cm]?ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // The examples import the package by its name, as a user does.
  moduleNameMapper: {
    '^hollaex-bank-withdrawal$': '<rootDir>/src/index.ts',
    '^hollaex-bank-withdrawal/client$': '<rootDir>/src/client/index.ts',
    '^hollaex-bank-withdrawal/testing$': '<rootDir>/src/testing/index.ts',
    '^hollaex-bank-withdrawal/providers/(.*)$': '<rootDir>/src/providers/$1/index.ts',
  },
  // What is under test is loaded once for all files of a worker; it keeps nothing from one to the next.
  testEnvironment: '<rootDir>/test/helpers/one-realm-environment.cjs',
  testRunner: '<rootDir>/test/helpers/one-realm.cjs',
  globalSetup: '<rootDir>/test/helpers/global-setup.ts',
  globalTeardown: '<rootDir>/test/helpers/global-teardown.ts',
  testSequencer: '<rootDir>/test/helpers/longest-first.cjs',
  reporters: ['default', '<rootDir>/test/helpers/closing-line.cjs'],
  testTimeout: 30_000,
  // One more than there are cores where changes are checked: what starts processes waits for them half of its time.
  maxWorkers: 3,
}

export { config, config as default }
