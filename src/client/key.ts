/** A key for one attempt to withdraw. */
export function newIdempotencyKey(): string {
  // `randomUUID` is only there in pages that came over TLS.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
