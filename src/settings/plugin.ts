import { validate as isCron } from 'node-cron'

import { METHODS } from '../domain/destination'
import { FEE_MODES, NETWORK_FEES } from '../domain/fee'
import { FLOAT_ORDERS } from '../domain/float'
import { CURRENCY_SYMBOL } from '../domain/identifiers'
import { environmentName, nameInCode, type NameOf } from '../domain/setting-names'
import { ConfigError } from '../errors'
import { BOOKS_SETTINGS } from './books'
import { EXCHANGE_SETTINGS } from './exchange'
import { type GroupedSettings, inGroup } from './groups'
import { JOURNAL_SETTINGS } from './journal'
import { encryptionKeys, hashKey } from './keys'
import { LIMIT_SETTINGS } from './limits'
import { PRIVACY_SETTINGS } from './privacy'
import {
  flag,
  inDesk,
  integer,
  listOf,
  mapOf,
  oneOf,
  readSettings,
  type Setting,
  text,
  type Values,
} from './setting'

const PATH = /^\/[A-Za-z0-9/_-]*[A-Za-z0-9_-]$/

const MODES = ['immediate', 'batch'] as const
const mode = oneOf(
  'When payouts leave: `immediate` with the request, or `batch` with the schedule, one call per currency.',
  'immediate',
  MODES,
)

/**
 * What is worth handing to the library, which writes each range and list out before it looks at the numbers in it: a range
 * up to ten thousand million would take all the memory that the process can have.
 */
const CRON_PERHAPS = /^(?!.*\d{4}).{1,200}$/

const schedule = (doc: string, fallback: string): Setting<string> => ({
  doc,
  fallback,
  shape: { kind: 'cron' },
  read: (given) =>
    typeof given === 'string' && CRON_PERHAPS.test(given) && isCron(given)
      ? { value: given }
      : { mustBe: 'a cron expression such as */5 * * * *' },
})

const timezone = (doc: string, fallback: string): Setting<string> => ({
  doc,
  fallback,
  read(given) {
    try {
      // Throws for a zone that this machine does not know.
      new Intl.DateTimeFormat('en', { timeZone: String(given) })
      return { value: String(given) }
    } catch {
      return { mustBe: 'a time zone such as Europe/Brussels' }
    }
  },
})

