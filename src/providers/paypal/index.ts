import { ConfigError } from '../../errors'
import type {
  LookupOutcome,
  PaymentProvider,
  ProviderCapabilities,
  ProviderHost,
} from '../../ports/payment-provider'
import { readSettings, type Values } from '../../settings/setting'
import { defineProvider } from '../definition'
import { isThisMachine } from '../shared/http-address'
import { createHttpClient, type HttpClient } from '../shared/http-client'
import { createPaypalApi, type PaypalApi } from './api'
import { readBalances } from './balances'
import { cancel } from './cancel'
import { createCertificates } from './certificates'
import { ITEMS_MAX } from './create-request'
import { currencyRules } from './currencies'
import { listPayouts } from './list-payouts'
import { lookup, lookupOrder } from './lookup'
import { createOrders, type Orders } from './orders'
import { problemsOf } from './receiver'
import { PAYPAL_SETTINGS } from './settings'
import { ITEM_STATUSES } from './statuses'
import { submit } from './submit'
import { createTokens, NoTokenError, type Tokens } from './tokens'
import { createWebhook } from './webhook'

export type PaypalSettings = Values<typeof PAYPAL_SETTINGS>

/** The settings of docs/providers/paypal.md, and what only code can give. */
export interface PaypalOptions extends Partial<Omit<PaypalSettings, 'baseUrl'>> {
  readonly clientId: string
  readonly clientSecret: string
  readonly baseUrl?: string
  /** PEM certificates of the authorities that vouch for PayPal's. The public ones when left out. */
  readonly trustedRoots?: readonly string[]
}

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

const ADDRESSES = {
  sandbox: { api: 'https://api-m.sandbox.paypal.com', alias: 'https://api.sandbox.paypal.com' },
  live: { api: 'https://api-m.paypal.com', alias: 'https://api.paypal.com' },
} as const

/** A page of 1,000 items is about a megabyte; room for longer names and links. */
const ANSWER_BYTES_MAX = 8 * 1_048_576

export const paypalDefinition = defineProvider({
  name: 'paypal',
  title: 'PayPal Payouts',
  settings: PAYPAL_SETTINGS,
  pays: ({ environment, baseUrl }) =>
    environment === 'sandbox' && (baseUrl === '' || isThisMachine(baseUrl)) ? 'play_money' : 'real_money',
  create: (values, nameOf) => createPaypal(values, { nameOf }),
})

/**
 * PayPal Payouts v1: pays PayPal accounts, up to 15,000 in one call. See docs/providers/paypal.md.
 *
 * @throws {ConfigError} Lists every option that cannot work.
 */
export function paypalProvider({ trustedRoots, ...options }: PaypalOptions): PaymentProvider {
  const { given, asIs } = split(options)
  const { values, problems } = readSettings(PAYPAL_SETTINGS, given)
  if (problems.length > 0) throw new ConfigError(problems)
  return createPaypal({ ...values, ...asIs }, { trustedRoots })
}

/** Two settings have another shape in code than as text; the others are read as they are. */
function split({ maxPerPayout, feePercent, ...given }: Omit<PaypalOptions, 'trustedRoots'>) {
  const asIs = {
    ...(maxPerPayout !== undefined && { maxPerPayout }),
    ...(feePercent !== undefined && { feePercent }),
  }
  return { given, asIs }
}

interface Opened {
  readonly http: HttpClient
  readonly tokens: Tokens
  readonly api: PaypalApi
  readonly orders: Orders
  readonly host: ProviderHost
}

interface Surroundings {
  readonly trustedRoots?: readonly string[] | undefined
  /** What its settings are called where they were written. */
  readonly nameOf?: ((setting: string) => string) | undefined
}

