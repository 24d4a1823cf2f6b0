import type { RequestHandler } from 'express'

import type { ChainedEntry } from '../../db/books'
import { canonicalJson } from '../../domain/identifiers'
import { hashOfProof } from '../../domain/payout-proof'
import { AppError } from '../../errors'
import type { Evidence, TakeEvidence } from '../../services/books/evidence'
import type { Unnamed } from '../../services/operate/unnamed'
import { handle, rejectInvalid } from '../http'
import { presentApproval } from './approvals'
import { evidencePage } from './evidence-page'
import { actorOf, noteOf, wordQuery } from './input'
import { presentEntry, presentWithdrawal } from './present'
import { presentDifference } from './questions'
import { sayMasked } from './unnamed'

export const evidenceQueries = [wordQuery('format', ['html', 'json'])]

/** All there is about one withdrawal, for an auditor or a dispute: as JSON, or as a page to print. */
export const evidenceRoute = (take: TakeEvidence, unnamed: Unnamed): RequestHandler[] => [
  ...evidenceQueries,
  rejectInvalid,
  handle(async (req, res) => {
    const reason = noteOf(req.query, 'reason')
    if (reason === null)
      throw new AppError(
        'invalid_request',
        'reason must say in the query why it is taken, in at most 500 characters.',
      )
    const stored = await unnamed([String(req.params.id)], reason)
    if (stored !== reason) sayMasked(res)
    const taker = { actor: actorOf(res), reason: stored }
    const bundle = present(await take(String(req.params.id), taker), taker)
    const name = `evidence-${bundle.withdrawal.id}`
    if (req.query.format !== 'html') {
      res.attachment(`${name}.json`)
      return res.json(bundle)
    }
    res.type('html').attachment(`${name}.html`)
    // It runs nothing, and asks nobody for anything, wherever it is opened.
    res.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
    return res.send(evidencePage(bundle))
  }),
]

function present(evidence: Evidence, taker: { actor: string; reason: string }) {
  const { madeAt, row, chain, heads, done, approvals, differences, retired, batch, files } = evidence
  const told = {
    made_at: madeAt.toISOString(),
    made_for: taker.actor,
    reason: taker.reason,
    withdrawal: presentWithdrawal(row),
    journal: chain.map(presentChained),
    /** Every hash is over its entry and the hash before, and the numbers have no gap. */
    journal_is_intact: chain.length > 0 && chain.every(({ isIntact }) => isIntact),
    signed_heads: heads,
    exchange_says: evidence.exchangeSays,
    provider_says: evidence.providerSays,
    batch: batch && {
      ...{
        id: batch.id,
        key: batch.batchKey,
        state: batch.state,
        item_count: batch.itemCount,
        total: batch.total,
      },
      ...{ payload_hash: batch.payloadHash, provider_reference: batch.providerReference ?? undefined },
      sent_at: batch.sentAt.toISOString(),
    },
    files: files?.map((file) => ({
      ...{ name: file.name, order_key: file.orderKey, currency: file.currency, total: file.total },
      ...{ item_count: file.itemCount, created_at: file.createdAt, voided_at: file.voidedAt },
    })),
    earlier_payouts: retired.map((old) => ({
      ...{ key: old.payoutKey, end_to_end_id: old.endToEndId, why: old.why },
      ...{ reference: old.providerReference ?? undefined, given_up_at: old.retiredAt.toISOString() },
    })),
    decisions: done.map(({ at, actor, action, reason, detail }) => ({
      ...{ at: at.toISOString(), actor, action, reason, detail },
    })),
    approvals: approvals.map(presentApproval),
    differences: differences.map(presentDifference),
  }
  const content = JSON.parse(JSON.stringify(told)) as typeof told
  /** SHA-256 over all that is above, as JSON with sorted keys and without spaces. */
  return { ...content, hash: hashOfProof(canonicalJson(content)) }
}

const presentChained = (entry: ChainedEntry) => ({
  ...presentEntry(entry),
  hash: entry.hash,
  hashed: entry.hashed,
  intact: entry.isIntact,
})
