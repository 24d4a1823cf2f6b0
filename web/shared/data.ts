import { useCallback, useContext, useEffect, useRef, useState } from 'react'

import { type ApiError, asApiError } from './client'
import { ClientContext } from './client-context'

export interface Data<Result> {
  /** What was answered last; kept while a new answer is awaited, and when none comes. */
  readonly value: Result | null
  readonly error: ApiError | null
  readonly isLoading: boolean
  /** It takes longer than one waits without wondering. */
  readonly isSlow: boolean
  readonly at: Date | null
  reload(): void
}

const SLOW_MS = 2_500

/** @param path null for nothing yet. @param everyMs How often it is asked again while somebody looks; 0 for never. */
export function useData<Result>(path: string | null, everyMs = 0): Data<Result> {
  const client = useContext(ClientContext)
  const [state, setState] = useState<{
    path: string | null
    value: Result | null
    error: ApiError | null
    at: Date | null
  }>({
    ...{ path: null, value: null, error: null, at: null },
  })
  const [isLoading, setLoading] = useState(path !== null)
  const [isSlow, setSlow] = useState(false)
  const [turn, setTurn] = useState(0)
  const reload = useCallback(() => setTurn((before) => before + 1), [])
  const latest = useRef(0)

  useEffect(() => {
    if (path === null) return
    const mine = ++latest.current
    const isMine = () => latest.current === mine
    let again: number | undefined
    setLoading(true)
    const slow = window.setTimeout(() => isMine() && setSlow(true), SLOW_MS)
    const done = () => {
      clearTimeout(slow)
      setLoading(false)
      setSlow(false)
    }
    client.get<Result>(path).then(
      (value) => {
        if (!isMine()) return
        done()
        setState({ path, value, error: null, at: new Date() })
      },
      (thrown: unknown) => {
        if (!isMine()) return
        done()
        const error = asApiError(thrown)
        setState((before) => ({
          ...(before.path === path ? before : { value: null, at: null }),
          path,
          error,
        }))
        if (error.status === 429 || error.status === 503)
          again = window.setTimeout(reload, (error.retryAfterSeconds ?? 10) * 1_000)
      },
    )
    return () => {
      clearTimeout(slow)
      clearTimeout(again)
    }
  }, [client, path, turn, reload])

  const isCutOff = state.error?.status === 0
  useEffect(() => {
    if (!isCutOff) return
    window.addEventListener('online', reload)
    return () => window.removeEventListener('online', reload)
  }, [isCutOff, reload])

  useEffect(() => {
    if (everyMs === 0) return
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') reload()
    }, everyMs)
    return () => clearInterval(timer)
  }, [everyMs, reload])

  const isOther = state.path !== path
  return {
    value: isOther ? null : state.value,
    error: isOther ? null : state.error,
    at: isOther ? null : state.at,
    ...{ isLoading, isSlow, reload },
  }
}
