import { execFile } from 'node:child_process'
import path from 'node:path'

/** A breaker that the last fault has opened, and a busy machine. */
const RUN_WITHIN_MS = 280_000

/**
 * Goal: instances that are killed, stopped and cut off from their database under load pay nobody twice, lose nothing
 * and lock nothing for ever. Method: the command of the long run, short; it checks the invariants itself.
 */
describe('real processes under load', () => {
  // Beside each other: each waits for leases and breakers most of the time.
  it.concurrent.each(['immediate', 'batch'])(
    'keep every promise in %s mode while they are killed again and again',
    async (mode) => {
      const counts = {
        kills: 10,
        stalls: 2,
        terminates: 3,
        'pg-restarts': 1,
        withdrawals: 200,
        clients: 12,
        mode,
      }
      const options = Object.entries(counts).flatMap(([name, value]) => [`--${name}`, String(value)])
      const args = [
        '--import',
        'tsx',
        path.join(__dirname, 'run.ts'),
        '--seed',
        String(process.env.TEST_SEED),
        ...options,
      ]
      const { code, output } = await run(args)
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('All invariants hold.') })
    },
    RUN_WITHIN_MS + 20_000,
  )
})

const run = (args: readonly string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, NODE_OPTIONS: '' }
    execFile(
      process.execPath,
      args,
      { env, maxBuffer: 10_000_000, timeout: RUN_WITHIN_MS, killSignal: 'SIGTERM' },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? 1 : 0,
          output: stdout + stderr,
        }),
    )
  })
