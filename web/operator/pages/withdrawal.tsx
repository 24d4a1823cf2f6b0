import React, { useContext, useState } from 'react'

import { useData } from '../../shared/data'
import { addressOf } from '../../shared/place'
import { Link } from '../../shared/router'
import { Badge, Card, Fact, Id, Loaded, Money, PageHead, Time } from '../../shared/ui'
import { DecideDialog } from '../decide'
import { DifferenceCard } from '../differences'
import { EvidenceCard } from '../evidence'
import { OverviewContext } from '../overview-context'
import { Timeline } from '../timeline'
import type { PossibleAction, WithdrawalDetail } from '../types'
import { stateLabel, stateTone } from '../words'
import { ApprovalCard } from './control'

export function WithdrawalPage({ id }: { id: string }) {
  const overview = useContext(OverviewContext)
  const data = useData<WithdrawalDetail>(`/admin/withdrawals/${encodeURIComponent(id)}`)
  const changed = () => {
    data.reload()
    overview.reload()
  }
  return (
    <React.Fragment>
      <PageHead title="Withdrawal">
        <button type="button" onClick={data.reload} disabled={data.isLoading}>
          Refresh
        </button>
      </PageHead>
      <Loaded data={data}>
        {(row) => (
          <div className="detail">
            <div className="stack">
              <Summary row={row} />
              <Timeline row={row} />
            </div>
            <div className="stack">
              <Decisions row={row} onChange={changed} />
              {row.approvals.map((approval) => (
                <ApprovalCard
                  key={approval.id}
                  approval={approval}
                  mayAct={overview.value?.you.may_act === true}
                  onChange={changed}
                />
              ))}
              {row.differences.map((difference) => (
                <DifferenceCard key={difference.id} difference={difference} onChange={changed} isAtHome />
              ))}
              <Names row={row} />
              <EvidenceCard id={row.id} />
            </div>
          </div>
        )}
      </Loaded>
    </React.Fragment>
  )
}

function Summary({ row }: { row: WithdrawalDetail }) {
  return (
    <section className="card" aria-label="Summary">
      <div className="summary">
        <p className="amount">
          <Money amount={row.amount} currency={row.currency} />
        </p>
        <Badge tone={stateTone(row.state)}>{stateLabel(row.state)}</Badge>
        <p className="note">
          since <Time at={row.state_since} isFull />
        </p>
      </div>
      {row.reason !== undefined && <p className="said">The user reads: “{row.reason}”</p>}
      <dl className="facts">
        <Fact name="To">{row.destination}</Fact>
        <Fact name="User">
          <Link to={addressOf(['withdrawals'], { user_id: String(row.user_id) })}>{row.user_id}</Link>
        </Fact>
        <Fact name="Fee">
          <Money amount={row.fee} currency={row.currency} />
        </Fact>
        <Fact name="The payee gets">
          <Money amount={row.payout_amount} currency={row.currency} />
        </Fact>
        {row.returned_amount !== undefined && (
          <Fact name="Came back">
            <Money amount={row.returned_amount} currency={row.currency} />
          </Fact>
        )}
        <Fact name="Provider">
          {row.provider}, {row.mode === 'batch' ? 'in batches' : 'at once'}
        </Fact>
        {row.provider_status !== undefined && <Fact name="Its last word">{row.provider_status}</Fact>}
        <Fact name="Asked for">
          <Time at={row.created_at} isFull />
        </Fact>
        {row.next_run_at !== undefined && (
          <Fact name="Looked at again">
            <Time at={row.next_run_at} isFull />
          </Fact>
        )}
        {row.batch_id !== undefined && (
          <Fact name="Batch">
            <Link to={addressOf(['batches', row.batch_id])}>
              <code>{row.batch_id}</code>
            </Link>
          </Fact>
        )}
      </dl>
    </section>
  )
}

/** What anybody else calls it. */
function Names({ row }: { row: WithdrawalDetail }) {
  const names = [
    ['Id, and the lock’s transaction id', row.id],
    ['Payout key', row.payout_key],
    ['End-to-end id', row.end_to_end_id],
    ['Provider’s reference', row.provider_reference],
    ['Bank’s transaction', row.provider_transaction_id],
  ] as const
  return (
    <Card title="What others call it">
      <dl className="facts one">
        {names.map(([name, value]) =>
          value === undefined ? null : (
            <Fact key={name} name={name}>
              <Id value={value} />
            </Fact>
          ),
        )}
      </dl>
    </Card>
  )
}

/** The table's sentences leave out what they are about. */
const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1)

const keyOf = ({ action, to }: PossibleAction): string => (to === undefined ? action : `${action}:${to}`)

function Decisions({ row, onChange }: { row: WithdrawalDetail; onChange: () => void }) {
  const overview = useContext(OverviewContext).value
  /** With the row as it was seen then: what is loaded behind the dialog is not what is decided about. */
  const [asking, setAsking] = useState<{ row: WithdrawalDetail; action: PossibleAction } | null>(null)
  const mayAct = overview?.you.may_act === true
  const suggested = row.question?.suggested_actions ?? []
  const rank = (action: PossibleAction) => {
    const place = suggested.indexOf(keyOf(action))
    return place < 0 ? suggested.length : place
  }
  const actions = [...row.actions].sort((a, b) => rank(a) - rank(b))
  return (
    <Card title={row.question?.title ?? 'What can be done'}>
      {row.question && (
        <div className="asked">
          <p>{row.question.money}</p>
          <p className="note">{row.question.what_to_do}</p>
        </div>
      )}
      <Hints row={row} />
      {actions.length === 0 && <p className="note">Nothing: it is over, and nothing about it is open.</p>}
      {!mayAct && actions.length > 0 && <p className="note">Your role may look, not decide.</p>}
      {mayAct && (
        <ul className="actions">
          {actions.map((action) => (
            <li key={keyOf(action)}>
              <button
                type="button"
                className={suggested[0] === keyOf(action) ? 'primary' : ''}
                onClick={() => setAsking({ row, action })}
              >
                {action.title}
              </button>
              <p className="note">
                <b>Lock</b> {lower(action.burn)} <b>Payout</b> {lower(action.payout)}
              </p>
            </li>
          ))}
        </ul>
      )}
      {asking && (
        <DecideDialog
          {...asking}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null)
            onChange()
          }}
        />
      )}
    </Card>
  )
}

/** What else acts on it, and what is unusual about it: to be seen before a decision, not after. */
function Hints({ row }: { row: WithdrawalDetail }) {
  const providers = useContext(OverviewContext).value?.providers ?? []
  const isPaused = providers.find(({ name }) => name === row.provider)?.paused === true
  return (
    <ul className="hints">
      {isPaused && <li>The provider is paused: nothing leaves to it until it is resumed.</li>}
      {row.next_run_at !== undefined && (
        <li>
          The machine acts on it too, by itself: <Time at={row.next_run_at} />.
        </li>
      )}
      {(row.hints ?? []).map(({ code, text }) => (
        <li key={code}>{text}</li>
      ))}
    </ul>
  )
}
