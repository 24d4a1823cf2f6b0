/** A key that seals what is stored of an account. */
export interface EncryptionKey {
  /** Stored in front of each value, so that old values stay readable after a rotation. */
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
}
