import { createHash } from 'node:crypto'

import type { Request, Response } from 'express'

import type { Clock } from '../ports/clock'

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
  /** This request's token has asked too often. */
  tellToWait(req: Request, seconds: number): void
}

/** As many as a page of a client asks for together. */
const LINE_MAX = 20
/** Who goes on after being told to wait is let feel it: an answer at once would be the next request's beginning. */
const QUICK_REFUSALS = 10
const HELD_MS = 1_000
const TOKENS_MAX = 10_000
const LINE_FULL_SECONDS = 1

interface Place {
  inside: number
  readonly line: (() => void)[]
  waitsUntilMs: number
  refused: number
}

/** @param atOnce How many are worked at together; 0 for any number. */
export function createPlaces(kind: string, atOnce: number, clock: Clock): Places {
  const places = new Map<string, Place>()
  const nameOf = (req: Request) =>
    createHash('sha256')
      .update(req.headers.authorization ?? '')
      .digest('base64')

  function placeOf(name: string): Place {
    const known = places.get(name)
    if (known) return known
    if (places.size >= TOKENS_MAX) dropIdle(places, clock.monotonicMs())
    const made = { inside: 0, line: [], waitsUntilMs: 0, refused: 0 }
    places.set(name, made)
    return made
  }

  function leave(name: string, place: Place): void {
    place.inside--
    const next = place.line.shift()
    if (next) next()
    else if (place.inside === 0 && place.waitsUntilMs <= clock.monotonicMs()) places.delete(name)
  }

  function refuse(place: Place, seconds: number, enter: (waitSeconds: number) => void): void {
    place.refused++
    if (place.refused <= QUICK_REFUSALS) enter(seconds)
    else clock.setTimer(HELD_MS, () => enter(seconds))
  }

  function begin(name: string, place: Place, res: Response, enter: (waitSeconds: number) => void): void {
    place.inside++
    res.once('close', () => leave(name, place))
    enter(0)
  }

  return {
    ask(req, res, enter) {
      const name = `${kind} ${nameOf(req)}`
      const place = placeOf(name)
      const leftMs = place.waitsUntilMs - clock.monotonicMs()
      if (leftMs > 0) return refuse(place, Math.ceil(leftMs / 1_000), enter)
      if (atOnce === 0 || place.inside < atOnce) {
        place.refused = 0
        return begin(name, place, res, enter)
      }
      if (place.line.length >= LINE_MAX) return refuse(place, LINE_FULL_SECONDS, enter)
      const turn = () => begin(name, place, res, enter)
      place.line.push(turn)
      res.once('close', () => {
        const at = place.line.indexOf(turn)
        if (at >= 0) place.line.splice(at, 1)
      })
    },
    tellToWait(req, seconds) {
      placeOf(`${kind} ${nameOf(req)}`).waitsUntilMs = clock.monotonicMs() + seconds * 1_000
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
