import type { Request, Response } from 'express'

import { sha256 } from '../domain/digest'
import type { Clock } from '../ports/clock'
import type { Refusals } from './refusals'

/**
 * What one token may have under way: so many requests are worked at, a few more wait in line, the rest is refused; and
 * nothing at all while it has been told to wait. All before anybody is asked whose token it is, which costs the exchange a
 * look-up each.
 */
export interface Places {
  /**
   * @param enter Called with 0 when it is this request's turn, else with the seconds to wait. Never called when the
   *   client has gone.
   */
  ask(req: Request, res: Response, enter: (waitSeconds: number) => void): void
  /**
   * The same for who has been told to wait, before anything of the request is read.
   *
   * @returns false, and nothing has happened, for everybody else.
   */
  turnAway(req: Request, res: Response, enter: (waitSeconds: number) => void): boolean
  /** This request's token has asked too often; the request gives up its place. */
  tellToWait(req: Request, res: Response, seconds: number): void
}

/** As many as a page of a client asks for together. */
const LINE_MAX = 20
const TOKENS_MAX = 10_000
const LINE_FULL_SECONDS = 1

interface Waiting {
  readonly res: Response
  readonly enter: (waitSeconds: number) => void
}

interface Place {
  inside: number
  readonly line: Waiting[]
  waitsUntilMs: number
}

/** Asked for at the door and at the route. */
const names = new WeakMap<Request, string>()

function nameOf(req: Request): string {
  const known = names.get(req)
  if (known !== undefined) return known
  const made = sha256(req.headers.authorization ?? '')
  names.set(req, made)
  return made
}

/** @param atOnce How many are worked at together; 0 for any number. */
export function createPlaces(kind: string, atOnce: number, clock: Clock, refusals: Refusals): Places {
  const places = new Map<string, Place>()
  const leaving = new WeakMap<Response, () => void>()
  function placeOf(name: string): Place {
    const known = places.get(name)
    if (known) return known
    if (places.size >= TOKENS_MAX) dropIdle(places, clock.monotonicMs())
    const made = { inside: 0, line: [], waitsUntilMs: 0 }
    places.set(name, made)
    return made
  }

  function leave(name: string, place: Place): void {
    place.inside--
    const next = place.line.shift()
    if (next) begin(name, place, next)
    else if (place.inside === 0 && place.waitsUntilMs <= clock.monotonicMs()) places.delete(name)
  }

  function begin(name: string, place: Place, { res, enter }: Waiting): void {
    place.inside++
    const leaveOnce = () => {
      if (leaving.delete(res)) leave(name, place)
    }
    leaving.set(res, leaveOnce)
    res.once('close', leaveOnce)
    enter(0)
  }

  const refuse = (name: string, { res, enter }: Waiting, seconds: number) =>
    refusals.inTurn(name, res, () => enter(seconds))

  function turnAway(req: Request, res: Response, enter: Waiting['enter']): boolean {
    const name = `${kind} ${nameOf(req)}`
    const leftMs = (places.get(name)?.waitsUntilMs ?? 0) - clock.monotonicMs()
    if (leftMs > 0) refuse(name, { res, enter }, Math.ceil(leftMs / 1_000))
    return leftMs > 0
  }

  function waitInLine({ line }: Place, waiting: Waiting): void {
    line.push(waiting)
    waiting.res.once('close', () => {
      const at = line.indexOf(waiting)
      if (at >= 0) line.splice(at, 1)
    })
  }

  return {
    turnAway,
    ask(req, res, enter) {
      // While the host looked up a session, say. Its end is over, and nobody would ever give the place back.
      if (res.closed) return
      if (turnAway(req, res, enter)) return
      const name = `${kind} ${nameOf(req)}`
      const place = placeOf(name)
      if (atOnce === 0 || place.inside < atOnce) begin(name, place, { res, enter })
      else if (place.line.length < LINE_MAX) waitInLine(place, { res, enter })
      else refuse(name, { res, enter }, LINE_FULL_SECONDS)
    },
    tellToWait(req, res, seconds) {
      const name = `${kind} ${nameOf(req)}`
      const place = placeOf(name)
      place.waitsUntilMs = clock.monotonicMs() + seconds * 1_000
      // Each of the line would only hear the same, after somebody was asked whose token it is.
      for (const waiting of place.line.splice(0)) refuse(name, waiting, seconds)
      leaving.get(res)?.()
    },
  }
}

function dropIdle(places: Map<string, Place>, nowMs: number): void {
  for (const [name, { inside, waitsUntilMs }] of places)
    if (inside === 0 && waitsUntilMs <= nowMs) places.delete(name)
  // A flood of tokens that are all told to wait: the oldest are looked at again.
  for (const [name, { inside }] of places) {
    if (places.size < TOKENS_MAX) return
    if (inside === 0) places.delete(name)
  }
}
