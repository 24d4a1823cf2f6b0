import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

import { killAllStandalones, type Standalone, startStandalone } from '../helpers/standalone'

/** Goal: who follows docs/tutorial.md gets what it says. Method: its commands are run as they stand there, in its order. */
const ROOT = path.join(__dirname, '../..')
const page = fs.readFileSync(path.join(ROOT, 'docs/tutorial.md'), 'utf8')
const commands = (kind: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`sh ${kind}\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => String(text))

describe('the tutorial', () => {
  let server: Standalone
  let directory: string
  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'tutorial-'))
    server = await startStandalone({ DATA_DIR: directory })
  }, 60_000)
  afterAll(async () => {
    await killAllStandalones()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  /** At the address that is free here; nothing else of a command is changed. */
  const run = async (command: string): Promise<unknown> => {
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-ec', command.replaceAll('http://127.0.0.1:8080', server.url)],
      { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', DATA_DIR: directory } },
    )
    return JSON.parse(stdout) as unknown
  }

  it('says by which address and commands it is all tried', () => {
    expect(commands('start')).toEqual(['npm ci && npm start\n'])
    expect(commands('run')).toHaveLength(3)
    expect(page.match(/^```sh\n/gm)).toBeNull()
    for (const [address] of page.matchAll(/<http[^>]+>/g)) expect(address).toContain('http://127.0.0.1:8080/')
  })

  it('leads to both pages, a paid withdrawal that is one however often it is asked for, and what an operator sees', async () => {
    for (const [, address = ''] of page.matchAll(/<http:\/\/127\.0\.0\.1:8080([^>]+)>/g)) {
      const answer = await fetch(`${server.url}${address}`)
      expect([answer.status, (await answer.text()).startsWith('<!doctype html>')]).toEqual([200, true])
    }
    const [pay = '', list = '', overview = ''] = commands('run')
    const paid = (await run(pay)) as { id: string; status: string }
    expect(paid).toMatchObject({ status: 'processed', amount: 10.5 })
    expect(await run(pay)).toMatchObject({ id: paid.id })
    expect(await run(list)).toMatchObject({ recordsTotal: 1, withdrawals: [{ id: paid.id }] })
    expect(await run(overview)).toMatchObject({ you: { may_act: true }, questions: { count: 0 } })
  }, 60_000)
})
