import { Router } from 'express'

import type { CodeLock, GateStore } from '../../db/gates'
import { AppError } from '../../errors'
import { handle, identityOf, rejectInvalid } from '../http'
import { actorOf, justReason, reasonOf } from './input'

const SHOWN_MAX = 500

/** Users whose one-time codes are not looked at for a while, and letting one try again. */
export function codeLockRoutes({ gates }: { readonly gates: GateStore }): Router {
  const router = Router()
  router.get(
    '/',
    handle(async (_req, res) => res.json({ data: (await gates.listCodeLocks(SHOWN_MAX)).map(presentLock) })),
  )
  router.post(
    '/:userId/lift',
    ...justReason,
    rejectInvalid,
    handle(async (req, res) => {
      const userId = String(req.params.userId)
      // Else whoever has got hold of an operator's session would guess on for as long as it takes.
      if (Number(userId) === identityOf(res).userId)
        throw new AppError(
          'forbidden',
          'Your own codes are locked: another operator lets you try again, or the time that you were told.',
        )
      // Digits that are no number of a user are nobody's lock.
      const lift = { userId: Number(userId), actor: actorOf(res), reason: reasonOf(req.body) }
      if (!/^\d{1,15}$/.test(userId) || !(await gates.liftCodeLock(lift)))
        throw new AppError('code_lock_not_found', 'This user has sent no wrong one-time codes.')
      res.json({ lifted: true })
    }),
  )
  return router
}

const presentLock = ({ userId, wrong, lockedUntil, lastAt }: CodeLock) => ({
  user_id: userId,
  wrong_codes: wrong,
  locked_until: lockedUntil?.toISOString(),
  last_at: lastAt.toISOString(),
})
