import { type Response, Router } from 'express'

import type { OpenItem, Sum } from '../../domain/payout-proof'
import type { PayoutProofs, SaidProof } from '../../services/books/proofs'
import { sendRecords } from '../csv'
import { handle, rejectInvalid } from '../http'
import { wordQuery } from './input'

const SHOWN = 100
const COLUMNS = [
  'part',
  'currency',
  'state',
  'count',
  'amount',
  'payout_amount',
  'id',
  'provider',
  'asked_at',
  'value',
]

export const proofQueries = [wordQuery('format', ['csv', 'json'])]

/** What was paid on a day, and what was open at its end. */
export function proofRoutes({ proofs }: { readonly proofs: PayoutProofs }): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => {
      const found = await proofs.list(SHOWN)
      res.json({
        data: found.map(({ day, hash, signature, closedAt }) => ({
          ...{ day, hash, signature: signature ?? undefined, closed_at: closedAt.toISOString() },
        })),
      })
    }),
  )
  router.get(
    '/:day',
    ...proofQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const said = await proofs.of(String(req.params.day))
      if (req.query.format === 'csv') return sendCsv(res, said)
      res.json(present(said))
    }),
  )
  return router
}

/** `content` is the text that the hash and the signature are over, to the letter. */
const present = ({ proof, content, hash, signature, closedAt }: SaidProof) => ({
  day: proof.day,
  closed: closedAt !== null,
  closed_at: closedAt?.toISOString(),
  until: proof.until,
  moved: proof.moved.map(presentSum),
  open: proof.open.map(presentSum),
  open_items: proof.openItems.map(presentItem),
  open_items_left_out: proof.openItemsLeftOut,
  open_differences: proof.openDifferences,
  journal_entries: proof.entries,
  journal_digest: proof.journalDigest,
  hash,
  signature: signature ?? undefined,
  content,
})

const presentSum = ({ currency, state, count, amount, payoutAmount }: Sum) => ({
  ...{ currency, state, count, amount, payout_amount: payoutAmount },
})

const presentItem = ({ id, currency, amount, state, provider, askedAt }: OpenItem) => ({
  ...{ id, currency, amount, state, provider, asked_at: askedAt },
})

function sendCsv(res: Response, { proof, hash, signature, closedAt }: SaidProof): Promise<void> {
  const control: readonly [string, unknown][] = [
    ['until', proof.until],
    ['closed_at', closedAt?.toISOString() ?? 'the day goes on: this will be said otherwise'],
    ['open_items_left_out', proof.openItemsLeftOut],
    ['open_differences', proof.openDifferences],
    ['journal_entries', proof.entries],
    ['journal_digest', proof.journalDigest],
    ['hash', hash],
    ['signature', signature ?? ''],
  ]
  const records = [
    ...proof.moved.map((sum) => ({ part: 'moved', ...presentSum(sum) })),
    ...proof.open.map((sum) => ({ part: 'open', ...presentSum(sum) })),
    ...proof.openItems.map((item) => ({ part: 'open item', ...presentItem(item) })),
    ...control.map(([part, value]) => ({ part, value })),
  ]
  async function* all() {
    yield* await Promise.resolve(records)
  }
  return sendRecords(res, COLUMNS, all(), `payouts-${proof.day}.csv`)
}
