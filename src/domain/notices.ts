import { differenceQuestion } from './questions'
import type { ReasonCode } from './reasons'
import { questionOf } from './reviews'

export type Severity = 'notice' | 'warning' | 'urgent'

interface NoticeWords {
  /** `ABOUT` stands for what it is about. */
  readonly title: string
  readonly whatToDo: string
  readonly severity: Severity
}

/** What operators are told. The names are a contract; what each is about makes one of several outages. */
const KINDS = {
  question: {
    title: 'Questions are open: ABOUT',
    whatToDo: 'Answer them on the page Differences.',
    severity: 'warning',
  },
  review: {
    title: 'Withdrawals wait for a person: ABOUT',
    whatToDo: 'Let them go on, or give them back, on the page Now.',
    severity: 'notice',
  },
  conflict: {
    title: 'Facts contradict each other: ABOUT',
    whatToDo: 'Find out what is true, and answer on the page Now. Nothing moves until then.',
    severity: 'urgent',
  },
  return_to_allow: {
    title: 'Money came back, and its users wait for it',
    whatToDo: 'Allow the credits on the page Now.',
    severity: 'warning',
  },
  batch_failed: {
    title: 'A batch failed at ABOUT',
    whatToDo:
      'See on the page Batches what the provider said. What was in it is looked up, or leaves with the next one; nothing is paid twice.',
    severity: 'warning',
  },
  breaker_open: {
    title: 'ABOUT does not answer',
    whatToDo:
      'Ask the provider. New payouts wait, what was sent is looked up; it goes on by itself when it answers.',
    severity: 'warning',
  },
  provider_paused: {
    title: 'ABOUT was paused by the machine',
    whatToDo: 'Its payouts wait. See on the page Now why, mend it, and resume it.',
    severity: 'urgent',
  },
  stopped: {
    title: 'Everything is stopped',
    whatToDo: 'Nothing is accepted and nothing leaves until two people want it to go on: page Control.',
    severity: 'urgent',
  },
  delivery_dead: {
    title: 'An endpoint took nothing for three days',
    whatToDo: 'Ask whose it is, and send its messages again on the page Notices.',
    severity: 'warning',
  },
  books_incomplete: {
    title: 'A reconciliation did not see everything',
    whatToDo:
      'See on the page Books what could not be read. Mend that, and hold the same days against each other again.',
    severity: 'warning',
  },
  books_overdue: {
    title: 'The books have not been held against the others for two days',
    whatToDo: 'See on the page Books what keeps the daily runs from ending, and run one by hand.',
    severity: 'warning',
  },
  proof_open: {
    title: 'A day’s payout proof could not be closed',
    whatToDo:
      'It is tried again each hour. See the log for proof.failed; nothing that was paid depends on it.',
    severity: 'warning',
  },
  float: {
    title: 'Money runs out at ABOUT',
    whatToDo: 'Fund the account that is named, by the time that is named.',
    severity: 'urgent',
  },
} as const satisfies Readonly<Record<string, NoticeWords>>

export type NoticeKind = keyof typeof KINDS
export const NOTICE_KINDS = Object.keys(KINDS) as NoticeKind[]

/** Those that the tables tell by themselves; the others are raised, and cleared, by whoever knows. */
export const KINDS_IN_TABLES: readonly NoticeKind[] = [
  'question',
  'review',
  'conflict',
  'return_to_allow',
  'batch_failed',
  'provider_paused',
  'stopped',
  'delivery_dead',
  'books_incomplete',
  'books_overdue',
]

/** Questions whose answer cannot wait for the morning: money may be leaving twice. */
const URGENT: readonly string[] = [
  'row_changed',
  'paid_after_release',
  'paid_under_retired_key',
  'another_payout',
]

/** For people, whatever version has raised it. */
export function noticeWords(kind: string, about: string): NoticeWords {
  if (!Object.hasOwn(KINDS, kind))
    return { title: `${kind}: ${about}`, whatToDo: 'Look at the desk.', severity: 'warning' }
  const words: NoticeWords = KINDS[kind as NoticeKind]
  const isUrgent = kind === 'question' && URGENT.includes(about)
  return {
    title: words.title.replace('ABOUT', inWords(kind, about)),
    whatToDo: words.whatToDo,
    severity: isUrgent ? 'urgent' : words.severity,
  }
}

const inWords = (kind: string, about: string): string => {
  if (kind === 'question') return differenceQuestion(about).title
  if (kind === 'review' || kind === 'conflict') return questionOf(about as ReasonCode)?.title ?? about
  return about
}
