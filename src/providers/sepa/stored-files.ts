import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'

import type { FileAge, ProviderDocuments } from '../../ports/payment-provider'

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

  /** Whether its content was erased. */
  isForgotten: async ({ sha256 }: StoredFile): Promise<boolean> =>
    (await documents.read(`${FORGOTTEN}${sha256}`)) !== null,

  /** When the content of each file that has none any more was erased, by hash. */
  async forgotten(): Promise<ReadonlyMap<string, string>> {
    const found = await documents.list(FORGOTTEN)
    return new Map(found.map(({ id, value }) => [id.slice(FORGOTTEN.length), (value as { at: string }).at]))
  },

  /**
   * Erases what is in files whose time is over. A file that no order came of paid nobody, and is over by itself.
   *
   * @param paymentsIn By hash; null where no order came of it.
   */
  async forget(
    age: FileAge,
    at: Date,
    paymentsIn: (sha256: string) => Promise<readonly { readonly key: string }[] | null>,
  ): Promise<number> {
    // A file without payments was never made: what is in this one cannot be told.
    const areOver = async (payments: readonly { readonly key: string }[]) =>
      payments.length > 0 && (await age.areOver(payments.map(({ key }) => key)))
    const pieces = new Map<string, string[]>()
    for (const id of await age.old(FILE)) {
      const sha256 = id.slice(FILE.length).split('/')[0] ?? ''
      pieces.set(sha256, [...(pieces.get(sha256) ?? []), id])
    }
    let count = 0
    for (const [sha256, ids] of pieces) {
      const payments = await paymentsIn(sha256)
      const isOver = payments === null || (await areOver(payments))
      if (!isOver) continue
      // First: whoever finds no content is to know that it was meant to go.
      await documents.create(`${FORGOTTEN}${sha256}`, { at: at.toISOString() })
      await age.remove(sha256, ids)
      count++
    }
    return count
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

const FILE = 'file/'
const FORGOTTEN = 'forgotten/'
const idOf = (sha256: string, at: number): string => `${FILE}${sha256}/${String(at).padStart(4, '0')}`
