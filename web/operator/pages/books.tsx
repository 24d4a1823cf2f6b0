import React, { useContext, useState } from 'react'

import { useData } from '../../shared/data'
import { countText } from '../../shared/format'
import { addressOf } from '../../shared/place'
import { goTo, Link, usePlace } from '../../shared/router'
import { Badge, Card, Empty, Fact, Field, Loaded, Money, PageHead, Table, Time } from '../../shared/ui'
import { CsvButton } from '../csv-button'
import { OverviewContext } from '../overview-context'
import { ReasonDialog } from '../reason-dialog'
import { labelOf, stateLabel } from '../words'

interface Run {
  readonly id: string
  readonly state: 'running' | 'complete' | 'incomplete'
  readonly agrees: boolean
  readonly since: string
  readonly until: string
  readonly asked_by: string
  readonly asked_at: string
  readonly phase?: string
  readonly differences: Readonly<Record<string, number>>
  readonly problems: readonly string[]
  readonly not_listed: readonly string[]
  readonly withdrawals: number
  readonly lists: readonly { list: string; of: string; count: number; whole: boolean }[]
}

/** As often as a kit lets one person ask for one thing. */
const EVERY_MS = 30_000

/** What the engine leaves to the next run (docs/operations.md, Reconciliation). */
const MAY_BE_MOVING_MS = 15 * 60_000

/** Our books against the exchange's and the providers', and what each day came to. */
export function BooksPage() {
  const mayAct = useContext(OverviewContext).value?.you.may_act === true
  const runs = useData<{ data: readonly Run[] }>('/admin/reconciliation', EVERY_MS)
  const [isAsking, setAsking] = useState(false)
  const isRunning = runs.value?.data[0]?.state === 'running'
  return (
    <React.Fragment>
      <PageHead title="Books">
        {mayAct && (
          <button type="button" className="primary" disabled={isRunning} onClick={() => setAsking(true)}>
            {isRunning ? 'It is running' : 'Reconcile now'}
          </button>
        )}
      </PageHead>
      <div className="stack">
        <Loaded data={runs}>{({ data }) => <Runs runs={data} />}</Loaded>
        <DayProof />
      </div>
      {isAsking && (
        <ReasonDialog
          title="Hold the books against the others"
          verb="Begin"
          leave="Not now"
          path="/admin/reconciliation"
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false)
            runs.reload()
          }}
        >
          <p>
            The burns and credits of the exchange, our withdrawals and the providers’ payouts of the last
            three days are matched. It moves no money; what differs is asked about.
          </p>
        </ReasonDialog>
      )}
    </React.Fragment>
  )
}

const verdictOf = ({ state, agrees, differences }: Run) => {
  const count = Object.values(differences).reduce((sum, one) => sum + one, 0)
  if (state === 'running') return ['info', 'Running'] as const
  if (count > 0) return ['bad', `${countText(count)} ${count === 1 ? 'difference' : 'differences'}`] as const
  if (state === 'incomplete') return ['warn', 'Not all was seen'] as const
  return agrees ? (['good', 'All agrees'] as const) : (['warn', 'Agrees as far as asked'] as const)
}

function Runs({ runs }: { runs: readonly Run[] }) {
  if (runs.length === 0)
    return (
      <Card title="Reconciliation">
        <Empty title="It has not run yet.">It runs by itself an hour after each day’s end (UTC).</Empty>
      </Card>
    )
  return (
    <Card title="Reconciliation" note="The exchange’s burns, our withdrawals and the providers’ payouts.">
      <Table label="Runs" head={['Asked', 'Over', 'Outcome', 'Seen', 'What it could not see']}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </Table>
    </Card>
  )
}

