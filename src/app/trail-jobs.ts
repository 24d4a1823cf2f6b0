import { createHeadSigner, createTrailHeads } from '../services/trail-heads'
import type { Job } from '../workers/schedule'
import type { Wired } from './wired'

/** A day is signed once, an hour after its end; who was away then does it at the next look. */
const EVERY_HOUR = '20 * * * *'

/** None without a key to sign with. */
export function trailJobs({ config, trail, logger }: Pick<Wired, 'config' | 'trail' | 'logger'>): Job[] {
  const signer = createHeadSigner(config.encryptionKeys, config.hashKey)
  if (!signer) return []
  const run = createTrailHeads({ trail, signer, logger })
  return [{ name: 'trail heads', expression: EVERY_HOUR, timezone: 'UTC', run }]
}
