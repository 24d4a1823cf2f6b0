import React, { useContext, useMemo, useState } from 'react'

import { useData } from '../../shared/data'
import { countText } from '../../shared/format'
import { addressOf } from '../../shared/place'
import { goTo, Link, usePlace } from '../../shared/router'
import { Badge, Card, Empty, Field, Loaded, Money, PageHead, Table, Time } from '../../shared/ui'
import { BulkBar } from '../bulk'
import { CsvButton } from '../csv-button'
import { OverviewContext } from '../overview-context'
import { Pager } from '../pager'
import type { Overview, Withdrawal } from '../types'
import { STATE_WORDS, stateLabel, stateTone } from '../words'

const PAGE = 50

/** What a filter is called in the address and in the request. */
const FILTERS = ['state', 'provider', 'currency', 'user_id', 'q'] as const
type Filters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>

const TABS: readonly (readonly [title: string, states: string])[] = [
  ['All', ''],
  ['Wait for a person', 'in_review,conflict'],
  ['Ready', 'requested,ready'],
  ['Under way', 'submitting,submitted,settling,releasing,returning'],
  ['In doubt', 'in_doubt'],
  ['Paid', 'processed'],
  ['Given back', 'canceled,returned'],
]

export function WithdrawalsPage() {
  const { query } = usePlace()
  const filters: Filters = Object.fromEntries(FILTERS.map((name) => [name, query[name] ?? '']))
  const offset = Number(query.offset ?? 0)
  const search = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''))
  const data = useData<{ data: readonly Withdrawal[] }>(
    `/admin/withdrawals?${search.toString()}&limit=${PAGE}&offset=${offset}`,
  )
  const change = (more: Filters) => goTo(addressOf(['withdrawals'], { ...filters, ...more }))
  return (
    <React.Fragment>
      <PageHead title="Withdrawals">
        <CsvButton path={`/admin/withdrawals?${search.toString()}&format=csv`} name="withdrawals.csv" />
      </PageHead>
      <div className="stack">
        <Tabs current={filters.state ?? ''} onChange={(state) => change({ state })} />
        <FilterForm key={JSON.stringify(filters)} filters={filters} onChange={change} />
        <Loaded data={data}>
          {({ data: rows }) => (
            <List
              key={search.toString() + String(offset)}
              {...{ rows, offset, filters }}
              onChange={data.reload}
            />
          )}
        </Loaded>
      </div>
    </React.Fragment>
  )
}

function Tabs({ current, onChange }: { current: string; onChange: (states: string) => void }) {
  const overview = useContext(OverviewContext).value
  return (
    <div className="tabs" role="group" aria-label="By state">
      {TABS.map(([title, states]) => {
        const count = states === '' ? null : countIn(overview, states)
        return (
          <button
            key={title}
            type="button"
            aria-pressed={current === states}
            onClick={() => onChange(states)}
          >
            {title}
            {count !== null && count > 0 && <span className="tab-count"> {countText(count)}</span>}
          </button>
        )
      })}
    </div>
  )
}

const countIn = (overview: Overview | null, states: string): number =>
  (overview?.standing ?? [])
    .filter(({ state }) => states.split(',').includes(state))
    .reduce((sum, { count }) => sum + count, 0)

