/** Days and times as clients write them, in words of a pattern: what one lets pass is a moment that there was or will be. */

const LEAP_YEAR = '(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
/** From the year 1 to the last one of four digits, which is what every database reads. */
export const DAY = `(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|${LEAP_YEAR}-02-29)`
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]'
const SECONDS = ':[0-5][0-9]'
const OFFSET = '[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]'

/** In UTC, to the millisecond at most. */
export const MOMENT = new RegExp(`^${DAY}T${TIME}(?:${SECONDS}(?:\\.[0-9]{1,3})?)?Z$`)
/** A day, or a moment of it: the parts are the day, the time and the zone. */
export const DAY_OR_MOMENT = new RegExp(
  `^(${DAY})(?:[T ](${TIME}(?:${SECONDS}(?:\\.[0-9]{1,6})?)?)(Z|${OFFSET})?)?$`,
)
