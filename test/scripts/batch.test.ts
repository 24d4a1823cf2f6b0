import { execFile } from 'node:child_process'
import path from 'node:path'

import { createBatchWorld } from '../helpers/batch-world'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen } from '../helpers/listen'

const ROOT = path.join(__dirname, '../..')

const batch = (...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const command = ['--import', 'tsx', 'scripts/batch.ts', ...options]
    const env = { ...process.env, NODE_OPTIONS: '' }
    execFile(process.execPath, command, { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })

describe('npm run batch', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
  })
  afterAll(() => database.close())

  it('shows what would be sent, sends it, and says what is wrong', async () => {
    const { world, bank, waiting } = await createBatchWorld(database)
    await waiting('10', '11')
    const { url, close } = await listen(world.host())
    const asOperator = ['--url', url, '--token', world.token(2, 'admin')]

    const preview = await batch(...asOperator, '--preview')
    expect(JSON.parse(preview.stdout)).toMatchObject([{ item_count: 2, total: '21' }])
    expect(bank.orders).toEqual([])
    const run = await batch(...asOperator, '--provider', 'sandbox', '--reason', 'payday')
    expect(JSON.parse(run.stdout)).toMatchObject([{ batches: [{ item_count: 2, outcome: 'accepted' }] }])
    expect(bank.orders).toHaveLength(1)

    const asUser = await batch('--url', url, '--token', world.token(1), '--reason', 'payday')
    expect(asUser).toMatchObject({ code: 1, stderr: expect.stringMatching(/^403 forbidden: /) })
    expect(await batch(...asOperator)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Usage:/) })
    close()
  })
})
