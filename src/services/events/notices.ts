import type { NewDelivery } from '../../db/deliveries'
import type { Endpoint, EndpointStore } from '../../db/endpoints'
import { type Concern, type NoticeStore, noticeSubject, type ToldNotice } from '../../db/notices'
import { KINDS_IN_TABLES, noticeWords } from '../../domain/notices'
import { eventIdOf } from '../../domain/outgoing'
import { errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import { hears } from './withdrawal-events'

export interface NoticeDeps {
  readonly notices: NoticeStore
  readonly endpoints: Pick<EndpointStore, 'list'>
  /** Providers of this process. */
  readonly providers: readonly string[]
  /** Milliseconds until a provider that went silent is called again; 0 where it is called now. */
  readonly silentForMs: (provider: string) => number
  /** Tells this process from others: each knows its own silence. */
  readonly processId: string
  readonly returnsNeedApproval: boolean
  /** Whether the books are held against the others each day. */
  readonly isReconciled: boolean
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Logger
}

/** Looks what concerns operators now, and tells them: one message for each outage. Never throws. @returns How many. */
export type NoticeSweep = () => Promise<number>

export const createNoticeSweep =
  ({ notices, endpoints, clock, logger, ...own }: NoticeDeps): NoticeSweep =>
  async () => {
    try {
      const operators = (await endpoints.list()).filter(
        ({ audience, isOn }) => audience === 'operators' && isOn,
      )
      const now = clock.now()
      return await notices.sweep({
        own: silenceOf(own),
        kinds: KINDS_IN_TABLES,
        looked: { withReturns: own.returnsNeedApproval, withReconciliation: own.isReconciled },
        messagesOf: operators.length === 0 ? null : (told) => messagesOf(told, operators, now),
      })
    } catch (error) {
      logger.error('notices.failed', errorFields(error))
      return 0
    }
  }

function silenceOf({
  providers,
  silentForMs,
  processId,
}: Pick<NoticeDeps, 'providers' | 'silentForMs' | 'processId'>) {
  const subjectOf = (provider: string) => `${provider}@${processId}`
  const silent = providers.filter((provider) => silentForMs(provider) > 0)
  const open: readonly Concern[] = silent.map((provider) => ({
    ...{ kind: 'breaker_open', about: provider, subject: subjectOf(provider) },
    facts: { provider },
  }))
  return {
    kind: 'breaker_open',
    open,
    closed: providers.filter((provider) => !silent.includes(provider)).map(subjectOf),
  }
}

const messagesOf = (
  notices: readonly ToldNotice[],
  endpoints: readonly Endpoint[],
  now: Date,
): readonly NewDelivery[] =>
  notices.flatMap((notice) => {
    const number = notice.told + 1
    const type = notice.isOver ? 'notice.cleared' : notice.told === 0 ? 'notice.opened' : 'notice.grew'
    const message = {
      eventId: eventIdOf('notice', notice.id, number, now),
      kind: type,
      subject: noticeSubject(notice.id),
      payload: JSON.stringify({ type, timestamp: now.toISOString(), data: dataOf(notice, number) }),
    }
    return endpoints
      .filter((endpoint) => hears(endpoint, notice.kind) && !isAboutItself(notice, endpoint))
      .map(({ id: endpointId }) => ({ endpointId, ...message }))
  })

/** What takes nothing is not told so by what it does not take. */
const isAboutItself = ({ kind, about }: ToldNotice, { id }: Endpoint): boolean =>
  kind === 'delivery_dead' && about === id

function dataOf(notice: ToldNotice, sequence: number) {
  const { title, whatToDo, severity } = noticeWords(notice.kind, notice.about)
  return {
    id: notice.id,
    // Grows with each message of this notice.
    sequence,
    ...{ kind: notice.kind, about: notice.about, severity, title, what_to_do: whatToDo },
    count: notice.count,
    new: notice.count - notice.known,
    examples: notice.examples.map(({ subject, facts }) => ({ subject, ...facts })),
    opened_at: notice.openedAt.toISOString(),
  }
}
