import { DATABASE_KINDS, testDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { DEFERRED, expectError } from '../support'
import { as } from './two-operators'

interface Entry {
  readonly action: string
  readonly actor: string
  readonly reason?: string
  readonly withdrawal_id?: string
  readonly subject?: string
}

describe.each(DATABASE_KINDS)('what operators did, on %s', (kind) => {
  const database = testDatabase(kind)

  /** One held and looked at by one person, a provider paused by another. */
  async function busy() {
    const world = await World.create(database)
    const { id } = await world.withdrawn(DEFERRED)
    await as(world, 2)(`/admin/withdrawals/${id}/hold`, { reason: 'the payee is new' }).expect(200)
    await world.clock.advance(1_000)
    await as(world, 3)('/admin/providers/sandbox/pause', { reason: 'the bank called' }).expect(200)
    await world.clock.advance(1_000)
    await as(world, 2)(`/admin/withdrawals/${id}/approve`, { reason: 'papers are here' }).expect(200)
    return { world, id }
  }
  const page = async (world: World, query = '') => {
    const { body } = await world.see(`/admin/audit${query}`).expect(200)
    return body as { data: Entry[]; next?: string }
  }

  it('stands in one list, the latest first, with who, why and about what', async () => {
    const { world, id } = await busy()
    const { data } = await page(world)
    expect(data).toMatchObject([
      { action: 'review.approved', actor: 'operator:2', reason: 'papers are here', withdrawal_id: id },
      { action: 'provider.paused', actor: 'operator:3', reason: 'the bank called', subject: 'sandbox' },
      { action: 'held.by_operator', actor: 'operator:2', reason: 'the payee is new', withdrawal_id: id },
    ])
  })

  it('is read page by page without a gap or a repetition, and of one person alone', async () => {
    const { world } = await busy()
    const all = (await page(world)).data
    const seen: Entry[] = []
    let before = ''
    for (;;) {
      const { data, next } = await page(world, `?limit=1${before}`)
      seen.push(...data)
      if (next === undefined) break
      before = `&before=${next}`
    }
    expect(seen).toEqual(all)
    expect((await page(world, '?actor=operator:3')).data).toEqual(
      all.filter(({ actor }) => actor === 'operator:3'),
    )
  })

  it('leaves nothing out where what began first was written last', async () => {
    const { world } = await busy()
    await database.query(
      `insert into bank_withdrawal.operator_actions (at, actor, action, subject, reason)
       select bank_withdrawal.clock() - make_interval(secs => ago), 'retention', 'retention.events', 'retention', 'r'
         from unnest(array[0.2, 1.5, 0.4]) ago`,
    )
    const seen: Entry[] = []
    let before = ''
    for (;;) {
      const { data, next } = await page(world, `?limit=1${before}`)
      seen.push(...data)
      if (next === undefined) break
      before = `&before=${next}`
    }
    expect(seen).toHaveLength(6)
    expect(seen).toEqual((await page(world)).data)
  })

  it('is taken along as CSV', async () => {
    const { world } = await busy()
    const { text, headers } = await world.see('/admin/audit?format=csv').expect(200)
    expect(headers['content-disposition']).toContain('audit.csv')
    const lines = text.trim().split('\n')
    expect(lines[0]).toBe('at,actor,action,subject,from,to,reason,detail')
    expect(lines).toHaveLength(4)
  })

  it.each([
    '?before=nothing',
    '?before=W10',
    '?before=WzEsMiwzLDRd',
    '?actor=Robert',
    '?limit=101',
    '?format=xml',
  ])('is not asked for with %s', async (query) => {
    const world = await World.create(database)
    const answer = await world.see(`/admin/audit${query}`)
    expectError(answer, 'invalid_request')
  })
})
