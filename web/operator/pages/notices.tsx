import React, { useContext } from 'react'

import { useData } from '../../shared/data'
import { addressOf } from '../../shared/place'
import { Link } from '../../shared/router'
import { Badge, Card, Empty, Loaded, PageHead, Table, Time } from '../../shared/ui'
import { Deliveries } from '../deliveries'
import { type Endpoint, type EndpointList, Endpoints } from '../endpoints'
import { OverviewContext } from '../overview-context'
import { labelOf, valueText } from '../words'

interface NoticeItem {
  readonly subject: string
  readonly withdrawal_id?: string
  readonly [fact: string]: unknown
}

interface Notice {
  readonly id: string
  readonly kind: string
  readonly about: string
  readonly severity: 'notice' | 'warning' | 'urgent'
  readonly title: string
  readonly what_to_do: string
  readonly count: number
  readonly examples: readonly NoticeItem[]
  readonly opened_at: string
  readonly messages: number
  readonly told_at?: string
}

/** What needs somebody, who is told, and what did not arrive. */
export function NoticesPage() {
  const overview = useContext(OverviewContext)
  const mayAct = overview.value?.you.may_act === true
  const notices = useData<{ data: readonly Notice[] }>('/admin/notices')
  const endpoints = useData<EndpointList>('/admin/endpoints')
  const names = new Map((endpoints.value?.data ?? []).map(({ id, name }: Endpoint) => [id, name]))
  return (
    <React.Fragment>
      <PageHead title="Notices" />
      <div className="stack">
        <Loaded data={notices}>{({ data }) => <NoticeList notices={data} />}</Loaded>
        <Loaded data={endpoints}>
          {(found) => <Endpoints list={found} mayAct={mayAct} onChange={endpoints.reload} />}
        </Loaded>
        <Deliveries names={names} mayAct={mayAct} onChange={endpoints.reload} />
      </div>
    </React.Fragment>
  )
}

const TONE = { notice: 'plain', warning: 'warn', urgent: 'bad' } as const
const WORD = { notice: 'To know', warning: 'Soon', urgent: 'Now' } as const

function NoticeList({ notices }: { notices: readonly Notice[] }) {
  if (notices.length === 0)
    return (
      <Card title="Open">
        <Empty title="Nothing needs anybody.">
          What does stands here once for each outage, and is told to every endpoint for operators.
        </Empty>
      </Card>
    )
  return (
    <Card title="Open" note="One for each outage, however many withdrawals it hits.">
      <Table label="Open notices" head={['Urgency', 'What', 'Count', 'Since', 'Told']}>
        {notices.map((notice) => (
          <tr key={notice.id}>
            <td>
              <Badge tone={TONE[notice.severity]}>{WORD[notice.severity]}</Badge>
            </td>
            <td>
              <strong>{notice.title}</strong>
              <p className="note">{notice.what_to_do}</p>
              <Examples notice={notice} />
            </td>
            <td className="number">{notice.count}</td>
            <td className="nowrap">
              <Time at={notice.opened_at} />
            </td>
            <td className="nowrap">{notice.told_at ? <Time at={notice.told_at} /> : 'Nobody yet'}</td>
          </tr>
        ))}
      </Table>
    </Card>
  )
}

function Examples({ notice: { examples, count } }: { notice: Notice }) {
  if (examples.length === 0) return null
  return (
    <details>
      <summary>{count > examples.length ? `${examples.length} of ${count}` : 'Which'}</summary>
      <ul>
        {examples.map(({ subject, withdrawal_id: id, opened_at: _since, since: _at, ...facts }) => (
          <li key={subject}>
            {id === undefined ? (
              subject
            ) : (
              <Link to={addressOf(['withdrawals', id])}>{`…${id.slice(-12)}`}</Link>
            )}{' '}
            {Object.entries(facts)
              .map(([name, value]) => `${labelOf(name)}: ${valueText(value)}`)
              .join(', ')}
          </li>
        ))}
      </ul>
    </details>
  )
}
