import { ok, type Operation } from './operation'
import { flag, listOf, object, text } from './schemas'

const event = {
  method: 'post',
  tag: 'Providers',
  who: 'provider',
  rawBody: {
    type: '*/*',
    description: 'As the provider sends it, at most 256 kB: its signature is over the bytes.',
  },
  answers: ok(
    'Taken care of, whether it was known, new or of no use.',
    object({ received: { const: true } }),
  ),
  errors: ['route_not_found', 'body_too_large', 'body_too_slow'],
} as const

const health = object({
  live: flag,
  ready: flag,
  problems: listOf(text),
  'degraded?': listOf(text),
  'details?': listOf(text),
})

/** What providers send and what looks after the server. */
export const OPERATIONS: readonly Operation[] = [
  {
    ...{ ...event, path: '/webhooks/{provider}', id: 'receiveEvent' },
    summary: 'Where a provider sends its events',
  },
  {
    ...{ ...event, path: '/webhooks/{provider}/{secret}', id: 'receiveEventBySecret' },
    summary: 'The same where a host has parsed the body before',
    description: '`secret` is the setting `webhookSecret`.',
  },
  {
    ...{ method: 'get', path: '/health', id: 'getHealth', tag: 'Operations', who: 'observer' },
    summary: 'Whether this instance can do its work',
    description: 'Operators are also told `details`.',
    answers: {
      200: { description: 'It can.', schema: health },
      503: { description: 'It cannot: `problems` say why.', schema: health },
    },
  },
  {
    ...{ method: 'get', path: '/health/live', id: 'getLiveness', tag: 'Operations', who: 'observer' },
    summary: 'Whether the process answers',
    answers: ok('It does.', object({ live: { const: true } })),
  },
  {
    ...{ method: 'get', path: '/web/{name}', id: 'getUsersPage', tag: 'Operations', who: 'anybody' },
    summary: 'The users’ page, as a program for a kit’s web app',
    answers: { 200: { description: 'Kept for a year under its own name.', types: ['text/javascript'] } },
    errors: ['route_not_found', 'not_ready'],
  },
  {
    ...{ method: 'get', path: '/docs', id: 'getDocs', tag: 'Operations', who: 'anybody' },
    summary: 'This description, as a page for people',
    answers: { 200: { description: 'In a kit there is none.', types: ['text/html'] } },
    errors: ['route_not_found', 'not_ready'],
  },
  {
    ...{ method: 'get', path: '/docs/{name}', id: 'getDocsFile', tag: 'Operations', who: 'anybody' },
    summary: 'What the page is made of',
    answers: {
      200: {
        description: 'Kept for a year under its own name.',
        types: ['text/javascript', 'text/css', 'text/plain'],
      },
    },
    errors: ['route_not_found', 'not_ready'],
  },
  {
    ...{ method: 'get', path: '/metrics', id: 'getMetrics', tag: 'Operations', who: 'collector' },
    summary: 'What is counted and what stands now, for Prometheus',
    description: 'With the setting `metricsToken` or an operator’s token.',
    answers: { 200: { description: 'Its text format.', types: ['text/plain'] } },
  },
  {
    ...{ method: 'get', path: '/openapi.json', id: 'getDescription', tag: 'Operations', who: 'anybody' },
    summary: 'This description',
    answers: ok('OpenAPI 3.1.', { type: 'object', additionalProperties: true }),
  },
]
