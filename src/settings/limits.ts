import { type GroupedSettings, inGroup } from './groups'
import { inDesk, integer, text } from './setting'

const perMinute = (what: string, fallback: number) =>
  integer(
    `${what} a user may send a minute, a quarter of them at once, and ten times as many from one address; 0 for any number.`,
    fallback,
    0,
    1_000_000,
  )

/**
 * How much of it one user may ask for, so that there is something left for the others. A kit counts requests itself, and
 * stricter.
 */
export const LIMIT_SETTINGS = inDesk({
  ...inGroup('money', {
    createsPerMinute: perMinute('Requests for a withdrawal that', 30),
    cancelsPerMinute: perMinute('Cancellations that', 30),
    readsPerMinute: perMinute('Lists and single withdrawals that', 240),
    readsAtOnce: integer(
      'How many lists and single withdrawals are read for one user at the same time; a few more wait in line. 0 for any number.',
      2,
      0,
      1_000,
    ),
    actsAtOnce: integer(
      'How many creates, and how many cancels, of one user are worked at at the same time; a few more wait in line. 0 for any number.',
      3,
      0,
      1_000,
    ),
    codesPerMinute: perMinute('One-time codes that', 10),
    wrongCodesMax: integer(
      'Wrong one-time codes in a row after which a user’s codes are not looked at: for 30 seconds, and twice as long after each further one, up to an hour. 0 for never.',
      5,
      0,
      100,
    ),
    addressPerMinute: integer(
      'Requests of any kind that one address may send a minute, a quarter of them at once, before anybody is asked who it is; 0 for any number.',
      1_200,
      0,
      1_000_000,
    ),
  }),
  ...inGroup('rare', {
    addressHeader: text(
      'Header in which your own proxy writes the address of the client: x-real-ip, x-forwarded-for (its last entry counts). Set it only where every request comes through that proxy. Empty: the address of the connection, unless that is a private one.',
      '',
      /^[a-z0-9-]{0,64}$/,
      'the name of a header, in lower case',
    ),
  }),
} as const satisfies GroupedSettings)
