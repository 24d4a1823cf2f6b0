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
  globalSetup: '<rootDir>/test/helpers/global-setup.ts',
  globalTeardown: '<rootDir>/test/helpers/global-teardown.ts',
  testSequencer: '<rootDir>/test/helpers/longest-first.cjs',
  reporters: ['default', '<rootDir>/test/helpers/closing-line.cjs'],
  testTimeout: 30_000,
  maxWorkers: 2,
}

export { config, config as default }
