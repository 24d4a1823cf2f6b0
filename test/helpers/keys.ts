import { createHash } from 'node:crypto'

import type { EncryptionKey } from '../../src/domain/encryption-key'

/** As good as random, and the same in every run. */
export const keyOf = (id: string): EncryptionKey => ({
  id,
  secret: createHash('sha256').update(`test key ${id}`).digest(),
})

/** As it is written in the settings. */
export const keyNamed = (id: string): string => `${id}:${Buffer.from(keyOf(id).secret).toString('base64')}`
