import express, { type Request } from 'express'
import request from 'supertest'

import { AppError } from '../../src/errors'
import type { Identity } from '../../src/ports/authenticator'
import { fakeToken } from './fake-bearer-check'
import { API_KEY } from './fake-network-client'
import { otherRealm } from './other-realm'
import { closeRigs, openRig, type Rig, TIMEOUT_MS } from './rig'

/**
 * Goal: whatever the kit's middleware does, a request ends in an identity or in one shape of error, and the host's
 * own request and response stay untouched. Method: real requests through Express.
 */
interface Seen {
  outcome: Identity | AppError
  request: Request
  /** What had happened to the real response by then. */
  headersSent: boolean
  statusCode: number
}

let rig: Rig
beforeEach(async () => {
  rig = await openRig()
})
afterEach(closeRigs)

/** Authenticates one request, and answers it in a way only this host does. */
async function seen(token: string | null, scopes: readonly string[] = ['user']): Promise<Seen> {
  let found: Seen | null = null
  const host = express()
  host.get('/', (req, res, next) => {
    rig.authenticator
      .authenticate(req, scopes)
      .catch((error: unknown) => {
        if (error instanceof AppError) return error
        throw error
      })
      .then((outcome) => {
        found = { outcome, request: req, headersSent: res.headersSent, statusCode: res.statusCode }
        res.status(299).send('the host’s own')
      })
      .catch(next)
  })
  const sent = request(host).get('/')
  if (token !== null) void sent.set('Authorization', token)
  await sent.expect(299, 'the host’s own')
  if (!found) throw new Error('The host was not asked.')
  return found
}

/** What the kit's middleware was handed. */
async function handed(): Promise<{ request: object; view: object }> {
  const views: object[] = []
  const { security } = rig.kit.toolsLib
  const verify = security.verifyBearerTokenExpressMiddleware.bind(security)
  Object.assign(security, {
    verifyBearerTokenExpressMiddleware:
      (scopes: string[]) => (view: object, res: object, next: () => void) => {
        views.push(view)
        return verify(scopes)(view, res, next)
      },
  })
  const { request: real } = await seen(bearer())
  return { request: real, view: views[0] as object }
}

const bearer = (changes: Record<string, unknown> = {}): string =>
  `Bearer ${fakeToken({ sub: { id: 7, email: 'u@kit.example' }, scopes: ['user'], ...changes })}`
const outcome = async (token: string | null, scopes?: readonly string[]) =>
  (await seen(token, scopes)).outcome

describe('an accepted token', () => {
  it.each(['at once', 'later', 'as a promise'] as const)(
    'answered %s names user and scopes',
    async (answersWhen) => {
      rig.kit.state.answersWhen = answersWhen

      expect(await outcome(bearer({ scopes: ['user', 'admin'] }))).toEqual({
        userId: 7,
        scopes: ['user', 'admin'],
        isSharedAccount: false,
      })
    },
  )

  it('needs one of several scopes', async () => {
    expect(await outcome(bearer({ scopes: ['user', 'support'] }), ['admin', 'support'])).toMatchObject({
      userId: 7,
    })
  })

  it('of another person in the owner’s account is flagged', async () => {
    expect(await outcome(bearer({ is_sharedaccount: true }))).toMatchObject({
      userId: 7,
      isSharedAccount: true,
    })
  })

  it.each(['true', 1, {}, null])('whose flag for a shared account is %p is not flagged', async (flag) => {
    expect(await outcome(bearer({ is_sharedaccount: flag }))).toMatchObject({ isSharedAccount: false })
  })

  it('keeps only scopes that are texts', async () => {
    expect(await outcome(bearer({ scopes: ['user', 7, null, ['admin'], 'admin'] }))).toMatchObject({
      scopes: ['user', 'admin'],
    })
  })

  it.each([undefined, null, '7', [7], {}, 0, -7, 7.5, true, 1e308, 2 ** 53, '__proto__'])(
    'with %p as its user id names nobody',
    async (id) => {
      expect(await outcome(bearer({ sub: { id } }))).toMatchObject({
        name: 'AppError',
        code: 'unauthorized',
        message: 'Access denied: the token names no user.',
      })
    },
  )

  it('leaves no trace on the host’s request and response', async () => {
    const { request: real, headersSent, statusCode } = await seen(bearer())

    expect(['auth', 'session_id'].filter((name) => name in real)).toEqual([])
    expect({ headersSent, statusCode }).toEqual({ headersSent: false, statusCode: 200 })
  })

  it('is looked at on a copy: whatever inherits from the request makes it slow for all who read it later', async () => {
    const { request: real, view } = await handed()

    expect(Object.prototype.isPrototypeOf.call(real, view)).toBe(false)
    expect(Object.getPrototypeOf(view)).toBe(Object.getPrototypeOf(real))
  })

  it('is looked at where a host has put something of its own before what can only be read', async () => {
    const express5 = {
      get query() {
        return {}
      },
    }
    const real = Object.create(express5, {
      headers: { value: { authorization: bearer() }, enumerable: true },
      query: { value: { cleaned: true }, enumerable: true },
    }) as object

    expect(await rig.authenticator.authenticate(real, ['user'])).toMatchObject({ userId: 7 })
  })

  it('of an earlier middleware of the host is not taken for this one’s', async () => {
    rig.kit.state.middlewareFault = (next) => next()
    const real = { headers: { authorization: bearer() }, auth: { sub: { id: 1 }, scopes: ['admin'] } }

    await expect(rig.authenticator.authenticate(real, ['user'])).rejects.toMatchObject({
      code: 'unauthorized',
    })
  })
})

