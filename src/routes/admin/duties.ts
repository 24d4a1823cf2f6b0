import type { RequestHandler, Response } from 'express'

import { DUTIES, type Duty, type PolicyInForce, rolesFor } from '../../domain/policy'
import { dutyWords } from '../../domain/policy-words'
import { AppError } from '../../errors'
import { identityOf } from '../http'

export interface DutyRules {
  readonly policy: () => Promise<PolicyInForce>
  readonly operatorRoles: readonly string[]
}

/** Which of what operators do this one may do. */
export interface Duties {
  /** After the operator was let in: looking is everybody's, all else needs a role that the policy names for it. */
  only(duty: Duty): RequestHandler
  /** @throws {AppError} `forbidden`. */
  require(res: Response, duty: Duty): Promise<void>
  of(res: Response): Promise<readonly Duty[]>
}

const LOOKING: readonly string[] = ['GET', 'HEAD']

export function createDuties({ policy, operatorRoles }: DutyRules): Duties {
  async function isFor(res: Response, duty: Duty): Promise<boolean> {
    const roles = rolesFor(duty, (await policy()).policy, operatorRoles)
    return identityOf(res).scopes.some((scope) => roles.includes(scope))
  }

  async function requireDuty(res: Response, duty: Duty): Promise<void> {
    if (!(await isFor(res, duty)))
      throw new AppError('forbidden', `Access denied: your role may not ${dutyWords(duty)}.`)
  }

  return {
    require: requireDuty,
    only: (duty) =>
      function checkDuty(req, res, next) {
        if (LOOKING.includes(req.method)) return next()
        requireDuty(res, duty).then(() => next(), next)
      },
    async of(res) {
      const may = await Promise.all(DUTIES.map((duty) => isFor(res, duty)))
      return DUTIES.filter((_duty, index) => may[index])
    },
  }
}
