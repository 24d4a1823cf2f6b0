import type { RequestHandler } from 'express'

import { createDocument, type Dialect } from './openapi/document'

/** The API's description, with the address it is asked at: a host may have mounted us anywhere. */
export function openApiRoute(dialect: Dialect | null): RequestHandler {
  let document: ReturnType<typeof createDocument> | null = null
  return (req, res) => {
    document ??= createDocument(dialect)
    res.setHeader('Cache-Control', 'no-cache')
    res.json({ ...document, servers: [{ url: req.baseUrl === '' ? '/' : req.baseUrl }] })
  }
}
