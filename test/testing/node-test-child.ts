import { after, describe, it } from 'node:test'

import { describeConformance, formatReport, runConformance } from '../../src/testing'
import { demoSubject } from './demo-provider'

/** Run by node's own test runner, where no globals are: see without-jest.test.ts. */
const NONE = { webhook: 'none', document: 'none', outbox: 'none', void: 'none' }

describeConformance('demo', () => demoSubject(), { notApplicable: NONE, runner: { describe, it, after } })

void it('also runs without any runner', async () => {
  const subject = await demoSubject()
  console.log(formatReport(await runConformance(subject)))
  await subject.close?.()
})
