/** The standalone server's page: where its API is, and whose token was given. */

export interface Session {
  readonly base: string
  readonly token: string
  /** Whose it is, as far as the token says: it is only told apart by it, never trusted. */
  readonly owner: string
}

const STORED_AS = 'withdrawals-user-token'

export const ownBase = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="base-path"]')?.content ?? ''

export const keepSession = (token: string): Session => {
  sessionStorage.setItem(STORED_AS, token)
  return sessionOf(token)
}

export const findSession = (): Session | null => {
  const token = sessionStorage.getItem(STORED_AS)
  return token === null ? null : sessionOf(token)
}

export const forgetSession = (): void => sessionStorage.removeItem(STORED_AS)

const sessionOf = (token: string): Session => ({ base: ownBase(), token, owner: ownerOf(token) })

function ownerOf(token: string): string {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    const { sub } = JSON.parse(atob(payload)) as { sub?: { id?: unknown } | string }
    return JSON.stringify(typeof sub === 'object' ? sub.id : sub)
  } catch {
    return token.slice(-16)
  }
}