describe('a refused token', () => {
  const REFUSALS = [
    ['no token', null, 401, 'Bearer or api-key authentication required'],
    ['another scheme', 'Basic abc', 401, 'Bearer or api-key authentication required'],
    [
      'a lower-case scheme',
      bearer().replace('Bearer', 'bearer'),
      401,
      'Bearer or api-key authentication required',
    ],
    ['a broken token', 'Bearer abc', 401, 'Token is invalid'],
    ['another issuer', bearer({ iss: 'elsewhere' }), 401, 'Token is expired'],
    ['another scope', bearer({ scopes: ['hmac'] }), 403, 'User is not authorized to access this endpoint'],
    ['a session that is not there', bearer({ session: 'missing' }), 401, 'Session not found'],
    ['a revoked session', bearer({ session: 'revoked' }), 401, 'Token is already revoked'],
    ['a session that is over', bearer({ session: 'expired' }), 401, 'Token is expired'],
  ] as const

  describe.each(['req.res', 'res'] as const)('by a kit that answers through %s', (answersThrough) => {
    it.each(REFUSALS)('for %s keeps the kit’s status and words', async (_what, token, status, why) => {
      rig.kit.state.answersThrough = answersThrough
      const { outcome: error, request: real, headersSent, statusCode } = await seen(token)

      expect(error).toBeInstanceOf(AppError)
      expect(error).toMatchObject({
        status,
        code: status === 403 ? 'forbidden' : 'unauthorized',
        message: `Access denied: ${why}`,
      })
      expect({ headersSent, statusCode }).toEqual({ headersSent: false, statusCode: 200 })
      expect('auth' in real).toBe(false)
    })
  })

  it('for a frozen account keeps the kit’s words', async () => {
    rig.kit.state.frozenUsers.add(7)

    expect(await outcome(bearer())).toMatchObject({
      code: 'unauthorized',
      message: 'Access denied: This account is deactivated',
    })
  })

  it.each(['at once', 'later', 'as a promise'] as const)('is refused %s alike', async (answersWhen) => {
    rig.kit.state.answersWhen = answersWhen

    expect(await outcome(null)).toMatchObject({ code: 'unauthorized' })
  })
})

it('a session that only the kit’s memory still knows is a refused token: signing in again mends it', async () => {
  rig.kit.state.sessionFault = "Cannot read properties of null (reading 'update')"

  expect(await outcome(bearer())).toMatchObject({ code: 'unauthorized' })
})

