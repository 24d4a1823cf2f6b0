/** Tests send more in a second than a person in an hour; those of the limits set their own. */
export const UNLIMITED = {
  createsPerMinute: 0,
  cancelsPerMinute: 0,
  readsPerMinute: 0,
  readsAtOnce: 0,
  actsAtOnce: 0,
  codesPerMinute: 0,
} as const
