import React, { useContext, useRef, useState } from 'react'

import { type ApiError, asApiError } from '../../shared/client'
import { ClientContext } from '../../shared/client-context'
import { useData } from '../../shared/data'
import { countText } from '../../shared/format'
import { addressOf } from '../../shared/place'
import { Link, usePlace } from '../../shared/router'
import {
  Badge,
  Card,
  Empty,
  ErrorNote,
  Field,
  Loaded,
  Money,
  PageHead,
  saveBlob,
  Table,
  Time,
} from '../../shared/ui'
import { TextField } from '../decide'
import { OverviewContext } from '../overview-context'
import { ReasonDialog } from '../reason-dialog'
import { actorText } from '../words'

interface OutboxFile {
  readonly name: string
  readonly order_key: string
  readonly currency: string
  readonly total: string
  readonly item_count: number
  readonly created_at: string
  readonly voided_at?: string
  readonly erased_at?: string
}

interface Report {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly reason: string
  readonly file: string
  readonly repeated: boolean
  readonly matched: number
  readonly asked: number
  readonly problems: readonly string[]
  readonly problem_count: number
}

export function FilesPage() {
  const overview = useContext(OverviewContext).value
  const providers = (overview?.providers ?? []).map(({ name }) => name)
  const { query } = usePlace()
  const provider = query.provider ?? providers.find((name) => name === 'sepa') ?? providers[0]
  return (
    <React.Fragment>
      <PageHead title="Bank files">
        {providers.length > 1 &&
          providers.map((name) => (
            <Link key={name} to={addressOf(['files'], { provider: name })} isCurrent={name === provider}>
              {name}
            </Link>
          ))}
      </PageHead>
      {provider !== undefined && (
        <ProviderFiles key={provider} provider={provider} mayAct={overview?.you.may_act === true} />
      )}
    </React.Fragment>
  )
}

function ProviderFiles({ provider, mayAct }: { provider: string; mayAct: boolean }) {
  const path = `/admin/files/${encodeURIComponent(provider)}`
  const files = useData<{ data: readonly OutboxFile[] }>(path)
  const reports = useData<{ data: readonly Report[] }>(`${path}/reports`)
  const writesNone = files.error?.code === 'provider_not_found'
  const readsNone = reports.error?.code === 'provider_not_found'
  if (writesNone && readsNone)
    return (
      <Card title={provider}>
        <Empty title={`${provider} works without files.`}>
          Only a provider that a bank is reached through by files has any; the SEPA one is.
        </Empty>
      </Card>
    )
  return (
    <div className="stack">
      {!readsNone && mayAct && <Upload path={path} onDone={reports.reload} />}
      {!writesNone && (
        <Card
          title="To be carried to the bank"
          note="Newest first. Each download of one is the same, byte for byte."
        >
          <Loaded data={files}>
            {({ data: found }) => <Outbox {...{ found, path, mayAct }} onChange={files.reload} />}
          </Loaded>
        </Card>
      )}
      {!readsNone && (
        <Card title="What the bank has answered" note="The latest 200.">
          <Loaded data={reports}>{({ data: found }) => <Reports found={found} />}</Loaded>
        </Card>
      )}
    </div>
  )
}

interface OutboxProps {
  readonly found: readonly OutboxFile[]
  readonly path: string
  readonly mayAct: boolean
  readonly onChange: () => void
}