const FIRST = inDesk(
  inGroup('first', {
    mode,
    schedule: schedule('When batches leave, as a cron expression.', '*/5 * * * *'),
    statementText: text(
      'What beneficiaries read on their statement, before the reference.',
      'Withdrawal',
      /^[A-Za-z0-9 .,:'()+/?-]{0,60}$/,
      "at most 60 letters, digits, spaces and . , : ' ( ) + / ? -",
    ),
    webhookSecret: {
      ...text(
        'Last part of the webhook address where a host has eaten the signed bytes, as a kit does. Empty: only signed events count.',
        '',
        /^[A-Za-z0-9_-]{16,128}$/,
        '16 to 128 letters, digits, "-" and "_"',
      ),
      secret: true,
    } satisfies Setting<string>,
  }),
)

/** Without them nothing that is stored can be read, the settings' own secrets among it. */
const KEYS = inGroup('first', { encryptionKeys, hashKey })

const MONEY = inDesk(
  inGroup('money', {
    feeMode: oneOf(
      'Who bears the fee: `on_top` of the amount, or `deducted` from what the beneficiary gets.',
      'on_top',
      FEE_MODES,
    ),
    networkFees: oneOf(
      'What the exchange’s network does with the fee of a burn: `charged` beside the amount, or only `shown`. Says whether the fee of an adopted withdrawal has been taken.',
      'charged',
      NETWORK_FEES,
    ),
    fundingLeadDays: integer(
      'How many days it takes until money that is sent to a payout account is there: operators are called for funds so long before it runs out.',
      2,
      0,
      14,
    ),
    fundingCoverDays: integer(
      'For how many days the money that is called for should last, by what was asked for in the last weeks.',
      7,
      1,
      60,
    ),
    floatOrder: oneOf(
      'Who leaves first where a payout account cannot pay all that waits. Whoever has waited for a day, and what is older, goes before all others in any order.',
      'oldest',
      FLOAT_ORDERS,
    ),
    floatFirst: listOf(
      'Methods that go before all others there, the first of them first; among those of one method `floatOrder` says who. None: they are all alike.',
      METHODS,
    ),
    returns: oneOf(
      'What happens with money that the bank sends back after it was paid: `automatic` gives it to the user, `approved` asks an operator first.',
      'automatic',
      ['automatic', 'approved'],
    ),
  }),
)

const TIMING = inDesk(
  inGroup('timing', {
    waitMs: integer(
      'Longest time a request waits for its outcome before it answers `pending`, in ms.',
      8_000,
      0,
      60_000,
    ),
    scheduleTimezone: timezone('Time zone of the schedules.', 'UTC'),
    quietSeconds: integer(
      'Longest time a request may still take effect after we gave up on it. Doubt ends only after it; shorter is faster, and unsafe below what provider and network can delay.',
      120,
      1,
      3_600,
    ),
    leaseSeconds: integer(
      'How long a worker owns a withdrawal. What a crash left undone is done again this much later, and the quiet time.',
      90,
      10,
      900,
    ),
    exchangeTimeoutMs: integer('Deadline of one call to the exchange, in ms.', 10_000, 100, 60_000),
    doubtReviewHours: integer(
      'After this long without proof, a payout in doubt becomes a question to a person.',
      24,
      1,
      720,
    ),
    uniqueTransactionIds: flag(
      'Whether the exchange’s network refuses a second burn with the same transaction id. True shortens the wait after a time-out; false is always safe.',
      false,
    ),
  }),
)

const RARE = inDesk(
  inGroup('rare', {
    modes: mapOf('The mode of single providers, where it is another one.', mode),
    schedules: mapOf('The schedule of single providers, where it is another one.', schedule('', '')),
    mails: flag('Whether the exchange mails its users about the lock and its end.', true),
    workerPollMs: integer(
      'How often an idle worker looks for due withdrawals, in ms; ten times as often in the first three seconds, half as often after ten looks for nothing.',
      1_000,
      50,
      60_000,
    ),
    workerConcurrency: integer('Withdrawals one instance works on at the same time.', 8, 1, 200),
    metricsToken: {
      ...text(
        'Bearer token with which a collector reads `GET /metrics`. Empty: only operators may, and where the standalone server serves, its own machine.',
        '',
        /^[A-Za-z0-9_-]{16,128}$/,
        '16 to 128 letters, digits, "-" and "_"',
      ),
      secret: true,
    } satisfies Setting<string>,
  }),
)

/** What each instance is started with, before it can read what operators set. */
const AT_START = inGroup('rare', {
  basePath: text(
    'Where the routes are served.',
    '/plugins/bank/withdrawal',
    PATH,
    'a path such as /plugins/bank/withdrawal',
  ),
  dialects: listOf('Further shapes of the API.', ['iotaap']),
  iotaapPath: text(
    'Where the IoTaaP dialect is served.',
    '/v1/withdrawal',
    PATH,
    'a path such as /v1/withdrawal',
  ),
  defaultCurrency: text(
    'Currency of the IoTaaP dialect, whose requests name none.',
    'eur',
    CURRENCY_SYMBOL,
    'a currency symbol in lower case',
  ),
  privateEndpoints: flag(
    'Whether messages may be sent to this machine and to private networks. An operator types their addresses in: leave it false where something in the network trusts whoever reaches it.',
    false,
  ),
  worker: flag(
    'Whether this instance works off due withdrawals; false for one that only serves requests, and pays what they ask for in `immediate` mode.',
    true,
  ),
})

/** Every setting of the plugin, with its documentation. docs/settings.md and the environment's names come from here. */
export const SETTINGS = {
  ...FIRST,
  ...KEYS,
  ...MONEY,
  ...TIMING,
  ...BOOKS_SETTINGS,
  ...inDesk(EXCHANGE_SETTINGS),
  ...LIMIT_SETTINGS,
  ...PRIVACY_SETTINGS,
  ...RARE,
  ...JOURNAL_SETTINGS,
  ...AT_START,
} as const satisfies GroupedSettings

export type Config = Values<typeof SETTINGS>

/**
 * Checks a config object given in code. Pure.
 *
 * @throws {ConfigError} Lists every problem at once, without values.
 */
export function parseConfig(given: Readonly<Record<string, unknown>>, nameOf: NameOf = nameInCode): Config {
  const { values, problems } = checkConfig(given, nameOf)
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(values)
}

export function checkConfig(
  given: Readonly<Record<string, unknown>>,
  nameOf: NameOf = nameInCode,
): { values: Config; problems: readonly string[] } {
  const { values, problems } = readSettings(SETTINGS, given, nameOf)
  return { values, problems: [...problems, ...contradictions(values, nameOf)] }
}

/** Settings that are fine alone and cannot work together. */
function contradictions(values: Partial<Config>, nameOf: NameOf): string[] {
  const { leaseSeconds, exchangeTimeoutMs } = values
  const tooShort =
    leaseSeconds !== undefined &&
    exchangeTimeoutMs !== undefined &&
    leaseSeconds * 1_000 < 3 * exchangeTimeoutMs
  return tooShort
    ? [
        `${nameOf('leaseSeconds')} must be at least three times ${nameOf('exchangeTimeoutMs')}: a step makes two calls`,
      ]
    : []
}

/** The environment's settings of the plugin, by their names in `SETTINGS`; what is not set is left out. */
export const configFromEnvironment = (
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.keys(SETTINGS).flatMap((name) => {
      const value = environment[environmentName(name)]
      return value === undefined ? [] : [[name, value]]
    }),
  )
