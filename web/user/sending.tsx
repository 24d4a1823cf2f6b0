import React, { useEffect, useState } from 'react'

import { Notice } from './parts'
import type { TextKey } from './texts'
import type { Sending } from './use-attempt'
import { useWords } from './words'

const SLOW_MS = 3_000

interface SendingProps {
  readonly sending: Exclude<Sending, { kind: 'none' }>
  readonly onAgain: () => void
  readonly onStop: () => void
}

/** Between the click and its answer, however long that takes and whatever becomes of it. */
export function SendingState({ sending, onAgain, onStop }: SendingProps) {
  const { t, money } = useWords()
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS)
    return () => clearTimeout(timer)
  }, [])
  const { attempt } = sending
  if (sending.kind === 'sending')
    return (
      <div className="bw-stack" role="status">
        <div className="bw-progress" aria-hidden="true" />
        <p>{t('sending.text')}</p>
        {isSlow && <p className="bw-note">{t('sending.slow')}</p>}
      </div>
    )
  const { isNotYet, error } = sending
  const { status } = error
  const why: TextKey | null =
    status === 401 || status === 403
      ? 'unknown.session'
      : status === 429
        ? 'unknown.busy'
        : status === 0 && !navigator.onLine
          ? 'unknown.offline'
          : null
  return (
    <Notice tone="warn">
      <p>
        {t(isNotYet ? 'unknown.notYet' : 'unknown.text', {
          amount: money(attempt.amount, attempt.body.currency),
        })}
      </p>
      {why !== null && <p className="bw-strong">{t(why)}</p>}
      <div className="bw-actions">
        <button type="button" onClick={onAgain}>
          {t('unknown.again')}
        </button>
        <button type="button" className="bw-quiet" onClick={onStop}>
          {t('unknown.stop')}
        </button>
      </div>
    </Notice>
  )
}
