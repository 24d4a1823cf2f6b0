import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express'

import { AppError, TEXTS } from '../errors'
import type { SandboxTokens } from './tokens'

export interface FrontDoorOptions {
  readonly tokens: SandboxTokens
  /** Whether nothing but the sandbox's own bank pays here now: operators may switch others on. */
  readonly isPlayMoney: () => boolean
  /** The page for users; it leads operators on. */
  readonly page: RequestHandler
}

const OPERATOR = 2

/** Those whom the sandbox's kit begins with. */
const USERS = ['1', '2']

/** What somebody sees who opens the standalone server's address, and the one click that lets them in. */
export function frontDoor({ tokens, isPlayMoney, page }: FrontDoorOptions): Router {
  const router = Router()
  const letIn = (res: Response, next: NextFunction, token: () => string) => {
    if (isPlayMoney()) res.json({ token: token() })
    else
      next(
        new AppError(
          'forbidden',
          'A provider here is not the sandbox’s: paste the token that the start has printed.',
        ),
      )
  }
  router.post('/sandbox/operator-token', fromThisMachine, (_req, res, next) => {
    letIn(res, next, () => tokens.sign(OPERATOR, ['user', 'admin']))
  })
  router.post('/sandbox/user-token/:id', fromThisMachine, (req, res, next) => {
    const id = String(req.params.id)
    if (USERS.includes(id)) letIn(res, next, () => tokens.sign(Number(id), ['user']))
    else next(new AppError('user_not_found', TEXTS.userNotFound))
  })
  router.use(page)
  return router
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/
const LOCAL_NAMES = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

/** The name too: another site's page may have its own name point to this machine. */
const isLocal = ({ socket, headers }: Request): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? '') && LOCAL_NAMES.test(headers.host ?? '')

const fromThisMachine: RequestHandler = (req, _res, next) =>
  isLocal(req)
    ? next()
    : next(
        new AppError(
          'forbidden',
          'Only who sits at this machine is let in by a click: paste the token that the start has printed.',
        ),
      )
