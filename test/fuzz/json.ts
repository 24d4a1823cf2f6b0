import fs from 'node:fs'
import path from 'node:path'

import type { LookupOutcome, WebhookEvent } from '../../src/ports/payment-provider'
import { modulrWebhook } from '../../src/providers/modulr/webhook'
import { batchIdInLink, readBatchPage, readCreated, readError } from '../../src/providers/paypal/answers'
import { createWebhook } from '../../src/providers/paypal/webhook'
import { factsOf } from '../../src/providers/rest/answer'
import { readConfiguration } from '../../src/providers/rest/configuration'
import { restWebhook } from '../../src/providers/rest/webhook'
import { jsonProblem } from '../../src/routes/json-shape'
import { must, mustBeClean, type Target } from './target'

const AMOUNT = /^-?(0|[1-9]\d*)(\.\d*[1-9])?$/
const ASKED = { key: 'BW-1', endToEndId: 'E2E1', currency: 'eur', amount: '10.5', decimals: 2 }

/** What clients, providers and forgers send as JSON: the check of bodies, events, and providers' answers. */
export function jsonTarget(root: string): Target {
  const configuration = readConfiguration(exampleIn(root))
  const { webhook } = configuration
  if (!webhook) throw new Error('The documented example has no webhook.')
  const clock = () => ({ now: () => new Date(0) }) as never
  const parsers = [
    createWebhook({
      webhookId: 'w',
      verification: 'offline',
      certificates: null as never,
      api: clock,
      clock,
    }),
    modulrWebhook({ secret: 's', algorithm: 'hmac-sha512', toleranceMs: 1, clock }),
    restWebhook(webhook, { secret: 's'.repeat(16), publicKey: '' }, clock),
  ]
  return {
    name: 'json',
    seeds: seedsIn(root),
    words: WORDS,
    run(input) {
      const text = Buffer.from(input).toString('utf8')
      const problem = jsonProblem(text)
      const parsed = parsedOf(text)
      mustBeClean()
      if (parsed === NONE) return Promise.resolve()
      must((problem !== null) === hasTwins(text), 'a key that stands twice is found, and only that')
      for (const parser of parsers)
        checkEvent(parser.parse({ headers: { 'webhook-id': 'evt_1' }, rawBody: input, body: parsed }))
      checkOutcome(factsOf(parsed, ASKED, configuration.answers))
      checkPaypal(parsed)
      mustBeClean()
      return Promise.resolve()
    },
  }
}

function checkEvent(event: WebhookEvent | null): void {
  if (event === null) return
  must(typeof event.id === 'string' && event.id !== '', 'an event has an id')
  must(typeof event.type === 'string', 'an event is of a kind')
  for (const hint of event.payouts)
    must(
      Object.values(hint).every((value) => typeof value === 'string' && value !== ''),
      'hints are texts',
    )
}

function checkOutcome(outcome: LookupOutcome | { kind: string }): void {
  const { amount } = outcome as { amount?: unknown }
  must(amount === undefined || (typeof amount === 'string' && AMOUNT.test(amount)), 'amounts are decimals')
  if (outcome.kind === 'settled' || outcome.kind === 'returned')
    must(typeof (outcome as { reference?: unknown }).reference === 'string', 'what is paid has a reference')
}

function checkPaypal(parsed: unknown): void {
  const page = readBatchPage(parsed)
  for (const { money } of page.items)
    must(money === null || AMOUNT.test(money.amount), 'amounts are decimals')
  readCreated(parsed)
  for (const { links } of readError(parsed)?.details ?? [])
    for (const link of links) {
      const id = batchIdInLink(link)
      must(id === null || !/[/?#]/.test(id), 'an id leads to no other address')
    }
}

const NONE = Symbol('none')
function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return NONE
  }
}

/** By another way than the check's own: what the parser makes of each object holds as many keys as were written. */
function hasTwins(text: string): boolean {
  let at = 0
  let found = false
  const blank = () => {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at++
  }
  const string = (): string => {
    const start = at++
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
    return JSON.parse(text.slice(start, ++at)) as string
  }
  const value = (): void => {
    blank()
    if (text[at] === '"') string()
    else if (text[at] === '{' || text[at] === '[') members(text[at] === '{')
    else while (at < text.length && !',]} \t\r\n'.includes(text[at] ?? '')) at++
    blank()
  }
  const members = (isObject: boolean): void => {
    const keys: string[] = []
    at++
    blank()
    while (!'}]'.includes(text[at] ?? '}')) {
      blank()
      if (isObject) {
        keys.push(string())
        blank()
        at++
      }
      value()
      if (text[at] === ',') at++
    }
    at++
    if (new Set(keys).size < keys.length) found = true
  }
  value()
  return found
}

/** The one that people copy. */
function exampleIn(root: string): unknown {
  const page = fs.readFileSync(path.join(root, 'docs/providers/rest.md'), 'utf8')
  return JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
}

function seedsIn(root: string): Uint8Array[] {
  const samples = path.join(root, 'test/providers/paypal/samples')
  return [
    ...fs
      .readdirSync(samples)
      .filter((file) => file.endsWith('.json'))
      .map((file) => fs.readFileSync(path.join(samples, file))),
    ...[
      {
        event_id: 'ev_1',
        event: 'payout.paid',
        data: { id: 'po_1', external_id: 'BW-1', status: 'paid', amount: 10.5 },
      },
      {
        EventName: 'PAYOUT',
        PaymentId: 'P1',
        Status: 'PROCESSED',
        ExternalReference: 'BW-1',
        OriginalSchemeId: 'S',
      },
      {
        id: 'WH-1',
        event_type: 'PAYMENT.PAYOUTS-ITEM.SUCCEEDED',
        resource: { payout_item_id: 'I1', payout_item: { sender_item_id: 'BW-1' } },
      },
      {
        currency: 'eur',
        amount: '10.50',
        bank_account: { iban: 'DE89370400440532013000' },
        otp_code: '123456',
      },
      { a: [{ b: 1 }, { b: 2 }], c: { 'd"': '{"x":1,"x":2}' } },
    ].map((each) => Buffer.from(JSON.stringify(each))),
  ]
}

const WORDS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u0061',
    '\\u0000',
    '\\ud800',
    '"a":1,"a":2',
    '"__proto__":',
    '"constructor":',
  ],
  ...[
    'null',
    'true',
    '1e309',
    '-0',
    '0.1',
    '1e-400',
    '9007199254740993',
    '""',
    '" "',
    '{}',
    '[]',
    '\u0000',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '"id"',
    '"event_type"',
    '"resource"',
    '"payout_item_id"',
    '"PAYMENT.PAYOUTS"',
    '"items"',
    '"total_items"',
    '"amount"',
  ],
  ...[
    '"EventName"',
    '"PAYIN"',
    '"PaymentId"',
    '"status"',
    '"paid"',
    '"data"',
    '"external_id"',
    '"BW-1"',
    '"E2E1"',
    '"eur"',
  ],
]
