import type { KitState } from './fake-kit-state'
import { otherRealm } from './other-realm'

export interface FakeToken {
  readonly sub: unknown
  readonly scopes?: unknown
  readonly iss?: string
  readonly is_sharedaccount?: boolean
  /** What the kit's table of sessions says of it; not part of a real token. */
  readonly session?: 'missing' | 'revoked' | 'expired'
}

/** The fake kit believes whatever a token says, so that a test can say anything. */
export const fakeToken = (token: FakeToken): string =>
  `header.${Buffer.from(JSON.stringify({ iss: 'kit.example', ...token })).toString('base64url')}.signature`

interface ExpressResponse {
  status(code: number): { json(body: unknown): unknown }
}

type Next = (error?: unknown) => void

/** `verifyBearerTokenExpressMiddleware` (kit.md 6.6): it answers a refused request by itself. */
export const bearerCheck =
  (state: KitState, scopes: readonly string[]) =>
  (req: object, res: object, next: Next): unknown => {
    const request = req as {
      headers: Record<string, string | undefined>
      originalUrl?: string
      method?: string
      res: ExpressResponse
      auth?: unknown
    }
    const decide = (): void => {
      if (state.middlewareFault) return void state.middlewareFault(next)
      let verdict: ReturnType<typeof judge> = judge(state, request.headers.authorization, scopes)
      const address = request.originalUrl ?? ''
      if ('auth' in verdict && state.refusesAdminAddresses && address.includes('admin'))
        verdict = { refused: `No permission configured for ${address} ${request.method}` }
      if ('auth' in verdict) {
        request.auth = otherRealm.copy(verdict.auth)
        return next()
      }
      const response = state.answersThrough === 'res' ? (res as ExpressResponse) : request.res
      const message = `Access denied: ${verdict.refused}`
      // Told apart by its text, as the kit does.
      const status = verdict.refused.includes('not authorized') ? 403 : 401
      response.status(status).json(otherRealm.copy({ message }))
    }
    switch (state.answersWhen) {
      case 'at once':
        return decide()
      case 'later':
        return void setImmediate(decide)
      case 'as a promise':
        return otherRealm.native<void>((resolve, reject) => {
          setImmediate(() => {
            try {
              resolve(decide())
            } catch (error) {
              reject(error)
            }
          })
        })
      case 'never':
        return undefined
    }
  }

function judge(
  state: KitState,
  header: string | undefined,
  scopes: readonly string[],
): { auth: FakeToken } | { refused: string } {
  if (!header?.startsWith('Bearer ')) return { refused: 'Bearer or api-key authentication required' }
  const token = read(header.slice('Bearer '.length))
  if (!token) return { refused: 'Token is invalid' }
  if (token.iss !== state.issuer) return { refused: 'Token is expired' }
  const held = Array.isArray(token.scopes) ? (token.scopes as unknown[]) : []
  if (!scopes.some((scope) => held.includes(scope)))
    return { refused: 'User is not authorized to access this endpoint' }
  const id = (token.sub as { id?: unknown } | null)?.id
  if (state.frozenUsers.has(id as number)) return { refused: 'This account is deactivated' }
  if (state.sessionFault !== null) return { refused: state.sessionFault }
  if (token.session === 'missing') return { refused: 'Session not found' }
  if (token.session === 'revoked') return { refused: 'Token is already revoked' }
  if (token.session === 'expired') return { refused: 'Token is expired' }
  return { auth: token }
}

function read(token: string): FakeToken | null {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as FakeToken
  } catch {
    return null
  }
}
