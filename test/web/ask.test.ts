import express, { type RequestHandler } from 'express'

import { asApiError, createAsk } from '../../web/shared/ask'
import { listen, type Listener } from '../helpers/listen'

/** Goal: a page says what happened, and asks no more often than somebody sees. Method: a server that answers as it is told. */
let server: Listener
let asked: string[]
let answer: RequestHandler
const page = () => createAsk({ base: server.url, token: 't' })

beforeAll(async () => {
  const host = express()
  host.use((req, res, next) => {
    asked.push(
      `${req.method} ${req.url} ${String(req.headers['idempotency-key'])} ${String(req.headers.authorization)}`,
    )
    answer(req, res, next)
  })
  server = await listen(host)
})
afterAll(() => server.close())
beforeEach(() => {
  asked = []
})

const failureOf = (work: Promise<unknown>) => work.then(() => null, asApiError)

describe('A page', () => {
  it.each<[string, RequestHandler, object]>([
    ['a broken connection', (req) => req.socket.destroy(), { code: 'no_answer', status: 0 }],
    [
      'an outage',
      (_req, res) => res.set('Retry-After', '1').status(503).json({ code: 'not_ready', message: 'Soon.' }),
      { code: 'not_ready', status: 503, message: 'Soon.', retryAfterSeconds: 1 },
    ],
    [
      'a kit that has heard too much of it and does not say for how long',
      (_req, res) => res.status(429).json({ message: 'Too many requests' }),
      {
        code: 'too_many_requests',
        retryAfterSeconds: 30,
        message: expect.stringContaining('goes on by itself'),
      },
    ],
    [
      'a lock of codes',
      (_req, res) => res.status(429).json({ code: 'otp_locked', message: 'Locked.', request_id: 'r1' }),
      { code: 'otp_locked', message: 'Locked.', requestId: 'r1' },
    ],
    ['a proxy', (_req, res) => res.status(404).send('<html>'), { code: 'strange_answer', status: 404 }],
    ['a network to sign in to', (_req, res) => res.send('<html>'), { code: 'strange_answer', status: 200 }],
    ['a redirect', (_req, res) => res.redirect('/elsewhere'), { code: 'no_answer' }],
  ])('asks once, and is told by %s what happened', async (_what, given, expected) => {
    answer = given
    expect(await failureOf(page().get('/list'))).toMatchObject(expected)
    expect(await failureOf(page().post('/', { amount: '1' }, { 'Idempotency-Key': 'k1' }))).toMatchObject(
      expected,
    )
    expect(asked).toEqual(['GET /list undefined Bearer t', 'POST / k1 Bearer t'])
  })

  it('has a file with the name that it was given', async () => {
    answer = (_req, res) => res.attachment('withdrawals.csv').send('id\n')
    const { blob, name } = await page().download('/?format=csv')
    expect([await blob.text(), name]).toEqual(['id\n', 'withdrawals.csv'])
  })

  it('tells its own mistakes from what the server says', () => {
    expect(asApiError(new TypeError('x is undefined'))).toMatchObject({ code: 'internal_error' })
  })
})
