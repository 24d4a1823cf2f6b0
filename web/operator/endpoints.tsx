import React, { useContext, useState } from 'react'

import { asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { Badge, Card, Dialog, Empty, Field, Time } from '../shared/ui'
import { TextField } from './decide'
import { ReasonDialog } from './reason-dialog'

export interface Endpoint {
  readonly id: string
  readonly version: number
  readonly audience: 'systems' | 'operators'
  readonly name: string
  readonly url: string
  readonly kinds: readonly string[]
  readonly on: boolean
  readonly waiting: number
  readonly dead: number
  readonly oldest_waiting_at?: string
  readonly secrets: readonly { readonly made_at: string; readonly ends_at?: string }[]
}

export interface EndpointList {
  readonly can_seal: boolean
  readonly kinds: Readonly<Record<Endpoint['audience'], readonly string[]>>
  readonly data: readonly Endpoint[]
}

interface Props {
  readonly list: EndpointList
  readonly mayAct: boolean
  readonly onChange: () => void
}

type Asked =
  | { readonly what: 'edit'; readonly endpoint: Endpoint | null }
  | { readonly what: 'rotate' | 'switch' | 'remove'; readonly endpoint: Endpoint }

/** What was done, or `approval`: what another operator has to confirm. */
interface Answered {
  readonly secret?: string
  readonly approval?: unknown
}

const AUDIENCE = { systems: 'our systems: each withdrawal', operators: 'operators: notices' } as const

/** Who is told, and whether they hear it. */
export function Endpoints({ list, mayAct, onChange }: Props) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const [secret, setSecret] = useState<{ text: string; isProposed: boolean } | null>(null)
  const done = (answer?: unknown) => {
    setAsked(null)
    const { secret: made, approval } = (answer ?? {}) as Answered
    setSecret(made === undefined ? null : { text: made, isProposed: approval !== undefined })
    onChange()
  }
  return (
    <Card title="Endpoints" note="Signed messages, tried for three days, in the order of each withdrawal.">
      {!list.can_seal && (
        <p className="notice warn">
          Messages are signed with a secret, which cannot be kept without encryptionKeys. Set them first.
        </p>
      )}
      {list.data.length === 0 && <Empty title="Nobody is told anything yet." />}
      <ul className="providers">
        {list.data.map((endpoint) => (
          <li key={endpoint.id}>
            <EndpointRow endpoint={endpoint} mayAct={mayAct} onAsk={setAsked} />
          </li>
        ))}
      </ul>
      {mayAct && list.can_seal && (
        <p className="dialog-actions">
          <button
            type="button"
            className="primary"
            onClick={() => setAsked({ what: 'edit', endpoint: null })}
          >
            New endpoint
          </button>
        </p>
      )}
      {asked?.what === 'edit' && (
        <EditDialog
          endpoint={asked.endpoint}
          kinds={list.kinds}
          onClose={() => setAsked(null)}
          onDone={done}
        />
      )}
      {asked && asked.what !== 'edit' && (
        <ActDialog what={asked.what} endpoint={asked.endpoint} onClose={() => setAsked(null)} onDone={done} />
      )}
      {secret !== null && <SecretDialog {...secret} onClose={() => setSecret(null)} />}
    </Card>
  )
}

function EndpointRow(props: { endpoint: Endpoint; mayAct: boolean; onAsk: (asked: Asked) => void }) {
  const { endpoint, mayAct, onAsk } = props
  const { name, url, audience, kinds, on, waiting, dead, secrets } = endpoint
  const ending = secrets.find(({ ends_at }) => ends_at !== undefined)?.ends_at
  return (
    <React.Fragment>
      <div className="provider-head">
        <strong>{name}</strong>
        {on ? <Badge tone="good">On</Badge> : <Badge tone="warn">Off</Badge>}
        {dead > 0 && <Badge tone="bad">{`${dead} given up`}</Badge>}
        {waiting > 0 && <Badge>{`${waiting} waiting`}</Badge>}
      </div>
      <p>
        <code>{url}</code>, {AUDIENCE[audience]}
        {kinds.length > 0 && ` (${kinds.join(', ')})`}
      </p>
      {ending !== undefined && (
        <p className="note">
          Two secrets sign until <Time at={ending} />.
        </p>
      )}
      {mayAct && (
        <p className="dialog-actions">
          <TryButton label={`Test ${name}`} path={`/admin/endpoints/${endpoint.id}/test`} />
          {(['edit', 'switch', 'rotate', 'remove'] as const).map((what) => (
            <button type="button" key={what} onClick={() => onAsk({ what, endpoint })}>
              {what === 'edit' ? 'Change' : wordsOf(what, endpoint).verb}{' '}
              <span className="hidden">{name}</span>
            </button>
          ))}
        </p>
      )}
    </React.Fragment>
  )
}

/** Sends a message that means nothing, and says what came of it. */
function TryButton({ label, path, body = {} }: { label: string; path: string; body?: object }) {
  const client = useContext(ClientContext)
  const [state, setState] = useState<{ ok: boolean; message: string } | 'asking' | null>(null)
  const ask = () => {
    setState('asking')
    client
      .post<{ ok: boolean; message: string }>(path, body)
      .then(setState, (thrown: unknown) => setState({ ok: false, message: asApiError(thrown).message }))
  }
  return (
    <React.Fragment>
      <button type="button" disabled={state === 'asking'} onClick={ask}>
        {state === 'asking' ? 'Sending …' : label}
      </button>
      <span
        role="status"
        className={typeof state === 'object' && state?.ok === false ? 'field-error' : 'note'}
      >
        {typeof state === 'object' && state?.message}
      </span>
    </React.Fragment>
  )
}

