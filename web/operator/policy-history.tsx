import React, { useState } from 'react'

import { useData } from '../shared/data'
import { addressOf } from '../shared/place'
import { Link } from '../shared/router'
import { Badge, Card, Empty, Loaded, Money, Table, Time } from '../shared/ui'
import { ReasonDialog } from './reason-dialog'
import { actorText } from './words'

export interface PolicyChange {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

export interface DryRun {
  readonly since: string
  readonly until?: string
  readonly looked: number
  readonly refused: number
  readonly held: number
  readonly rules: readonly {
    readonly name: string
    readonly text: string
    readonly currency: string
    readonly outcome: 'refused' | 'held'
    readonly count: number
    readonly amount: string
    readonly sample: readonly string[]
  }[]
  readonly changes: readonly PolicyChange[]
}

/** What it would have done, before it does it. */
export function DryRunCard({ run }: { run: DryRun }) {
  return (
    <Card title="What it would have done">
      <p role="status">
        Of {run.looked} withdrawals since <Time at={run.since} />
        {run.until !== undefined && (
          <React.Fragment>
            {' '}
            (until <Time at={run.until} />; the rest took too long)
          </React.Fragment>
        )}{' '}
        it would have refused <strong>{run.refused}</strong> and held <strong>{run.held}</strong>.
      </p>
      <Changes changes={run.changes} />
      {run.rules.length > 0 && (
        <Table label="By rule" head={['Rule', 'What', 'How many', 'Sum', 'For instance']}>
          {run.rules.map((rule) => (
            <tr key={`${rule.name} ${rule.currency} ${rule.outcome}`}>
              <td>{rule.text}</td>
              <td>
                <Badge tone={rule.outcome === 'refused' ? 'bad' : 'warn'}>{rule.outcome}</Badge>
              </td>
              <td className="number">{rule.count}</td>
              <td className="number">
                <Money amount={rule.amount} currency={rule.currency} />
              </td>
              <td>
                {rule.sample.map((id) => (
                  <React.Fragment key={id}>
                    <Link to={addressOf(['withdrawals', id])}>
                      <code>{`…${id.slice(-6)}`}</code>
                    </Link>{' '}
                  </React.Fragment>
                ))}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  )
}

export const Changes = ({ changes }: { changes: readonly PolicyChange[] }) => (
  <ul>
    {changes.map(({ name, before, after }) => (
      <li key={name}>
        {before !== null && <del>{before}</del>} {after ?? 'No rule any more.'}
      </li>
    ))}
  </ul>
)

interface Version {
  readonly version: number
  readonly restores?: number
  readonly by: string
  readonly reason: string
  readonly at: string
  readonly changes: readonly PolicyChange[]
}

interface HistoryProps {
  readonly current: number
  readonly mayChange: boolean
  readonly onChange: () => void
}

/** Every version with what it changed; bringing an earlier one back is one click and a reason. */
export function HistoryCard({ current, mayChange, onChange }: HistoryProps) {
  const versions = useData<{ data: readonly Version[] }>('/admin/policy/versions?limit=50')
  const [to, setTo] = useState<number | null>(null)
  return (
    <Card title="Versions" note="The latest first.">
      <Loaded data={versions}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="Nobody has changed it yet.">What holds is what the settings say.</Empty>
          ) : (
            <ol className="versions" reversed>
              {data.map((version) => (
                <li key={version.version}>
                  <p>
                    <strong>Version {version.version}</strong> by {actorText(version.by)} at{' '}
                    <Time at={version.at} />: {version.reason}
                    {version.restores !== undefined && ` (version ${version.restores} again)`}
                  </p>
                  <Changes changes={version.changes} />
                  {mayChange && (
                    <button
                      type="button"
                      aria-label={`Undo version ${version.version}`}
                      onClick={() => setTo(version.version - 1)}
                    >
                      Undo
                    </button>
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
      {to !== null && (
        <ReasonDialog
          title={to === 0 ? 'Back to what the settings say' : `Back to version ${to}`}
          verb="Bring it back"
          path="/admin/policy/restore"
          body={{ to, version: current }}
          onClose={() => setTo(null)}
          onDone={() => {
            setTo(null)
            onChange()
          }}
        >
          <p>It is saved anew, as the latest version. What was accepted meanwhile goes on as it is.</p>
        </ReasonDialog>
      )}
    </Card>
  )
}
