import React, { useState } from 'react'

import { countText, durationText } from '../shared/format'
import { Badge, Card, Money, Time } from '../shared/ui'
import { ReasonDialog } from './reason-dialog'
import type { ProviderSight } from './types'
import { actorText } from './words'

interface Props {
  readonly providers: readonly ProviderSight[]
  readonly mayAct: boolean
  readonly onChange: () => void
}

/** How each provider is doing, what waits for it, and the switch that lets nothing more leave to it. */
export function ProviderCards({ providers, mayAct, onChange }: Props) {
  const [asking, setAsking] = useState<ProviderSight | null>(null)
  return (
    <Card title={providers.length === 1 ? 'Provider' : 'Providers'}>
      <ul className="providers">
        {providers.map((provider) => (
          <li key={provider.name}>
            <div className="provider-head">
              <strong>{provider.name}</strong> <Health provider={provider} />
              {mayAct && (
                <button type="button" onClick={() => setAsking(provider)}>
                  {provider.paused ? 'Resume' : 'Pause'} <span className="hidden">{provider.name}</span>
                </button>
              )}
            </div>
            <Pause provider={provider} />
            <Queue provider={provider} />
          </li>
        ))}
      </ul>
      {asking && (
        <PauseDialog
          provider={asking}
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

function Health({ provider }: { provider: ProviderSight }) {
  if (provider.paused) return <Badge tone="warn">Paused</Badge>
  if (provider.silent_for_ms > 0)
    return (
      <Badge tone="bad">Does not answer, asked again in {durationText(provider.silent_for_ms / 1_000)}</Badge>
    )
  if (provider.healthy === false) return <Badge tone="bad">Says that it is not well</Badge>
  return <Badge tone="good">Working</Badge>
}

const Pause = ({ provider }: { provider: ProviderSight }) => (
  <React.Fragment>
    {provider.paused && provider.paused_at !== undefined && (
      <p className="note">
        Nothing leaves to it since <Time at={provider.paused_at} />: {provider.paused_reason} (
        {actorText(provider.paused_by ?? '')})
      </p>
    )}
    {provider.health_message !== undefined && <p className="note">{provider.health_message}</p>}
  </React.Fragment>
)

function Queue({ provider }: { provider: ProviderSight }) {
  const { queue, mode, next_run_at, balances } = provider
  return (
    <React.Fragment>
      <p className="note">
        {mode === 'batch' ? 'Pays in batches' : 'Pays each at once'}
        {mode === 'batch' &&
          next_run_at === undefined &&
          '; its schedule never comes, so nothing leaves by itself'}
        {next_run_at !== undefined && !provider.paused && (
          <React.Fragment>
            ; the next one leaves <Time at={next_run_at} />
          </React.Fragment>
        )}
      </p>
      {queue.length === 0 ? (
        <p className="note">Nothing is ready to be paid.</p>
      ) : (
        <dl className="queue">
          {queue.map(({ currency, count, total, available }) => (
            <div key={currency}>
              <dt>{countText(count)} ready to be paid</dt>
              <dd>
                <Money amount={total} currency={currency} />
              </dd>
              {available !== undefined && (
                <React.Fragment>
                  <dt>{isShort(available, total) ? 'Not covered: it holds' : 'It holds'}</dt>
                  <dd className={isShort(available, total) ? 'short' : ''}>
                    <Money amount={available} currency={currency} />
                  </dd>
                </React.Fragment>
              )}
            </div>
          ))}
        </dl>
      )}
      {balances !== undefined && queue.length === 0 && balances.length > 0 && (
        <dl className="queue">
          {balances.map(({ currency, available }) => (
            <div key={currency}>
              <dt>It holds</dt>
              <dd>
                <Money amount={available} currency={currency} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </React.Fragment>
  )
}

/** For the eye alone: nothing is decided by it. */
const isShort = (available: string, total: string): boolean => Number(available) < Number(total)

interface DialogProps {
  readonly provider: ProviderSight
  readonly onClose: () => void
  readonly onDone: () => void
}

function PauseDialog({ provider: { name, version, paused }, onClose, onDone }: DialogProps) {
  const verb = paused ? 'Resume' : 'Pause'
  return (
    <ReasonDialog
      title={`${verb} ${name}`}
      verb={verb}
      path={`/admin/providers/${encodeURIComponent(name)}/${verb.toLowerCase()}`}
      body={{ version }}
      onClose={onClose}
      onDone={onDone}
    >
      <p>
        {paused
          ? 'What waited for it leaves now or with the next batch.'
          : 'From now on no payout leaves to it, from any instance. What has left goes on being looked up; users’ requests are accepted and wait, their balance locked.'}
      </p>
    </ReasonDialog>
  )
}
