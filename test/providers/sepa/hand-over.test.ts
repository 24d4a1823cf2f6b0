import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { type Folder, folderAt } from '../../../src/providers/sepa/folder'
import { memoryDocuments } from '../sandbox/memory-documents'
import { anItem, anOrder, createRig, fixture, ITEMS, queryOf } from './rig'

/**
 * Goal: every file gets into the folder once, although a bank client takes files away at any moment. Method: a real
 * folder; the program dies at every single step, with and without somebody emptying the folder in between.
 */
let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sepa-'))
})
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true })
})

const options = () => ({ handOver: 'folder' as const, folder })
const seen = () => fs.readdirSync(folder).filter((name) => name.endsWith('.xml'))
const NAME = 'BW-20261120-EUR-0001.xml'

describe('a file that is put into a folder', () => {
  it('lies there byte for byte as in the outbox, and leaves nothing else behind', async () => {
    const rig = await createRig(options())
    expect(await rig.provider.submit(anOrder())).toMatchObject({ kind: 'accepted', status: 'FILED' })

    expect(fs.readFileSync(path.join(folder, NAME), 'utf8')).toBe(await rig.file())
    expect(fs.readdirSync(folder).sort()).toEqual(['.payment-files-id', NAME])
  })

  it('is never put there again once the bank client has taken it', async () => {
    const rig = await createRig(options())
    await rig.provider.submit(anOrder())
    fs.rmSync(path.join(folder, NAME))

    await rig.provider.submit(anOrder())
    await rig.provider.lookup(queryOf(ITEMS[0]!))
    await rig.restart()
    expect(seen()).toEqual([])
  })

  it('does not take the place of another file', async () => {
    fs.writeFileSync(path.join(folder, NAME), 'not ours')
    const rig = await createRig(options())
    expect(await rig.provider.submit(anOrder())).toMatchObject({ status: 'WAITING_FOR_FOLDER' })
    expect(fs.readFileSync(path.join(folder, NAME), 'utf8')).toBe('not ours')
  })

  it('waits while the folder is gone, and is there at the next look after it came back', async () => {
    fs.rmSync(folder, { recursive: true })
    const rig = await createRig(options())
    expect(await rig.provider.health?.()).toMatchObject({ ok: false })
    expect(await rig.provider.submit(anOrder())).toMatchObject({
      kind: 'accepted',
      status: 'WAITING_FOR_FOLDER',
    })
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ status: 'WAITING_FOR_FOLDER' })

    fs.mkdirSync(folder)
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ kind: 'accepted', status: 'FILED' })
    expect(await rig.provider.health?.()).toEqual({ ok: true })
    expect(seen()).toEqual([NAME])
  })

  it('waits while payouts may not leave, and is there once they may', async () => {
    const allowed = { now: false }
    const rig = await createRig(options(), { mayLeave: () => Promise.resolve(allowed.now) })
    expect(await rig.provider.submit(anOrder())).toMatchObject({ status: 'WAITING_FOR_FOLDER' })
    expect(fs.readdirSync(folder)).toEqual([])

    allowed.now = true
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ status: 'FILED' })
    expect(seen()).toEqual([NAME])
  })

  it('does not turn up a day late, when somebody may have decided otherwise', async () => {
    fs.rmSync(folder, { recursive: true })
    const rig = await createRig(options())
    await rig.provider.submit(anOrder())
    fs.mkdirSync(folder)
    await rig.clock.advance(25 * 3_600_000)

    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({
      kind: 'accepted',
      status: 'NOT_HANDED_OVER',
    })
    await rig.restart()
    expect(seen()).toEqual([])
    expect(await rig.file()).toContain('BW-20261120-EUR-0001')
  })

  it('is not put there when the bank already speaks of it: somebody has carried it by hand', async () => {
    fs.rmSync(folder, { recursive: true })
    const rig = await createRig(options())
    await rig.provider.submit(anOrder())
    const { problems } = await rig.ingest(
      fixture('2-pain.002.001.10-partial.xml').replace(/<TxInf[^]*<\/TxInfAndSts>/, ''),
    )
    expect(problems).toEqual([])

    fs.mkdirSync(folder)
    await Promise.all(ITEMS.map((item) => rig.provider.lookup(queryOf(item))))
    await (await rig.restart()).submit(anOrder([anItem(9, '1')], 'NEXT'))
    expect(seen()).toEqual(['NEXT.xml'])
  })

  it('stays out of the folder when it was made for downloading, whatever is set later', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const changed = await rig.restart(options())
    await changed.lookup(queryOf(ITEMS[0]!))
    expect(seen()).toEqual([])

    await changed.submit(anOrder([anItem(9, '1')], 'NEW'))
    expect(seen()).toEqual(['NEW.xml'])
  })

  it('is not taken for handed over because another, empty folder is in the place of its own', async () => {
    const documents = memoryDocuments()
    const dying = await createRig(options(), { documents, folderOf: dyingAfter(2) })
    await dying.provider.submit(anOrder())
    fs.renameSync(folder, `${folder}-unmounted`)
    fs.mkdirSync(folder)

    const rig = await createRig(options(), { documents })
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ status: 'WAITING_FOR_FOLDER' })

    fs.rmSync(folder, { recursive: true })
    fs.renameSync(`${folder}-unmounted`, folder)
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({ status: 'FILED' })
    expect(seen()).toEqual([NAME])
  })
})

