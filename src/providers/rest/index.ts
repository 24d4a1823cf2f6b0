import { ConfigError } from '../../errors'
import type { PaymentProvider, ProviderHost } from '../../ports/payment-provider'
import { inDesk, type Setting, text } from '../../settings/setting'
import { defineProvider } from '../definition'
import { isThisMachine, originOf, placeOf, refuseThisMachine } from '../shared/http-address'
import { createHttpClient } from '../shared/http-client'
import { createSendLog } from '../shared/send-log'
import { type Auth, needsSecret, needsUser, type Secrets } from './auth'
import { checkItem } from './check'
import { readConfiguration, type RestConfiguration } from './configuration'
import { listPayouts } from './listing'
import { lookupPayout, type PayoutDeps, submitPayout } from './payouts'
import { keyProblems, restWebhook } from './webhook'

export interface RestOptions {
  readonly name?: string
  /** JSON as docs/providers/rest.md describes it, as text or as an object. Holds no secret. */
  readonly configuration: unknown
  /** Name or key id, for basic authentication and a key id header. */
  readonly user?: string
  /** The bearer token, password, header value or HMAC key. */
  readonly secret?: string
  readonly webhookSecret?: string
  readonly webhookPublicKey?: string
}

/**
 * Pays through any API that a configuration can describe: one payout per call, signed, looked up.
 *
 * @throws {ConfigError} Every problem of the configuration and the secrets, at once.
 */
export function restProvider(
  options: RestOptions,
  nameOf: (setting: string) => string = (name) => name,
): PaymentProvider {
  const configuration = readConfiguration(options.configuration)
  const secrets = { user: options.user ?? '', secret: options.secret ?? '' }
  const keys = { secret: options.webhookSecret ?? '', publicKey: options.webhookPublicKey ?? '' }
  const { webhook, list } = configuration
  const problems = [
    ...secretProblems(configuration.auth, secrets, nameOf),
    ...(webhook ? keyProblems(webhook, keys, nameOf) : []),
    ...leakProblems(options),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  const http = createHttpClient({
    baseUrl: configuration.baseUrl,
    ...(configuration.allowedHosts && { allowedHosts: configuration.allowedHosts }),
    allowPrivateAddresses: configuration.allowPrivateAddresses,
    timeoutMs: configuration.timeoutMs,
    maxAnswerBytes: configuration.maxAnswerBytes,
  })
  let opened: { host: ProviderHost; deps: PayoutDeps } | null = null
  const open = () => {
    if (!opened) throw new Error('The rest provider opens when the plugin is started.')
    return opened
  }

  return {
    name: options.name ?? 'rest',
    capabilities: capabilitiesOf(configuration),
    open(host) {
      const { documents, clock, random, logger } = host
      const sends = createSendLog(documents, clock)
      opened = { host, deps: { configuration, secrets, http, sends, clock, random, logger } }
      return Promise.resolve()
    },
    close() {
      http.close()
      return Promise.resolve()
    },
    check: (item) => checkItem(item, configuration),
    submit: (order) => submitPayout(order, open().deps),
    lookup: (query) => lookupPayout(query, open().deps),
    payer: () => payerIn(configuration, secrets),
    ...(list && { listPayouts: (range) => listPayouts(range, list, open().deps) }),
    ...(webhook && { webhook: restWebhook(webhook, keys, () => open().host.clock) }),
  }
}

/** A user with a password is the customer. The id of an HMAC key is changed with the key, and names nobody who pays. */
const payerIn = ({ baseUrl, auth }: RestConfiguration, { user }: Secrets): string | null =>
  auth.kind === 'basic' ? `${placeOf(baseUrl)} ${user}` : placeOf(baseUrl)

const capabilitiesOf = ({
  methods,
  currencies,
  keyLifetimeMs,
  lookup,
  notFoundAfterMs,
  returnWindowMs,
  expectedMs,
  required,
  timeoutMs,
}: RestConfiguration): PaymentProvider['capabilities'] => ({
  methods,
  currencies,
  keyLifetimeMs,
  lookup: lookup === null ? 'none' : lookup.by === 'key' ? 'by_key' : 'by_reference',
  notFoundConclusiveAfterMs: notFoundAfterMs,
  returnWindowMs,
  expectedMs,
  destinationFields: Object.fromEntries(
    methods.map((method) => [
      method,
      required.filter((name) => (name === 'paypal_id') === (method === 'PAYPAL')),
    ]),
  ),
  // The engine's deadline ends after the client's own, which knows whether anything was sent.
  timeoutMs: timeoutMs + 1_000,
})

function secretProblems(
  auth: Auth,
  { user, secret }: Secrets,
  nameOf: (setting: string) => string,
): string[] {
  const problems: string[] = []
  if (needsUser(auth) && user === '') problems.push(`${nameOf('user')} is required by "auth"`)
  if (needsSecret(auth) && secret === '') problems.push(`${nameOf('secret')} is required by "auth"`)
  // What is not hex or base64 decodes to nothing, and everybody knows that key.
  else if (auth.kind === 'hmac' && Buffer.from(secret, auth.keyEncoding).length < 16)
    problems.push(`${nameOf('secret')} must decode to at least 16 bytes`)
  return problems
}

/** A configuration is shown in panels and kept in repositories. */
function leakProblems({ configuration, secret = '', webhookSecret = '' }: RestOptions): string[] {
  const text = typeof configuration === 'string' ? configuration : JSON.stringify(configuration)
  const isIn = (value: string) => value.length >= 8 && text.includes(value)
  return [secret, webhookSecret].some(isIn) ? ['the configuration must not hold a secret'] : []
}

const VISIBLE = /^[\x21-\x7e](?:[\x20-\x7e]{0,2000}[\x21-\x7e])?$/
const secretText = (doc: string): Setting<string> => ({
  ...text(doc, '', VISIBLE, 'visible ASCII'),
  secret: true,
})

/** Of a text that may be anything. */
function baseUrlIn(given: unknown): unknown {
  try {
    return (JSON.parse(String(given)) as { baseUrl?: unknown } | null)?.baseUrl
  } catch {
    return null
  }
}

export const restDefinition = defineProvider({
  name: 'rest',
  title: 'Any signed REST API',
  settings: inDesk({
    configuration: {
      ...text(
        'The API, as JSON: docs/providers/rest.md. Holds no secret.',
        '{}',
        /^\s*\{[\s\S]{0,100000}\}\s*$/,
        'a JSON object',
      ),
      refusedInDesk: (given) => refuseThisMachine(baseUrlIn(given)),
      leadsTo: (given) => originOf(baseUrlIn(given)),
      namesPayer: (given) => placeOf(baseUrlIn(given)),
    } satisfies Setting<string>,
    user: text('Name or key id, where the API asks for one.', '', VISIBLE, 'visible ASCII'),
    secret: secretText('Bearer token, password, header value or HMAC key.'),
    webhookSecret: secretText('Secret of webhooks signed with HMAC.'),
    webhookPublicKey: text(
      'Public key of webhooks signed with RSA, as PEM.',
      '',
      /^\s*-----BEGIN [\s\S]{1,5000}-----\s*$/,
      'a public key as PEM',
    ),
  }),
  pays: ({ configuration }) =>
    isThisMachine(readConfiguration(configuration).baseUrl) ? 'play_money' : 'real_money',
  create: ({ configuration, user, secret, webhookSecret, webhookPublicKey }, nameOf) =>
    restProvider({ configuration, user, secret, webhookSecret, webhookPublicKey }, nameOf),
})
