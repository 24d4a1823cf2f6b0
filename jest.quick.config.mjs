import { config as whole } from './jest.config.mjs'

/**
 * What has to hold on both databases is tried on PostgreSQL alone here: the embedded one takes three times as long, and
 * test/db/both-kinds.test.ts, which stays, holds the two alike.
 */
process.env.TEST_ON_POSTGRESQL_ALONE = 'yes'

/** Of the simulator a handful; what a change has to pass is thousands. */
process.env.SIM_HISTORIES ??= '300'

/**
 * What `npm run test:quick` leaves out, and `npm test` has: tests in which processes are started and killed, whole
 * programs that are built, packed or minified first, and of each room those that take longest because they try every
 * place, every value or every provider in turn. Something of each room stays, and of each provider what the contract asks.
 */
const SLOW = [
  'test/browser/',
  'test/canary/',
  'test/chaos/',
  'test/client/paying',
  'test/db/(retention|roles|trail-heads)',
  'test/db/connect/(embedded|lock|synchronous-standby)',
  'test/db/statements/(deep-lists|list-plans)',
  'test/db/verify/',
  'test/faults/(?!naive)',
  'test/kit/engine-rivals',
  'test/kit/plugin/(panel-form|process|reports|script)',
  'test/package/',
  'test/providers/listing',
  'test/providers/.+/(engine|insider|properties|turns)',
  'test/routes/(csv|described|edge|long-lists|schema-and-validators)',
  'test/routes/admin/(endpoints|overview|settings)',
  'test/scripts/',
  'test/services/(forged-rows|key-rotation|old-doubt)',
  'test/services/batches/(doubt|sending)',
  'test/services/books/(reconcile|runs)',
  'test/services/operate/differences',
  'test/sim/(exhaustive|mutants|store-differential)',
  'test/testing/',
  'test/workers/(many-processes|schedule)',
]

const config = {
  ...whole,
  testPathIgnorePatterns: ['/node_modules/', ...SLOW.map((path) => `<rootDir>/${path}`)],
}

export { config as default, SLOW }
