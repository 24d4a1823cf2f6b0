import type { Operation } from '../../../src/routes/openapi/operation'
import { IBAN, type World } from '../../helpers/world'
import { type Answers, type Asked, operationOf, OPERATIONS } from '../answers'

type Json = Record<string, unknown>

/**
 * Asks a route of this world, as user 1 or as operator 2, and wants this very answer: a status or a code.
 *
 * @throws Where it is another one, or not as it is described.
 */
export type Ask = (id: string, outcome: string, asked?: Asked & { readonly by?: number }) => Promise<Json>

export const asker =
  (answers: Answers, world: World): Ask =>
  async (id, outcome, { by, ...asked } = {}) => {
    const operation = operationOf(id)
    const body = await answers.ask(world.host(), operation, {
      token: tokenOf(world, operation, by),
      ...asked,
    })
    if (answers.latest !== outcome)
      throw new Error(`${id} is answered ${answers.latest}, not ${outcome}: ${JSON.stringify(body)}`)
    return body
  }

const LISTS = OPERATIONS.filter(
  ({ method, path, who }) =>
    method === 'get' && (who === 'operator' || who === 'user') && !path.includes('{'),
)

/** Looks at all there is in this world, in every list and at every withdrawal: each answer as it is described. */
export async function lookAround(answers: Answers, world: World): Promise<void> {
  const host = world.host()
  const look = async (operation: Operation, asked: Asked = {}) => {
    await answers.ask(host, operation, { token: tokenOf(world, operation), ...asked })
    if (Number(answers.latest) >= 500 || answers.latest === 'internal_error')
      throw new Error(`${operation.id} is answered ${answers.latest}.`)
  }
  for (const operation of LISTS) await look(operation, taken(operation))
  for (const id of ['listDifferences', 'listApprovals', 'listNotices'])
    await look(operationOf(id), { query: '?open=false' })
  for (const { id } of await world.rows()) {
    for (const one of ['inspectWithdrawal', 'getWithdrawal', 'getIotaapWithdrawal'])
      await look(operationOf(one), { at: { id } })
    await look(operationOf('getEvidence'), { at: { id }, query: '?reason=r' })
  }
}

export const tokenOf = (world: World, { who }: Operation, by?: number): string =>
  who === 'user' ? world.token(by ?? 1) : world.token(by ?? 2, 'admin')

export const WHY = { reason: 'r' }
export const WISH = { currency: 'eur', amount: '10', bank_account: { iban: IBAN } }
const ENDPOINT = { audience: 'systems', name: 'ledger', url: 'https://example.com/hooks' }

/** What each route takes, where that is more than a reason. */
const TAKEN: Readonly<Record<string, Asked>> = {
  createWithdrawal: { body: WISH },
  createIotaapWithdrawal: { body: WISH },
  getQuote: { query: '?amount=10&currency=eur&method=BANK' },
  decideSeveral: {
    at: { action: 'reject' },
    body: { ...WHY, items: [{ id: 'w', version: 1 }], totals: { eur: '10' } },
  },
  resolveWithdrawal: { body: { ...WHY, to: 'settling', transaction_id: 'T' } },
  getProof: { at: { day: '2026-01-05' } },
  listNoticeItems: { at: { id: '1' } },
  changePolicy: { body: { ...WHY, policy: { cooling_off_hours: 1 } } },
  tryPolicy: { body: { policy: { cooling_off_hours: 1 } } },
  restorePolicy: { body: { ...WHY, to: 0 } },
  trySettings: { body: { version: 0, values: {} } },
  saveSettings: { body: { ...WHY, version: 0, values: {} } },
  undoSettings: { body: { ...WHY, version: 1, to: 0 } },
  createEndpoint: { body: { ...ENDPOINT, ...WHY } },
  changeEndpoint: { at: { id: 'endpoint-1' }, body: { ...WHY, version: 1 } },
  rotateSecret: { at: { id: 'endpoint-1' }, body: { ...WHY, version: 1 } },
  removeEndpoint: { at: { id: 'endpoint-1' }, body: { ...WHY, version: 1 } },
  tryEndpoint: { body: { url: ENDPOINT.url } },
  testEndpoint: { at: { id: 'endpoint-1' }, body: {} },
  enterFloat: { body: { ...WHY, provider: 'sandbox', currency: 'eur', available: '5' } },
  getEvidence: { query: '?reason=r' },
  getFile: { query: '?reason=r' },
  getReport: { query: '?reason=r' },
  handInReport: { query: '?reason=r', body: 'a file' },
  cancelWithdrawal: {},
}

/** A request that no validator refuses. */
export const taken = ({ id, method }: Operation): Asked =>
  TAKEN[id] ?? (method === 'post' ? { body: WHY } : {})
