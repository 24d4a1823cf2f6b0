import { type GroupedSettings, inGroup } from './groups'
import { inDesk, integer } from './setting'

/** How the books are held against what the exchange and the providers say. */
export const BOOKS_SETTINGS = inDesk(
  inGroup('timing', {
    reconcileDays: integer(
      'How many days back each day’s reconciliation looks, an hour after the day’s end (UTC). More where payouts wait for long. 0: only when an operator asks for it.',
      3,
      0,
      31,
    ),
  }),
) satisfies GroupedSettings
