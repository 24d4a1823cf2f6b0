import { ENTRIES, stateRow, STATES } from '../../src/domain/states'

/** docs/states.md: the table and a picture of it. */
export function statesPage(): string {
  const rows = STATES.map((state) => {
    const { meaning, status, stage, leavesTo, personLeavesTo = [] } = stateRow(state)
    const exits =
      state === 'conflict'
        ? 'any, by an operator with a reason'
        : leavesTo.map((to) => `\`${to}\``).join(', ') || '-'
    const byPerson = personLeavesTo.map((to) => `\`${to}\``).join(', ')
    return `| \`${state}\` | ${meaning} | ${status} | ${stage} | ${exits}${byPerson && `; by an operator also ${byPerson}`} |`
  })
  const arrows = STATES.filter((state) => state !== 'conflict').flatMap((state) =>
    stateRow(state).leavesTo.map((to) => `  ${state} --> ${to}`),
  )
  const entries = Object.entries(ENTRIES)
  return `<!-- Generated from src/domain/states.ts by "npm run generate". Do not edit. -->

# States of a withdrawal

\`status\` is what every client sees; \`stage\` is the finer word for people. \`completed\` is true exactly when
\`status\` is \`processed\`.

| state | what is true of the money | status | stage | leaves to |
|---|---|---|---|---|
${rows.join('\n')}

A withdrawal begins in one of these:

| state | how it comes to be there |
|---|---|
${entries.map(([state, how]) => `| \`${state}\` | ${how} |`).join('\n')}

\`\`\`mermaid
stateDiagram-v2
${entries.map(([state]) => `  [*] --> ${state}`).join('\n')}
${arrows.join('\n')}
\`\`\`

Rules that hold for every arrow:

- One function writes \`state\`, in one statement that is guarded by id, state, version and lease, together with its
  journal entry. Either both are stored or neither.
- What is about to be done elsewhere is stored before it is done. After a crash the next worker finds the intent and
  looks up what became of it.
- Anything that is not proven is \`in_doubt\`: it is looked up, never guessed, and never sent again before the provider
  has said conclusively that it does not have it.
- A person gets out of every state that is not an end: [what operators can do](actions.md).
- A final state never moves, except \`processed\` to \`returning\` when the bank sends the money back.
`
}
