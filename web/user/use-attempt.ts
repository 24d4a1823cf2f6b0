import { useCallback, useContext, useEffect, useRef, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { type Attempt, findAttempt, forgetAttempt, keepAttempt } from './attempt'
import type { Withdrawal } from './types'

export type Sending =
  | { readonly kind: 'none' }
  | { readonly kind: 'sending'; readonly attempt: Attempt }
  /** It may have been accepted or not; `isNotYet`: it has not, as each answer so far has said. */
  | {
      readonly kind: 'unknown'
      readonly attempt: Attempt
      readonly error: ApiError
      readonly isNotYet: boolean
    }

export interface Attempts {
  readonly sending: Sending
  /** One that a page before this one left without an answer, too long ago to go on with. */
  readonly old: Attempt | null
  send(attempt: Attempt, code: string): void
  again(): void
  stop(): void
}

export interface Outcomes {
  /** It is there. */
  readonly onAccepted: (withdrawal: Withdrawal) => void
  /** It is not there, and will not be. `isResumed`: the page was loaded anew in between. */
  readonly onRefused: (error: ApiError, isResumed: boolean) => void
}

/** Within what a kit lets one page ask: seven times in the first two minutes, then every half minute. */
const AGAIN_AFTER_S = [2, 5, 10, 20, 30]
/** Says to come back later, and nothing of what was asked for. */
const LATER = [408, 425, 429]
/** What is answered before anybody looks whether the key is known: of an earlier request it says nothing. */
const NOT_ABOUT_IT = ['forbidden', 'strange_answer']

/** Ours, and given before anybody looks at what is asked for: by this request nothing was accepted. */
const NOT_TAKEN = ['unauthorized', 'too_many_requests']

/** Whether the answer says that nothing was accepted, by this request or an earlier one with the same key. */
function isRefusal({ status, code }: ApiError, isFirst: boolean): boolean {
  if (code === 'otp_locked') return true
  if (status < 400 || status >= 500 || status === 401 || LATER.includes(status)) return false
  return code !== 'idempotency_key_in_use' && (isFirst || !NOT_ABOUT_IT.includes(code))
}

const isSame = (one: Attempt, other: Attempt): boolean =>
  one.owner === other.owner && JSON.stringify(one.body) === JSON.stringify(other.body)

interface Run {
  readonly attempt: Attempt
  readonly code: string
  /** Nothing was sent with this key before. */
  readonly isFirst: boolean
  /** The page was loaded anew in between. */
  readonly isResumed: boolean
  /** How often it was sent, and how often that failed. */
  sent: number
  tries: number
  isNotYet: boolean
}

export function useAttempts(owner: string, { onAccepted, onRefused }: Outcomes): Attempts {
  const client = useContext(ClientContext)
  const [sending, setSending] = useState<Sending>({ kind: 'none' })
  const [old, setOld] = useState<Attempt | null>(null)
  const heard = useRef({ onAccepted, onRefused })
  heard.current = { onAccepted, onRefused }
  /** A code is only ever in the memory of this page. */
  const run = useRef<Run | null>(null)
  /** Refused when it was sent again: what was sent before that may be on its way yet. */
  const late = useRef<Attempt | null>(null)
  const timer = useRef<number | undefined>(undefined)

  const ask = useCallback(() => {
    clearTimeout(timer.current)
    const mine = run.current
    if (!mine) return
    mine.sent++
    const { attempt, code } = mine
    setSending((before) => (before.kind === 'unknown' ? before : { kind: 'sending', attempt }))
    const body = { ...attempt.body, ...attempt.expected, ...(code !== '' && { otp_code: code }) }
    client.post<Withdrawal>('/', body, { 'Idempotency-Key': attempt.key }).then(
      (withdrawal) => {
        if (run.current !== mine) return
        run.current = null
        late.current = null
        forgetAttempt()
        setSending({ kind: 'none' })
        heard.current.onAccepted(withdrawal)
      },
      (thrown: unknown) => {
        if (run.current !== mine) return
        const error = asApiError(thrown)
        const isAlone = mine.sent === 1 && mine.isFirst
        if (isRefusal(error, isAlone)) {
          run.current = null
          late.current = isAlone || error.code === 'idempotency_key_reused' ? null : attempt
          forgetAttempt()
          setSending({ kind: 'none' })
          heard.current.onRefused(error, mine.isResumed)
          return
        }
        mine.isNotYet = mine.isNotYet && NOT_TAKEN.includes(error.code)
        setSending({ kind: 'unknown', attempt, error, isNotYet: mine.isNotYet })
        mine.tries++
        // A session that has ended does not come back by asking.
        if (error.status === 401 || error.status === 403) return
        const planned = AGAIN_AFTER_S[Math.min(mine.tries, AGAIN_AFTER_S.length) - 1] ?? 30
        timer.current = window.setTimeout(ask, Math.max(planned, error.retryAfterSeconds ?? 0) * 1_000)
      },
    )
  }, [client])

  const begin = useCallback(
    (attempt: Attempt, code: string, { isFirst, isResumed }: Pick<Run, 'isFirst' | 'isResumed'>) => {
      // The second half of a double click.
      if (run.current) return
      run.current = { attempt, code, sent: 0, tries: 0, isFirst, isResumed, isNotYet: isFirst }
      keepAttempt(attempt)
      ask()
    },
    [ask],
  )
  /** The same once more is the same withdrawal: where the late one has arrived after all, it is the answer. */
  const send = (attempt: Attempt, code: string) => {
    const before = late.current && isSame(late.current, attempt) ? late.current : null
    begin(before ? { ...attempt, key: before.key } : attempt, code, { isFirst: !before, isResumed: false })
  }

  useEffect(() => {
    const left = findAttempt(owner, Date.now())
    if (left && !left.isOld) begin(left.attempt, '', { isFirst: false, isResumed: true })
    if (left?.isOld) {
      forgetAttempt()
      setOld(left.attempt)
    }
    window.addEventListener('online', ask)
    return () => {
      window.removeEventListener('online', ask)
      clearTimeout(timer.current)
      run.current = null
    }
  }, [owner, begin, ask])

  return {
    sending,
    old,
    send,
    again: ask,
    stop() {
      clearTimeout(timer.current)
      run.current = null
      forgetAttempt()
      setSending({ kind: 'none' })
    },
  }
}
