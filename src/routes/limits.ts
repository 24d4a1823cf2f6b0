import { isIP } from 'node:net'

import type { Request, RequestHandler, Response } from 'express'

import { AppError } from '../errors'
import type { Clock } from '../ports/clock'
import type { RequestLimits } from '../services/limits/request-limits'
import { identityOf } from './http'
import { createPlaces, type Places } from './places'
import { createRefusals } from './refusals'

/** What is counted apart from each other. */
export type RouteKind = 'create' | 'cancel' | 'read'
type LimitKind = RouteKind | 'code'

export interface LimitRules {
  readonly createsPerMinute: number
  readonly cancelsPerMinute: number
  readonly readsPerMinute: number
  readonly readsAtOnce: number
  readonly actsAtOnce: number
  readonly codesPerMinute: number
  readonly addressPerMinute: number
  readonly addressHeader: string
}

export interface RouteLimits {
  /** Lets `user` find out who it is, and turns away whom that says to wait. */
  of(kind: RouteKind, user: RequestHandler): RequestHandler[]
  /** Before anybody is asked who it is. */
  readonly atTheDoor: RequestHandler
}

/** A household, an office or a mobile network stand behind one address. */
const USERS_OF_AN_ADDRESS = 10

const SETTING_OF = {
  create: 'createsPerMinute',
  cancel: 'cancelsPerMinute',
  read: 'readsPerMinute',
  code: 'codesPerMinute',
} as const satisfies Record<LimitKind, keyof LimitRules>

/** Turns away who asks for too much, with a sentence and the time to wait. */
export function createRouteLimits(deps: {
  readonly limits: RequestLimits
  readonly clock: Clock
  readonly rules: LimitRules
}): RouteLimits {
  const { limits, clock, rules } = deps
  const refusals = createRefusals(clock)
  const placesFor = (kind: RouteKind, atOnce: number) => createPlaces(kind, atOnce, clock, refusals)
  const places: Readonly<Record<RouteKind, Places>> = {
    create: placesFor('create', rules.actsAtOnce),
    cancel: placesFor('cancel', rules.actsAtOnce),
    read: placesFor('read', rules.readsAtOnce),
  }

  /** Asked for at the door, and for each limit behind it. */
  const addresses = new WeakMap<Request, string | null>()
  function knownAddressOf(req: Request): string | null {
    const known = addresses.get(req)
    if (known !== undefined) return known
    const address = addressOf(req, rules.addressHeader)
    addresses.set(req, address)
    return address
  }

  function counted(kind: LimitKind, req: Request, res: Response): AppError | null {
    const perMinute = rules[SETTING_OF[kind]]
    if (perMinute === 0) return null
    const { userId } = identityOf(res)
    const seconds = limits.take(`${kind}:user:${userId}`, perMinute)
    if (seconds > 0) return tooMany(seconds)
    const address = knownAddressOf(req)
    if (address === null) return null
    const wait = limits.take(`${kind}:address:${address}`, perMinute * USERS_OF_AN_ADDRESS)
    return wait > 0 ? tooMany(wait) : null
  }

  return {
    of: (kind, user) => [
      (req, res, next) => {
        places[kind].ask(req, res, (seconds) => next(seconds > 0 ? tooMany(seconds) : undefined))
      },
      user,
      (req, res, next) => {
        const hasCode =
          kind === 'create' && Boolean((req.body as { otp_code?: unknown } | undefined)?.otp_code)
        const refused = counted(kind, req, res)
        if (!refused) return next((hasCode ? counted('code', req, res) : null) ?? undefined)
        places[kind].tellToWait(req, res, refused.retryAfterSeconds ?? 1)
        // With however many tokens.
        return refusals.inTurn(`${kind}:user:${identityOf(res).userId}`, res, () => next(refused))
      },
    ],
    atTheDoor(req, res, next) {
      // Who looks after us, and providers, who come in bursts and show a signature.
      if (/^\/(health|webhooks)(\/|$)/i.test(req.path)) return next()
      const address = rules.addressPerMinute === 0 ? null : knownAddressOf(req)
      const name = `door:address:${address}`
      const seconds = address === null ? 0 : limits.take(name, rules.addressPerMinute)
      if (seconds > 0) return refusals.inTurn(name, res, () => next(tooMany(seconds)))
      const kind = kindOf(req)
      const isTurnedAway = kind && places[kind].turnAway(req, res, (wait) => next(tooMany(wait)))
      if (!isTurnedAway) next()
    },
  }
}

/** Of what users ask for, seen from outside; null where it is something else. */
function kindOf({ method, path }: Request): RouteKind | null {
  if (method === 'POST') return path === '/' ? 'create' : /^\/[^/]+\/cancel\/?$/i.test(path) ? 'cancel' : null
  return method === 'GET' && !OTHERS.test(path) ? 'read' : null
}

const OTHERS = /^\/(admin|docs|metrics|openapi\.json|web)(\/|$)/i

/**
 * Where a request comes from, as what is counted together; null where that says nothing: a private address is that of
 * a proxy, behind which everybody is, unless a header says who.
 */
export function addressOf(req: Request, header: string): string | null {
  const written = header === '' ? undefined : req.headers[header]
  // Of a list the last one was written by the proxy next to us; those before it by whoever liked to.
  const said = (Array.isArray(written) ? written.join() : (written ?? '')).split(',').at(-1)?.trim() ?? ''
  if (isIP(said)) return networkOf(said)
  const address = req.ip ?? ''
  return isIP(address) && !PRIVATE.test(address) ? networkOf(address) : null
}

const PRIVATE =
  /^((::ffff:)?(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|::1$|f[cd]|fe80)/i

/** Of IPv6 a customer has a whole network: 2^64 addresses would be as many limits. */
function networkOf(address: string): string {
  if (isIP(address) === 4) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [left = '', right] = address.toLowerCase().split('%')[0]?.split('::') ?? []
  const groups = left === '' ? [] : left.split(':')
  const behind = right === undefined || right === '' ? 0 : right.split(':').length
  const filled =
    right === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - behind).fill('0')]
  return [...filled, '0', '0', '0', '0']
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

const tooMany = (seconds: number): AppError =>
  new AppError(
    'too_many_requests',
    `That was too often. Please wait ${seconds} second${seconds === 1 ? '' : 's'} and try again.`,
    { retryAfterSeconds: seconds },
  )
