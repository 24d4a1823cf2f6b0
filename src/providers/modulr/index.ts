import { ConfigError } from '../../errors'
import type { PaymentProvider, ProviderHost } from '../../ports/payment-provider'
import { inDesk, integer, oneOf, type Setting, text } from '../../settings/setting'
import { defineProvider } from '../definition'
import { isThisMachine, originOf, placeOf, refuseThisMachine } from '../shared/http-address'
import { createHttpClient } from '../shared/http-client'
import { createSendLog } from '../shared/send-log'
import { createModulrApi, fieldsOf } from './api'
import { checkItem } from './check'
import { listPayments } from './listing'
import { lookupBatch, type LookupDeps, lookupPayment, NOT_FOUND_AFTER_MS, readBalances } from './lookup'
import { createReturns, RETURN_WINDOW_MS } from './returns'
import { HMAC_ALGORITHMS, type HmacAlgorithm } from './signature'
import { NONCE_LIFETIME_MS, type SubmitDeps, submitOrder } from './submit'
import { modulrWebhook } from './webhook'

export interface ModulrOptions {
  readonly name?: string
  readonly baseUrl: string
  readonly keyId: string
  readonly secret: string
  readonly hmacAlgorithm?: HmacAlgorithm
  /** The account that pays, by currency in lower case. */
  readonly accounts: Readonly<Partial<Record<'eur' | 'gbp', string>>>
  readonly batchMaxItems?: number
  /** Longest time one call of the engine takes, several requests together. */
  readonly timeoutMs?: number
  readonly webhook?: {
    readonly secret: string
    readonly algorithm?: HmacAlgorithm
    readonly toleranceMs?: number
  }
}

const DAY_MS = 24 * 3_600_000
/** 500 payments a page, each with the whole request it was made from. */
const MAX_ANSWER_BYTES = 8 * 1_048_576
/** The largest amount the API takes. */
const AMOUNT = { decimals: 2, min: '0.01', max: '2147483647' }

/**
 * Pays by SEPA credit transfer and UK Faster Payments from accounts at Modulr.
 *
 * @throws {ConfigError}
 */
export function modulrProvider(
  options: ModulrOptions,
  nameOf: (setting: string) => string = (name) => name,
): PaymentProvider {
  const { timeoutMs = 20_000 } = options
  const accounts = accountsOf(options, nameOf)
  const http = createHttpClient({
    baseUrl: options.baseUrl,
    // A look-up can take two requests one after the other.
    timeoutMs: Math.ceil(timeoutMs / 2),
    maxAnswerBytes: MAX_ANSWER_BYTES,
  })
  const credentials = {
    keyId: options.keyId,
    secret: options.secret,
    algorithm: options.hmacAlgorithm ?? 'hmac-sha512',
  }
  let opened: { deps: LookupDeps & SubmitDeps; host: ProviderHost } | null = null
  const open = () => {
    if (!opened) throw new Error('The Modulr provider opens when the plugin is started.')
    return opened
  }
  const currencies = Object.fromEntries(Object.keys(accounts).map((currency) => [currency, AMOUNT]))

  return {
    name: options.name ?? 'modulr',
    capabilities: {
      methods: ['BANK'],
      currencies,
      batch: { maxItems: options.batchMaxItems ?? 10_000 },
      keyLifetimeMs: NONCE_LIFETIME_MS,
      lookup: 'by_key',
      notFoundConclusiveAfterMs: NOT_FOUND_AFTER_MS,
      returnWindowMs: RETURN_WINDOW_MS,
      expectedMs: DAY_MS,
      destinationFields: { BANK: ['iban', 'account_holder'] },
      timeoutMs,
    },
    open(host) {
      const { documents, clock, logger } = host
      const api = createModulrApi(http, credentials, host)
      const sends = createSendLog(documents, clock)
      const returns = createReturns({ api, documents, accounts, clock, logger })
      opened = { deps: { api, sends, returns, accounts, clock, logger }, host }
      return Promise.resolve()
    },
    close() {
      http.close()
      return Promise.resolve()
    },
    check: (item) => checkItem(item, currencies),
    submit: (order) => submitOrder(order, open().deps),
    lookup: (query) => lookupPayment(query, open().deps),
    lookupOrder: (query) => lookupBatch(query, open().deps),
    listPayouts: (range) => listPayments(range, { ...open().deps, accounts }),
    webhook: modulrWebhook({
      secret: options.webhook?.secret ?? '',
      algorithm: options.webhook?.algorithm ?? 'hmac-sha512',
      toleranceMs: options.webhook?.toleranceMs ?? 300_000,
      clock: () => open().host.clock,
    }),
    balances: () => readBalances(open().deps.api, accounts),
    payer: (currency) =>
      Object.hasOwn(accounts, currency) ? `${placeOf(options.baseUrl) ?? ''} ${accounts[currency]}` : null,
    fundingAccount: (currency) =>
      Object.hasOwn(accounts, currency) ? `Modulr account ${accounts[currency]}` : null,
    async health() {
      for (const id of Object.values(accounts)) {
        const { status } = fieldsOf(await open().deps.api.get(`/accounts/${encodeURIComponent(id)}`))
        if (status !== 'ACTIVE') return { ok: false, message: 'A payout account at Modulr is not active.' }
      }
      return { ok: true }
    },
  }
}

