import { config as whole } from './jest.config.mjs'

/**
 * What has to hold on both databases is tried on PostgreSQL alone here: the embedded one takes three times as long, and
 * test/db/both-kinds.test.ts, which stays, holds the two alike.
 */
process.env.TEST_ON_POSTGRESQL_ALONE = 'yes'

/** Of the simulator a handful; what a change has to pass is thousands. */
process.env.SIM_HISTORIES ??= '200'

/**
 * What `npm run test:quick` leaves out, and `npm test` has. A file is in it unless
 * - processes are started and killed in it, a browser is opened, or whole programs are built, packed or minified first; or
 * - it takes more than two and a half seconds of a processor, because it tries every place, every value or every provider
 *   in turn, or lives through long stories.
 *
 * Longer ones are in it all the same where they are all that stands for something: the simulator, what a request may say
 * (create-refusals), that a repeated request is one withdrawal (idempotency), and both databases (both-kinds). Something of
 * each room stays, and of each provider what the contract asks. Whoever writes a file that belongs here enters it.
 */
const SLOW = [
  'test/browser/',
  'test/canary/',
  'test/chaos/',
  'test/client/paying',
  'test/db/(retention|roles|trail-heads)',
  'test/db/connect/(embedded|lock|synchronous-standby)',
  'test/db/statements/(deep-lists|list-plans|plans)',
  'test/db/verify/',
  'test/faults/(?!naive)',
  'test/kit/(engine-rivals|engine\\.)',
  'test/kit/plugin/(panel-form|process|reports|script)',
  'test/package/',
  'test/providers/listing',
  'test/providers/.+/(engine|insider|properties|turns)',
  'test/routes/(create-values|csv|described|edge|long-lists|odd-paths|schema-and-validators)',
  'test/routes/admin/(books-hostile|endpoints|overview|settings|several)',
  'test/scripts/',
  'test/services/(doubt|forged-rows|hold-timing|kept-burns|key-rotation|old-doubt|refusals)',
  'test/services/batches/(doubt|refusals|sending)',
  'test/services/books/(reconcile|runs|take-in)',
  'test/services/operate/(answers|differences)',
  'test/services/outgoing/notices',
  'test/services/watch/(late-facts|returns|stuck)',
  'test/sim/(books-differential|exhaustive|isolation|mutants|store-)',
  'test/testing/',
  'test/workers/(many-processes|schedule)',
]

const config = {
  ...whole,
  testPathIgnorePatterns: ['/node_modules/', ...SLOW.map((path) => `<rootDir>/${path}`)],
}

export { config as default, SLOW }
