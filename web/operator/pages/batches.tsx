import React, { useContext, useState } from 'react'

import { type ApiError, asApiError } from '../../shared/client'
import { ClientContext } from '../../shared/client-context'
import { useData } from '../../shared/data'
import { countText } from '../../shared/format'
import { addressOf } from '../../shared/place'
import { Link, usePlace } from '../../shared/router'
import {
  Badge,
  Card,
  Dialog,
  Empty,
  ErrorNote,
  Fact,
  Id,
  Loaded,
  Money,
  PageHead,
  Table,
  Time,
} from '../../shared/ui'
import { TextField } from '../decide'
import { OverviewContext } from '../overview-context'
import { Pager } from '../pager'
import { isOldNow } from '../staleness'
import type { Batch, BatchDetail, ProviderSight } from '../types'
import { BATCH_WORDS, stateLabel, stateTone } from '../words'

const PAGE = 50

export function BatchesPage() {
  const offset = Number(usePlace().query.offset ?? 0)
  const overview = useContext(OverviewContext)
  const data = useData<{ data: readonly Batch[] }>(`/admin/batches?limit=${PAGE}&offset=${offset}`)
  const inBatches = (overview.value?.providers ?? []).filter(({ mode }) => mode === 'batch')
  return (
    <React.Fragment>
      <PageHead title="Batches" />
      <div className="stack">
        <NextBatches
          providers={inBatches}
          mayAct={overview.value?.you.may_act === true}
          onDone={() => {
            data.reload()
            overview.reload()
          }}
        />
        <Loaded data={data}>
          {({ data: batches }) => (
            <Card title="Sent so far" note="Newest first.">
              {batches.length === 0 ? (
                <Empty title={offset > 0 ? 'That was all.' : 'No batch has been sent.'} />
              ) : (
                <Table label="Batches" head={['State', 'Total', 'Items', 'Provider', 'Sent', 'Id']}>
                  {batches.map((batch) => (
                    <tr key={batch.id}>
                      <td>
                        <BatchState state={batch.state} />
                      </td>
                      <td className="number">
                        <Money amount={batch.total} currency={batch.currency} />
                      </td>
                      <td className="number">{countText(batch.item_count)}</td>
                      <td>{batch.provider}</td>
                      <td className="nowrap">
                        <Time at={batch.sent_at} />
                      </td>
                      <td>
                        <Link to={addressOf(['batches', batch.id])}>
                          <code>{`…${batch.id.slice(-12)}`}</code>
                        </Link>
                      </td>
                    </tr>
                  ))}
                </Table>
              )}
              <Pager path={['batches']} offset={offset} pageSize={PAGE} shown={batches.length} />
            </Card>
          )}
        </Loaded>
      </div>
    </React.Fragment>
  )
}

function BatchState({ state }: { state: string }) {
  const [label, tone] = BATCH_WORDS[state] ?? [state, 'plain']
  return <Badge tone={tone}>{label}</Badge>
}

interface NextProps {
  readonly providers: readonly ProviderSight[]
  readonly mayAct: boolean
  readonly onDone: () => void
}

function NextBatches({ providers, mayAct, onDone }: NextProps) {
  const [sending, setSending] = useState<ProviderSight | null>(null)
  if (providers.length === 0)
    return (
      <Card title="The next batch">
        <Empty title="No provider pays in batches.">
          Each payout leaves at once. The setting “mode” changes that.
        </Empty>
      </Card>
    )
  return (
    <Card title={providers.length === 1 ? 'The next batch' : 'The next batches'}>
      <ul className="providers">
        {providers.map((provider) => (
          <li key={provider.name}>
            <div className="provider-head">
              <strong>{provider.name}</strong>
              {provider.paused && <Badge tone="warn">Paused</Badge>}
              {mayAct && (
                <button
                  type="button"
                  disabled={provider.paused || provider.queue.length === 0}
                  onClick={() => setSending(provider)}
                >
                  Send now
                </button>
              )}
            </div>
            {provider.queue.length === 0 ? (
              <p className="note">Nothing is ready to be paid.</p>
            ) : (
              provider.queue.map(({ currency, count, total }) => (
                <p key={currency}>
                  {countText(count)} ready, <Money amount={total} currency={currency} /> in all
                </p>
              ))
            )}
            {provider.mode === 'batch' && provider.next_run_at === undefined && (
              <p className="note">Nothing leaves by itself: its schedule never comes.</p>
            )}
            {provider.next_run_at !== undefined && !provider.paused && (
              <p className="note">
                Leaves by itself <Time at={provider.next_run_at} />.
              </p>
            )}
          </li>
        ))}
      </ul>
      {sending && (
        <RunDialog
          provider={sending}
          onClose={() => setSending(null)}
          onDone={() => {
            setSending(null)
            onDone()
          }}
        />
      )}
    </Card>
  )
}

