import React, { useContext, useState } from 'react'

import { type ApiError, asApiError } from '../../shared/client'
import { ClientContext } from '../../shared/client-context'
import { useData } from '../../shared/data'
import { Badge, Card, Empty, ErrorNote, Loaded, PageHead, Time } from '../../shared/ui'
import { OverviewContext } from '../overview-context'
import { ReasonDialog } from '../reason-dialog'
import { complaintOf } from '../setting-check'
import { SettingField } from '../setting-field'
import type { Plan, SettingGroup, SettingsLook, SettingsVersion, Tried, Typed } from '../settings-types'
import { isTooLate } from '../staleness'
import { actorText } from '../words'

/** What operators set: typed, tried, saved with a reason, undone. */
export function SettingsPage() {
  const overview = useContext(OverviewContext)
  const mayAct = overview.value?.you.may_act === true
  const settings = useData<SettingsLook>('/admin/settings')
  const versions = useData<{ data: readonly SettingsVersion[] }>('/admin/settings/versions')
  const [typed, setTyped] = useState<Typed>({})
  const look = () => {
    settings.reload()
    versions.reload()
    overview.reload()
  }
  const changed = () => {
    setTyped({})
    look()
  }
  return (
    <React.Fragment>
      <PageHead title="Settings" />
      <Loaded data={settings}>
        {(found) => (
          <div className="stack">
            <Standing look={found} />
            {found.groups.map((group) => (
              <Group key={group.key} {...{ group, typed, mayAct, setTyped }} />
            ))}
            <Plans title="When payouts leave" plans={found.plans} />
            {mayAct && Object.keys(typed).length > 0 && (
              <Changes
                key={`${found.version} ${JSON.stringify(typed)}`}
                {...{ typed }}
                look={found}
                onDrop={() => setTyped({})}
                onSaved={changed}
                onOld={look}
              />
            )}
            <Loaded data={versions}>
              {({ data }) => <Versions {...{ mayAct }} look={found} versions={data} onUndone={changed} />}
            </Loaded>
          </div>
        )}
      </Loaded>
    </React.Fragment>
  )
}

