import { type Request, type RequestHandler, Router } from 'express'

import { AppError } from '../errors'
import type { SandboxTokens } from './tokens'

export interface FrontDoorOptions {
  readonly basePath: string
  readonly tokens: SandboxTokens
  /** Whether nothing but the sandbox's own bank pays here now: operators may switch others on. */
  readonly isPlayMoney: () => boolean
}

const OPERATOR = 2

/** What somebody sees who opens the standalone server's address, and the one click that lets them in. */
export function frontDoor({ basePath, tokens, isPlayMoney }: FrontDoorOptions): Router {
  const router = Router()
  router.get('/', (_req, res) => {
    res.redirect(302, `${basePath}/admin/?sandbox`)
  })
  router.post('/sandbox/operator-token', fromThisMachine, (_req, res, next) => {
    if (isPlayMoney()) res.json({ token: tokens.sign(OPERATOR, ['user', 'admin']) })
    else
      next(
        new AppError(
          'forbidden',
          'A provider here is not the sandbox’s: paste the operator’s token that the start has printed.',
        ),
      )
  })
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
          'Only who sits at this machine is let in by a click: paste the operator’s token that the start has printed.',
        ),
      )
