import { DIFFERENCE_KINDS, differenceQuestion, type Question } from '../../src/domain/questions'
import { CONFLICTS, REVIEWS } from '../../src/domain/reviews'
import { callOf } from './actions-page'

const section = (name: string, { title, money, whatToDo, suggested }: Question): string =>
  [
    `### \`${name}\``,
    '',
    `${title}.`,
    '',
    `- **The money:** ${money}`,
    `- **What to do:** ${whatToDo}`,
    ...(suggested.length > 0 ? [`- **Actions that help:** ${suggested.map(callOf).join('; ')}`] : []),
  ].join('\n')

/** docs/questions.md: everything that a person can be asked, and what to do about it. */
export function questionsPage(): string {
  const differences = DIFFERENCE_KINDS.map((kind) => section(kind, differenceQuestion(kind)))
  const conflicts = Object.entries(CONFLICTS).map(([code, question]) => section(code, question))
  const reviews = Object.entries(REVIEWS).map(([code, question]) => section(code, question))
  return `<!-- Generated from src/domain/questions.ts and reviews.ts by "npm run generate". Do not edit. -->

# What a person is asked

What cannot be proven becomes a visible question. [What operators can do](actions.md) says what each answer does.

## Differences

Facts that came when nothing could be changed by them any more, or that take too long. They stop nothing: the machine
goes on looking, and closes what it finds out by itself. \`GET /admin/differences\` lists what is open, \`?open=false\` what
was answered; \`POST /admin/differences/:id/resolve\` with a \`reason\` answers one. A new fact of a kind that was answered
is asked again, with the earlier answers under \`history\`.

${differences.join('\n\n')}

## Conflicts

Reasons why a withdrawal is frozen (\`conflict\`). \`GET /admin/withdrawals/:id\` has the same words under \`question\`.

${conflicts.join('\n\n')}

## Reviews

Reasons why a withdrawal waits for a person (\`in_review\`) though nothing contradicts.

${reviews.join('\n\n')}
`
}
