import React, { useState } from 'react'

import { useData } from '../shared/data'
import { addressOf } from '../shared/place'
import { Link } from '../shared/router'
import { Badge, Card, Empty, Field, Loaded, Table, Time } from '../shared/ui'
import { ReasonDialog } from './reason-dialog'

interface Delivery {
  readonly id: string
  readonly endpoint: string
  readonly event_id: string
  readonly kind: string
  readonly subject: string
  readonly state: 'waiting' | 'delivered' | 'dead'
  readonly attempts: number
  readonly created_at: string
  readonly next_at?: string
  readonly last_error?: string
}

interface Props {
  /** Of endpoints, by id. */
  readonly names: ReadonlyMap<string, string>
  readonly mayAct: boolean
  readonly onChange: () => void
}

const STATES = { dead: 'Given up', waiting: 'Waiting', delivered: 'Delivered' } as const

/** What was given up first: that is what somebody has to see to. */
export function Deliveries({ names, mayAct, onChange }: Props) {
  const [state, setState] = useState<Delivery['state']>('dead')
  const [asked, setAsked] = useState<Delivery | null>(null)
  const data = useData<{ data: readonly Delivery[] }>(`/admin/deliveries?state=${state}`)
  return (
    <Card title="Messages">
      <Field label="Show">
        {(attributes) => (
          <select
            {...attributes}
            value={state}
            onChange={(event) => setState(event.target.value as Delivery['state'])}
          >
            {Object.entries(STATES).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Loaded data={data}>
        {({ data: found }) =>
          found.length === 0 ? (
            <Empty title={state === 'dead' ? 'Nothing was given up.' : 'There are none.'} />
          ) : (
            <Table label="The messages" head={['When', 'To', 'What', 'About', 'State', 'Do']}>
              {found.map((delivery) => (
                <Row key={delivery.id} {...{ delivery, names, mayAct }} onAsk={() => setAsked(delivery)} />
              ))}
            </Table>
          )
        }
      </Loaded>
      {asked && (
        <ReasonDialog
          title="Send it again"
          path={`/admin/deliveries/${asked.id}/send-again`}
          verb="Send it again"
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null)
            data.reload()
            onChange()
          }}
        >
          <p>
            It is tried for three days more, under the same id. Later messages about the same withdrawal may
            have arrived before it.
          </p>
        </ReasonDialog>
      )}
    </Card>
  )
}

interface RowProps {
  readonly delivery: Delivery
  readonly names: Props['names']
  readonly mayAct: boolean
  readonly onAsk: () => void
}

const TONE = { dead: 'bad', waiting: 'warn', delivered: 'good' } as const

const Row = ({ delivery, names, mayAct, onAsk }: RowProps) => (
  <tr>
    <td className="nowrap">
      <Time at={delivery.created_at} />
    </td>
    <td>{names.get(delivery.endpoint) ?? 'removed'}</td>
    <td>{delivery.kind}</td>
    <td>
      {delivery.subject.includes(':') ? (
        delivery.subject
      ) : (
        <Link to={addressOf(['withdrawals', delivery.subject])}>{`…${delivery.subject.slice(-12)}`}</Link>
      )}
    </td>
    <td>
      <Badge tone={TONE[delivery.state]}>{STATES[delivery.state]}</Badge> {`after ${delivery.attempts} tries`}
      {delivery.last_error !== undefined && <p className="note">{delivery.last_error}</p>}
    </td>
    <td>
      {delivery.state === 'dead' && mayAct && (
        <button type="button" onClick={onAsk}>
          Send again <span className="hidden">{delivery.event_id}</span>
        </button>
      )}
    </td>
  </tr>
)