interface EditProps {
  readonly endpoint: Endpoint | null
  readonly kinds: EndpointList['kinds']
  readonly onClose: () => void
  readonly onDone: (answer?: unknown) => void
}

function EditDialog({ endpoint, kinds, onClose, onDone }: EditProps) {
  const client = useContext(ClientContext)
  const [audience, setAudience] = useState<Endpoint['audience']>(endpoint?.audience ?? 'systems')
  const [name, setName] = useState(endpoint?.name ?? '')
  const [url, setUrl] = useState(endpoint?.url ?? '')
  const [chosen, setChosen] = useState<readonly string[]>(endpoint?.kinds ?? [])
  const given = { name, url: url.trim(), kinds: chosen }
  const send = async (reason: string) => {
    const made = endpoint
      ? await client.post(`/admin/endpoints/${endpoint.id}`, { ...given, version: endpoint.version, reason })
      : await client.post('/admin/endpoints', { ...given, audience, reason })
    return read(made, onDone)
  }
  return (
    <ReasonDialog
      title={endpoint ? `Change ${endpoint.name}` : 'New endpoint'}
      send={send}
      verb={endpoint ? 'Change it' : 'Make it'}
      onClose={onClose}
      onDone={onClose}
      onOld={() => onDone()}
      fields={
        <React.Fragment>
          {!endpoint && (
            <Field label="Who listens there">
              {(attributes) => (
                <select
                  {...attributes}
                  value={audience}
                  onChange={(event) => {
                    setAudience(event.target.value as Endpoint['audience'])
                    setChosen([])
                  }}
                >
                  <option value="systems">Systems of ours: what becomes of each withdrawal</option>
                  <option value="operators">Operators: what needs them</option>
                </select>
              )}
            </Field>
          )}
          <TextField label="Name" hint="Whose it is." value={name} onChange={setName} isRequired />
          <TextField
            label="Address"
            hint="https://, or mailto: for operators where the exchange offers mail."
            value={url}
            onChange={setUrl}
            isRequired
          />
          <p className="dialog-actions">
            <TryButton label="Try the address" path="/admin/endpoints/try" body={{ url: url.trim() }} />
          </p>
          <Kinds all={kinds[audience]} chosen={chosen} onChoose={setChosen} />
        </React.Fragment>
      }
    >
      <p>It hears what happens from now on. Of accounts it hears only what is masked.</p>
    </ReasonDialog>
  )
}

interface KindsProps {
  readonly all: readonly string[]
  readonly chosen: readonly string[]
  readonly onChoose: (kinds: readonly string[]) => void
}

const Kinds = ({ all, chosen, onChoose }: KindsProps) => (
  <details>
    <summary>
      {chosen.length === 0 ? 'It hears everything' : `It hears ${chosen.length} of ${all.length}`}
    </summary>
    <fieldset>
      <legend>What it hears; none: everything</legend>
      {all.map((kind) => (
        <label key={kind} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(kind)}
            onChange={() =>
              onChoose(chosen.includes(kind) ? chosen.filter((each) => each !== kind) : [...chosen, kind])
            }
          />{' '}
          {kind}
        </label>
      ))}
    </fieldset>
  </details>
)

function wordsOf(what: 'rotate' | 'switch' | 'remove', { on }: Endpoint) {
  if (what === 'rotate')
    return {
      verb: 'New secret',
      does: 'The old secret signs too for a day; put the new one into the receiver by then.',
    }
  if (what === 'remove')
    return { verb: 'Remove', does: 'It is told nothing more, and what waits for it is not sent.' }
  return on
    ? {
        verb: 'Switch off',
        does: 'It is not told what happens meanwhile; what waits for it goes on waiting.',
      }
    : { verb: 'Switch on', does: 'It hears what happens from now on, and what waited for it.' }
}

interface ActProps {
  readonly what: 'rotate' | 'switch' | 'remove'
  readonly endpoint: Endpoint
  readonly onClose: () => void
  readonly onDone: (answer?: unknown) => void
}

function ActDialog({ what, endpoint, onClose, onDone }: ActProps) {
  const client = useContext(ClientContext)
  const { verb, does } = wordsOf(what, endpoint)
  const path = `/admin/endpoints/${endpoint.id}${what === 'switch' ? '' : `/${what}`}`
  const body = { version: endpoint.version, ...(what === 'switch' && { on: !endpoint.on }) }
  return (
    <ReasonDialog
      title={`${verb}: ${endpoint.name}`}
      send={async (reason) => read(await client.post(path, { ...body, reason }), onDone)}
      verb={verb}
      isDanger={what === 'remove'}
      onClose={onClose}
      onDone={onClose}
      onOld={() => onDone()}
    >
      <p>{does}</p>
      <p className="note">Where two operators are asked for, this only proposes it.</p>
    </ReasonDialog>
  )
}

/** What is only proposed, and shows nothing, is said by the dialog itself. */
function read(answer: unknown, onDone: (answer: unknown) => void): unknown {
  const { approval, secret } = (answer ?? {}) as Answered
  if (approval === undefined || secret !== undefined) onDone(answer)
  return answer
}

interface SecretProps {
  readonly text: string
  readonly isProposed: boolean
  readonly onClose: () => void
}

const SecretDialog = ({ text, isProposed, onClose }: SecretProps) => (
  <Dialog title={isProposed ? 'Proposed: its secret' : 'Its secret'} onClose={onClose}>
    <p>Put it into the receiver now: it is shown this once, and nobody can read it again.</p>
    {isProposed && (
      <p role="status">
        It signs nothing yet. It stands on the control page until another operator has confirmed it.
      </p>
    )}
    <p>
      <code className="secret">{text}</code>
    </p>
    <div className="dialog-actions">
      <button type="button" className="primary" onClick={onClose}>
        I have it
      </button>
    </div>
  </Dialog>
)
