/**
 * Takes a user's account details out of what ended long ago: `npm run erase -- --user 7 --reason "..." --database-url ...`.
 * Ends with 0 when nothing is left to erase, 1 when something has to be kept for now, 2 when it could not.
 */
import os from 'node:os'
import { parseArgs } from 'node:util'

import { erasePersonal } from '../src/db/personal'
import { cleanText } from '../src/domain/destination'
import { DAYS_MIN } from '../src/settings/privacy'
import { DATABASE_OPTIONS, DATABASE_USAGE, openExisting, readUserId } from './privacy/open'

/** Ten years: what most countries ask of the books of whoever moves money. An operator who may do less says so. */
const KEPT_DAYS = 3_653
const USAGE = `Usage: npm run erase -- ${DATABASE_USAGE} --reason <why> [--older-than-days ${KEPT_DAYS}]`
const TOO_YOUNG =
  `--older-than-days begins at ${DAYS_MIN}: until then a client may repeat a request by its idempotency key, ` +
  'and without that key the repetition would be a withdrawal of its own. Nothing was erased.'

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ...DATABASE_OPTIONS,
      reason: { type: 'string' },
      'older-than-days': { type: 'string', default: String(KEPT_DAYS) },
    },
  })
  const userId = readUserId(values.user, USAGE)
  const reason = cleanText(values.reason, 500)
  const days = values['older-than-days']
  if (reason === null || !/^\d{1,5}$/.test(days)) throw new Error(USAGE)
  if (Number(days) < DAYS_MIN) throw new Error(TOO_YOUNG)
  const database = await openExisting(values, USAGE)
  try {
    const actor = `command:${os.userInfo().username}`
    const { withdrawals, kept, quarantined } = await erasePersonal(database, {
      ...{ userId, olderThanDays: Number(days), actor, reason },
    })
    console.log(
      `Erased the details of ${withdrawals} withdrawals and ${quarantined} held accounts of user ${userId}.`,
    )
    if (kept > 0)
      console.log(
        `${kept} are kept: not ended, still watched, asked about, or younger than ${days} days or this month.`,
      )
    return kept === 0 ? 0 : 1
  } finally {
    await database.close()
  }
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error((error as Error).message)
    process.exitCode = 2
  },
)
