import React, { useContext, useState } from 'react'

import { useData } from '../../shared/data'
import { addressOf } from '../../shared/place'
import { Link } from '../../shared/router'
import { Badge, Card, Empty, Loaded, PageHead, Time } from '../../shared/ui'
import { TextField } from '../decide'
import { OverviewContext } from '../overview-context'
import { Changes, type PolicyChange } from '../policy-history'
import { ReasonDialog } from '../reason-dialog'
import type { Approval, Stop } from '../types'
import { actorText } from '../words'

/** What one person alone may not do, and what one person alone may always do: stop everything. */
export function ControlPage() {
  const overview = useContext(OverviewContext)
  const mayAct = overview.value?.you.may_act === true
  const stop = useData<Stop>('/admin/stop')
  const approvals = useData<{ data: readonly Approval[] }>('/admin/approvals')
  const changed = () => {
    stop.reload()
    approvals.reload()
    overview.reload()
  }
  return (
    <React.Fragment>
      <PageHead title="Control" />
      <div className="stack">
        <Loaded data={stop}>{(found) => <StopCard stop={found} mayAct={mayAct} onChange={changed} />}</Loaded>
        <Loaded data={approvals}>
          {({ data }) =>
            data.length === 0 ? (
              <Card title="Waits for a second person">
                <Empty title="Nothing is proposed.">
                  What one operator decides above the ceiling stands here until another has confirmed it.
                </Empty>
              </Card>
            ) : (
              <React.Fragment>
                {data.map((approval) => (
                  <ApprovalCard key={approval.id} approval={approval} mayAct={mayAct} onChange={changed} />
                ))}
              </React.Fragment>
            )
          }
        </Loaded>
      </div>
    </React.Fragment>
  )
}

interface StopProps {
  readonly stop: Stop
  readonly mayAct: boolean
  readonly onChange: () => void
}

function StopCard({ stop, mayAct, onChange }: StopProps) {
  /** As it was seen then: a button does not become its opposite under the hand. */
  const [asking, setAsking] = useState<Stop | null>(null)
  const [message, setMessage] = useState('')
  const verbOf = ({ stopped }: Stop) => (stopped ? 'Let everything go on' : 'Stop everything')
  return (
    <Card title="Stop switch">
      {stop.stopped ? (
        <React.Fragment>
          <p>
            <Badge tone="bad">Everything is stopped</Badge>
          </p>
          <p>
            Users read: “{stop.message}”. Stopped by {actorText(stop.by ?? '')}
            {stop.since !== undefined && (
              <React.Fragment>
                {' '}
                at <Time at={stop.since} />
              </React.Fragment>
            )}
            : {stop.reason}
          </p>
          {(stop.under_way ?? 0) > 0 && (
            <p>{stop.under_way} payouts had begun before; those may still leave.</p>
          )}
        </React.Fragment>
      ) : (
        <p>
          Everything goes on. Stopping it takes one person: no payout begins, nobody is credited and nothing
          new is accepted, in every instance. What has left is still looked up and concluded.
        </p>
      )}
      {mayAct && (
        <p className="dialog-actions">
          <button type="button" className={stop.stopped ? '' : 'danger'} onClick={() => setAsking(stop)}>
            {verbOf(stop)}
          </button>
        </p>
      )}
      {asking && (
        <ReasonDialog
          title={verbOf(asking)}
          verb={verbOf(asking)}
          path={asking.stopped ? '/admin/stop/lift' : '/admin/stop'}
          body={{ version: asking.version, ...(!asking.stopped && message.trim() !== '' && { message }) }}
          fields={
            !asking.stopped && (
              <TextField
                label="What users read"
                hint="Instead of their withdrawal, until everything goes on."
                value={message}
                onChange={setMessage}
                isRequired={false}
              />
            )
          }
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null)
            onChange()
          }}
        >
          <p>
            {asking.stopped
              ? 'What waited leaves now or with the next batch. Where two operators are asked for, this only proposes it.'
              : 'Nothing leaves from the moment this is answered.'}
          </p>
        </ReasonDialog>
      )}
    </Card>
  )
}

interface ApprovalProps {
  readonly approval: Approval
  readonly mayAct: boolean
  readonly onChange: () => void
}

/** What changes in the settings is a list of names with what they become. */
const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(itemText).join(', ') : String(value)

function itemText(item: unknown): string {
  const { name, to } = (item ?? {}) as { name?: string; to?: string }
  return name === undefined ? String(item) : `${name} = ${to ?? 'default'}`
}

export function ApprovalCard({ approval, mayAct, onChange }: ApprovalProps) {
  const [saying, setSaying] = useState<'confirm' | 'refuse' | null>(null)
  const isOfSettings = approval.subject_kind === 'settings'
  const { changes } = (isOfSettings ? {} : approval.content) as { changes?: readonly PolicyChange[] }
  const content = Object.entries(approval.content)
    .filter(([, value]) => isOfSettings || typeof value !== 'object')
    .map(([name, value]) => `${name}: ${textOf(value)}`)
  return (
    <Card title={approval.title} note={approval.effect}>
      <p>
        Proposed by {actorText(approval.asked_by)} at <Time at={approval.asked_at} />: {approval.reason}
      </p>
      <p className="note">
        {approval.subject_kind === 'withdrawal' ? (
          <Link to={addressOf(['withdrawals', approval.subject])}>
            <code>{`…${approval.subject.slice(-12)}`}</code>
          </Link>
        ) : (
          <code>{approval.subject}</code>
        )}
        {content.length > 0 && ` (${content.join(', ')})`}
      </p>
      {changes && <Changes changes={changes} />}
      {mayAct && (
        <p className="dialog-actions">
          <button type="button" onClick={() => setSaying('refuse')}>
            Refuse
          </button>
          <button type="button" className="primary" onClick={() => setSaying('confirm')}>
            Confirm
          </button>
        </p>
      )}
      {saying && (
        <ReasonDialog
          title={saying === 'confirm' ? `Confirm: ${approval.title}` : `Refuse: ${approval.title}`}
          verb={saying === 'confirm' ? `Confirm: ${approval.title}` : `Refuse: ${approval.title}`}
          path={`/admin/approvals/${encodeURIComponent(approval.id)}/${saying}`}
          onClose={() => setSaying(null)}
          onDone={() => {
            setSaying(null)
            onChange()
          }}
        >
          <p>
            {saying === 'confirm'
              ? 'It is done with your confirmation, in both names.'
              : 'Nothing of it is done; it can be proposed anew.'}
          </p>
        </ReasonDialog>
      )}
    </Card>
  )
}
