import { createHmac, timingSafeEqual } from 'node:crypto'

import type { TrailStore } from '../db/trail'
import type { EncryptionKey } from '../domain/encryption-key'
import { hashOfHead, nextDayEnd, readHead, type SignedHead, writeHead } from '../domain/trail-head'
import { errorFields } from '../errors'
import type { Logger } from '../ports/logger'

/** Signs heads with a key that is not in the database. */
export interface HeadSigner {
  sign(content: string): string
  isOurs(head: SignedHead): boolean
}

/** The hash key, which never changes, does two things: what it signs is told apart from accounts it has hashed. */
const PURPOSE = 'bank-withdrawal trail head 1'
/** A day's proof is never taken for a head, nor a head for a proof. */
export const PROOF_PURPOSE = 'bank-withdrawal payout proof 1'

/** @returns null without a key: whoever can write to the database could sign, too. */
export function createHeadSigner(
  keys: readonly EncryptionKey[],
  hashKey: Uint8Array | null,
  purpose = PURPOSE,
): HeadSigner | null {
  const secret = hashKey ?? keys.at(-1)?.secret
  if (!secret) return null
  const key = createHmac('sha256', secret).update(purpose).digest()
  const digestOf = (content: string) => createHmac('sha256', key).update(content).digest()
  return {
    sign: (content) => digestOf(content).toString('hex'),
    isOurs({ content, signature }) {
      const given = Buffer.from(signature, 'hex')
      return given.length === 32 && timingSafeEqual(given, digestOf(content))
    },
  }
}

/**
 * Signs each day that is over, once, whichever instance comes first. The log gets each head too: where logs are collected,
 * there is a copy out of reach of whoever can write to the database.
 *
 * @returns How many were made. Never rejects: what goes wrong is logged, and tried again the next time.
 */
export type TrailHeads = () => Promise<number>

/** Of a trail that is years old when heads begin, the rest waits an hour. */
const HEADS_A_RUN = 400

export const createTrailHeads =
  (deps: { trail: TrailStore; signer: HeadSigner; logger: Logger }): TrailHeads =>
  async () => {
    let made = 0
    try {
      while (made < HEADS_A_RUN && (await makeNext(deps))) made++
    } catch (error) {
      deps.logger.warn('trail.failed', errorFields(error))
    }
    return made
  }

/** @returns false where nothing is to be done. */
async function makeNext({ trail, signer, logger }: Parameters<typeof createTrailHeads>[0]): Promise<boolean> {
  const last = await trail.lastHead()
  const earlier = last && signer.isOurs(last) ? readHead(last.content) : null
  if (last && !earlier) {
    // One signed on top of it would vouch for it.
    logger.error('trail.head_forged', { nth: last.nth, explanation: FORGED })
    return false
  }
  const now = await trail.now()
  const begins = earlier ? new Date(earlier.until) : await trail.beginning()
  const end = begins && nextDayEnd(begins, now)
  if (!end) return false
  const since = earlier?.until ?? null
  const until = end.toISOString()
  const [{ entries, digest }, action] = [await trail.digestOf(since, until), await trail.lastAction()]
  const nth = (last?.nth ?? 0) + 1
  const content = writeHead({
    ...{ nth, since, until, entries, digest, actions: action.nth, actionHash: action.hash },
    ...{ madeAt: now.toISOString(), before: last ? hashOfHead(last) : '' },
  })
  const head = { nth, content, signature: signer.sign(content) }
  const isFirst = await trail.addHead(head)
  if (isFirst) logger.info('trail.head', head)
  return isFirst
}

const FORGED =
  'The last head over the trail was not signed by this program with this key. No further one is made: run npm run verify, and compare with copies.'