function FilterForm({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const overview = useContext(OverviewContext).value
  const [given, setGiven] = useState(filters)
  const currencies = [...new Set((overview?.standing ?? []).map(({ currency }) => currency))]
  const set =
    (name: (typeof FILTERS)[number]) => (event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      setGiven({ ...given, [name]: event.target.value })
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    onChange({ ...given, q: given.q?.trim() ?? '' })
  }
  const isFiltered = FILTERS.some((name) => (filters[name] ?? '') !== '')
  return (
    <form className="filters" role="search" onSubmit={submit}>
      <Field label="Search">
        {(attributes) => (
          <input
            {...attributes}
            type="search"
            placeholder="Any id or reference, whole"
            maxLength={64}
            value={given.q ?? ''}
            onInput={set('q') as never}
          />
        )}
      </Field>
      <Field label="User">
        {(attributes) => (
          <input
            {...attributes}
            inputMode="numeric"
            pattern="[0-9]{1,9}"
            value={given.user_id ?? ''}
            onInput={set('user_id') as never}
          />
        )}
      </Field>
      <Field label="Currency">
        {(attributes) => (
          <select {...attributes} value={given.currency ?? ''} onChange={set('currency')}>
            <option value="">Any</option>
            {currencies.map((currency) => (
              <option key={currency} value={currency}>
                {currency.toUpperCase()}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Provider">
        {(attributes) => (
          <select {...attributes} value={given.provider ?? ''} onChange={set('provider')}>
            <option value="">Any</option>
            {(overview?.providers ?? []).map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      <Field label="State">
        {(attributes) => (
          <select
            {...attributes}
            value={(given.state ?? '').includes(',') ? '' : (given.state ?? '')}
            onChange={set('state')}
          >
            <option value="">{(given.state ?? '').includes(',') ? 'As above' : 'Any'}</option>
            {Object.entries(STATE_WORDS).map(([state, [label]]) => (
              <option key={state} value={state}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="filter-actions">
        <button type="submit" className="primary">
          Show
        </button>
        {isFiltered && (
          <button type="button" className="quiet" onClick={() => goTo(addressOf(['withdrawals']))}>
            Clear
          </button>
        )}
      </div>
    </form>
  )
}

interface ListProps {
  readonly rows: readonly Withdrawal[]
  readonly offset: number
  readonly filters: Filters
  readonly onChange: () => void
}

function List({ rows, offset, filters, onChange }: ListProps) {
  const mayAct = useContext(OverviewContext).value?.you.may_act === true
  const [chosen, setChosen] = useState<readonly string[]>([])
  const picked = useMemo(() => rows.filter(({ id }) => chosen.includes(id)), [rows, chosen])
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((known) => known !== id) : [...chosen, id])
  if (rows.length === 0)
    return (
      <Card title="Nothing found">
        <Empty title={offset > 0 ? 'That was all.' : 'No withdrawal is like this.'}>
          An id is found whole, not by a part of it: a withdrawal’s own, the payout key, the end-to-end id,
          the provider’s or the bank’s reference.
        </Empty>
      </Card>
    )
  return (
    <Card title={`${offset + 1} to ${offset + rows.length}, newest first`}>
      {mayAct && <BulkBar picked={picked} onDone={onChange} />}
      <Table
        label="Withdrawals"
        head={[
          ...(mayAct ? ['Choose'] : []),
          'State',
          'Amount',
          'User',
          'Account',
          'Provider',
          'Since',
          'Id',
        ]}
      >
        {rows.map((row) => (
          <tr key={row.id}>
            {mayAct && (
              <td>
                <input
                  type="checkbox"
                  aria-label={`Choose ${row.id}`}
                  checked={chosen.includes(row.id)}
                  onChange={() => toggle(row.id)}
                />
              </td>
            )}
            <td>
              <Badge tone={stateTone(row.state)}>{stateLabel(row.state)}</Badge>
            </td>
            <td className="number">
              <Money amount={row.amount} currency={row.currency} />
            </td>
            <td>{row.user_id}</td>
            <td className="clip">{row.destination}</td>
            <td>{row.provider}</td>
            <td className="nowrap">
              <Time at={row.state_since} />
            </td>
            <td>
              <Link to={addressOf(['withdrawals', row.id])}>
                <code>{`…${row.id.slice(-12)}`}</code>
              </Link>
            </td>
          </tr>
        ))}
      </Table>
      <Pager path={['withdrawals']} query={filters} offset={offset} pageSize={PAGE} shown={rows.length} />
    </Card>
  )
}
