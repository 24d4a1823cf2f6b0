import { Buffer } from 'node:buffer'
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

const KEY_BYTES = 32

/**
 * The sandbox's signing key, kept in a file so that tokens outlive a restart and can be made while the server
 * runs. Whoever comes first makes it.
 *
 * @throws {Error} The file holds no key. With an empty one anybody could sign.
 */
export function sandboxKey(directory: string): KeyObject {
  const file = path.join(directory, 'sandbox-token.key')
  if (!fs.existsSync(file)) makeKey(directory, file)
  const key = Buffer.from(fs.readFileSync(file, 'utf8').trim(), 'base64')
  if (key.length !== KEY_BYTES)
    throw new Error(`${file} holds no key. Delete it and start again; tokens made until then are void.`)
  return createSecretKey(key)
}

/** In one step, complete or not at all: another process may read it in the same moment. */
function makeKey(directory: string, file: string): void {
  fs.mkdirSync(directory, { recursive: true })
  const mine = `${file}.${randomBytes(4).toString('hex')}`
  fs.writeFileSync(mine, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600 })
  try {
    fs.linkSync(mine, file)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  } finally {
    fs.rmSync(mine, { force: true })
  }
}
