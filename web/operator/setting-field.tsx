import React from 'react'

import { Field } from '../shared/ui'
import { complaintOf, isTakenAway, labelOf, titleOf } from './setting-check'
import type { SettingView } from './settings-types'

interface Props {
  readonly setting: SettingView
  readonly provider: string | undefined
  /** undefined while nobody has touched it. */
  readonly typed: string | undefined
  readonly mayAct: boolean
  readonly onType: (text: string) => void
}

/** Names and values stand between backticks in texts that are written for more than one place. */
const Words = ({ text }: { text: string }) => (
  <React.Fragment>
    {text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
  </React.Fragment>
)

/** One setting: what it means, what it is, and what is wrong with what is typed. */
export function SettingField({ setting, provider, typed, mayAct, onType }: Props) {
  const { name, doc, unit, secret, source, fixed_as } = setting
  const now = typed ?? String(setting.value ?? '')
  const title = titleOf(name, provider)
  if (fixed_as !== undefined)
    return (
      <div className="field">
        <span>{title}</span>
        <p>
          <strong>{secret ? 'Set' : String(setting.value ?? '')}</strong> fixed as <code>{fixed_as}</code>{' '}
          where the program is started
        </p>
        <p className="hint">
          <Words text={doc} />
        </p>
      </div>
    )
  const preset = secret
    ? setting.set
      ? 'Set; it is never shown.'
      : 'Not set.'
    : `Default: ${String(setting.default ?? '') || 'empty'}${unit ? ` ${unit}` : ''}${source === 'desk' ? '; set here' : ''}.`
  return (
    <Field
      label={labelOf(title, unit)}
      hint={<Words text={`${doc} ${preset}`} />}
      error={typed === undefined ? null : saidOf(setting, typed)}
    >
      {(attributes) => <Control {...{ setting, now, mayAct, onType, attributes }} />}
    </Field>
  )
}

const saidOf = (setting: SettingView, typed: string): string | null =>
  isTakenAway(setting, typed)
    ? 'Saved like this, the secret is taken away. To keep it, drop the changes, or type it again.'
    : complaintOf(setting, typed)

interface ControlProps extends Pick<Props, 'setting' | 'mayAct' | 'onType'> {
  readonly now: string
  readonly attributes: { readonly id: string; readonly 'aria-describedby'?: string }
}

function Control({ setting, now, mayAct, onType, attributes }: ControlProps) {
  const { shape, secret } = setting
  const choices = shape?.kind === 'flag' ? ['true', 'false'] : shape?.kind === 'choice' ? shape.choices : null
  if (choices)
    return (
      <select {...attributes} value={now} disabled={!mayAct} onChange={(event) => onType(event.target.value)}>
        <option value="">Default</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {shape?.kind === 'flag' ? (choice === 'true' ? 'Yes' : 'No') : choice}
          </option>
        ))}
      </select>
    )
  return (
    <input
      {...attributes}
      type={secret ? 'password' : 'text'}
      autoComplete={secret ? 'new-password' : 'off'}
      value={now}
      disabled={!mayAct}
      onInput={(event) => onType((event.target as HTMLInputElement).value)}
    />
  )
}
