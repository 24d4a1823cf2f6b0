import { BANK_DETAIL_FIELDS, type Method, METHODS } from '../../domain/destination'
import { CURRENCY_SYMBOL } from '../../domain/identifiers'
import { decimalsOf } from '../../domain/money'
import { ConfigError } from '../../errors'
import type { CurrencyRules } from '../../ports/payment-provider'
import type { Answers } from './answer-rules'
import { readAnswers } from './answer-rules'
import { type Auth, HEADER, readAuth } from './auth'
import { type ListRules, readList } from './list-rules'
import { type Lookup, PATH, readLookup, reportUnknownPlaceholders } from './lookup-rules'
import { type Node, readNode } from './node'
import { POINTER } from './pointer'
import { AMOUNT_PLACEHOLDERS, PLACEHOLDERS, placeholdersIn } from './template'
import { readWebhook, type WebhookRules } from './webhook-rules'

/** What the operator wrote, checked. docs/providers/rest.md describes it. */
export interface RestConfiguration {
  readonly baseUrl: string
  readonly allowedHosts: readonly string[] | null
  readonly allowPrivateAddresses: boolean
  readonly timeoutMs: number
  readonly maxAnswerBytes: number
  readonly methods: readonly Method[]
  readonly currencies: Readonly<Record<string, CurrencyRules>>
  /** Fields a destination must have, by their JSON name. */
  readonly required: readonly string[]
  readonly auth: Auth
  readonly headers: Readonly<Record<string, string>>
  readonly idempotency: Idempotency
  readonly keyLifetimeMs: number
  readonly submit: { readonly method: 'POST' | 'PUT'; readonly path: string; readonly body: unknown }
  readonly lookup: Lookup | null
  /** null where the API cannot say what it has taken in a time. */
  readonly list: ListRules | null
  readonly answers: Answers
  readonly notFoundAfterMs: number
  readonly returnWindowMs: number
  readonly expectedMs: number
  readonly webhook: WebhookRules | null
}

export interface Idempotency {
  readonly in: 'header' | 'body' | 'none'
  /** The header's name, or the pointer into the body. */
  readonly at: string
  /** Whether the other side repeats a refusal for ever under the same key. */
  readonly newAfterRefusal: boolean
}

const HOUR_MS = 3_600_000
const FIELDS = ['iban', 'swift', 'bank', 'account_holder', 'paypal_id', ...BANK_DETAIL_FIELDS]
const DECIMAL = { pattern: /^\d{1,12}(?:\.\d{1,8})?$/, shape: 'a decimal in a text, such as "10.50"' }

/**
 * @param json The configuration as text, or already parsed.
 * @throws {ConfigError} Every problem there is, each with its place. No value is repeated.
 */
export function readConfiguration(json: unknown): RestConfiguration {
  const problems: string[] = []
  const document = typeof json === 'string' ? parsed(json) : json
  if (document === undefined) throw new ConfigError(['the configuration is not JSON'])
  // Templates are filled by the levels they have; past some thousands of them nothing could be said any more.
  if (isDeeper(document, DEPTH_MAX))
    throw new ConfigError([`the configuration is nested deeper than ${DEPTH_MAX} levels`])
  const node = readNode(document, '', problems)
  const lookup = readLookup(node.optionalChild('lookup'))
  const currencies = readCurrencies(node)
  const methods = node.choices('methods', METHODS, ['BANK'])
  const returnWindowDays = node.integer('returnWindowDays', { min: 0, max: 400 })
  const configuration: RestConfiguration = {
    baseUrl: node.text('baseUrl', {
      pattern: /^https?:\/\/\S{1,300}$/,
      shape: 'an address beginning with https://',
    }),
    allowedHosts: readHosts(node),
    allowPrivateAddresses: node.flag('allowPrivateAddresses', false),
    timeoutMs: node.integer('timeoutMs', { min: 500, max: 60_000, fallback: 10_000 }),
    maxAnswerBytes: node.integer('maxAnswerBytes', { min: 1_024, max: 16_777_216, fallback: 1_048_576 }),
    methods,
    currencies,
    required: node.choices('required', FIELDS, defaultFields(methods)),
    auth: readAuth(node.child('auth')),
    headers: readHeaders(node),
    idempotency: readIdempotency(node.child('idempotency')),
    keyLifetimeMs: node.integer('keyLifetimeHours', { min: 0, max: 24 * 400 }) * HOUR_MS,
    submit: readSubmit(node.child('submit')),
    lookup,
    list: readList(node.optionalChild('list')),
    answers: readAnswers(node, { lookup, returnsMoney: returnWindowDays > 0 }),
    notFoundAfterMs: node.integer('notFoundAfterSeconds', { min: 0, max: 86_400, fallback: 600 }) * 1_000,
    returnWindowMs: returnWindowDays * 24 * HOUR_MS,
    expectedMs: node.integer('expectedSeconds', { min: 0, max: 30 * 86_400, fallback: 86_400 }) * 1_000,
    webhook: readWebhook(node.optionalChild('webhook')),
  }
  checkTogether(node, configuration)
  node.end()
  if (problems.length > 0) throw new ConfigError(problems)
  return configuration
}

const DEPTH_MAX = 50

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)))

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const defaultFields = (methods: readonly Method[]): string[] =>
  methods.flatMap((method) => (method === 'BANK' ? ['iban', 'account_holder'] : ['paypal_id']))