describe('a kit that cannot check a token', () => {
  const notReady = { name: 'AppError', code: 'not_ready', status: 503, retryAfterSeconds: 5 }

  it.each<readonly [string, (next: (error?: unknown) => void) => unknown]>([
    ['hands an error on', (next) => next(otherRealm.error('Error', 'redis is gone'))],
    ['hands a text on', (next) => next('route')],
    [
      'throws',
      () => {
        throw otherRealm.error('TypeError', 'Cannot read properties of undefined')
      },
    ],
  ])('and %s is not ready', async (_what, middlewareFault) => {
    Object.assign(rig.kit.state, { middlewareFault, answersWhen: 'as a promise' })

    expect(await outcome(bearer())).toMatchObject(notReady)
  })

  it('and throws at once is not ready', async () => {
    rig.kit.state.answersWhen = 'at once'
    rig.kit.state.middlewareFault = () => {
      throw otherRealm.error('TypeError', 'Cannot read properties of undefined')
    }

    expect(await outcome(bearer())).toMatchObject(notReady)
  })

  it('and hands null on has found nothing wrong, as everywhere in Express', async () => {
    rig.kit.state.middlewareFault = (next) => next(null)

    // Nothing wrong, and nobody named.
    expect(await outcome(bearer())).toMatchObject({ code: 'unauthorized' })
  })

  it('and never answers is not ready once the deadline is over', async () => {
    rig.kit.state.answersWhen = 'never'
    const answer = rig.authenticator.authenticate({ headers: { authorization: bearer() } }, ['user'])
    const refused = expect(answer).rejects.toMatchObject(notReady)
    rig.clock.advance(TIMEOUT_MS)

    await refused
  })

  it.each([500, 502, 503])('and answers %i itself is not ready, not a wrong token', async (status) => {
    const middleware = () => (_req: object, res: object) =>
      (res as { status(code: number): { json(body: object): unknown } })
        .status(status)
        .json({ message: 'down' })
    rig.kit.toolsLib.security.verifyBearerTokenExpressMiddleware = middleware

    expect(await outcome(bearer())).toMatchObject(notReady)
  })

  it.each([
    'connect ECONNREFUSED 10.1.2.3:5432',
    'getaddrinfo EAI_AGAIN kit-db',
    'Connection terminated unexpectedly',
    'remaining connection slots are reserved for non-replication superuser connections',
    'sorry, too many clients already',
    'the database system is starting up',
    'Operation timeout',
    'password authentication failed for user "kit"',
    "GET can't be processed. The connection is already closed.",
    'Redis connection to kit-redis:6379 failed - read ECONNRESET',
    'Stream connection ended and command aborted. It might have been processed.',
  ])('and answers 401 for what has failed in itself is not ready: %s', async (sessionFault) => {
    rig.kit.state.sessionFault = sessionFault
    const error = (await outcome(bearer())) as AppError

    expect(error).toMatchObject(notReady)
    // An address of the exchange's own network is nothing for its users.
    expect(error.message).not.toContain(sessionFault)
    expect(error.cause).toMatchObject({ message: expect.stringContaining(sessionFault) })
  })

  it('hands nothing of its error on, which may hold the exchange’s api key', async () => {
    const headers = { 'api-key': API_KEY }
    rig.kit.state.middlewareFault = () => {
      throw otherRealm.error('StatusCodeError', '500 - {}', { statusCode: 500, options: { headers } })
    }
    rig.kit.state.answersWhen = 'as a promise'
    const error = (await outcome(bearer())) as AppError

    expect(error.cause).toMatchObject({ message: 'token check failed: StatusCodeError 500' })
    expect(error.cause).not.toHaveProperty('options')
  })

  it('is never shown the address, in which some versions take the word "admin" for their own', async () => {
    for (const originalUrl of [
      '/plugins/bank/withdrawal/admin/batches',
      '/plugins/bank/withdrawal?search=admin',
    ]) {
      const request = { headers: { authorization: bearer() }, originalUrl, url: originalUrl, method: 'GET' }

      expect(await rig.authenticator.authenticate(request, ['user'])).toMatchObject({ userId: 7 })
      expect(request.originalUrl).toBe(originalUrl)
    }
  })
})
