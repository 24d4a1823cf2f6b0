import type { PaymentProvider } from '../../../src/ports/payment-provider'
import { restProvider } from '../../../src/providers/rest'
import { type LogLine, recordingLogger } from '../../helpers/loggers'
import { testRandomness } from '../../helpers/test-clock'
import { ManualClock } from '../../kit/manual-clock'
import { memoryDocuments } from '../sandbox/memory-documents'
import { exampleConfiguration, OPTIONS } from './example'
import { FakeAcme } from './fake-acme'

export interface Rig {
  readonly acme: FakeAcme
  readonly provider: PaymentProvider
  readonly clock: ManualClock
  readonly lines: readonly LogLine[]
  close(): Promise<void>
}

export async function createRig(changes: Record<string, unknown> = {}): Promise<Rig> {
  const clock = new ManualClock()
  const acme = new FakeAcme(clock.now)
  const baseUrl = await acme.listen()
  const logger = recordingLogger()
  const provider = restProvider({ ...OPTIONS, configuration: exampleConfiguration({ baseUrl, ...changes }) })
  await provider.open?.({ documents: memoryDocuments(), clock, random: testRandomness(), logger })
  return {
    acme,
    clock,
    provider,
    lines: logger.lines,
    async close() {
      await provider.close?.()
      acme.close()
    },
  }
}
