import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'

import type { ProviderDocuments } from '../../ports/payment-provider'

/** A file of 5,000 payments is some megabytes; packed, it is about one piece. Pieces keep every document small. */
const PIECE_LENGTH = 512 * 1024

export interface StoredFile {
  readonly sha256: string
  readonly pieces: number
}

/**
 * Files in documents, under the hash of their content: two writers of different content can never mix, and writing
 * the same content twice changes nothing.
 */
export const storedFiles = (documents: ProviderDocuments) => ({
  async save(content: Buffer): Promise<StoredFile> {
    const sha256 = sha256Of(content)
    const packed = gzipSync(content).toString('base64')
    const pieces = Math.ceil(packed.length / PIECE_LENGTH)
    for (let at = 0; at < pieces; at++)
      await documents.create(idOf(sha256, at), packed.slice(at * PIECE_LENGTH, (at + 1) * PIECE_LENGTH))
    return { sha256, pieces }
  },

  /** @throws {Error} Something has changed what was stored; such bytes must not reach a bank. */
  async load({ sha256, pieces }: StoredFile): Promise<Buffer> {
    const parts: string[] = []
    for (let at = 0; at < pieces; at++) {
      const piece = (await documents.read(idOf(sha256, at)))?.value
      if (typeof piece !== 'string') throw new Error('A part of a stored payment file is missing.')
      parts.push(piece)
    }
    const content = gunzipSync(Buffer.from(parts.join(''), 'base64'))
    if (sha256Of(content) !== sha256) throw new Error('A stored payment file is not what was stored.')
    return content
  },
})

export type StoredFiles = ReturnType<typeof storedFiles>

export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

const idOf = (sha256: string, at: number): string => `file/${sha256}/${String(at).padStart(4, '0')}`