/** A folder whose writes and renames fail after so many of them, as a dead program's would. */
const dyingAfter =
  (steps: number) =>
  (directory: string): Folder => {
    const real = folderAt(directory)
    let done = 0
    const mortal = <Given extends readonly unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
      (async (...given: Given) => {
        if (done++ >= steps) throw new Error('died')
        return call(...given)
      }) as (...given: Given) => Promise<Result>
    return {
      ...real,
      write: mortal(real.write),
      rename: mortal(real.rename),
      remove: mortal(real.remove),
      identity: mortal(real.identity),
    }
  }

describe('a program that dies while it hands a file over', () => {
  it.each([false, true])(
    'at any step leaves it put once, also when the bank client empties the folder at once: %s',
    async (isEmptied) => {
      let deaths = 0
      for (let dieAt = 1; ; dieAt++) {
        fs.rmSync(folder, { recursive: true, force: true })
        fs.mkdirSync(folder)
        const taken: string[] = []
        const take = () => {
          for (const name of isEmptied ? seen() : []) {
            taken.push(name)
            fs.rmSync(path.join(folder, name))
          }
        }
        const documents = memoryDocuments()
        let steps = 0
        const step = <Result>(call: () => Promise<Result>): Promise<Result> =>
          ++steps === dieAt || steps > dieAt ? Promise.reject(new Error('died')) : call()
        const dying = await createRig(options(), {
          documents: {
            ...documents,
            create: (id, value) =>
              id.startsWith('hand-over/')
                ? step(() => documents.create(id, value))
                : documents.create(id, value),
            replace: (id, value, version) => step(() => documents.replace(id, value, version)),
          },
          folderOf: (directory) => {
            const real = folderAt(directory)
            return {
              ...real,
              write: (name, content) => step(() => real.write(name, content)),
              rename: (from, to) => step(() => real.rename(from, to)),
            }
          },
        })
        await dying.provider.submit(anOrder())
        const died = steps >= dieAt
        take()

        const rig = await createRig(options(), { documents })
        take()
        expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toMatchObject({
          kind: 'accepted',
          status: 'FILED',
        })
        await rig.provider.submit(anOrder())
        take()
        expect([...taken, ...seen()]).toEqual([NAME])
        if (!died) break
        deaths++
      }
      // Written, recorded, renamed, recorded as done.
      expect(deaths).toBe(4)
    },
  )

  it('beside others that do the same puts it once', async () => {
    const documents = memoryDocuments()
    const dying = await createRig(options(), { documents, folderOf: dyingAfter(1) })
    await dying.provider.submit(anOrder())
    expect(seen()).toEqual([])

    const taken: string[] = []
    const watch = fs.watch(folder, () => {
      for (const name of seen()) {
        fs.rmSync(path.join(folder, name), { force: true })
        taken.push(name)
      }
    })
    const rigs = await Promise.all(Array.from({ length: 4 }, () => createRig(options(), { documents })))
    await Promise.all(rigs.flatMap(({ provider }) => ITEMS.map((item) => provider.lookup(queryOf(item)))))
    watch.close()
    expect([...taken, ...seen()]).toEqual([NAME])
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
