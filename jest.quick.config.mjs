import { config as whole } from './jest.config.mjs'

/**
 * What has to hold on both databases is tried on PostgreSQL alone here: the embedded one takes three times as long, and
 * test/db/both-kinds.test.ts, which stays, holds the two alike.
 */
process.env.TEST_ON_POSTGRESQL_ALONE = 'yes'

/**
 * What `npm run test:quick` leaves out, and `npm test` has: tests in which processes are started and killed, histories
 * by the thousand, and whole programs that are built, packed or minified first. Everything else is quick.
 */
const SLOW = [
  'test/browser/',
  'test/chaos/',
  'test/faults/(?!naive)',
  'test/sim/(exhaustive|mutants|simulator|store-differential)',
  'test/db/connect/(lock|synchronous-standby)',
  'test/kit/plugin/(process|script)',
  'test/package/',
  'test/scripts/',
  'test/testing/without-jest',
  'test/workers/many-processes',
]

const config = {
  ...whole,
  testPathIgnorePatterns: ['/node_modules/', ...SLOW.map((path) => `<rootDir>/${path}`)],
}

export { config as default, SLOW }
