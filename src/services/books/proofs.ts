import type { BooksStore } from '../../db/books'
import type { NoticeStore } from '../../db/notices'
import type { NoticeKind } from '../../domain/notices'
import { dayFrom, hashOfProof, isClosed, type PayoutProof, writeProof } from '../../domain/payout-proof'
import { redactText } from '../../domain/redaction'
import { AppError, describeError, errorFields } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { HeadSigner } from '../trail-heads'

export interface ProofDeps {
  readonly books: Pick<BooksStore, 'now' | 'readDay' | 'keepProof' | 'findProof' | 'listProofs'>
  /** null without a key. */
  readonly signer: Pick<HeadSigner, 'sign'> | null
  /** Tells operators who are not looking. */
  readonly notices: Pick<NoticeStore, 'raise' | 'clear'>
  readonly logger: Logger
}

/** A day, as it is said. */
export interface SaidProof {
  readonly proof: PayoutProof
  readonly content: string
  readonly hash: string
  readonly signature: string | null
  /** null while the day goes on: it will be said otherwise. */
  readonly closedAt: Date | null
}

export interface PayoutProofs {
  /**
   * What that day came to. Once it is over for an hour it is worked out a last time, kept, and never said otherwise.
   *
   * @throws {AppError} `invalid_request`: it is no day, or still to come.
   */
  of(day: string): Promise<SaidProof>
  /** Those that were closed, the latest first. */
  list(limit: number): Promise<Awaited<ReturnType<BooksStore['listProofs']>>>
  /** Closes what is over and was not closed yet. Never rejects: what goes wrong is logged. @returns How many. */
  close(): Promise<number>
}

const DAY_MS = 86_400_000
/** Whoever was away for longer has them closed when they are asked for. */
const CLOSED_BACK = 7
const WHY_LENGTH_MAX = 200

const NOTICE = 'proof_open' satisfies NoticeKind
const subjectOf = (day: string): string => `proof:${day}`

export function createPayoutProofs({ books, signer, notices, logger }: ProofDeps): PayoutProofs {
  async function of(day: string): Promise<SaidProof> {
    const range = dayFrom(day)
    if (!range) throw new AppError('invalid_request', 'A day is written as 2026-01-31.')
    const kept = await books.findProof(day)
    if (kept) return { ...kept, proof: JSON.parse(kept.content) as PayoutProof }
    const now = await books.now()
    if (range.since > now) throw new AppError('invalid_request', 'That day has not begun yet (UTC).')
    const until = range.until < now ? range.until : now
    const proof = { day, until: until.toISOString(), ...(await books.readDay({ since: range.since, until })) }
    const content = writeProof(proof)
    const hash = hashOfProof(content)
    if (!isClosed(range.until, now)) return { ...{ proof, content, hash }, signature: null, closedAt: null }
    const said = await books.keepProof({ day, content, hash, signature: signer?.sign(content) ?? null })
    await notices.clear(NOTICE, subjectOf(day))
    return { ...said, proof: JSON.parse(said.content) as PayoutProof }
  }

  /** @returns Whether it was open until now. */
  async function closed(day: string): Promise<boolean> {
    try {
      const { closedAt, hash } = await of(day)
      if (closedAt === null) return false
      logger.info('proof.closed', { day, hash })
      return true
    } catch (error) {
      logger.warn('proof.failed', { day, ...errorFields(error) })
      const why = redactText(describeError(error).message).slice(0, WHY_LENGTH_MAX)
      await notices.raise({ kind: NOTICE, about: 'proofs', subject: subjectOf(day), facts: { day, why } })
      return false
    }
  }

  return {
    of,
    list: (limit) => books.listProofs(limit),
    async close() {
      let count = 0
      try {
        const now = await books.now()
        const known = new Set((await books.listProofs(CLOSED_BACK + 1)).map(({ day }) => day))
        for (let back = 1; back <= CLOSED_BACK; back++) {
          const day = new Date(now.getTime() - back * DAY_MS).toISOString().slice(0, 10)
          // One that cannot be closed keeps none of the others open.
          if (!known.has(day) && (await closed(day))) count++
        }
      } catch (error) {
        logger.warn('proof.failed', errorFields(error))
      }
      return count
    },
  }
}
