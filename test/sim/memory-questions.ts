import type { AnsweredQuestion } from '../../src/db/statements/differences'
import type { Difference, RecordedAction } from '../../src/db/store'
import { ENDS_BY_ITSELF } from '../../src/domain/stuck'
import type { MemoryFunctions } from './memory-store'
import type { MemoryTables } from './memory-tables'

type QuestionFunctions = Pick<
  MemoryFunctions,
  | ('openDifference' | 'resolveDifference' | 'answerDifference' | 'listDifferences' | 'closeOvertaken')
  | ('recordOperatorAction' | 'listOperatorActions' | 'wakeAs')
>

type Kept = Difference & { readonly before: readonly AnsweredQuestion[] }

const answered = ({
  detail,
  openedAt,
  resolvedAt,
  resolvedBy,
  resolution,
}: Difference): AnsweredQuestion[] =>
  resolvedAt === null
    ? []
    : [{ detail, openedAt, resolvedAt, resolvedBy: resolvedBy ?? '', resolution: resolution ?? '' }]

/** The functions of src/db about what persons are asked, and what they did. */
export function memoryQuestions(tables: MemoryTables, wake: (id: string) => boolean): QuestionFunctions {
  const actions: RecordedAction[] = []
  const record: MemoryFunctions['recordOperatorAction'] = (action) =>
    void actions.unshift({ ...action, id: String(actions.length + 1), at: tables.at() })
  return {
    ...differences(tables),
    recordOperatorAction: record,
    wakeAs(action) {
      const isWoken = wake(action.subject)
      if (isWoken) record(action)
      return isWoken
    },
    listOperatorActions: ({ subject, action, limit }) =>
      actions
        .filter((done) => done.subject === subject && (action === undefined || done.action === action))
        .slice(0, limit),
  }
}

/** It has left what it was asked about. */
function isOvertaken({ kind, withdrawalId, openedAt }: Difference, tables: MemoryTables): boolean {
  const row = tables.rows.get(withdrawalId)
  const ends: readonly string[] = (ENDS_BY_ITSELF as Readonly<Record<string, readonly string[]>>)[kind] ?? []
  return row !== undefined && (kind === 'stuck' ? row.stateSince > openedAt : ends.includes(row.state))
}

function differences(tables: MemoryTables) {
  const all = new Map<string, Kept>()
  const key = ({ kind, withdrawalId, fact }: { kind: string; withdrawalId: string; fact: string }) =>
    `${kind} ${withdrawalId} ${fact}`
  const open = { resolvedAt: null, resolvedBy: null, resolution: null }
  const isOpen = ({ resolvedAt }: Difference): boolean => resolvedAt === null
  function answer(found: readonly Kept[], by: string, resolution: string): boolean {
    for (const one of found)
      all.set(key(one), { ...one, resolvedAt: tables.at(), resolvedBy: by, resolution })
    return found.length > 0
  }
  const earlierThan = (one: Kept): AnsweredQuestion[] =>
    [...all.values()]
      .filter(
        ({ kind, withdrawalId, id }) =>
          kind === one.kind && withdrawalId === one.withdrawalId && id !== one.id,
      )
      .flatMap(answered)

  return {
    openDifference: ((difference) => {
      const known = all.get(key(difference))
      if (known && known.resolvedBy !== 'worker') return false
      const before = known ? [...known.before, ...answered(known)] : []
      const id = known?.id ?? String(all.size + 1)
      all.set(key(difference), { ...difference, ...open, id, before, openedAt: tables.at() })
      return true
    }) satisfies MemoryFunctions['openDifference'],
    resolveDifference: (({ by, resolution, kind, withdrawalId }) =>
      answer(
        [...all.values()].filter(
          (one) => isOpen(one) && one.kind === kind && one.withdrawalId === withdrawalId,
        ),
        by,
        resolution,
      )) satisfies MemoryFunctions['resolveDifference'],
    answerDifference: (({ id, by, resolution }) =>
      answer(
        [...all.values()].filter((one) => isOpen(one) && one.id === id),
        by,
        resolution,
      )) satisfies MemoryFunctions['answerDifference'],
    closeOvertaken() {
      const over = [...all.values()].filter((one) => isOpen(one) && isOvertaken(one, tables))
      answer(over, 'worker', 'It went on by itself.')
      return over.length
    },
    listDifferences: ((query) =>
      [...all.values()]
        .filter((one) => isOpen(one) === query.isOpen)
        .filter(({ withdrawalId }) => query.withdrawalId === undefined || withdrawalId === query.withdrawalId)
        .filter(({ kind }) => query.kind === undefined || kind === query.kind)
        .sort((a, b) => Number(b.openedAt) - Number(a.openedAt) || Number(b.id) - Number(a.id))
        .slice(0, query.limit)
        .map((one) => {
          const { before, ...difference } = one
          return { ...difference, history: [...before, ...earlierThan(one)] }
        })) satisfies MemoryFunctions['listDifferences'],
  }
}
