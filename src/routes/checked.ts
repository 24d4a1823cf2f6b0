import type { RequestHandler } from 'express'
import { body, type CustomValidator, header, param, query, type ValidationChain } from 'express-validator'

const PLACES = { body, header, param, query } as const
export type Place = keyof typeof PLACES

/**
 * A validator of express-validator, with our own check of what a request has there.
 *
 * A chain binds a hundred and fifty functions, of which we use one. So it is made when it is first asked, and none while a kit's
 * plugin server stands still for a start.
 *
 * @param name Left out for the whole body.
 */
export function checked(place: Place, name: string | undefined, check: CustomValidator): RequestHandler {
  let chain: ValidationChain | null = null
  return (req, res, next) => {
    chain ??= PLACES[place](name).custom(check)
    return chain(req, res, next)
  }
}
