import type { RequestHandler, Router } from 'express'

export interface MountedRoute {
  /** `GET /list`. HEAD comes with each GET. */
  readonly route: string
  readonly handlers: readonly RequestHandler[]
}

interface Layer {
  readonly rawPath: string
  readonly route?: { readonly methods: Record<string, boolean>; readonly stack: { handle: RequestHandler }[] }
  readonly handle: RequestHandler & { readonly stack?: unknown }
}

/** Every route of a router and of those mounted on it, behind the base path, with what it runs. */
export function mountedRoutes(router: Router, base: string, at = ''): MountedRoute[] {
  const layers = (router as unknown as { stack: Layer[] }).stack
  return layers.flatMap(({ rawPath, route, handle }) => {
    const full = `${at}${rawPath}`.replace(/\/{2,}/g, '/')
    if (!route) return Array.isArray(handle.stack) ? mountedRoutes(handle as Router, base, full) : []
    const shown = full.replace(/(.)\/$/, '$1').replace(new RegExp(`^${base}(?=/|$)`), '') || '/'
    const handlers = route.stack.map((layer) => layer.handle)
    return Object.keys(route.methods).map((method) => ({
      route: `${method.toUpperCase()} ${shown}`,
      handlers,
    }))
  })
}
