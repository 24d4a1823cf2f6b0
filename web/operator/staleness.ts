import type { ApiError } from '../shared/client'

/** Somebody was first: sending the same again is refused again. */
const DECIDED: readonly string[] = ['changed_meanwhile', 'already_decided']
export const isTooLate = (error: ApiError | null): boolean =>
  error !== null && (DECIDED.includes(error.code) || error.status === 404)

/** What is shown behind the dialog may not be what is: somebody was first, or it was done and the answer was lost. */
export const isOldNow = (error: ApiError | null): boolean =>
  error !== null && (isTooLate(error) || error.status === 0 || error.status === 409 || error.status >= 500)