function RunRow({ run }: { run: Run }) {
  const [tone, words] = verdictOf(run)
  const unseen = [...run.problems, ...run.not_listed.map((name) => `${name} cannot list what it has.`)]
  return (
    <tr>
      <td className="nowrap">
        <Time at={run.asked_at} />
      </td>
      <td className="nowrap">
        <Time at={run.since} /> – <Time at={run.until} />
      </td>
      <td>
        <Badge tone={tone}>{words}</Badge>
        {Object.entries(run.differences).map(([kind, count]) => (
          <p key={kind} className="note">
            <Link to={addressOf(['differences'])}>
              {countText(count)} × {labelOf(kind)}
            </Link>
          </p>
        ))}
      </td>
      <td>
        {countText(run.withdrawals)} {run.withdrawals === 1 ? 'withdrawal' : 'withdrawals'}
        {Date.parse(run.until) > Date.parse(run.asked_at) - MAY_BE_MOVING_MS && (
          <p className="note">What moved in the last 15 minutes is left to the next run.</p>
        )}
        {run.lists
          .filter(({ count }) => count > 0)
          .map(({ list, of, count }) => (
            <p key={`${list} ${of}`} className="note">
              {countText(count)} {list} of {of}
            </p>
          ))}
      </td>
      <td>
        {unseen.length === 0 && run.state === 'complete'
          ? 'Nothing'
          : unseen.map((why) => <p key={why}>{why}</p>)}
      </td>
    </tr>
  )
}

interface Sum {
  readonly currency: string
  readonly state: string
  readonly count: number
  readonly amount: string
  readonly payout_amount: string
}

interface Proof {
  readonly day: string
  readonly closed: boolean
  readonly closed_at?: string
  readonly until: string
  readonly moved: readonly Sum[]
  readonly open: readonly Sum[]
  readonly open_differences: number
  readonly journal_entries: number
  readonly journal_digest: string
  readonly hash: string
  readonly signature?: string
}

const DAY_MS = 86_400_000
const yesterday = (): string => new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)

function DayProof() {
  const day = usePlace().query.day ?? yesterday()
  const data = useData<Proof>(`/admin/proofs/${encodeURIComponent(day)}`)
  return (
    <Card
      title="What a day came to"
      note="By the journal alone. An hour after its end (UTC) it is closed for good."
    >
      <DayForm key={day} day={day} />
      <Loaded data={data}>{(proof) => <ProofOf proof={proof} />}</Loaded>
    </Card>
  )
}

function DayForm({ day }: { day: string }) {
  const [typed, setTyped] = useState(day)
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault()
        goTo(addressOf(['books'], { day: typed }))
      }}
    >
      <Field label="Day" hint="UTC.">
        {(attributes) => (
          <input
            {...attributes}
            type="date"
            required
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <div className="filter-actions">
        <button type="submit">Show</button>
        <CsvButton path={`/admin/proofs/${encodeURIComponent(day)}?format=csv`} name={`payouts-${day}.csv`} />
      </div>
    </form>
  )
}

const ProofOf = ({ proof }: { proof: Proof }) => (
  <React.Fragment>
    <p>
      <Badge tone={proof.closed ? 'good' : 'info'}>{proof.closed ? 'Closed' : 'Not closed yet'}</Badge>{' '}
      {proof.closed_at === undefined ? (
        'It may still change until it is.'
      ) : (
        <Time at={proof.closed_at} isFull />
      )}
    </p>
    <Sums label="Came into each state that day" sums={proof.moved} none="Nothing happened on that day." />
    <Sums label="Open at its end" sums={proof.open} none="Nothing was open at its end." />
    <dl className="facts one">
      <Fact name="Open differences at its end">{countText(proof.open_differences)}</Fact>
      <Fact name="Journal entries">{countText(proof.journal_entries)}</Fact>
      <Fact name="Hash over them">
        <code className="clip">{proof.journal_digest}</code>
      </Fact>
      <Fact name="Control hash of the day">
        <code className="clip">{proof.hash}</code>
      </Fact>
      {proof.signature !== undefined && (
        <Fact name="Signature">
          <code className="clip">{proof.signature}</code>
        </Fact>
      )}
    </dl>
  </React.Fragment>
)

function Sums({ label, sums, none }: { label: string; sums: readonly Sum[]; none: string }) {
  if (sums.length === 0) return <p className="note">{none}</p>
  return (
    <Table label={label} head={[label, 'Count', 'From users', 'To payees']}>
      {sums.map(({ currency, state, count, amount, payout_amount }) => (
        <tr key={`${currency} ${state}`}>
          <td>{stateLabel(state)}</td>
          <td className="number">{countText(count)}</td>
          <td className="nowrap">
            <Money amount={amount} currency={currency} />
          </td>
          <td className="nowrap">
            <Money amount={payout_amount} currency={currency} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
