import React, { useState } from 'react'

import { useData } from '../../shared/data'
import { addressOf } from '../../shared/place'
import { goTo, Link, usePlace } from '../../shared/router'
import { Card, Empty, Field, Loaded, PageHead, Table, Time } from '../../shared/ui'
import { CsvButton } from '../csv-button'
import { Details } from '../details'
import { actorText, labelOf } from '../words'

interface Entry {
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly withdrawal_id?: string
  readonly subject?: string
  readonly from?: string
  readonly to?: string
  readonly reason?: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Who did what, when and why, over everything; nothing of it can be changed. */
export function AuditPage() {
  const { query } = usePlace()
  const operator = query.operator ?? ''
  const search = new URLSearchParams({
    ...(operator !== '' && { actor: `operator:${operator}` }),
    ...(query.before !== undefined && { before: query.before }),
  }).toString()
  const data = useData<{ data: readonly Entry[]; next?: string }>(`/admin/audit?${search}`)
  return (
    <React.Fragment>
      <PageHead title="Audit">
        <CsvButton path={`/admin/audit?${search}${search === '' ? '' : '&'}format=csv`} name="audit.csv" />
      </PageHead>
      <div className="stack">
        <FilterForm key={operator} operator={operator} />
        <Loaded data={data}>
          {({ data: found, next }) => (
            <Card
              title={query.before === undefined ? 'The latest' : 'Earlier'}
              note="Newest first. Nobody can change or remove an entry unnoticed."
            >
              <Entries found={found} />
              <p className="dialog-actions">
                {query.before !== undefined && (
                  <Link to={addressOf(['audit'], operator === '' ? {} : { operator })}>To the latest</Link>
                )}
                {next !== undefined && (
                  <Link to={addressOf(['audit'], { ...(operator !== '' && { operator }), before: next })}>
                    Earlier ones
                  </Link>
                )}
              </p>
            </Card>
          )}
        </Loaded>
      </div>
    </React.Fragment>
  )
}

function Entries({ found }: { found: readonly Entry[] }) {
  if (found.length === 0) return <Empty title="Nobody has done anything yet." />
  return (
    <Table label="What was done" head={['When', 'Who', 'What', 'About', 'Why']}>
      {found.map((entry, index) => (
        <tr key={`${entry.at} ${index}`}>
          <td className="nowrap">
            <Time at={entry.at} isFull />
          </td>
          <td className="nowrap">{actorText(entry.actor)}</td>
          <td>
            {labelOf(entry.action.replace(/\./g, ' '))}
            <Details title="More" facts={entry.detail} />
          </td>
          <td>
            {entry.withdrawal_id === undefined ? (
              entry.subject
            ) : (
              <Link to={addressOf(['withdrawals', entry.withdrawal_id])}>
                <code>{`…${entry.withdrawal_id.slice(-12)}`}</code>
              </Link>
            )}
          </td>
          <td>{entry.reason}</td>
        </tr>
      ))}
    </Table>
  )
}

function FilterForm({ operator }: { operator: string }) {
  const [typed, setTyped] = useState(operator)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    goTo(addressOf(['audit'], { operator: typed.trim() }))
  }
  return (
    <form className="filters" role="search" onSubmit={submit}>
      <Field label="Operator" hint="A number; empty for everybody.">
        {(attributes) => (
          <input
            {...attributes}
            inputMode="numeric"
            pattern="[0-9]{1,15}"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <div className="filter-actions">
        <button type="submit">Show</button>
      </div>
    </form>
  )
}
