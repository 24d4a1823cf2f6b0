import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { createArranger } from '../rows'

/** Goal: a text of others that is no text, or that was cut in the middle of a character, keeps nothing from being written. */
describe.each(DATABASE_KINDS)('on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const HALF = '😀'.slice(0, 1)

  it.each([
    ['half a character', HALF],
    ['NUL', '\u0000'],
  ])('what an operator did is on record though its detail holds %s', async (_what, odd) => {
    const { store } = createArranger(database)
    const subject = `of ${_what}`
    const by = { actor: 'operator:2', action: 'file.ingested', subject, reason: 'the bank sent it' }
    await store.recordOperatorAction({ ...by, detail: { file: `camt${odd}` } })
    expect(await store.listOperatorActions({ subject, limit: 1 })).toMatchObject([
      { detail: { file: 'camt\uFFFD' } },
    ])
  })

  it('what has ended is found though others have names that are none', async () => {
    const rows = createArranger(database)
    const ended = { state: 'canceled', next_run_at: null, lease_owner: null, lease_until: null }
    const { id } = await rows.row(ended, { id: 'ended-among-others' })
    expect(await rows.store.findEnded(['b\u0000d', HALF, id])).toMatchObject([{ id }])
  })

  it.each([
    ['half a character', HALF],
    ['NUL', '\u0000'],
  ])(
    'a payout that is named with %s is nobody’s, and those named beside it are woken',
    async (_what, odd) => {
      const rows = createArranger(database)
      const row = await rows.row({}, { id: `named-beside-${odd.charCodeAt(0)}` })
      const hints = [{ reference: `R${odd}` }, { key: row.payoutKey }]
      expect(await rows.store.findHinted('sandbox', hints)).toMatchObject([{ id: row.id }])
      expect(await rows.store.wakeHinted('sandbox', hints)).toBe(1)
    },
  )
})
