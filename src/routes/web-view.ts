import { Router } from 'express'

import { AppError } from '../errors'
import { handle } from './http'
import { once } from './once'

export interface WebView {
  readonly name: string
  readonly text: string
}

/** A year, which is as long as anything is kept; another text has another name. */
export const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * The users' page for a kit's web app, which loads it by its address. A page that was opened before an upgrade asks for
 * the name of then: it gets what there is now, and keeps that for nobody.
 */
export function webViewRoutes(read: () => Promise<WebView>): Router {
  const router = Router()
  const view = once(read)
  router.get(
    '/:name',
    handle(async (req, res) => {
      const { name, text } = await view()
      if (!isNameOf(name, String(req.params.name)))
        throw new AppError('route_not_found', 'There is no such address.')
      res.setHeader('Content-Type', 'text/javascript; charset=utf-8')
      res.setHeader('X-Content-Type-Options', 'nosniff')
      // The web app of an exchange may lie at another origin than its API; there is nothing in here but a program.
      res.setHeader('Access-Control-Allow-Origin', '*')
      res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
      res.setHeader('Cache-Control', req.params.name === name ? FOR_EVER : 'no-store')
      res.send(text)
    }),
  )
  return router
}

/** Of this version or of another. */
const isNameOf = (name: string, asked: string): boolean =>
  /^\w+\.[0-9a-f]{16}\.js$/.test(asked) && asked.split('.')[0] === name.split('.')[0]
