import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'

const STEP_SECONDS = 30

/** RFC 6238 with SHA-1 and six digits, as authenticator apps make it. */
export function totp(secret: string, atMs: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 1000 / STEP_SECONDS)))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0x0f
  const code = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000
  return String(code).padStart(6, '0')
}

/** Accepts the code of the step before and after, for clocks that are half a minute off. */
export function isTotp(secret: string, code: unknown, atMs: number): boolean {
  if (typeof code !== 'string' || !/^[0-9]{6}$/.test(code)) return false
  return [-1, 0, 1].some((step) =>
    timingSafeEqual(Buffer.from(totp(secret, atMs + step * STEP_SECONDS * 1000)), Buffer.from(code)),
  )
}
