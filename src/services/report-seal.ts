import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'

import type { EncryptionKey } from '../domain/encryption-key'
import type { Randomness } from '../ports/clock'
import { createSealedBox, SealError } from './sealed-box'

/** Seals the bytes of bank reports, which hold names and account numbers. */
export interface ReportSeal {
  seal(of: ReportName, bytes: Uint8Array): Promise<string>
  /** @throws {SealError} They are not the bytes that were handed in, or the key is not configured. */
  open(of: ReportName, sealed: string): Promise<Uint8Array>
  /** The stored value for the newest key; null where it is that already. @throws {SealError} As `open`. */
  rotate(of: ReportName, sealed: string): Promise<string | null>
}

export interface ReportName {
  readonly provider: string
  /** SHA-256 of the bytes, in hex. */
  readonly documentId: string
}

const SEALED = 'sealed:'
const PLAIN = 'plain:'
const compressed = promisify(gzip)
const expanded = promisify(gunzip)

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export function createReportSeal(
  keys: readonly EncryptionKey[],
  random: Pick<Randomness, 'bytes'>,
): ReportSeal {
  const box = createSealedBox(keys, random)
  const bindingOf = ({ provider, documentId }: ReportName) => `report:${provider}/${documentId}`
  const isCurrent = (sealed: string) => keys.length === 0 || sealed.startsWith(`${SEALED}${keys[0]?.id}:`)
  const self: ReportSeal = {
    async seal(of, bytes) {
      const text = (await compressed(bytes)).toString('base64')
      return keys.length === 0 ? PLAIN + text : SEALED + box.seal(text, bindingOf(of))
    },
    rotate: async (of, sealed) => (isCurrent(sealed) ? null : self.seal(of, await self.open(of, sealed))),
    async open(of, sealed) {
      const text = sealed.startsWith(PLAIN)
        ? sealed.slice(PLAIN.length)
        : box.open(sealed.slice(SEALED.length), bindingOf(of))
      const bytes = await expanded(Buffer.from(text, 'base64')).catch((): never => {
        throw new SealError('damaged')
      })
      if (digestOf(bytes) !== of.documentId) throw new SealError('damaged')
      return bytes
    },
  }
  return self
}
