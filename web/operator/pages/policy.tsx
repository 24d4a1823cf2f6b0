import React, { useContext, useState } from 'react'

import { type ApiError, asApiError } from '../../shared/client'
import { ClientContext } from '../../shared/client-context'
import { useData } from '../../shared/data'
import { Card, Empty, ErrorNote, Loaded, PageHead, Time } from '../../shared/ui'
import { DutiesCard, PeopleCard, RuleGroupCard } from '../policy-fields'
import { draftOf, type PolicyDraft, problemsOf, writtenOf, type WrittenPolicy } from '../policy-form'
import { type DryRun, DryRunCard, HistoryCard } from '../policy-history'
import { ReasonDialog } from '../reason-dialog'
import { actorText } from '../words'

interface InForce {
  readonly version: number
  readonly policy: WrittenPolicy
  readonly lines: readonly { readonly name: string; readonly text: string }[]
  readonly by?: string
  readonly reason?: string
  readonly at?: string
  readonly fixed: readonly string[]
  readonly needs_second: boolean
  readonly operator_roles: readonly string[]
  readonly may_change: boolean
}

/** What the exchange lets happen: read in sentences, changed after it was tried on what has been. */
export function PolicyPage() {
  const inForce = useData<InForce>('/admin/policy')
  return (
    <React.Fragment>
      <PageHead title="Policy" />
      <Loaded data={inForce}>
        {(found) => (
          <div className="stack">
            <SentencesCard inForce={found} />
            {found.may_change && <Editor key={found.version} inForce={found} onSaved={inForce.reload} />}
            <HistoryCard
              key={`h${found.version}`}
              current={found.version}
              mayChange={found.may_change}
              onChange={inForce.reload}
            />
          </div>
        )}
      </Loaded>
    </React.Fragment>
  )
}

const SentencesCard = ({ inForce: { lines, version, by, at, reason } }: { inForce: InForce }) => (
  <Card
    title="In force"
    note={
      at === undefined ? (
        'What the settings say: nobody has changed it.'
      ) : (
        <React.Fragment>
          Version {version} by {actorText(by ?? '')} at <Time at={at} />: {reason}
        </React.Fragment>
      )
    }
  >
    {lines.length === 0 ? (
      <Empty title="Nothing is limited." />
    ) : (
      <ul>
        {lines.map(({ name, text }) => (
          <li key={name}>{text}</li>
        ))}
      </ul>
    )}
  </Card>
)

function Editor({ inForce, onSaved }: { inForce: InForce; onSaved: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(inForce.policy))
  const problems = problemsOf(draft)
  const editing = { draft, problems, onChange: setDraft }
  return (
    <React.Fragment>
      <RuleGroupCard
        {...editing}
        group="amounts"
        title="One withdrawal"
        note="The smallest and the largest, by currency and method."
      />
      <RuleGroupCard
        {...editing}
        group="limits"
        title="Limits"
        note="What was canceled does not count. Users read the limit that refuses them."
      />
      <RuleGroupCard
        {...editing}
        group="ceilings"
        title="Approval"
        note={
          inForce.needs_second
            ? 'What is above waits until so many different operators have let it go on.'
            : 'What is above waits for you. More than one approver needs several operators.'
        }
      />
      {!inForce.fixed.includes('second_person_above') && inForce.needs_second && (
        <RuleGroupCard
          {...editing}
          group="second"
          title="Second person"
          note="What one operator decides alone. In a currency that is not named: nothing."
        />
      )}
      <PeopleCard {...editing} fixed={inForce.fixed} />
      {inForce.operator_roles.length > 1 && (
        <DutiesCard draft={draft} onChange={setDraft} roles={inForce.operator_roles} />
      )}
      <ChangeCard inForce={inForce} draft={draft} isRight={problems.size === 0} onSaved={onSaved} />
    </React.Fragment>
  )
}

interface ChangeProps {
  readonly inForce: InForce
  readonly draft: PolicyDraft
  readonly isRight: boolean
  readonly onSaved: () => void
}

/** Tries it on what has been, and saves exactly what was tried. */
function ChangeCard({ inForce, draft, isRight, onSaved }: ChangeProps) {
  const trial = useTrial()
  const [isSaving, setSaving] = useState(false)
  const written = writtenOf(draft)
  const text = JSON.stringify(written)
  const isChanged = text !== JSON.stringify(writtenOf(draftOf(inForce.policy)))
  const run = isRight && isChanged && trial.of === text ? trial.run : null
  const verb = inForce.needs_second ? 'Propose the change' : 'Save the policy'
  return (
    <React.Fragment>
      {trial.error && <ErrorNote error={trial.error} />}
      {run && <DryRunCard run={run} />}
      <Card title="Change it" note="For withdrawals from then on, in every instance within seconds.">
        <p className="note" role="status">
          {stepOf(isRight, isChanged, run !== null)}
        </p>
        <p className="dialog-actions">
          <button
            type="button"
            disabled={!isRight || !isChanged || trial.isTrying}
            onClick={() => trial.tryIt(text)}
          >
            {trial.isTrying ? 'Working …' : 'Try it on the last 90 days'}
          </button>
          <button type="button" className="primary" disabled={run === null} onClick={() => setSaving(true)}>
            {verb}
          </button>
        </p>
      </Card>
      {isSaving && (
        <ReasonDialog
          title="Change the policy"
          verb={inForce.needs_second ? 'Propose it' : 'Save it'}
          path="/admin/policy"
          body={{ policy: written, version: inForce.version }}
          onClose={() => setSaving(false)}
          onDone={() => {
            setSaving(false)
            onSaved()
          }}
        >
          <p>
            It holds for every withdrawal from then on; those that were accepted before go on as they are.
          </p>
        </ReasonDialog>
      )}
    </React.Fragment>
  )
}

function stepOf(isRight: boolean, isChanged: boolean, isTried: boolean): string {
  if (!isRight) return 'Something is not right yet: it is said where.'
  if (!isChanged) return 'Nothing is changed yet.'
  return isTried ? 'This is what was tried.' : 'Try it on the last 90 days first; then it can be saved.'
}

/** What was tried last, as it was written then. */
function useTrial() {
  const client = useContext(ClientContext)
  const [tried, setTried] = useState<{ of: string; run: DryRun } | null>(null)
  const [isTrying, setTrying] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const tryIt = (text: string) => {
    setTrying(true)
    setError(null)
    client
      .post<DryRun>('/admin/policy/dry-run', { policy: JSON.parse(text) as unknown })
      .then(
        (run) => setTried({ of: text, run }),
        (thrown: unknown) => setError(asApiError(thrown)),
      )
      .then(() => setTrying(false))
      .catch(() => {})
  }
  return { of: tried?.of ?? null, run: tried?.run ?? null, isTrying, error, tryIt }
}
