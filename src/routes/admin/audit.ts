import { Buffer } from 'node:buffer'

import { type Response, Router } from 'express'

import type { AuditEntry, AuditPlace, Store } from '../../db/store'
import { isKitSafeId } from '../../domain/identifiers'
import { checked } from '../checked'
import { sendRecords } from '../csv'
import { described } from '../described'
import { handle, rejectInvalid } from '../http'
import { nameQuery, numberQuery, refuse, wordQuery } from './input'

const SHOWN = 50
const SHOWN_MAX = 100
const EXPORTED_MAX = 10_000
const COLUMNS = ['at', 'actor', 'action', 'subject', 'from', 'to', 'reason', 'detail']

const ACTOR = /^[a-z][a-z_]{0,31}(:\d{1,15})?$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
const PLACE_LENGTH_MAX = 300
const PLACE = { type: 'string', pattern: `^[A-Za-z0-9_-]{1,${PLACE_LENGTH_MAX}}$` }
const NUMBER = /^\d{1,18}$/

export const auditQueries = [
  nameQuery('actor', (value) => ACTOR.test(value), { pattern: ACTOR.source.replace('\\d', '[0-9]') }),
  described(
    checked('query', 'before', (value: unknown) =>
      value === undefined || (typeof value === 'string' && readPlace(value) !== null)
        ? true
        : refuse('before must be what an earlier answer gave as next.'),
    ),
    { in: 'query', name: 'before', schema: { ...PLACE, description: '`next` of the page before.' } },
  ),
  wordQuery('format', ['csv', 'json']),
  numberQuery('limit', SHOWN_MAX),
]

/** What operators did: in all journals, and beside them. */
export function auditRoutes(store: Store): Router {
  const router = Router()
  router.get(
    '/',
    ...auditQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const { actor = null, before, limit, format } = req.query as Record<string, string | undefined>
      const after = before === undefined ? null : readPlace(before)
      if (format === 'csv') return sendCsv(res, store, actor, after)
      const { entries, next } = await store.auditTrail({ actor, after, limit: Number(limit ?? SHOWN) })
      res.json({ data: entries.map(present), ...(next && { next: writtenPlace(next) }) })
    }),
  )
  return router
}

async function sendCsv(res: Response, store: Store, actor: string | null, after: AuditPlace | null) {
  const page = (from: AuditPlace | null) => store.auditTrail({ actor, after: from, limit: SHOWN_MAX })
  // Read before the headers are sent, so that a failing database is still an error and not a truncated file.
  const first = await page(after)
  async function* records(): AsyncGenerator<Record<string, unknown>, void> {
    let { entries, next } = first
    for (let sent = 0; ; { entries, next } = await page(next)) {
      for (const entry of entries) yield record(entry)
      sent += entries.length
      if (!next) return
      if (sent < EXPORTED_MAX) continue
      yield { action: `There is more than these ${sent}: ask again with before=${writtenPlace(next)}` }
      return
    }
  }
  await sendRecords(res, COLUMNS, records(), 'audit.csv')
}

function present({ withdrawalId, subject, from, to, at, actor, action, detail }: AuditEntry) {
  const { reason, ...rest } = detail
  return {
    at: at.toISOString(),
    ...{ actor, action },
    ...(withdrawalId === null ? { subject } : { withdrawal_id: withdrawalId }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(typeof reason === 'string' && { reason }),
    detail: rest,
  }
}

function record(entry: AuditEntry): Record<string, unknown> {
  const { at, actor, action, from, to, reason, detail } = present(entry)
  return { at, actor, action, subject: entry.subject, from, to, reason, detail: JSON.stringify(detail) }
}

/** For whoever asks for the next page, to be given back as it is. */
const writtenPlace = ({ journal, action }: AuditPlace): string =>
  Buffer.from(
    JSON.stringify([journal?.at ?? null, journal?.withdrawalId ?? null, journal?.seq ?? null, action]),
  ).toString('base64url')

/** @returns null for anything that is none. */
function readPlace(text: string): AuditPlace | null {
  if (!new RegExp(PLACE.pattern).test(text)) return null
  try {
    const [at, withdrawalId, seq, action] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if (action !== null && !(typeof action === 'string' && NUMBER.test(action))) return null
    if (at === null) return { journal: null, action }
    const isPlace =
      typeof at === 'string' &&
      MOMENT.test(at) &&
      !Number.isNaN(Date.parse(at)) &&
      typeof withdrawalId === 'string' &&
      isKitSafeId(withdrawalId) &&
      Number.isSafeInteger(seq) &&
      Number(seq) < 2 ** 31
    return isPlace ? { journal: { at, withdrawalId, seq: Number(seq) }, action } : null
  } catch {
    return null
  }
}
