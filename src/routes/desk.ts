import { Router } from 'express'

import { AppError } from '../errors'
import { handle } from './http'
import { once } from './once'

/** The page says what it may do; what only a header can say, and what is narrower where we serve it, is put in here. */
function policyOf(page: string): string {
  const [, own] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page) ?? []
  if (own === undefined) throw new Error('The page has no policy.')
  const parts = own.split('; ').map((part) => (part.startsWith('connect-src') ? `connect-src 'self'` : part))
  return [...parts, `frame-ancestors 'none'`].join('; ')
}

/**
 * A page for everybody: it holds nothing and asks for a token. Nobody else may frame it, and nothing but its own script
 * runs in it.
 *
 * @param read null where there is none: a kit shows the operators' in its own panel.
 * @param basePath For a page that lies elsewhere than its API.
 */
export function pageRoutes(read: () => Promise<string | null>, basePath = ''): Router {
  const router = Router()
  const page = once(read)
  router.get(
    '/',
    handle(async (_req, res) => {
      const html = await page()
      if (html === null) throw new AppError('route_not_found', 'There is no such address.')
      res.setHeader('Content-Type', 'text/html; charset=utf-8')
      res.setHeader('Content-Security-Policy', policyOf(html))
      res.setHeader('X-Content-Type-Options', 'nosniff')
      res.setHeader('Referrer-Policy', 'no-referrer')
      res.setHeader('X-Frame-Options', 'DENY')
      res.setHeader('Cache-Control', 'no-cache')
      res.send(html.replace('name="base-path" content=""', `name="base-path" content="${basePath}"`))
    }),
  )
  return router
}
