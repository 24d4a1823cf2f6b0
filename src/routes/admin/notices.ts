import { Router } from 'express'

import type { Notice, NoticeItem, NoticeStore } from '../../db/notices'
import { noticeWords } from '../../domain/notices'
import { AppError } from '../../errors'
import { handle, rejectInvalid } from '../http'
import { wordQuery } from './input'

export interface NoticeRouteDeps {
  readonly notices: Pick<NoticeStore, 'list' | 'items'>
}

const SHOWN_MAX = 100
const ITEMS_MAX = 500
const NUMBER = /^\d{1,18}$/

export const noticeQueries = [wordQuery('open', ['true', 'false'])]

/** What operators are told, whether or not anybody listens. */
export function noticeRoutes({ notices }: NoticeRouteDeps): Router {
  const router = Router()
  router.get(
    '/',
    ...noticeQueries,
    rejectInvalid,
    handle(async (req, res) => {
      const isOpen = (req.query as { open?: string }).open !== 'false'
      res.json({ data: (await notices.list({ isOpen, limit: SHOWN_MAX })).map(presentNotice) })
    }),
  )
  router.get(
    '/:id/items',
    handle(async (req, res) => {
      const id = String(req.params.id)
      const items = NUMBER.test(id) ? await notices.items(id, ITEMS_MAX) : null
      if (!items) throw new AppError('notice_not_found', 'There is no such notice.')
      res.json({ data: items.map(presentItem) })
    }),
  )
  return router
}

const presentItem = ({ subject, facts, openedAt }: NoticeItem) => ({
  subject,
  ...facts,
  opened_at: openedAt.toISOString(),
})

function presentNotice(notice: Notice) {
  const { title, whatToDo, severity } = noticeWords(notice.kind, notice.about)
  return {
    ...{ id: notice.id, kind: notice.kind, about: notice.about, severity, title, what_to_do: whatToDo },
    count: notice.count,
    examples: notice.examples.map(presentItem),
    opened_at: notice.openedAt.toISOString(),
    ...(notice.clearedAt && { cleared_at: notice.clearedAt.toISOString() }),
    ...{ messages: notice.told },
    ...(notice.toldAt && { told_at: notice.toldAt.toISOString() }),
  }
}