function accountsOf(
  { accounts, keyId, secret }: ModulrOptions,
  nameOf: (setting: string) => string,
): Record<string, string> {
  const given = Object.entries(accounts).filter(([, id]) => id !== '')
  const problems = [
    ...(keyId === '' ? [`${nameOf('keyId')} is required`] : []),
    ...(secret === '' ? [`${nameOf('secret')} is required`] : []),
    ...(given.length === 0
      ? [`at least one of ${nameOf('accountEur')} and ${nameOf('accountGbp')} is required`]
      : []),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.fromEntries(given)
}

const secretText = (doc: string, pattern: RegExp, shape: string): Setting<string> => ({
  ...text(doc, '', pattern, shape),
  secret: true,
})

const SANDBOX_HOST = 'api-sandbox.modulrfinance.com'
const ACCOUNT = /^A[A-Za-z0-9]{4,20}$/

export const modulrDefinition = defineProvider({
  name: 'modulr',
  title: 'Modulr (SEPA, UK Faster Payments)',
  settings: inDesk({
    baseUrl: {
      ...text(
        'Address of the API; production addresses are given at onboarding.',
        `https://${SANDBOX_HOST}/api-sandbox`,
        /^https?:\/\/\S{1,200}$/,
        'the address of the API, beginning with https://',
      ),
      refusedInDesk: refuseThisMachine,
      leadsTo: originOf,
      namesPayer: placeOf,
    } satisfies Setting<string>,
    keyId: text('Id of the API key.', '', /^[\x21-\x7e]{1,200}$/, 'the id of an API key'),
    secret: secretText('Secret of the API key.', /^[\x21-\x7e]{8,500}$/, 'the secret of an API key'),
    hmacAlgorithm: oneOf('How requests are signed.', 'hmac-sha512', HMAC_ALGORITHMS),
    accountEur: {
      ...text('Account that pays euros. Empty: no euros.', '', ACCOUNT, 'an account id such as A1200001'),
      namesPayer: true,
    } satisfies Setting<string>,
    accountGbp: {
      ...text('Account that pays pounds. Empty: no pounds.', '', ACCOUNT, 'an account id such as A1200001'),
      namesPayer: true,
    } satisfies Setting<string>,
    batchMaxItems: integer('Most payments in one batch.', 10_000, 1, 10_000),
    timeoutMs: integer('Longest time one call takes, in ms.', 20_000, 1_000, 120_000),
    webhookSecret: secretText(
      'Secret the webhook was registered with. Empty: events count as unverified hints.',
      /^[\x21-\x7e]{32}$/,
      '32 characters',
    ),
    webhookAlgorithm: oneOf('Algorithm the webhook was registered with.', 'hmac-sha512', HMAC_ALGORITHMS),
    webhookToleranceSeconds: integer('How old a webhook may be, in seconds.', 300, 1, 86_400),
  }),
  pays: ({ baseUrl }) =>
    isThisMachine(baseUrl) || (URL.canParse(baseUrl) && new URL(baseUrl).hostname === SANDBOX_HOST)
      ? 'play_money'
      : 'real_money',
  create: (values, nameOf) =>
    modulrProvider(
      {
        baseUrl: values.baseUrl,
        keyId: values.keyId,
        secret: values.secret,
        hmacAlgorithm: values.hmacAlgorithm,
        accounts: { eur: values.accountEur, gbp: values.accountGbp },
        batchMaxItems: values.batchMaxItems,
        timeoutMs: values.timeoutMs,
        webhook: {
          secret: values.webhookSecret,
          algorithm: values.webhookAlgorithm,
          toleranceMs: values.webhookToleranceSeconds * 1_000,
        },
      },
      nameOf,
    ),
})
