import { createStore } from '../../../src/db/store'
import { between, createGate } from '../../helpers/between'
import { DATABASE_KINDS, testDatabase } from '../../helpers/databases'
import { World, type WorldOptions } from '../../helpers/world'
import { expectError } from '../support'
import { as, SEVERAL } from './two-operators'

/** Goal: what one operator alone could misuse is done when another has confirmed exactly that, and never twice. */
const HOUR_MS = 3_600_000
const PAID = { to: 'settling', transaction_id: 'E2E-77' }

describe.each(DATABASE_KINDS)('a decision above the ceiling, on %s', (kind) => {
  const database = testDatabase(kind)

  /** A withdrawal of user 1 that the provider refuses once, and that waits for a person. */
  async function reviewed(amount: number, { config = SEVERAL, ...options }: WorldOptions = {}) {
    const world = await World.create(database, {
      ...options,
      config,
      around: {
        provider: between({
          submit: (call, times) =>
            times === 1 ? Promise.resolve({ kind: 'deferred', why: 'batch_refused' }) : call(),
        }),
      },
    })
    const { id } = await world.withdrawn(amount)
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('in_review')
    return { world, id, approve: `/admin/withdrawals/${id}/approve` }
  }
  const idOf = (answer: { body: { approval: { id: string } } }): string => answer.body.approval.id

  it('is proposed by one, changes nothing, and is done in the name of both by another', async () => {
    const { world, id, approve } = await reviewed(500)
    const before = await world.row(id)
    const asked = await as(world, 2)(approve, { version: before.version }).expect(202)
    expect(asked.body.approval).toMatchObject({
      ...{
        action: 'withdrawal.approve',
        title: 'Let it go on',
        subject: id,
        subject_version: before.version,
      },
      ...{ state: 'open', needed: 1, confirmed: false, asked_by: 'operator:2', words: [] },
    })
    expect(await world.row(id)).toMatchObject({ state: 'in_review', version: before.version })
    const { body: shown } = await world.see(`/admin/withdrawals/${id}`).expect(200)
    expect(shown.approvals).toMatchObject([{ id: idOf(asked), state: 'open' }])
    expect(
      (shown.actions as { action: string; needs_second: boolean }[]).find(
        ({ action }) => action === 'approve',
      ),
    ).toMatchObject({ needs_second: true })

    const { body } = await as(world, 3)(`/admin/approvals/${idOf(asked)}/confirm`).expect(200)
    expect(body).toMatchObject({
      state: 'done',
      confirmed: true,
      words: [{ actor: 'operator:3', confirms: true }],
    })
    expect(await world.journal(id)).toContainEqual(
      expect.objectContaining({
        ...{ event: 'review.approved', actor: 'operator:3' },
        detail: {
          ...{ reason: 'as 2 sees it', approval: idOf(asked), proposedBy: 'operator:2' },
          confirmedBecause: 'as 3 sees it',
        },
      }),
    )
    await world.runToRest(HOUR_MS)
    expect((await world.row(id)).state).toBe('processed')
  })

  it('is nobody’s to make alone, to confirm twice, or to make again when it is closed', async () => {
    const { world, approve } = await reviewed(500)
    const id = idOf(await as(world, 2)(approve).expect(202))
    expectError(await as(world, 2)(`/admin/approvals/${id}/confirm`), 'own_proposal')
    expectError(await as(world, 2)(approve), 'already_proposed')
    expectError(await as(world, 3)(approve), 'already_proposed')
    await as(world, 3)(`/admin/approvals/${id}/confirm`).expect(200)
    for (const user of [2, 3, 4])
      expectError(await as(world, user)(`/admin/approvals/${id}/confirm`), 'already_decided')
    expectError(await as(world, 3)('/admin/approvals/99/confirm'), 'approval_not_found')
    expectError(await as(world, 3)('/admin/approvals/x/confirm'), 'approval_not_found')
    expectError(await as(world, 3)(`/admin/approvals/${id}/confirm`, { reason: '' }), 'invalid_request')
    await world.post({ reason: 'me' }, { path: `/admin/approvals/${id}/confirm` }).expect(403)
  })

  it('is refused by another or taken back, and may be proposed again', async () => {
    const { world, id, approve } = await reviewed(500)
    for (const refuser of [3, 2]) {
      const approval = idOf(await as(world, 2)(approve).expect(202))
      const { body } = await as(world, refuser)(`/admin/approvals/${approval}/refuse`).expect(200)
      expect(body).toMatchObject({ state: 'refused' })
      expectError(await as(world, 4)(`/admin/approvals/${approval}/confirm`), 'already_decided')
    }
    expect((await world.row(id)).state).toBe('in_review')
    const { body } = await world.see('/admin/approvals?open=false').expect(200)
    expect((body.data as { state: string }[]).map(({ state }) => state)).toEqual(['refused', 'refused'])
  })

  it('is void when the withdrawal has changed since it was proposed', async () => {
    const { world, id, approve } = await reviewed(500)
    const approval = idOf(await as(world, 2)(approve).expect(202))
    await as(world, 3)(`/admin/withdrawals/${id}/reject`).expect(200)
    expectError(await as(world, 3)(`/admin/approvals/${approval}/confirm`), 'changed_meanwhile')
    const { body } = await world.see(`/admin/approvals/${approval}`).expect(200)
    expect(body).toMatchObject({ state: 'changed', words: [] })
    expect((await world.see('/admin/approvals')).body.data).toEqual([])
  })

  it('is one person’s where it is not above the ceiling, or there is one operator', async () => {
    for (const [amount, config] of [
      [100, SEVERAL],
      [500, {}],
    ] as const) {
      const { world, id, approve } = await reviewed(amount, { config })
      const { body } = await as(world, 2)(approve).expect(200)
      expect(body).toMatchObject({ id, state: 'ready' })
    }
  })

  it('is needed for any amount of a currency that has no ceiling', async () => {
    const { world, approve } = await reviewed(10, {
      config: { operators: 'several', secondPersonAbove: 'usd=100' },
    })
    await as(world, 2)(approve).expect(202)
  })

  it('about a withdrawal of one’s own is nobody’s to make or to confirm, whoever else is there', async () => {
    for (const config of [SEVERAL, {}]) {
      const { world, id, approve } = await reviewed(500, { config })
      await database.query('update bank_withdrawal.withdrawals set user_id = 3 where id = $1', [id])
      expectError(await as(world, 3)(approve), 'own_withdrawal')
      expectError(await as(world, 3)(`/admin/withdrawals/${id}/reject`), 'own_withdrawal')
      if (config === SEVERAL) {
        const approval = idOf(await as(world, 2)(approve).expect(202))
        expectError(await as(world, 3)(`/admin/approvals/${approval}/confirm`), 'own_withdrawal')
      }
      expect((await world.row(id)).state).toBe('in_review')
    }
  })

  it('that was confirmed and could not be done is done when the same person tries again', async () => {
    const { world, id } = await reviewed(500)
    const approval = idOf(await as(world, 2)(`/admin/withdrawals/${id}/approve`).expect(202))
    const store = createStore(database)
    const said = await store.sayToApproval({ id: approval, actor: 'operator:3', confirms: true, reason: 'r' })
    expect(said.kind).toBe('heard')
    // As after a crash: every word is there, and nothing was done.
    expect((await world.row(id)).state).toBe('in_review')
    expect((await world.see(`/admin/approvals/${approval}`)).body).toMatchObject({
      state: 'open',
      confirmed: true,
    })
    await as(world, 3)(`/admin/approvals/${approval}/confirm`).expect(200)
    expect((await world.row(id)).state).toBe('ready')
  })

  it('that is being done is nobody’s to refuse, and says afterwards that it was done', async () => {
    const gate = createGate()
    let isHeld = false
    const world = await World.create(database, {
      config: SEVERAL,
      around: {
        provider: between({
          submit: () => Promise.reject(new Error('ECONNRESET')),
          lookup: async () => {
            if (isHeld) await gate.wait()
            return { kind: 'unknown', why: 'no answer' }
          },
        }),
      },
    })
    const { id } = await world.withdrawn(500)
    await world.clock.advance(HOUR_MS)
    const unpaid = { to: 'releasing', evidence: 'the bank has no trace of it' }
    const approval = idOf(await as(world, 2)(`/admin/withdrawals/${id}/resolve`, unpaid).expect(202))
    isHeld = true
    const confirmed = as(world, 3)(`/admin/approvals/${approval}/confirm`).then((answer) => answer)
    await gate.reached
    const refused = await as(world, 4)(`/admin/approvals/${approval}/refuse`)
    gate.open()
    expect((await confirmed).body).toMatchObject({ state: 'done' })
    expectError(refused, 'already_decided')
    expect((await world.row(id)).state).toBe('releasing')
  })

  it('that could not be done is somebody’s to refuse, or to take back, a while later', async () => {
    const { world, approve } = await reviewed(500)
    const approval = idOf(await as(world, 2)(approve).expect(202))
    const store = createStore(database)
    await store.sayToApproval({ id: approval, actor: 'operator:3', confirms: true, reason: 'r' })
    await world.clock.advance(HOUR_MS)
    expect((await as(world, 2)(`/admin/approvals/${approval}/refuse`).expect(200)).body.state).toBe('refused')
    // Whoever did it all the same has done it.
    await store.concludeApproval(approval)
    expect((await world.see(`/admin/approvals/${approval}`)).body.state).toBe('done')
  })

  it('by two others at the same moment is done once', async () => {
    const { world, id, approve } = await reviewed(500)
    const approval = idOf(await as(world, 2)(approve).expect(202))
    const answers = await Promise.all(
      [3, 4, 5].map((user) => as(world, user)(`/admin/approvals/${approval}/confirm`)),
    )
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    expect(await world.journal(id)).toHaveLength((await world.row(id)).version)
    expect((await world.journal(id)).filter(({ event }) => event === 'review.approved')).toHaveLength(1)
  })

  it('that says it was paid keeps the evidence of who proposed it', async () => {
    const world = await World.create(database, {
      config: SEVERAL,
      around: {
        provider: between({
          submit: () =>
            Promise.resolve({ kind: 'settled', reference: 'R1', transactionId: 'T1', amount: '9' }),
        }),
      },
    })
    const { id } = await world.withdrawn(500)
    await world.runToRest(HOUR_MS)
    const resolve = as(world, 2)
    expectError(await resolve(`/admin/withdrawals/${id}/resolve`, { to: 'releasing' }), 'evidence_required')
    const asked = await resolve(`/admin/withdrawals/${id}/resolve`, PAID).expect(202)
    expect(asked.body.approval.content).toMatchObject({
      transactionId: 'E2E-77',
      amount: '500',
      currency: 'eur',
    })
    await as(world, 3)(`/admin/approvals/${idOf(asked)}/confirm`).expect(200)
    await world.runToRest(HOUR_MS)
    expect(await world.row(id)).toMatchObject({ state: 'processed', providerTransactionId: 'E2E-77' })
  })

  it('over a paused provider is one person’s to pause and two persons’ to resume', async () => {
    const world = await World.create(database, { config: SEVERAL })
    await as(world, 2)('/admin/providers/sandbox/pause').expect(200)
    const asked = await as(world, 2)('/admin/providers/sandbox/resume').expect(202)
    expect((await world.see('/admin/providers')).body.data[0]).toMatchObject({ paused: true, version: 1 })
    // Paused once more since: what was proposed was about another pause.
    await as(world, 3)('/admin/providers/sandbox/pause').expect(200)
    expectError(await as(world, 3)(`/admin/approvals/${idOf(asked)}/confirm`), 'changed_meanwhile')
    const again = await as(world, 3)('/admin/providers/sandbox/resume').expect(202)
    await as(world, 2)(`/admin/approvals/${idOf(again)}/confirm`).expect(200)
    expect((await world.see('/admin/providers')).body.data[0]).toMatchObject({ paused: false, version: 3 })
  })
})
