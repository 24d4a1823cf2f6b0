import { createHash } from 'node:crypto'

/** What all chains together had come to at the end of a day (UTC). */
export interface TrailHead {
  /** From 1, without gaps. */
  readonly nth: number
  /** The end of the one before; null for the first, which is over all there was. */
  readonly since: string | null
  /** Exclusive. */
  readonly until: string
  /** Of journals, between the two. */
  readonly entries: number
  readonly digest: string
  /** The last of what operators did when this was made; 0 and empty where there was nothing. */
  readonly actions: number
  readonly actionHash: string
  readonly madeAt: string
  /** Over the head before and its signature; empty for the first. */
  readonly before: string
}

/** As it is stored, copied and checked: the text that was signed, to the letter. */
export interface SignedHead {
  readonly nth: number
  readonly content: string
  readonly signature: string
}

const TEXTS = ['until', 'digest', 'actionHash', 'madeAt', 'before'] as const
const NUMBERS = ['nth', 'entries', 'actions'] as const

export const writeHead = (head: TrailHead): string => JSON.stringify(head)

/** @returns null where it is none. */
export function readHead(content: string): TrailHead | null {
  const head = parsed(content)
  const isHead =
    NUMBERS.every((name) => Number.isSafeInteger(head[name])) &&
    TEXTS.every((name) => typeof head[name] === 'string') &&
    [head.until, head.since ?? head.until].every((at) => !Number.isNaN(Date.parse(String(at))))
  return isHead ? (head as unknown as TrailHead) : null
}

function parsed(content: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(content) as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export const hashOfHead = ({ content, signature }: SignedHead): string =>
  createHash('sha256').update(`${content}\n${signature}`).digest('hex')

const DAY_MS = 86_400_000
/** Nothing is written so long after the time that it bears: a day is over for good then. */
export const SETTLED_AFTER_MS = 3_600_000

/** The end of the day that is to be signed next; null while none is over. */
export function nextDayEnd(after: Date, now: Date): Date | null {
  const end = new Date((Math.floor(after.getTime() / DAY_MS) + 1) * DAY_MS)
  return end.getTime() + SETTLED_AFTER_MS <= now.getTime() ? end : null
}