interface Run {
  readonly currency: string
  readonly batches: readonly { id: string; item_count: number; total: string; outcome: string }[]
  readonly singles: number
  readonly waiting?: string
}

function RunDialog({
  provider,
  onClose,
  onDone,
}: {
  provider: ProviderSight
  onClose: () => void
  onDone: () => void
}) {
  const client = useContext(ClientContext)
  const [reason, setReason] = useState('')
  const [error, setError] = useState<ApiError | null>(null)
  const [runs, setRuns] = useState<readonly Run[] | null>(null)
  const [isSending, setSending] = useState(false)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    if (isSending) return
    setSending(true)
    setError(null)
    client
      .post<{ data: readonly Run[] }>('/admin/batches/run', { provider: provider.name, reason })
      .then(
        ({ data }) => setRuns(data),
        (thrown: unknown) => setError(asApiError(thrown)),
      )
      .finally(() => setSending(false))
  }
  const close = isOldNow(error) ? onDone : onClose
  if (runs)
    return (
      <Dialog title="Sent" onClose={onDone}>
        <div className="stack" role="status">
          {runs.length === 0 && <p>Nothing was due.</p>}
          {runs.map((run) => (
            <div key={run.currency}>
              {run.batches.map(({ id, item_count, total, outcome }) => (
                <p key={id}>
                  {countText(item_count)} payouts, <Money amount={total} currency={run.currency} />: {outcome}
                </p>
              ))}
              {run.singles > 0 && <p>{countText(run.singles)} sent one by one.</p>}
              {run.waiting !== undefined && <p>Not sent: {run.waiting}</p>}
            </div>
          ))}
        </div>
        <div className="dialog-actions">
          <button type="button" className="primary" onClick={onDone}>
            Close
          </button>
        </div>
      </Dialog>
    )
  return (
    <Dialog title={`Send what is due to ${provider.name} now`} onClose={close}>
      <form onSubmit={submit}>
        <p>What is ready leaves to the provider, as the next run would send it. Each payout leaves once.</p>
        {provider.queue.map(({ currency, count, total }) => (
          <p key={currency}>
            {countText(count)} ready, <Money amount={total} currency={currency} />
          </p>
        ))}
        {error && <ErrorNote error={error} />}
        <TextField
          label="Reason"
          hint="Kept with your name."
          value={reason}
          onChange={setReason}
          isRequired
        />
        <div className="dialog-actions">
          <button type="button" onClick={close}>
            Wait for the schedule
          </button>
          <button type="submit" className="primary" disabled={isSending}>
            {isSending ? 'Sending …' : 'Send now'}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

export function BatchPage({ id }: { id: string }) {
  const data = useData<BatchDetail>(`/admin/batches/${encodeURIComponent(id)}`)
  return (
    <React.Fragment>
      <PageHead title="Batch" />
      <Loaded data={data}>
        {(batch) => (
          <div className="stack">
            <section className="card" aria-label="Summary">
              <div className="summary">
                <p className="amount">
                  <Money amount={batch.total} currency={batch.currency} />
                </p>
                <BatchState state={batch.state} />
                <p className="note">{countText(batch.item_count)} payouts</p>
              </div>
              <dl className="facts">
                <Fact name="Provider">{batch.provider}</Fact>
                <Fact name="Sent">
                  <Time at={batch.sent_at} isFull />
                </Fact>
                <Fact name="How often">{batch.attempts}</Fact>
                <Fact name="Its key">
                  <Id value={batch.key} />
                </Fact>
                {batch.provider_reference !== undefined && (
                  <Fact name="Provider’s reference">
                    <Id value={batch.provider_reference} />
                  </Fact>
                )}
                <Fact name="Seal of what was sent">
                  <code>{batch.payload_hash}</code>
                </Fact>
              </dl>
            </section>
            <Card title="Members" note="As they stand now.">
              <Table label="Members" head={['State', 'Amount', 'User', 'Account', 'Withdrawal']}>
                {batch.items.map((item) => (
                  <tr key={item.id}>
                    <td>
                      <Badge tone={stateTone(item.state)}>{stateLabel(item.state)}</Badge>{' '}
                      {item.left && <Badge>Went on without it</Badge>}
                    </td>
                    <td className="number">
                      <Money amount={item.amount} currency={batch.currency} />
                    </td>
                    <td>{item.user_id}</td>
                    <td className="clip">{item.destination}</td>
                    <td>
                      <Link to={addressOf(['withdrawals', item.id])}>
                        <code>{`…${item.id.slice(-12)}`}</code>
                      </Link>
                    </td>
                  </tr>
                ))}
              </Table>
            </Card>
          </div>
        )}
      </Loaded>
    </React.Fragment>
  )
}
