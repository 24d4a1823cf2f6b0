import React from 'react'

import { Card, Field } from '../shared/ui'
import { FRESH, type PolicyDraft, type Rule, type RuleGroup } from './policy-form'

type Choices = readonly (readonly [value: string, text: string])[]

interface Column {
  readonly name: string
  readonly label: string
  readonly choices?: Choices
}

const THEN: Choices = [
  ['refuse', 'is refused'],
  ['review', 'an operator is asked'],
]

const COLUMNS: Readonly<Record<RuleGroup, readonly Column[]>> = {
  amounts: [
    { name: 'currency', label: 'Currency' },
    {
      name: 'method',
      label: 'Method',
      choices: [
        ['', 'any'],
        ['BANK', 'bank'],
        ['PAYPAL', 'PayPal'],
      ],
    },
    { name: 'min', label: 'At least' },
    { name: 'max', label: 'At most' },
    { name: 'then', label: 'All else', choices: THEN },
  ],
  limits: [
    {
      name: 'of',
      label: 'For',
      choices: [
        ['user', 'one user'],
        ['destination', 'one account'],
        ['exchange', 'the whole exchange'],
      ],
    },
    {
      name: 'per',
      label: 'In',
      choices: [
        ['day', 'a day (UTC)'],
        ['month', 'a month (UTC)'],
      ],
    },
    { name: 'currency', label: 'Currency (empty: all)' },
    { name: 'amount', label: 'How much' },
    { name: 'count', label: 'How many' },
    { name: 'then', label: 'For more', choices: THEN },
  ],
  ceilings: [
    { name: 'currency', label: 'Currency' },
    { name: 'amount', label: 'Above' },
    { name: 'approvers', label: 'Operators who approve' },
  ],
  second: [
    { name: 'currency', label: 'Currency' },
    { name: 'amount', label: 'Alone up to' },
  ],
}

interface Props {
  readonly draft: PolicyDraft
  readonly problems: ReadonlyMap<string, string>
  readonly onChange: (draft: PolicyDraft) => void
}

interface GroupProps extends Props {
  readonly group: RuleGroup
  readonly title: string
  readonly note: string
}

/** The rules of one kind, one under the other. */
export function RuleGroupCard({ group, title, note, draft, problems, onChange }: GroupProps) {
  const rules = draft[group]
  const put = (changed: readonly Rule[]) => onChange({ ...draft, [group]: changed })
  return (
    <Card title={title} note={note}>
      {rules.map((rule, index) => (
        <fieldset key={index} className="rule">
          <legend className="hidden">{`${title}, rule ${index + 1}`}</legend>
          {COLUMNS[group].map(({ name, label, choices }) => (
            <Field key={name} label={label} error={problems.get(`${group}.${index}.${name}`) ?? null}>
              {(attributes) => (
                <Value
                  {...{ attributes, choices }}
                  value={rule[name] ?? ''}
                  onChange={(value) =>
                    put(rules.map((other, at) => (at === index ? { ...other, [name]: value } : other)))
                  }
                />
              )}
            </Field>
          ))}
          <button
            type="button"
            aria-label={`Remove rule ${index + 1} of ${title}`}
            onClick={() => put(rules.filter((_rule, at) => at !== index))}
          >
            Remove
          </button>
        </fieldset>
      ))}
      <p className="dialog-actions">
        <button
          type="button"
          aria-label={`Add a rule: ${title}`}
          onClick={() => put([...rules, FRESH[group]])}
        >
          Add a rule
        </button>
      </p>
    </Card>
  )
}

interface ValueProps {
  readonly attributes: { readonly id: string; readonly 'aria-describedby'?: string }
  readonly choices?: Choices | undefined
  readonly value: string
  readonly onChange: (value: string) => void
}

export const Value = ({ attributes, choices, value, onChange }: ValueProps) =>
  choices ? (
    <select {...attributes} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {choices.map(([choice, text]) => (
        <option key={choice} value={choice}>
          {text}
        </option>
      ))}
    </select>
  ) : (
    <input
      {...attributes}
      autoComplete="off"
      maxLength={40}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  )

const FOLLOWS: Choices = [
  ['pay', 'is paid'],
  ['review', 'waits for an operator'],
  ['refuse', 'is given back'],
]
const WHO = [
  ['blocked', 'Frozen or blocked'],
  ['flagged', 'Flagged'],
  ['unverified', 'Not verified'],
] as const

/** What the exchange says of users, and how long a new account waits. */
export function PeopleCard({ draft, problems, onChange, fixed }: Props & { fixed: readonly string[] }) {
  return (
    <Card title="Users and new accounts" note="Looked at right before money leaves.">
      <fieldset className="rule">
        <legend className="hidden">Users and new accounts</legend>
        {WHO.map(([name, label]) => {
          const isFixed = fixed.includes(`users.${name}`)
          return (
            <Field
              key={name}
              label={`${label}: the withdrawal`}
              hint={isFixed ? 'Fixed by the settings of the installation.' : undefined}
            >
              {(attributes) =>
                isFixed ? (
                  <input {...attributes} readOnly value={textOf(draft.users[name])} />
                ) : (
                  <Value
                    {...{ attributes, choices: FOLLOWS }}
                    value={draft.users[name] ?? 'review'}
                    onChange={(value) => onChange({ ...draft, users: { ...draft.users, [name]: value } })}
                  />
                )
              }
            </Field>
          )
        })}
        <Field
          label="A new account waits, in hours"
          hint="From the first withdrawal of a user to it; 0: not at all."
          error={problems.get('coolingOffHours') ?? null}
        >
          {(attributes) => (
            <Value
              attributes={attributes}
              value={draft.coolingOffHours}
              onChange={(coolingOffHours) => onChange({ ...draft, coolingOffHours })}
            />
          )}
        </Field>
      </fieldset>
    </Card>
  )
}

const textOf = (follows = ''): string => FOLLOWS.find(([value]) => value === follows)?.[1] ?? follows

const DUTIES = [
  ['decide', 'Decide over withdrawals'],
  ['payouts', 'Providers, batches and bank files'],
  ['stop', 'Stop everything'],
  ['policy', 'Change the policy'],
] as const

/** Only where there is more than one role to choose from. */
export function DutiesCard({
  draft,
  onChange,
  roles,
}: Omit<Props, 'problems'> & { roles: readonly string[] }) {
  const toggle = (duty: string, role: string) => {
    const named = draft.duties[duty] ?? []
    const changed = named.includes(role) ? named.filter((other) => other !== role) : [...named, role]
    onChange({ ...draft, duties: { ...draft.duties, [duty]: changed } })
  }
  return (
    <Card title="Who may do what" note="With none chosen, every operator may.">
      {DUTIES.map(([duty, label]) => (
        <fieldset key={duty} className="rule">
          <legend>{label}</legend>
          {roles.map((role) => (
            <label key={role} className="choice">
              <input
                type="checkbox"
                checked={(draft.duties[duty] ?? []).includes(role)}
                onChange={() => toggle(duty, role)}
              />{' '}
              {role}
            </label>
          ))}
        </fieldset>
      ))}
    </Card>
  )
}