function readHosts(node: Node): readonly string[] | null {
  const given = node.raw('allowedHosts')
  if (given === undefined) return null
  const isList = Array.isArray(given) && given.length > 0
  const hosts = isList ? given.filter((host): host is string => typeof host === 'string') : []
  if (!isList || hosts.length !== given.length || !hosts.every((host) => /^[a-z0-9.:-]{1,253}$/.test(host)))
    node.problem('allowedHosts must be a list of host names in lower case')
  return hosts
}

function readCurrencies(node: Node): Record<string, CurrencyRules> {
  const below = node.child('currencies')
  const currencies: Record<string, CurrencyRules> = {}
  const names = node.entries('currencies').map(([name]) => name)
  if (names.length === 0) below.problem('names no currency')
  for (const name of names) {
    if (!CURRENCY_SYMBOL.test(name)) below.problem(`${name.slice(0, 20)} is no currency symbol in lower case`)
    const rules = below.child(name)
    const [min, max] = [rules.optionalText('min', DECIMAL), rules.optionalText('max', DECIMAL)]
    // Two for every currency would send 1,000 yen in minor units as 100,000.
    const decimals = rules.integer('decimals', { min: 0, max: 4, fallback: decimalsOf(name) })
    currencies[name] = { decimals, ...(min !== null && { min }), ...(max !== null && { max }) }
    rules.end()
  }
  return currencies
}

/** Secrets come from secret settings; a header that carries one here would end up in logs and panels. */
const SECRET_HEADERS = /^(?:authorization|cookie|proxy-authorization)$|key|secret|token|signature/i

function readHeaders(node: Node): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of node.entries('headers')) {
    if (
      !HEADER.pattern.test(name) ||
      typeof value !== 'string' ||
      !/^[\x21-\x7e][\x20-\x7e]{0,200}$/.test(value)
    )
      node.problem('headers must be names and values in visible ASCII')
    else if (SECRET_HEADERS.test(name))
      node.problem(`headers.${name}: secrets belong into "auth" and the secret settings`)
    else headers[name] = value
  }
  return headers
}

function readIdempotency(node: Node): Idempotency {
  const where = node.choice('in', ['header', 'body', 'none'])
  const at =
    where === 'header' ? node.text('name', HEADER) : where === 'body' ? node.text('pointer', POINTER) : ''
  const newAfterRefusal = node.flag('newAfterRefusal', false)
  node.end()
  return { in: where, at, newAfterRefusal }
}

function readSubmit(node: Node): RestConfiguration['submit'] {
  const submit = {
    method: node.choice('method', ['POST', 'PUT'], 'POST'),
    path: node.text('path', PATH),
    body: node.raw('body'),
  }
  if (typeof submit.body !== 'object' || submit.body === null || Array.isArray(submit.body))
    node.problem('body must be an object')
  reportUnknownPlaceholders(node, 'path', submit.path, ['key', 'end_to_end_id'])
  reportUnknownPlaceholders(node, 'body', submit.body, PLACEHOLDERS)
  node.end()
  return submit
}

/** What is fine alone and cannot work together. */
function checkTogether(node: Node, configuration: RestConfiguration): void {
  const { submit, idempotency, keyLifetimeMs, lookup, methods, required } = configuration
  const used = placeholdersIn(submit.body)
  const needs = (isThere: boolean, problem: string) => {
    if (!isThere) node.problem(problem)
  }
  needs(
    used.some((name) => AMOUNT_PLACEHOLDERS.some((known) => known === name)),
    `submit.body must hold one of ${AMOUNT_PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`,
  )
  needs(
    used.includes('currency') || used.includes('currency_lower'),
    'submit.body must hold {currency} or {currency_lower}',
  )
  for (const name of required)
    needs(used.includes(name), `submit.body does not send {${name}}, which "required" asks for`)
  needs(!methods.includes('PAYPAL') || used.includes('paypal_id'), 'submit.body must hold {paypal_id}')
  needs(
    (idempotency.in === 'none') === (keyLifetimeMs === 0),
    'keyLifetimeHours must say how long the idempotency key is kept, and be 0 where none is sent',
  )
  // After a time-out there would be no way to find out, and none to ask again.
  needs(
    lookup?.by === 'key' || idempotency.in !== 'none',
    'a lookup by key or an idempotency key is needed: every doubt would be a guess',
  )
  const sent = [...used, ...placeholdersIn(submit.path), ...(idempotency.in === 'body' ? ['key'] : [])]
  checkList(node, configuration, sent)
  const asked = lookup?.by === 'key' ? placeholdersIn([lookup.path, lookup.query]) : []
  for (const name of asked) needs(sent.includes(name), `submit must send {${name}}, by which lookup asks`)
  // The key of the second attempt is another one, and nothing would be found by the first.
  const isOnlyKey =
    asked.includes('key') && !used.includes('key') && !placeholdersIn(submit.path).includes('key')
  needs(
    !(isOnlyKey && idempotency.newAfterRefusal),
    'with newAfterRefusal the key in the body changes: submit.body must hold {key}, by which lookup asks',
  )
}

/** What is listed is held against our books: by our key, amount and currency. */
function checkList(
  node: Node,
  { list, answers, currencies }: RestConfiguration,
  sent: readonly string[],
): void {
  if (!list) return
  const { key, amount, currency } = answers.at
  if (!sent.includes('key')) node.problem('submit must send {key}, by which a list is compared')
  if (key === null || amount === null) node.problem('list needs answer.key and answer.amount')
  if (currency === null && Object.keys(currencies).length > 1)
    node.problem('list needs answer.currency where there are several currencies')
}