function createPaypal(
  settings: PaypalSettings,
  { trustedRoots, nameOf = (name) => name }: Surroundings,
): PaymentProvider {
  checkTogether(settings, nameOf)
  const currencies = currencyRules(settings.currencies, settings.maxPerPayout)
  let current: Opened | null = null
  const opened = (): Opened => {
    if (!current) throw new Error('The PayPal provider opens when the plugin is started.')
    return current
  }
  const lookups = () => ({ ...opened(), noted: noteUnknownStatus(opened().host) })

  return {
    name: paypalDefinition.name,
    capabilities: capabilitiesOf(settings, currencies),

    open(host) {
      current?.http.close()
      current = openWith(settings, host)
      return Promise.resolve()
    },
    close() {
      current?.http.close()
      current = null
      return Promise.resolve()
    },

    check: (item) => problemsOf(item, currencies).map(({ field, message }) => ({ field, message })),

    submit: (order) =>
      submit(order, {
        ...opened(),
        mail: { subject: settings.emailSubject, message: settings.emailMessage },
        problemsOf: (item) => problemsOf(item, currencies),
      }),
    lookup: (query) => lookup(query, lookups()),
    lookupOrder: (query) => lookupOrder(query, lookups()),
    listPayouts: (range) => listPayouts(range, opened()),
    cancel: (query) => cancel(query, opened().api),
    health: () => healthOf(opened().tokens),

    payer: () => `${settings.environment} ${settings.clientId}`,
    fundingAccount: (currency) => `PayPal balance in ${currency.toUpperCase()}`,
    ...(settings.readBalances && { balances: () => readBalances(opened().api, settings.feePercent) }),
    ...(settings.webhookId !== '' && { webhook: webhookOf(settings, opened, trustedRoots) }),
  }
}

function checkTogether(
  { clientId, clientSecret, environment, baseUrl }: PaypalSettings,
  nameOf: (setting: string) => string,
): void {
  const problems = [
    ...(clientId === '' ? [`${nameOf('clientId')} must be set: the client id of a PayPal app`] : []),
    ...(clientSecret === '' ? [`${nameOf('clientSecret')} must be set: the secret of a PayPal app`] : []),
    ...(baseUrl !== '' && environment === 'live'
      ? [`${nameOf('baseUrl')} is for tests, and ${nameOf('environment')} is live`]
      : []),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
}

const capabilitiesOf = (
  { returnWindowDays, timeoutMs }: PaypalSettings,
  currencies: ProviderCapabilities['currencies'],
): ProviderCapabilities => ({
  methods: ['PAYPAL'],
  currencies,
  batch: { maxItems: ITEMS_MAX },
  keyLifetimeMs: 30 * DAY_MS,
  lookup: 'by_reference',
  // Only a finished batch can prove an absence; this long after a create even that is not asked.
  notFoundConclusiveAfterMs: 2 * MINUTE_MS,
  returnWindowMs: returnWindowDays * DAY_MS,
  // About 20 seconds in PayPal's sandbox; live batches take minutes.
  expectedMs: 5 * MINUTE_MS,
  destinationFields: { PAYPAL: ['paypal_id'] },
  timeoutMs,
})

function openWith(settings: PaypalSettings, host: ProviderHost): Opened {
  const { clientId, clientSecret, timeoutMs, environment, baseUrl } = settings
  const { clock } = host
  // The rest is for writing down what came of it: an answer that is not stored is an answer that was not heard.
  const budgetMs = Math.floor(timeoutMs * 0.9)
  const http = createHttpClient({
    baseUrl: baseUrl === '' ? ADDRESSES[environment].api : baseUrl,
    timeoutMs: budgetMs,
    maxAnswerBytes: ANSWER_BYTES_MAX,
    clock,
  })
  const tokens = createTokens({ http, clock, clientId, clientSecret })
  return {
    http,
    tokens,
    api: createPaypalApi({ http, tokens, clock, budgetMs }),
    orders: createOrders(host.documents, clock),
    host,
  }
}

function webhookOf(settings: PaypalSettings, opened: () => Opened, trustedRoots?: readonly string[]) {
  const { webhookId, webhookVerification, environment, baseUrl } = settings
  const clock = () => opened().host.clock
  return createWebhook({
    webhookId,
    verification: webhookVerification,
    certificates: createCertificates({
      origins: baseUrl === '' ? Object.values(ADDRESSES[environment]) : [baseUrl],
      clock,
      ...(trustedRoots && { trustedRoots }),
    }),
    api: () => opened().api,
    clock,
  })
}

/** A status nobody has mapped leaves the payout open for ever; somebody should know. */
const noteUnknownStatus =
  ({ logger }: ProviderHost) =>
  (outcome: LookupOutcome): void => {
    if (outcome.kind !== 'accepted' || outcome.reference === undefined || outcome.status === undefined) return
    if (!Object.hasOwn(ITEM_STATUSES, outcome.status))
      logger.warn('paypal.status_unknown', { status: outcome.status, reference: outcome.reference })
  }

const HEALTH_TIMEOUT_MS = 5_000

const healthOf = (tokens: Tokens): Promise<{ ok: boolean; message?: string }> =>
  tokens.get(HEALTH_TIMEOUT_MS).then(
    () => ({ ok: true }),
    (error: unknown) => ({
      ok: false,
      message:
        error instanceof NoTokenError ? error.message : 'PayPal could not be asked for an access token.',
    }),
  )
