import request from 'supertest'

import { BASE, type World } from '../../helpers/world'

/** Posts as the operator with this number at the exchange. */
export const as =
  (world: World, userId: number) =>
  (path: string, body: Record<string, unknown> = {}) =>
    request(world.host())
      .post(`${BASE}${path}`)
      .set('Authorization', `Bearer ${world.token(userId, 'admin')}`)
      .send({ reason: `as ${userId} sees it`, ...body })

/** Above this a second person is needed. */
export const SEVERAL = { operators: 'several', secondPersonAbove: 'eur=100' }
