import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'

import { sqlState } from '../../../src/db/connect/database'
import { EmbeddedDatabaseLostError, openEmbedded } from '../../../src/db/connect/embedded'
import type { ThreadData } from '../../../src/db/connect/embedded-messages'
import { DirectoryInUseError } from '../../../src/db/connect/lock'
import { watchedDisk } from './watched-disk'

/** One directory for all: a new PGlite takes seconds to boot. */
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-embedded-'))
const directory = path.join(root, 'not', 'there', 'yet')
afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

const COMMITS = 20
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('an embedded database in a directory', () => {
  it('syncs each commit to the disk, refuses a second opening, and has its data after it was closed', async () => {
    const disk = watchedDisk()
    const database = await openEmbedded({ directory }, disk.start)
    expect(database.kind).toBe('embedded')
    await database.transaction((tx) => tx.script('create table t (n integer); create index on t (n)'))

    const before = disk.syncs()
    for (let n = 0; n < COMMITS; n++) await database.query('insert into t values ($1)', [n])
    expect(disk.syncs() - before).toBeGreaterThanOrEqual(COMMITS)
    const beforeNamed = disk.syncs()
    for (let n = 0; n < COMMITS; n++) await database.query('insert into t values ($1)', [-5], 'named')
    expect(disk.syncs() - beforeNamed).toBeGreaterThanOrEqual(COMMITS)
    await database.query('delete from t where n = -5')
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

  it('refuses a commit that the disk has not taken, ends, and can be opened again with what was acknowledged', async () => {
    const disk = watchedDisk()
    const database = await openEmbedded({ directory }, disk.start)
    await database.query('insert into t values (-3)')
    disk.break()
    const refused = database.query('insert into t values (-2)')
    const next = database.query('select 1')
    await expect(refused).rejects.toThrow('could not fsync')
    await expect(next).rejects.toThrow(EmbeddedDatabaseLostError)
    await expect(database.query('select 1')).rejects.toThrow(EmbeddedDatabaseLostError)
    expect(await database.gone).toBeInstanceOf(EmbeddedDatabaseLostError)
    await database.close()

    const reopened = await openEmbedded({ directory })
    expect(await reopened.query('select n from t where n = -3')).toEqual([{ n: -3 }])
    await reopened.close()
  })
})

describe('the thread of an embedded database', () => {
  let thread: Worker
  const start = (workerData: ThreadData): Worker => (thread = watchedDisk().start(workerData))

  it('fails all that wait when it dies, tells nobody whether their work is stored, and gives the directory back', async () => {
    const database = await openEmbedded({ directory }, start)
    let isInside = () => {}
    const inside = new Promise<void>((resolve) => (isInside = resolve))
    const inTransaction = database.transaction(async (tx) => {
      await tx.query('insert into t values (100)')
      isInside()
      await tx.query('select count(*) from generate_series(1, 100000000)')
    })
    const behind = database.query('insert into t values (101)')
    const heard = Promise.allSettled([inTransaction, behind])
    await inside
    await thread.terminate()

    for (const outcome of await heard) {
      expect(outcome.status).toBe('rejected')
      const { reason } = outcome as PromiseRejectedResult
      expect(reason).toBeInstanceOf(EmbeddedDatabaseLostError)
      // A code would say that the database itself has refused it.
      expect(sqlState(reason)).toBeNull()
    }
    expect(await database.gone).toBeInstanceOf(EmbeddedDatabaseLostError)
    expect(fs.readdirSync(directory)).toEqual(['pglite'])
    await database.close()

    const reopened = await openEmbedded({ directory })
    expect(await reopened.query('select n from t where n >= 100')).toEqual([])
    await reopened.close()
  })

  it('that cannot be started at all says why, and gives the directory back', async () => {
    const missing = (data: ThreadData) => new Worker(path.join(root, 'no-such-file.js'), { workerData: data })
    await expect(openEmbedded({ directory }, missing)).rejects.toThrow('no-such-file.js')
    expect(fs.readdirSync(directory)).toEqual(['pglite'])
  })

  describe('at work', () => {
    let database: Awaited<ReturnType<typeof openEmbedded>>
    beforeAll(async () => {
      database = await openEmbedded({ memory: true })
      await database.transaction((tx) => tx.script('create table u (n integer primary key, at timestamptz)'))
    })
    afterAll(() => database.close())

    it('keeps nobody here waiting', async () => {
      let isDone = false
      const slow = database
        .query('select count(*) from generate_series(1, 5000000)')
        .then(() => (isDone = true))
      for (let turn = 0; turn < 10; turn++) await nextTurn()
      expect(isDone).toBe(false)
      await slow
    })

    it('gives a transaction its turn until it ends, and what comes meanwhile after it', async () => {
      let inside = () => {}
      const isInside = new Promise<void>((resolve) => (inside = resolve))
      let goOn = () => {}
      const mayGoOn = new Promise<void>((resolve) => (goOn = resolve))
      const transaction = database.transaction(async (tx) => {
        await tx.query('insert into u (n) values (1)')
        inside()
        await mayGoOn
        await tx.query('insert into u (n) values (2)', [], 'named')
      })
      await isInside
      const counted = database.query('select count(*)::int as n from u')
      for (let turn = 0; turn < 10; turn++) await nextTurn()
      goOn()
      expect(await counted).toEqual([{ n: 2 }])
      await transaction
    })

    it.each([undefined, 'named'])('says of an error what PostgreSQL says (statement %s)', async (name) => {
      const again = database.query('insert into u (n) values ($1)', [1], name)
      await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'u_pkey', table: 'u' })
      const after = await database.query('select n from u order by n', [], name)
      expect(after).toEqual([{ n: 1 }, { n: 2 }])
    })

    it('fails the commit of a transaction that an error has spoilt', async () => {
      const spoilt = database.transaction(async (tx) => {
        await tx.query('insert into u (n) values (9)')
        await tx.query('insert into u (n) values (1)').catch(() => {})
      })
      await expect(spoilt).rejects.toMatchObject({ code: '25P02' })
      expect(await database.query('select n from u where n = 9')).toEqual([])
    })

    it('carries every kind of value there and back', async () => {
      const at = new Date('2026-01-05T09:00:00.123Z')
      const bytes = Buffer.from([0, 1, 255])
      const given = [at, 'ä"\\', 1.5, true, null, ['a', 'b'], JSON.stringify({ a: [1] }), bytes]
      for (const name of [undefined, 'values']) {
        const [row] = await database.query<Record<string, unknown>>(
          `select $1::timestamptz as at, $2::text as text, $3::float8 as float, $4::boolean as yes, $5::text as nothing,
                  $6::text[] as list, $7::jsonb as json, $8::bytea as bytes, 9007199254740993::int8 as big`,
          given,
          name,
        )
        expect(row).toEqual({
          ...{ at, text: 'ä"\\', float: 1.5, yes: true, nothing: null, list: ['a', 'b'], json: { a: [1] } },
          ...{ bytes: new Uint8Array(bytes), big: 9007199254740993n },
        })
      }
    })

    it('hears of nothing that cannot be sent to it', async () => {
      await expect(database.query('select $1', [() => {}])).rejects.toThrow('could not be cloned')
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }])
    })
  })

  it('answers nothing once it is closed, and can be closed twice', async () => {
    const database = await openEmbedded({ memory: true })
    await database.close()
    await database.close()
    await expect(database.query('select 1')).rejects.toThrow('The database is closed.')
  })

  it('is given up, with a sentence, when it spins at what it was asked and says nothing', async () => {
    const spins = `const { parentPort } = require('node:worker_threads')
      parentPort.on('message', () => { for (;;); })
      parentPort.postMessage({ id: 0, rows: [] })`
    const database = await openEmbedded({ memory: true }, () => new Worker(spins, { eval: true }), 100)
    await expect(database.query('select 1')).rejects.toThrow(/has not answered for 0.1 seconds/)
    expect(await database.gone).toBeInstanceOf(EmbeddedDatabaseLostError)
    await database.close()
  })

  it('is not given up while it migrates, nor are those that wait behind the migration', async () => {
    // The script's answer comes after as much silence as is deadly for anything else.
    const slow = `const { parentPort } = require('node:worker_threads')
      parentPort.on('message', ({ id, kind }) => {
        if (kind === 'script') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
        parentPort.postMessage({ id, rows: [] })
      })
      parentPort.postMessage({ id: 0, rows: [] })`
    const database = await openEmbedded({ memory: true }, () => new Worker(slow, { eval: true }), 100)
    const migration = database.transaction((tx) => tx.script('a long one'))
    // Asked as soon as the script is: the transaction has begun by then.
    await expect(Promise.all([migration, database.query('select 1')])).resolves.toBeDefined()
    await database.close()
  })

  it('is not given up by a process that slept and has not heard the answers yet', async () => {
    const answers = `const { parentPort } = require('node:worker_threads')
      parentPort.on('message', ({ id }) => parentPort.postMessage({ id, rows: [] }))
      parentPort.postMessage({ id: 0, rows: [] })`
    const database = await openEmbedded({ memory: true }, () => new Worker(answers, { eval: true }), 100)
    const answer = database.query('select 1')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    await expect(answer).resolves.toEqual([])
    await database.close()
  })
})