function Standing({ look }: { look: SettingsLook }) {
  return (
    <React.Fragment>
      {look.problems.length > 0 && (
        <div className="notice bad" role="alert">
          <p>Version {look.effective} counts here, because the latest cannot work:</p>
          <ul>
            {look.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </div>
      )}
      <p className="note">
        {look.version === 0 ? 'Nobody has saved any yet' : `Version ${look.version}`}
        {look.at !== undefined && (
          <React.Fragment>
            , by {actorText(look.by ?? '')} at <Time at={look.at} />: {look.reason}
          </React.Fragment>
        )}
        . {look.needs_second && 'Another operator confirms each change. '}
        {!look.can_seal &&
          'Secrets cannot be set before encryption keys are given where the program is started. '}
        What is empty is the default.
      </p>
    </React.Fragment>
  )
}

interface GroupProps {
  readonly group: SettingGroup
  readonly typed: Typed
  readonly mayAct: boolean
  readonly setTyped: (change: (before: Typed) => Typed) => void
}

function Group({ group, typed, mayAct, setTyped }: GroupProps) {
  const fields = group.settings.map((setting) => (
    <SettingField
      key={setting.name}
      {...{ setting, mayAct, provider: group.provider }}
      typed={typed[setting.name]}
      onType={(text) => setTyped((before) => ({ ...before, [setting.name]: text }))}
    />
  ))
  return (
    <Card title={group.title} note={group.on && <Badge tone="good">On</Badge>}>
      {group.expert || (group.provider !== undefined && !group.on) ? (
        <details>
          <summary>{group.expert ? 'For experts' : 'How it is reached'}</summary>
          {fields}
        </details>
      ) : (
        fields
      )}
    </Card>
  )
}

const Plans = ({ title, plans }: { title: string; plans: readonly Plan[] }) => (
  <Card title={title}>
    {plans.length === 0 && <Empty title="No provider is on: nobody can withdraw." />}
    {plans.map(({ provider, mode, schedule, timezone, next_runs }) => (
      <p key={provider}>
        <strong>{provider}</strong>:{' '}
        {mode === 'immediate' ? 'with the request; what was left for a batch: ' : 'in batches: '}
        <code>{schedule}</code> {timezone}, {next_runs.length === 0 ? 'which never comes' : 'next '}
        {next_runs.map((at, index) => (
          <React.Fragment key={at}>
            {index > 0 && ', '}
            <Time at={at} />
          </React.Fragment>
        ))}
      </p>
    ))}
  </Card>
)

interface ChangesProps {
  readonly look: SettingsLook
  readonly typed: Typed
  readonly onDrop: () => void
  readonly onSaved: () => void
  /** What was typed is kept, and tried anew against what others have saved. */
  readonly onOld: () => void
}

/** Nothing is saved that was not tried as it is now. */
function Changes({ look, typed, onDrop, onSaved, onOld }: ChangesProps) {
  const client = useContext(ClientContext)
  const [tried, setTried] = useState<Tried | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const [isTrying, setTrying] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const all = look.groups.flatMap(({ settings }) => settings)
  const isWrong = all.some((setting) => complaintOf(setting, typed[setting.name] ?? '') !== null)
  const values = Object.fromEntries(
    Object.entries(typed).map(([name, text]) => [name, text.trim() === '' ? null : text]),
  )
  const body = { version: look.version, values }
  const attempt = () => {
    setTrying(true)
    setError(null)
    client.post<Tried>('/admin/settings/try', body).then(
      (answer) => {
        setTrying(false)
        setTried(answer)
      },
      (thrown: unknown) => {
        const refusal = asApiError(thrown)
        setTrying(false)
        setError(refusal)
        if (isTooLate(refusal)) onOld()
      },
    )
  }
  return (
    <Card title={`${Object.keys(typed).length} not saved`} note={Object.keys(typed).join(', ')}>
      {error && <ErrorNote error={error} />}
      {tried && <Outcome tried={tried} />}
      {tried && tried.problems.length === 0 && <Plans title="When payouts would leave" plans={tried.plans} />}
      <p className="dialog-actions">
        <button type="button" onClick={onDrop}>
          Drop them
        </button>
        <button type="button" disabled={isTrying || isWrong} onClick={attempt}>
          {isTrying ? 'Trying …' : 'Try them'}
        </button>
        {tried && tried.problems.length === 0 && (
          <button type="button" className={tried.ok ? 'primary' : 'danger'} onClick={() => setSaving(true)}>
            {tried.ok ? 'Save' : 'Save all the same'}
          </button>
        )}
      </p>
      {isSaving && tried && (
        <ReasonDialog
          title="Save the settings"
          verb="Save the settings"
          path="/admin/settings"
          body={{ ...body, untried: !tried.ok }}
          onClose={() => setSaving(false)}
          onDone={onSaved}
          onOld={() => {
            setSaving(false)
            onOld()
          }}
        >
          <p>
            {look.needs_second
              ? 'This only proposes them: another operator has to confirm it.'
              : 'They count in every instance within seconds. What is in flight ends with its provider.'}
          </p>
        </ReasonDialog>
      )}
    </Card>
  )
}

const Outcome = ({ tried }: { tried: Tried }) => (
  <div role="status">
    <ul>
      {tried.problems.map(({ message }) => (
        <li key={message}>
          <Badge tone="bad">Cannot work</Badge> {message}
        </li>
      ))}
      {tried.trials.map(({ provider, ok, message }) => (
        <li key={provider}>
          <Badge tone={ok === undefined ? 'plain' : ok ? 'good' : 'bad'}>{provider}</Badge> {message}
        </li>
      ))}
      {tried.ok && tried.trials.length === 0 && <li>They work together; no provider had to be asked.</li>}
    </ul>
  </div>
)

interface VersionsProps {
  readonly look: SettingsLook
  readonly versions: readonly SettingsVersion[]
  readonly mayAct: boolean
  readonly onUndone: () => void
}

function Versions({ look, versions, mayAct, onUndone }: VersionsProps) {
  const [undoing, setUndoing] = useState<{ version: number; to: number } | null>(null)
  return (
    <Card title="Versions">
      {versions.length === 0 && <Empty title="Nothing was set yet." />}
      <ul>
        {versions.map(({ version, by, reason, at, changes, undone_to }) => (
          <li key={version}>
            <p>
              <strong>Version {version}</strong> by {actorText(by)} at <Time at={at} />: {reason}
              {undone_to !== undefined && ` (version ${undone_to} again)`}
            </p>
            <p className="note">
              {changes
                .map(({ name, from, to, secret }) =>
                  secret ? `${name}: another secret` : `${name}: ${from ?? 'default'} → ${to ?? 'default'}`,
                )
                .join('; ')}
            </p>
            {mayAct && (
              <button type="button" onClick={() => setUndoing({ version: look.version, to: version - 1 })}>
                Undo version {version}
                {version < look.version && ' and what came after it'}
              </button>
            )}
          </li>
        ))}
      </ul>
      {undoing !== null && (
        <ReasonDialog
          title={undoing.to === 0 ? 'Set nothing any more' : `Go back to version ${undoing.to}`}
          verb={undoing.to === 0 ? 'Set nothing any more' : `Go back to version ${undoing.to}`}
          path="/admin/settings/undo"
          body={undoing}
          onClose={() => setUndoing(null)}
          onDone={() => {
            setUndoing(null)
            onUndone()
          }}
        >
          <p>Its values, secrets too, are saved as a new version; every version stays.</p>
        </ReasonDialog>
      )}
    </Card>
  )
}
