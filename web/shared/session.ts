/** Where the page runs, and with whose word it asks. */

export interface Session {
  /** Where the plugin is served. */
  readonly base: string
  readonly token: string
}

const BASE_PATH = '/plugins/bank/withdrawal'
const STORED_AS = 'withdrawals-desk-token'

interface Panel {
  /** The name under which the panel keeps its token. */
  readonly plugin_key?: unknown
  /** Where plugins are served. */
  readonly plugin_url?: unknown
}

/** The operator panel of a kit around us, if there is one: it shares its origin, and says where its API is. */
function panel(): Panel | null {
  if (window.parent === window) return null
  try {
    const { plugin_key, plugin_url } = window.parent as unknown as Panel
    return plugin_key === undefined && plugin_url === undefined ? null : { plugin_key, plugin_url }
  } catch {
    // Another site's page: not ours to look into.
    return null
  }
}

export const isFramed = (): boolean => window.parent !== window

/** `/any/path/admin/` is where this page is served; the API is beside it. */
const ownBase = (): string => window.location.pathname.replace(/\/admin\/?$/, '')

export function findSession(): Session | null {
  const around = panel()
  if (around) {
    const { plugin_key: key, plugin_url: url } = around
    const token = typeof key === 'string' ? localStorage.getItem(key) : null
    const base = `${typeof url === 'string' ? url.replace(/\/+$/, '') : ''}${BASE_PATH}`
    return token === null || token === '' ? null : { base, token }
  }
  const token = sessionStorage.getItem(STORED_AS)
  return token === null ? null : { base: ownBase(), token }
}

/** Until the tab is closed. */
export function keepSession(token: string): Session {
  sessionStorage.setItem(STORED_AS, token)
  return { base: ownBase(), token }
}

export const forgetSession = (): void => sessionStorage.removeItem(STORED_AS)

/** Whether signing in and out is ours to offer. */
export const ownsSession = (): boolean => panel() === null

/** The standalone server sends whoever comes to its front door here with this mark. */
export const isSandbox = (): boolean => new URLSearchParams(window.location.search).has('sandbox')

/** From now on nothing but the API is spoken to. */
export function narrowConnections({ base }: Session): void {
  // A frame that was given its text has no address of its own to count from.
  const { location } = window.location.protocol === 'about:' ? window.parent : window
  const { origin } = new URL(base, location.href)
  const meta = document.createElement('meta')
  meta.httpEquiv = 'Content-Security-Policy'
  meta.content = `connect-src ${origin}`
  document.head.append(meta)
}
