import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { folderAt } from '../../../src/providers/sepa/folder'
import { memoryDocuments } from '../sandbox/memory-documents'
import { camt, e2e, entry, MESSAGE, pain002, part } from './bank-documents'
import { anOrder, createRig, ITEMS, queryOf, type Rig } from './rig'

/**
 * Goal: a file that the bank never got can be taken back, and nothing that the bank may have ever leaves a second time
 * because of it. Method: void before, between and after what the bank says; die at each write; files on their way into
 * a folder.
 */
const NAME = `${MESSAGE}.xml`
const voided = ({ provider }: Pick<Rig, 'provider'>, name = NAME) => provider.outbox?.void?.(name)
const outcomes = ({ provider }: Pick<Rig, 'provider'>) =>
  Promise.all(ITEMS.map((item) => provider.lookup(queryOf(item))))
const together = ({ provider }: Pick<Rig, 'provider'>) =>
  provider.lookupOrder?.({ orderKey: MESSAGE, orderReference: null, currency: 'eur' })
type Answer = Awaited<ReturnType<typeof voided>>
/** Of an answer that came while something else ran, which the compiler cannot see. */
const kindOf = (answer: Answer): string | undefined => answer?.kind
const VOIDED = { kind: 'voided', status: 'VOID' }

async function ordered(...given: Parameters<typeof createRig>): Promise<Rig> {
  const rig = await createRig(...given)
  await rig.provider.submit(anOrder())
  return rig
}

describe('a file that never reached the bank', () => {
  it('is voided with all its payouts, once however often it is asked for', async () => {
    const rig = await ordered()
    const first = await voided(rig)
    expect(first).toEqual({
      kind: 'voided',
      payouts: ITEMS.map(({ key, endToEndId }) => ({ key, endToEndId, reference: endToEndId })),
    })
    await rig.clock.advance(3_600_000)
    expect(await voided(rig)).toEqual(first)
    expect(await outcomes(rig)).toEqual([VOIDED, VOIDED, VOIDED])
    expect(Object.values((await together(rig)) ?? {})).toEqual([VOIDED, VOIDED, VOIDED])
    expect(await rig.provider.outbox?.list()).toMatchObject([
      { name: NAME, voidedAt: '2026-11-20T10:00:00.000Z' },
    ])
  })

  it('cannot be downloaded any more, so that nobody carries it to the bank', async () => {
    const rig = await ordered()
    expect(await rig.provider.outbox?.read(NAME)).not.toBeNull()
    await voided(rig)
    expect(await rig.provider.outbox?.read(NAME)).toBeNull()
  })

  it('stays void when the engine asks for it again', async () => {
    const rig = await ordered()
    await voided(rig)
    expect(await rig.provider.submit(anOrder())).toMatchObject({ kind: 'unknown' })
    expect(await (await rig.restart()).lookup(queryOf(ITEMS[0]!))).toEqual(VOIDED)
  })

  it('lets its payouts leave in another one, under other references', async () => {
    const rig = await ordered()
    await voided(rig)
    const again = ITEMS.map((item, at) => ({ ...item, key: `${item.key}-2`, endToEndId: `WDAGAIN${at}` }))
    expect(await rig.provider.submit(anOrder(again, 'BW-again'))).toMatchObject({ kind: 'accepted' })
    expect(await rig.provider.lookup(queryOf(again[0]!, 'BW-again'))).toMatchObject({ status: 'FILED' })
    expect(await outcomes(rig)).toEqual([VOIDED, VOIDED, VOIDED])
  })

  it.each(['nothing.xml', 'BW-20261120-EUR-0001', '../x.xml'])('is none with the name %s', async (name) => {
    expect(await voided(await ordered(), name)).toBeNull()
  })

  it.each([
    ['the file', pain002({ group: 'ACTC' })],
    ['one of its payouts', pain002({ payments: [[1, 'ACSP']] })],
    ['one of its payouts, by a booking', camt('053', [entry({ amount: '100.00', details: part(e2e(0)) })])],
  ])('is not one for which the bank has answered, be it for %s', async (_what, document) => {
    const rig = await ordered()
    await rig.ingest(document)
    expect(await voided(rig)).toMatchObject({ kind: 'refused', message: expect.stringContaining('answered') })
    expect((await outcomes(rig)).map(({ kind }) => kind)).not.toContain('voided')
    expect(await rig.provider.outbox?.read(NAME)).not.toBeNull()
  })
})

describe('a voided file that the bank speaks of all the same', () => {
  it('is void for none of its payouts any more, each with a question: a bank that has one payment has the file', async () => {
    const rig = await ordered()
    await voided(rig)
    const { payouts, questions } = await rig.ingest(
      camt('053', [entry({ amount: '100.00', details: part(e2e(0)) })]),
    )
    expect(payouts).toHaveLength(3)
    expect(questions).toMatchObject(
      ITEMS.map(({ key }) => ({ payout: { key }, message: expect.stringContaining('may be paid twice') })),
    )
    const others = { kind: 'accepted', status: 'FILED' }
    expect(await outcomes(rig)).toMatchObject([{ kind: 'settled' }, others, others])
    expect(Object.values((await together(rig)) ?? {})).toEqual(await outcomes(rig))
    expect(await voided(rig)).toMatchObject({ kind: 'refused' })
  })

  it('is void for none of them although nothing else of the report counts before somebody confirms it', async () => {
    const rig = await ordered()
    await voided(rig)
    const content = Buffer.from(camt('053', [entry({ amount: '100.00', details: part(e2e(0)) })]))
    await rig.provider.ingest?.({ name: 'report.xml', content }, new Set([ITEMS[0]!.key]))
    const held = { kind: 'accepted', status: 'FILED' }
    expect(await outcomes(rig)).toMatchObject([held, held, held])
  })

  it('is told as it is for all of them where it speaks of the file', async () => {
    const rig = await ordered()
    await voided(rig)
    const { questions } = await rig.ingest(pain002({ group: 'ACCP' }))
    expect(questions).toHaveLength(3)
    expect(await outcomes(rig)).toMatchObject(ITEMS.map(() => ({ kind: 'accepted', status: 'ACCP' })))
  })
})

