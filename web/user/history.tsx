import React, { useContext, useEffect, useRef, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { useData } from '../shared/data'
import { Field, saveBlob } from '../shared/ui'
import { endOf, isStored, shownIban } from './iban'
import type { Words } from './language'
import { accountOf, Failure, Fetched, StageBadge, useLatest } from './parts'
import { reasonKey, shortKey, stageKey } from './said'
import type { Withdrawal } from './types'
import { useWords } from './words'

interface Listed {
  readonly withdrawals: readonly Withdrawal[]
  readonly recordsTotal: number
}

/** What the server found of all, and for which words. */
interface Found {
  readonly search: string
  readonly rows: readonly Withdrawal[]
}

const PAGE = 100

interface HistoryProps {
  /** Another one: what is listed is old. */
  readonly version: number
  /** With the time at which it was listed so. */
  readonly onOpen: (record: Withdrawal, at: Date) => void
}

export function History({ version, onOpen }: HistoryProps) {
  const words = useWords()
  const { t } = words
  const client = useContext(ClientContext)
  const list = useData<Listed>(`/list?limit=${PAGE}&draw=${version}`)
  const known = useLatest(list.value)
  const knownAt = useLatest(list.at)
  const [older, setOlder] = useState<readonly Withdrawal[]>([])
  const [search, setSearch] = useState('')
  const [answer, setAnswer] = useState<Found | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  /** The list that older ones are awaited for. */
  const awaited = useRef<number | null>(null)
  useEffect(() => {
    awaited.current = null
    setOlder([])
    setAnswer(null)
  }, [version])
  const failed = (thrown: unknown) => setError(asApiError(thrown))
  const download = () => {
    setError(null)
    client
      .download('/?format=csv')
      .then(({ blob, name }) => saveBlob(blob, name ?? 'withdrawals.csv'), failed)
  }
  const more = (shown: readonly Withdrawal[]) => {
    // The second half of a double click would bring the same ones again.
    if (awaited.current === version) return
    awaited.current = version
    setError(null)
    const isAwaited = () => awaited.current === version
    client
      .get<Listed>(`/list?limit=${PAGE}&offset=${shown.length}`)
      .then(({ withdrawals }) => isAwaited() && setOlder((before) => [...before, ...withdrawals]), failed)
      .finally(() => {
        if (isAwaited()) awaited.current = null
      })
      .catch(() => {})
  }
  /** Asked for with a click, and not with each letter: a kit counts. */
  const searchAll = () => {
    setError(null)
    client
      .get<Listed>(`/list?limit=${PAGE}&search=${encodeURIComponent(search.trim())}`)
      .then(({ withdrawals }) => setAnswer({ search, rows: withdrawals }), failed)
  }
  return (
    <section className="bw-card" aria-label={t('page.history')}>
      <div className="bw-head">
        <h2>{t('page.history')}</h2>
        {(known?.recordsTotal ?? 0) > 0 && (
          <button type="button" onClick={download}>
            {t('history.csv')}
          </button>
        )}
      </div>
      {error && <Failure error={error} />}
      <Fetched data={{ ...list, value: known }}>
        {({ withdrawals, recordsTotal }) => {
          const all = eachOnce([...withdrawals, ...older])
          const isPart = all.length < recordsTotal
          const asked = answer?.search === search ? answer : null
          const seen = new Set(all.map(({ id }) => id))
          const found = [
            ...all.filter((row) => isLike(row, search, words)),
            ...(asked?.rows ?? []).filter(({ id }) => !seen.has(id)),
          ]
          if (all.length === 0) return <Nothing title={t('history.empty')}>{t('history.emptyText')}</Nothing>
          return (
            <React.Fragment>
              <Field label={t('history.search')} hint={t('history.searchHint')}>
                {(attributes) => (
                  <input
                    {...attributes}
                    type="search"
                    maxLength={128}
                    onKeyDown={(event) =>
                      event.key === 'Enter' && isPart && search.trim() !== '' && searchAll()
                    }
                    value={search}
                    onChange={(event) => setSearch(event.currentTarget.value)}
                  />
                )}
              </Field>
              {isPart && search.trim() !== '' && asked === null && (
                <button type="button" onClick={searchAll}>
                  {t('history.searchAll', { all: recordsTotal })}
                </button>
              )}
              {found.length === 0 && (!isPart || asked !== null || search.trim() === '') && (
                <Nothing title={t('history.noMatch')}>
                  {t(asked === null ? 'history.noMatchText' : 'history.noMatchAll')}
                </Nothing>
              )}
              <ul className="bw-list">
                {found.map((row) => (
                  <Row key={row.id} row={row} onOpen={() => onOpen(row, knownAt ?? new Date())} />
                ))}
              </ul>
              <div className="bw-foot">
                <p className="bw-note" role="status">
                  {t('history.count', { shown: found.length, all: recordsTotal })}
                </p>
                {isPart && search.trim() === '' && (
                  <button type="button" onClick={() => more(all)}>
                    {t('history.more')}
                  </button>
                )}
              </div>
            </React.Fragment>
          )
        }}
      </Fetched>
    </section>
  )
}

function Row({ row, onOpen }: { row: Withdrawal; onOpen: () => void }) {
  const { t, money, time } = useWords()
  const amount = money(row.amount, row.currency)
  const account = accountOf(row)
  return (
    <li>
      <button type="button" className="bw-row" onClick={onOpen}>
        <span className="bw-row-main">
          <span className="bw-strong bw-clip">
            <bdi>{row.account_holder ?? (isStored(account) ? account : t('record.notStored'))}</bdi>
          </span>
          <span className="bw-note bw-clip">
            <time dateTime={row.created_at}>{time(row.created_at)}</time>
            {isStored(account) && (
              <React.Fragment>
                {' '}
                · <bdi>…{endOf(account)}</bdi>
              </React.Fragment>
            )}
          </span>
        </span>
        <span className="bw-row-end">
          <span className="bw-strong bw-number">{amount}</span>
          <StageBadge stage={row.stage} />
        </span>
      </button>
    </li>
  )
}

const Nothing = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <div className="bw-empty">
    <p className="bw-strong">{title}</p>
    <p className="bw-note">{children}</p>
  </div>
)

/** What was made in another window meanwhile has moved the others down the list. */
const eachOnce = (rows: readonly Withdrawal[]): readonly Withdrawal[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
]

/** Every word has to be found somewhere in what is shown of it. */
function isLike(row: Withdrawal, search: string, { t, money, time }: Words): boolean {
  const account = accountOf(row)
  const text = [
    ...[row.id, account, shownIban(account), row.account_holder, row.bank, row.provider_transaction_id],
    ...[String(row.amount), money(row.amount, row.currency), row.currency, time(row.created_at)],
    ...[t(stageKey(row.stage)), t(shortKey(row.stage)), row.reason_code && t(reasonKey(row.reason_code))],
  ]
    .filter(Boolean)
    .join(' ')
    .toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
