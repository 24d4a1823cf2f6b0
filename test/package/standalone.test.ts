import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

import { killAllStandalones, type Standalone, startStandalone } from '../helpers/standalone'
import { BASE } from '../helpers/world'

const run = promisify(execFile)
const ROOT = path.join(__dirname, '../..')
const CANARY = 'FR7630006000011234567890189'
/** Each starts a program of its own, beside whatever else the machine is doing. */
const PATIENCE_MS = 150_000

describe('npm start', () => {
  let directory: string
  let server: Standalone
  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-standalone-'))
    server = await startStandalone({ DATA_DIR: directory })
  }, PATIENCE_MS)
  afterAll(async () => {
    await killAllStandalones()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  it('prints a curl line that, pasted as it stands, pays a withdrawal', async () => {
    const { stdout } = await run('bash', ['-c', server.curl])
    expect(stdout).toContain('"status":"processed"')
  })

  it('says once that the embedded database is for trying out and development', () => {
    const said = server.log.filter((line) => line.includes('"database.embedded"'))
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('for trying out and development')
  })

  it(
    'refuses a second process on the same directory, saying why and what to do',
    async () => {
      await expect(startStandalone({ DATA_DIR: directory })).rejects.toThrow(
        /in use by process \d+.*destroy.*(Stop the other process|DATABASE_URL)/s,
      )
      expect((await fetch(`${server.url}${BASE}/health`)).status).toBe(200)
    },
    PATIENCE_MS,
  )

  it(
    'says in one sentence that its port is taken, what to do, and leaves its data free',
    async () => {
      const other = `${directory}-taken`
      const port = String(new URL(server.url).port)
      const failed = startStandalone({ DATA_DIR: other, PORT: port })
      await expect(failed).rejects.toThrow(
        new RegExp(`\\nPort ${port} of 127\\.0\\.0\\.1 is taken by another program: [^\n]*PORT[^\n]*$`),
      )
      expect(fs.existsSync(path.join(other, 'in-use.lock'))).toBe(false)
      fs.rmSync(other, { recursive: true, force: true })
    },
    PATIENCE_MS,
  )

  it(
    'writes for people where that is asked for, quietly, and ends with what one needs to try it',
    async () => {
      const other = `${directory}-readable`
      const readable = await startStandalone({
        DATA_DIR: other,
        LOG_FORMAT: 'text',
        LOG_LEVEL: 'warn',
        WAITMS: '5',
      })
      await run('bash', ['-c', readable.curl])
      await readable.stop()
      fs.rmSync(other, { recursive: true, force: true })

      const lines = readable.log.filter((line) => line !== '')
      expect(lines.filter((line) => line.startsWith('{'))).toEqual([])
      expect(
        lines.some((line) => /^\d\d:\d\d:\d\d warn {2}database\.embedded - The embedded database/.test(line)),
      ).toBe(true)
      expect(lines.slice(-8).map((line) => line.trim().split(/[ :]/)[0])).toEqual([
        '!!',
        'Bank',
        'The',
        'The',
        'User',
        "Operator's",
        'Withdraw',
        'curl',
      ])
      expect(lines.at(-8)).toContain('WAITMS is not a setting')
    },
    PATIENCE_MS,
  )

  it(
    'gives out tokens by another command while it runs',
    async () => {
      const { stdout } = await run('npm', ['run', 'token', '--', '--user', '2', '--scope', 'admin'], {
        cwd: ROOT,
        env: { ...process.env, DATA_DIR: directory, NODE_OPTIONS: '' },
      })
      const token = stdout.trim().split('\n').at(-1)
      const answer = await fetch(`${server.url}${BASE}/list`, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(answer.status).toBe(200)
    },
    PATIENCE_MS,
  )

  it(
    'reports all problems with its settings together, and no value of a secret',
    async () => {
      const failed = startStandalone({
        DATA_DIR: `${directory}/other`,
        WAIT_MS: 'soon',
        FEE_MODE: 'sometimes',
        ENCRYPTION_KEYS: 'a:c2VjcmV0',
      })
      await expect(failed).rejects.toThrow(/ENCRYPTION_KEYS must.*FEE_MODE must.*WAIT_MS must/s)
      await expect(failed).rejects.not.toThrow(/c2VjcmV0/)
    },
    PATIENCE_MS,
  )

  it('writes one JSON line per change of state, and never an account number or a token', async () => {
    const headers = { authorization: `Bearer ${server.userToken}`, 'content-type': 'application/json' }
    const body = (amount: string) => ({
      method: 'POST',
      headers,
      body: JSON.stringify({
        currency: 'eur',
        amount,
        bank_account: { iban: CANARY, account_holder: 'Canary Holder' },
      }),
    })
    const answer = await fetch(`${server.url}${BASE}`, body('12'))
    const { id } = (await answer.json()) as { id: string }
    for (const amount of ['12.03', '12.05', '1e309']) await fetch(`${server.url}${BASE}`, body(amount))

    const lines = server.log.filter((line) => line.startsWith('{'))
    const events = lines.map(
      (line) => JSON.parse(line) as { message: string; withdrawalId?: string; to?: string },
    )
    const path_ = events.filter(
      ({ message, withdrawalId }) => message === 'withdrawal.transitioned' && withdrawalId === id,
    )
    expect(path_.map(({ to }) => to)).toEqual(['requested', 'ready', 'submitting', 'settling', 'processed'])
    const text = lines.join('\n')
    expect(text).not.toContain(CANARY)
    expect(text).not.toContain('Canary Holder')
    expect(text).not.toContain(server.userToken)
  })

  it('ends by itself, with code 0, when it is asked to', async () => {
    expect(await server.stop()).toBe(0)
    expect(fs.existsSync(path.join(directory, 'in-use.lock'))).toBe(false)
  })
})
