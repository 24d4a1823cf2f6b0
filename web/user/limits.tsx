import React from 'react'

import type { Limit, Options } from './types'
import { useWords } from './words'

/** What is left of the user's own limits, and when each begins anew. */
export function Limits({ options }: { options: Options }) {
  const { t } = useWords()
  return (
    <section className="bw-card" aria-label={t('limits.title')}>
      <h2>{t('limits.title')}</h2>
      {options.limits.length === 0 ? (
        <p className="bw-note">{t('limits.none')}</p>
      ) : (
        <ul className="bw-limits">
          {options.limits.map((limit, place) => (
            <li key={place}>
              <LimitText limit={limit} currency={options.currency} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function LimitText({ limit, currency }: { limit: Limit; currency: string }) {
  const { t, money, when } = useWords()
  const { per, amount, amount_left, count, count_left, resets_at } = limit
  const isUsedUp = amount_left === 0 || count_left === 0
  const parts = [
    ...(amount !== null && amount_left !== null ? [[amount_left, amount] as const] : []),
    ...(count !== null && count_left !== null ? [[count_left, count] as const] : []),
  ]
  const left = Math.min(...parts.map(([some, all]) => (all > 0 ? some / all : 0)))
  return (
    <React.Fragment>
      <p className="bw-strong">{t(per === 'day' ? 'limits.day' : 'limits.month')}</p>
      {amount !== null && amount_left !== null && (
        <p>{t('limits.amount', { left: money(amount_left, currency), all: money(amount, currency) })}</p>
      )}
      {count !== null && count_left !== null && <p>{t('limits.count', { left: count_left, all: count })}</p>}
      <svg
        className="bw-meter"
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <rect className="all" width="100" height="4" />
        <rect className={isUsedUp ? 'used' : 'left'} width={left * 100} height="4" />
      </svg>
      <p className="bw-note">
        {t('limits.resets', { when: when(resets_at) })} {isUsedUp && t('limits.used')}
      </p>
    </React.Fragment>
  )
}
