import { useCallback, useContext, useEffect, useRef, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { isOver } from './parts'
import type { Withdrawal } from './types'

export interface Followed {
  readonly record: Withdrawal
  /** The last look, where it failed; what is shown was known at `at`. */
  readonly error: ApiError | null
  readonly at: Date
  show(record: Withdrawal): void
  look(): void
}

/** A kit lets one page ask for one thing eight times in two minutes. */
const LOOKS_AFTER_S = [4, 6, 10, 20]

/** Whether asking again may help: a session that has ended does not come back by it. */
export const isPassing = ({ status }: ApiError): boolean => status !== 401 && status !== 404

/** Follows one withdrawal until it is over: soon at first, and then as often as an exchange lets a page ask. */
export function useRecord(first: Withdrawal, firstAt: Date): Followed {
  const client = useContext(ClientContext)
  const [record, show] = useState(first)
  const [state, setState] = useState<{ error: ApiError | null; at: Date }>({ error: null, at: firstAt })
  const [turn, setTurn] = useState(0)
  const looks = useRef(0)
  const look = useCallback(() => setTurn((before) => before + 1), [])
  const { id } = first

  useEffect(() => {
    let isMine = true
    let timer: number | undefined
    const later = (seconds: number) => {
      timer = window.setTimeout(ask, seconds * 1_000)
    }
    const planned = () => LOOKS_AFTER_S[Math.min(looks.current++, LOOKS_AFTER_S.length - 1)] ?? 20
    const ask = () => {
      if (document.visibilityState === 'hidden') return later(5)
      client.get<Withdrawal>(`/${encodeURIComponent(id)}`).then(
        (found) => {
          if (!isMine) return
          show(found)
          setState({ error: null, at: new Date() })
          if (!isOver(found)) later(planned())
        },
        (thrown: unknown) => {
          if (!isMine) return
          const error = asApiError(thrown)
          setState((before) => ({ ...before, error }))
          if (isPassing(error)) later(Math.max(planned(), error.retryAfterSeconds ?? 5))
        },
      )
    }
    ask()
    window.addEventListener('online', look)
    return () => {
      isMine = false
      clearTimeout(timer)
      window.removeEventListener('online', look)
    }
  }, [client, id, turn, look])

  return { record, ...state, show, look }
}
