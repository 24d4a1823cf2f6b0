import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { openEmbedded } from '../../../src/db/connect/embedded'
import { DirectoryInUseError } from '../../../src/db/connect/lock'

/** One directory for all: a new PGlite takes seconds to boot. */
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-embedded-'))
const directory = path.join(root, 'not', 'there', 'yet')
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

const COMMITS = 20

describe('an embedded database in a directory', () => {
  it('syncs each commit to the disk, refuses a second opening, and has its data after it was closed', async () => {
    const database = await openEmbedded({ directory })
    expect(database.kind).toBe('embedded')
    await database.transaction((tx) => tx.script('create table t (n integer); create index on t (n)'))

    const sync = jest.spyOn(fs, 'fdatasyncSync')
    for (let n = 0; n < COMMITS; n++) await database.query('insert into t values ($1)', [n])
    const syncs = sync.mock.calls.length
    sync.mockRestore()
    expect(syncs).toBeGreaterThanOrEqual(COMMITS)
    expect(await database.query('show fsync')).toEqual([{ fsync: 'on' }])

    await expect(openEmbedded({ directory })).rejects.toThrow(DirectoryInUseError)
    const failing = database.transaction(async (tx) => {
      await tx.query('insert into t values (-1)')
      throw new Error('boom')
    })
    await expect(failing).rejects.toThrow('boom')
    await database.close()

    const reopened = await openEmbedded({ directory })
    expect(await reopened.query('select n from t order by n')).toEqual(
      Array.from({ length: COMMITS }, (_, n) => ({ n })),
    )
    await reopened.close()
    expect(fs.readdirSync(directory)).toEqual(['pglite'])
  })

  it('gives the directory back when it cannot be opened', async () => {
    const broken = path.join(root, 'broken')
    fs.mkdirSync(path.join(broken, 'pglite'), { recursive: true })
    fs.writeFileSync(path.join(broken, 'pglite', 'PG_VERSION'), 'not a version')
    await expect(openEmbedded({ directory: broken })).rejects.toThrow()
    expect(fs.readdirSync(broken)).toEqual(['pglite'])
  })

  // The last one: PostgreSQL gives up after this, so nothing can be asked of the database any more, not even to close.
  it('refuses a commit that the disk has not taken', async () => {
    const database = await openEmbedded({ directory })
    const sync = jest.spyOn(fs, 'fdatasyncSync').mockImplementation(() => {
      throw new Error('the disk is broken')
    })
    await expect(database.query('insert into t values (-2)')).rejects.toThrow('could not fsync')
    sync.mockRestore()
  })
})
