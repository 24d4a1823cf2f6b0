import type { SandboxTokens } from './tokens'

type Response = { status(code: number): { json(body: unknown): unknown } }

/** Answers as the kit's middleware does, through `req.res`. */
export function bearerCheck(
  tokens: SandboxTokens,
  findUser: (id: number) => Promise<{ readonly deactivated: boolean } | undefined>,
  scopes: readonly string[],
) {
  return async (req: object, _res: object, next: (error?: unknown) => void) => {
    const request = req as { headers: Record<string, unknown>; res: Response; auth?: unknown }
    const refuse = (status: number, why: string) =>
      request.res.status(status).json({ message: `Access denied: ${why}` })
    const header = request.headers.authorization
    if (typeof header !== 'string' || !header.startsWith('Bearer '))
      return refuse(401, 'Bearer or api-key authentication required')
    const token = tokens.verify(header.slice('Bearer '.length).trim())
    if (token === null) return refuse(401, 'Token is invalid')
    if (token === 'wrong_issuer') return refuse(401, 'Token is expired')
    if (!Array.isArray(token.scopes) || !token.scopes.some((scope) => scopes.includes(scope as string)))
      return refuse(403, 'User is not authorized to access this endpoint')
    if (Number.isSafeInteger(token.sub?.id) && (await findUser(token.sub.id))?.deactivated)
      return refuse(401, 'This account is deactivated')
    request.auth = token
    return next()
  }
}
