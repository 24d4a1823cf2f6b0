import { type Request, type Response, Router } from 'express'

import { AppError } from '../errors'
import { handle } from './http'
import { once } from './once'
import { FOR_EVER } from './web-view'

export interface ApiPage {
  /** With `%s` before the name of each file: the way to it from where the page was asked for. */
  readonly html: string
  readonly files: readonly { readonly name: string; readonly type: string; readonly text: string }[]
}

/** Its own files and the description beside it: no other host, nothing that is written into the page, no frame. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", 'img-src data:', "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

/**
 * The API's description for people, as public as the one for programs. Its files change their names with their text.
 *
 * @param read null where there is none: a kit's plugin has no room for what renders it.
 */
export function apiPageRoutes(read: () => Promise<ApiPage | null>): Router {
  const router = Router()
  const carried = once(read)
  const page = async () => {
    const found = await carried()
    if (!found) throw nothingThere()
    return found
  }
  router.get(
    '/',
    handle(async (req, res) => {
      const { html } = await page()
      send(res, 'text/html', 'no-cache', html.replaceAll('%s', wayToFiles(req)))
    }),
  )
  router.get(
    '/:name',
    handle(async (req, res) => {
      const { files } = await page()
      const file = files.find(({ name }) => name === req.params.name)
      if (!file) throw nothingThere()
      send(res, file.type, FOR_EVER, file.text)
    }),
  )
  return router
}

const nothingThere = () => new AppError('route_not_found', 'There is no such address.')

/** A browser reads it from the address of the page, which may end in a slash or not. */
const wayToFiles = ({ originalUrl }: Request) => (/^[^?]*\/(?:\?|$)/.test(originalUrl) ? '' : 'docs/')

function send(res: Response, type: string, cache: string, text: string): void {
  res.setHeader('Content-Type', `${type}; charset=utf-8`)
  res.setHeader('Content-Security-Policy', POLICY)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('X-Frame-Options', 'DENY')
  res.setHeader('Cache-Control', cache)
  res.send(text)
}
