import { execFile } from 'node:child_process'
import path from 'node:path'

const ROOT = path.join(__dirname, '../..')

const erase = (...options: string[]): Promise<{ code: number; stderr: string }> =>
  new Promise((resolve) => {
    const command = ['--import', 'tsx', 'scripts/erase.ts', '--user', '7', '--reason', 'a letter', ...options]
    const env = { ...process.env, NODE_OPTIONS: '' }
    execFile(process.execPath, command, { cwd: ROOT, env }, (error, _stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    )
  })

describe('npm run erase', () => {
  it('forgets no idempotency key that a client may still repeat a request with', async () => {
    const nobody = ['--database-url', 'postgres://nobody@127.0.0.1:1/nowhere']
    expect(await erase('--older-than-days', '29', ...nobody)).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^--older-than-days begins at 30: .* Nothing was erased\.\n$/),
    })
    // As far as the database, which is not there.
    const asked = await erase('--older-than-days', '30', ...nobody)
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('ECONNREFUSED') })
  })
})
