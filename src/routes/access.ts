import type { Request, RequestHandler, Response } from 'express'

import { AppError } from '../errors'
import type { Authenticator } from '../ports/authenticator'
import { identityOf } from './http'

/** After `allow`: keeps out whoever acts in an account that another person shares with them. */
export const ownAccountOnly =
  (allowsSharedAccounts: boolean): RequestHandler =>
  (_req, res, next) => {
    if (!identityOf(res).isSharedAccount || allowsSharedAccounts) return next()
    next(new AppError('forbidden', 'Withdrawals are not available in a shared account.'))
  }

export interface OperatorRoles {
  /** May see everything and act. */
  readonly operatorRoles: readonly string[]
  /** May only see. */
  readonly viewerRoles: readonly string[]
}

/** Whether a request comes from an operator; whoever cannot be asked about is none. */
export const isOperator =
  (operator: RequestHandler) =>
  (req: Request, res: Response): Promise<boolean> =>
    req.headers.authorization === undefined
      ? Promise.resolve(false)
      : new Promise((resolve) => {
          void operator(req, res, (refusal?: unknown) => resolve(refusal === undefined))
        })

const READING: readonly string[] = ['GET', 'HEAD']

/**
 * Lets operators in. An exchange's own permissions of a role do not reach the paths of plugins (in a kit they are
 * skipped), so the roles are all there is, and are held against the token here once more.
 */
export const operatorAccess = (
  authenticator: Authenticator,
  { operatorRoles, viewerRoles }: OperatorRoles,
): RequestHandler =>
  function authenticateOperator(req, res, next) {
    const roles = READING.includes(req.method) ? [...operatorRoles, ...viewerRoles] : operatorRoles
    authenticator.authenticate(req, roles).then((identity) => {
      // A shared account's token names its owner: it would put another person's name under what is done.
      if (identity.isSharedAccount || !identity.scopes.some((scope) => roles.includes(scope))) {
        res.locals.refusedIdentity = identity
        return next(new AppError('forbidden', 'Access denied: your role may not do this.'))
      }
      res.locals.identity = identity
      return next()
    }, next)
  }
