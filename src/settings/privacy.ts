import { type GroupedSettings, inGroup } from './groups'
import { inDesk, integer, type Setting } from './setting'

/** Below it a provider may still repeat an event, and a client a request by its idempotency key, which would be paid again. */
export const DAYS_MIN = 30
const DAYS_MAX = 36_500

/** @param what Without an end: how long comes after it. */
const daysKept = (what: string): Setting<number> => {
  const days = integer(
    `${what} are erased, each night; from ${DAYS_MIN} days on. 0: kept for good.`,
    0,
    0,
    DAYS_MAX,
  )
  return {
    ...days,
    read(given) {
      const read = days.read(given)
      return 'value' in read && (read.value === 0 || read.value >= DAYS_MIN)
        ? read
        : { mustBe: `0, or a whole number from ${DAYS_MIN} to ${DAYS_MAX}` }
    },
  }
}

/** How long what names people is kept, by kind. Nothing is erased by itself until somebody says so. */
export const PRIVACY_SETTINGS = inDesk(
  inGroup('privacy', {
    detailsKeptDays: daysKept(
      'Days after its last change until account, name and keys of a withdrawal that rests for good, and held accounts that were let go,',
    ),
    reportsKeptDays: daysKept('Days after it was handed in until the bytes of a bank’s report'),
    filesKeptDays: daysKept(
      'Days after they were made, and after the last change of each payment in them, until the names and accounts in files for the bank',
    ),
    eventsKeptDays: daysKept('Days after they came until events of providers'),
  }),
) satisfies GroupedSettings
