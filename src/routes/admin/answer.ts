import type { Response } from 'express'

import type { Decided } from '../../services/operate/decisions'
import { presentApproval } from './approvals'

/** 200 with what has been done, or 202 with what waits for another operator. */
export function answer<Result>(
  res: Response,
  decided: Decided<Result>,
  present: (result: Result) => object,
): void {
  if (decided.kind === 'done') res.json(present(decided.result))
  else res.status(202).json({ approval: presentApproval(decided.approval) })
}
