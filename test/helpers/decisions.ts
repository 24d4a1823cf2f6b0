import path from 'node:path'

import { openDecisions } from '../../scripts/new-provider/decisions'

const ROOT = path.join(__dirname, '../..')

/**
 * One failing test for each thing that a new provider's author has not decided yet: a suite whose sample values were
 * only uncommented is not green. A decision is made by writing what the bank documents and taking its mark away.
 */
export function describeDecisions(provider: string): void {
  const open = openDecisions(ROOT, provider)
  describe(`what only the author of ${provider} can find out`, () => {
    for (const { file, line, name, what } of open)
      it(`is open: ${name} (${file}:${line})`, () => {
        throw new Error(`${what}. Write down what the bank documents, then remove the mark DECIDE(${name}).`)
      })
    if (open.length === 0) it('is decided', () => {})
  })
}
