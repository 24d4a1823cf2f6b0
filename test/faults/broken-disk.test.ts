import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { killAllStandalones, type Standalone, startStandalone } from '../helpers/standalone'
import { BASE, IBAN } from '../helpers/world'

/**
 * Goal: a database that gives up inside our process takes nothing along that was answered. Method: the disk below a
 * real server breaks under load; the server has to end by itself, and the next one to have every answer.
 */
const CLIENTS = 6
const ANSWERS = 12

describe('the standalone server', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-broken-disk-'))
  afterAll(async () => {
    await killAllStandalones()
    fs.rmSync(root, { recursive: true, force: true })
  })

  it('ends with a sentence when its disk takes nothing more, and has every answer when it is back', async () => {
    const [directory, broken] = [path.join(root, 'data'), path.join(root, 'broken')]
    const settings = { DATA_DIR: directory, LOG_LEVEL: 'error', QUIET_SECONDS: '1', WORKER_POLL_MS: '50' }
    const server = await startStandalone({
      ...settings,
      BREAK_DISK: broken,
      NODE_OPTIONS: `--require ${path.join(__dirname, 'break-disk.cjs')}`,
    })
    const answered: string[] = []
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (;;) {
          if (answered.length >= ANSWERS) fs.writeFileSync(broken, '')
          const id = await send(server)
          if (id === null) return
          answered.push(id)
        }
      }),
    )
    expect(await server.ended).toBe(1)
    expect(server.log.at(-1)).toMatch(/^The embedded database has stopped \(.*\)\. .*start the program again/)

    fs.rmSync(broken)
    const again = await startStandalone(settings)
    for (const id of answered) {
      const headers = { authorization: `Bearer ${again.userToken}` }
      const answer = await fetch(`${again.url}${BASE}/${id}`, { headers })
      expect(answer.status).toBe(200)
    }
    expect(await again.stop()).toBe(0)
  }, 120_000)
})

/** @returns null once the server does not answer any more. */
async function send(server: Standalone): Promise<string | null> {
  try {
    const answer = await fetch(`${server.url}${BASE}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.userToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ currency: 'eur', amount: 1, bank_account: { iban: IBAN } }),
    })
    return answer.ok ? ((await answer.json()) as { id: string }).id : null
  } catch {
    return null
  }
}
