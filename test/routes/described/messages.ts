import type { TestDatabase } from '../../helpers/databases'
import { outbox, TELLING } from '../../helpers/receiver'
import { rewritten } from '../../helpers/rewritten'
import { World } from '../../helpers/world'
import { SEVERAL } from '../admin/two-operators'
import type { Answers } from '../answers'
import { asker, lookAround, WHY } from './asker'

/** Nobody listens there: it is refused at once. */
const NOWHERE = 'http://127.0.0.1:9/hooks'
const ENDPOINT = { audience: 'systems', name: 'ledger', url: NOWHERE, ...WHY }
const STRANGE = { ...WHY, version: 1, kinds: ['nothing that there is'] }

/** Stored from when such an address was allowed. */
const forbidden = (database: TestDatabase, table: 'endpoints') =>
  rewritten(database, (tx) => tx.query(`update bank_withdrawal.${table} set url = 'ftp://example.com'`))

/** Who is told what happens, and what was sent to whom. */
export function describeMessages(answers: Answers, database: () => TestDatabase): void {
  it('is kept by endpoints that one operator keeps, and by what is sent to them', async () => {
    const world = await World.create(database(), { config: TELLING })
    const ask = asker(answers, world)
    await ask('tryEndpoint', '200', { body: { url: NOWHERE } })
    await ask('tryEndpoint', 'endpoint_refused', { body: { url: 'ftp://example.com' } })
    await ask('createEndpoint', 'endpoint_refused', { body: { ...ENDPOINT, url: 'ftp://example.com' } })
    const { id } = await ask('createEndpoint', '200', { body: ENDPOINT })
    const at = { id: String(id) }
    await ask('testEndpoint', '200', { at, body: {} })
    await ask('listEndpointVersions', '200', { at })

    await world.withdrawn(10)
    await outbox(world).run()
    const { data } = (await ask('listDeliveries', '200')) as { data: { id: string }[] }
    const delivery = { at: { id: String(data[0]?.id) } }
    await ask('getDelivery', '200', delivery)
    await ask('sendDeliveryAgain', 'action_not_possible', { ...delivery, body: WHY })
    await world.database.query(
      `update bank_withdrawal.deliveries set state = 'dead', due_at = null, ended_at = bank_withdrawal.clock()`,
    )
    await ask('sendDeliveryAgain', '200', { ...delivery, body: WHY })

    await world.database.query(
      `insert into bank_withdrawal.notices (kind, about, opened_at) values ('question', 'unresolved', bank_withdrawal.clock())`,
    )
    const notices = (await ask('listNotices', '200')) as { data: { id: string }[] }
    await ask('listNoticeItems', '200', { at: { id: String(notices.data[0]?.id) } })
    await ask('listNoticeItems', 'notice_not_found', { at: { id: '0' } })

    await ask('changeEndpoint', '200', { at, body: { ...WHY, version: 1, on: false } })
    await ask('rotateSecret', '200', { at, body: { ...WHY, version: 2 } })
    await forbidden(database(), 'endpoints')
    await ask('rotateSecret', 'endpoint_refused', { at, body: { ...WHY, version: 3 } })
    await ask('changeEndpoint', 'endpoint_refused', { at, body: { ...STRANGE, version: 3 } })
    for (const change of ['changeEndpoint', 'rotateSecret', 'removeEndpoint'])
      await ask(change, 'changed_meanwhile', { at, body: { ...WHY, version: 1 } })
    await ask('removeEndpoint', '200', { at, body: { ...WHY, version: 3 } })
    for (const change of ['changeEndpoint', 'rotateSecret', 'removeEndpoint', 'testEndpoint'])
      await ask(change, 'endpoint_not_found', {
        at,
        body: change === 'testEndpoint' ? {} : { ...WHY, version: 4 },
      })
    await lookAround(answers, world)
  })

  it('is kept by endpoints that another operator has to confirm', async () => {
    const world = await World.create(database(), { config: { ...TELLING, ...SEVERAL } })
    const ask = asker(answers, world)
    const { approval } = (await ask('createEndpoint', '202', { body: ENDPOINT })) as {
      approval: { id: string; subject: string }
    }
    const confirm = { at: { id: approval.id }, body: WHY, by: 3 }
    await rewritten(database(), (tx) =>
      tx.query(
        `update bank_withdrawal.approvals set content = jsonb_set(content, '{version,kinds}', '["strange"]')`,
      ),
    )
    await ask('confirmApproval', 'endpoint_refused', confirm)
    await rewritten(database(), (tx) =>
      tx.query(`update bank_withdrawal.approvals set content = jsonb_set(content, '{version,kinds}', '[]')`),
    )
    await ask('confirmApproval', '200', confirm)
    for (const change of ['changeEndpoint', 'rotateSecret', 'removeEndpoint']) {
      const wish = { at: { id: approval.subject }, body: { ...WHY, version: 1 } }
      await ask(change, '202', wish)
      await ask(change, 'already_proposed', wish)
    }
    await lookAround(answers, world)
  })
}