describe('voiding while the bank speaks', () => {
  it('is believed or refused, never both, whoever writes first', async () => {
    const answers: (string | undefined)[] = []
    for (let at = 1; at < 12; at++) {
      const documents = memoryDocuments()
      const rig = await ordered({}, { documents })
      let writes = 0
      let answer: Answer
      const racing = await createRig(
        {},
        {
          documents: {
            ...documents,
            async create(id, value) {
              if (++writes === at) answer = await voided(rig)
              return documents.create(id, value)
            },
            async replace(id, value, version) {
              if (++writes === at) answer = await voided(rig)
              return documents.replace(id, value, version)
            },
          },
        },
      )
      const { questions = [] } = await racing.ingest(pain002({ payments: [[0, 'ACSP']] }))
      const kinds = (await outcomes(rig)).map(({ kind }) => kind)
      if (writes < at) break
      answers.push(kindOf(answer))
      if (kindOf(answer) === 'voided') {
        expect(kinds).toEqual(['accepted', 'accepted', 'accepted'])
        expect(questions).toHaveLength(3)
      } else {
        expect(kinds).toEqual(['accepted', 'accepted', 'accepted'])
        expect(questions).toEqual([])
      }
    }
    expect([...new Set(answers)].sort()).toEqual(['refused', 'voided'])
  })
})

describe('voiding a file that goes by a folder', () => {
  let folder: string
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sepa-void-'))
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const options = () => ({ handOver: 'folder' as const, folder })
  const seen = () => fs.readdirSync(folder).filter((name) => name.endsWith('.xml'))

  it('is refused while the file lies there, and believed once somebody has taken it out', async () => {
    const rig = await ordered(options())
    expect(await voided(rig)).toMatchObject({ kind: 'refused', message: expect.stringContaining('folder') })
    expect((await outcomes(rig))[0]).toMatchObject({ kind: 'accepted', status: 'FILED' })
    fs.rmSync(path.join(folder, NAME))
    expect(await voided(rig)).toMatchObject({ kind: 'voided' })
    expect((await outcomes(rig))[0]).toEqual(VOIDED)
  })

  it('keeps the file out for good when it waited for the folder', async () => {
    fs.rmSync(folder, { recursive: true })
    const rig = await ordered(options())
    expect(await voided(rig)).toMatchObject({ kind: 'voided' })
    fs.mkdirSync(folder)
    expect(await outcomes(rig)).toEqual([VOIDED, VOIDED, VOIDED])
    await rig.restart()
    expect(seen()).toEqual([])
  })

  it('is refused while the folder with the half-written file is away, until no program would finish it', async () => {
    const documents = memoryDocuments()
    await ordered(options(), {
      documents,
      folderOf: (directory) => ({
        ...folderAt(directory),
        rename: () => Promise.reject(new Error('died')),
      }),
    })
    fs.renameSync(folder, `${folder}-away`)
    const rig = await createRig(options(), { documents })
    expect(await voided(rig)).toMatchObject({ kind: 'refused', message: expect.stringContaining('Bring') })
    fs.renameSync(`${folder}-away`, folder)
    expect(await voided(rig)).toMatchObject({ kind: 'voided' })
    await outcomes(rig)
    await rig.restart()
    expect(fs.readdirSync(folder)).toEqual(['.payment-files-id'])
  })

  it('never ends with a voided file in the folder, at whatever step of the hand-over it is asked for', async () => {
    const answers = new Set<string | undefined>()
    for (let at = 1; at < 12; at++) {
      fs.rmSync(folder, { recursive: true, force: true })
      fs.mkdirSync(folder)
      const documents = memoryDocuments()
      const other = await createRig({ ...options() }, { documents })
      let steps = 0
      let answer: Answer
      const step = async <Result>(call: () => Promise<Result>): Promise<Result> => {
        if (++steps === at) answer = await voided(other)
        return call()
      }
      const rig = await createRig(options(), {
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
            read: (name) => step(() => real.read(name)),
            rename: (from, to) => step(() => real.rename(from, to)),
          }
        },
      })
      await rig.provider.submit(anOrder())
      if (steps < at) break
      answers.add(kindOf(answer))
      if (kindOf(answer) === 'voided') {
        expect(seen()).toEqual([])
        expect(await outcomes(rig)).toEqual([VOIDED, VOIDED, VOIDED])
      } else {
        expect(seen()).toEqual([NAME])
        expect((await outcomes(rig))[0]).toMatchObject({ kind: 'accepted' })
      }
    }
    expect([...answers].sort()).toEqual(['refused', 'voided'])
  })
})