function Outbox({ found, path, mayAct, onChange }: OutboxProps) {
  const client = useContext(ClientContext)
  const [error, setError] = useState<ApiError | null>(null)
  const [voiding, setVoiding] = useState<OutboxFile | null>(null)
  const [taking, setTaking] = useState<OutboxFile | null>(null)
  const fileAt = ({ name }: OutboxFile) => `${path}/${encodeURIComponent(name)}`
  const save = async (file: OutboxFile, query: string) => {
    const { blob, name } = await client.download(`${fileAt(file)}${query}`)
    saveBlob(blob, name ?? file.name)
  }
  const takeMasked = (file: OutboxFile) => {
    setError(null)
    save(file, '').catch((thrown: unknown) => setError(asApiError(thrown)))
  }
  if (found.length === 0) return <Empty title="No file was written yet." />
  return (
    <React.Fragment>
      {error && <ErrorNote error={error} />}
      <Table label="Files" head={['File', 'Total', 'Items', 'Written', 'Do']}>
        {found.map((file) => (
          <tr key={file.name}>
            <td>
              <code>{file.name}</code> {file.voided_at !== undefined && <Badge tone="warn">Void</Badge>}
              {file.erased_at !== undefined && <Badge>Content erased</Badge>}
            </td>
            <td className="number">
              <Money amount={file.total} currency={file.currency} />
            </td>
            <td className="number">{countText(file.item_count)}</td>
            <td className="nowrap">
              <Time at={file.created_at} />
            </td>
            <td className="nowrap">
              {file.erased_at === undefined && (
                <button type="button" onClick={() => (mayAct ? setTaking(file) : takeMasked(file))}>
                  {mayAct ? 'Download' : 'Download masked'} <span className="hidden">{file.name}</span>
                </button>
              )}{' '}
              {mayAct && file.voided_at === undefined && (
                <button type="button" className="quiet" onClick={() => setVoiding(file)}>
                  Never handed in <span className="hidden">{file.name}</span>
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {taking && (
        <ReasonDialog
          title={`Download ${taking.name}`}
          verb="Download"
          leave="Leave it here"
          usual="to be carried to the bank"
          send={(reason) => save(taking, `?reason=${encodeURIComponent(reason)}`)}
          onClose={() => setTaking(null)}
          onDone={() => setTaking(null)}
        >
          <p>Names and account numbers of payees are in it. That you have it is on record.</p>
        </ReasonDialog>
      )}
      {voiding && (
        <VoidDialog
          file={voiding}
          path={`${fileAt(voiding)}/void`}
          onClose={() => setVoiding(null)}
          onDone={() => {
            setVoiding(null)
            onChange()
          }}
        />
      )}
    </React.Fragment>
  )
}

interface VoidProps {
  readonly file: OutboxFile
  readonly path: string
  readonly onClose: () => void
  readonly onDone: () => void
}

const VoidDialog = ({ file, path, onClose, onDone }: VoidProps) => (
  <ReasonDialog
    title="The bank never got this file"
    verb="It was never handed in, and will not be"
    isDanger
    path={path}
    onClose={onClose}
    onDone={onDone}
  >
    <p className="notice warn">
      Only say so if it is certain, and never will be handed in: its {countText(file.item_count)} payouts (
      {file.total} {file.currency.toUpperCase()}) leave again under new keys. If the bank has the file after
      all, the payees are paid twice.
    </p>
  </ReasonDialog>
)

interface Taken {
  readonly repeated: boolean
  readonly matched: number
  readonly problems: readonly string[]
  /** Where another operator has to confirm it before it counts. */
  readonly held?: number
  readonly approval?: unknown
}

/** Hands in what the bank has answered, and says what was understood and what was not. */
function Upload({ path, onDone }: { path: string; onDone: () => void }) {
  const client = useContext(ClientContext)
  const input = useRef<HTMLInputElement>(null)
  const [reason, setReason] = useState('')
  const [part, setPart] = useState<number | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const [taken, setTaken] = useState<Taken | null>(null)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    const file = input.current?.files?.[0]
    if (!file || part !== null) return
    setPart(0)
    setError(null)
    setTaken(null)
    const query = new URLSearchParams({ name: file.name.slice(0, 200), reason })
    client
      .upload<Taken>(`${path}?${query.toString()}`, file, setPart)
      .then(
        (answer) => {
          setTaken(answer)
          setReason('')
          if (input.current) input.current.value = ''
          onDone()
        },
        (thrown: unknown) => setError(asApiError(thrown)),
      )
      .finally(() => setPart(null))
  }
  return (
    <Card title="Hand in what the bank has sent" note="A status report or a statement. Twice is once.">
      <form className="filters" onSubmit={submit}>
        <Field label="File of the bank’s">
          {(attributes) => <input {...attributes} ref={input} type="file" required />}
        </Field>
        <TextField
          label="Where it is from"
          hint="Kept with the file and your name."
          value={reason}
          onChange={setReason}
          isRequired
        />
        <div className="filter-actions">
          <button type="submit" className="primary" disabled={part !== null}>
            {part === null ? 'Hand in' : part < 1 ? `${Math.round(part * 100)} % sent` : 'Being read …'}
          </button>
        </div>
      </form>
      {part !== null && <progress value={part} max={1} aria-label="How much of the file has been sent" />}
      {error && <ErrorNote error={error} />}
      {taken && (
        <div className={`notice ${taken.problems.length > 0 ? 'warn' : 'good'}`} role="status">
          <p>
            {taken.repeated ? 'This file was handed in before. ' : ''}
            {taken.matched === 0
              ? 'It says nothing new about any withdrawal.'
              : `${countText(taken.matched)} ${taken.matched === 1 ? 'withdrawal is' : 'withdrawals are'} looked at because of it.`}
          </p>
          {taken.approval !== undefined && (
            <p>
              What it says of {countText(taken.held ?? 0)} more counts when another operator has confirmed it.
            </p>
          )}
          <Problems problems={taken.problems} count={taken.problems.length} />
        </div>
      )}
    </Card>
  )
}

function Problems({ problems, count }: { problems: readonly string[]; count: number }) {
  if (count === 0) return <p>All of it was understood.</p>
  return (
    <details open={count <= 5}>
      <summary>{countText(count)} could not be used</summary>
      <ul className="problems">
        {problems.slice(0, 100).map((problem, index) => (
          <li key={index}>{problem}</li>
        ))}
      </ul>
    </details>
  )
}

function Reports({ found }: { found: readonly Report[] }) {
  if (found.length === 0) return <Empty title="Nothing was handed in yet." />
  return (
    <ul className="reports">
      {found.map((report) => (
        <li key={report.id}>
          <p>
            <strong>{report.file}</strong> {report.repeated && <Badge>Again</Badge>}
            {report.asked > 0 && <Badge tone="warn">{report.asked} questions</Badge>}
          </p>
          <p className="note">
            <Time at={report.at} isFull /> · {actorText(report.actor)} · {countText(report.matched)}{' '}
            withdrawals
            {report.reason !== report.file && ` · ${report.reason}`}
          </p>
          <Problems problems={report.problems} count={report.problem_count ?? report.problems.length} />
        </li>
      ))}
    </ul>
  )
}
