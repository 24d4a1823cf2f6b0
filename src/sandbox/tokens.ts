import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

import jwt from 'jsonwebtoken'

/** What a kit puts into its tokens. */
export interface SandboxToken {
  readonly sub: { readonly id: number; readonly email: string; readonly networkId: number }
  readonly scopes: readonly string[]
  readonly is_sharedaccount?: boolean
}

const ISSUER = 'sandbox-kit'
const LIFETIME = '30d'

export interface SandboxTokens {
  sign(userId: number, scopes: readonly string[]): string
  /** @returns null for a token that is not ours, was changed, or is over. */
  verify(token: string): SandboxToken | 'wrong_issuer' | null
}

/** A KeyObject made once: with a string secret each check first fails at parsing it as a public key. */
export function createSandboxTokens(key: KeyObject): SandboxTokens {
  return {
    sign: (userId, scopes) =>
      jwt.sign(
        {
          sub: { id: userId, email: `user${userId}@sandbox.example`, networkId: 1000 + userId },
          scopes,
          iss: ISSUER,
        },
        key,
        { algorithm: 'HS256', expiresIn: LIFETIME },
      ),
    verify(token) {
      try {
        const decoded = jwt.verify(token, key, { algorithms: ['HS256'] }) as unknown as SandboxToken & {
          iss?: unknown
        }
        return decoded.iss === ISSUER ? decoded : 'wrong_issuer'
      } catch {
        return null
      }
    },
  }
}

/**
 * The sandbox's signing key, kept in a file so that tokens outlive a restart and can be made while the server
 * runs. Whoever comes first makes it.
 */
export function sandboxKey(directory: string): KeyObject {
  const file = path.join(directory, 'sandbox-token.key')
  fs.mkdirSync(directory, { recursive: true })
  try {
    fs.writeFileSync(file, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  return createSecretKey(fs.readFileSync(file, 'utf8').trim(), 'base64')
}
