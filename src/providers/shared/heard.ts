/** Whether the API itself turned the request away: a server error, a redirect and a 408 may come from whatever stands before it. */
const isAnswered = (status: number): boolean => status >= 400 && status < 500 && status !== 408

/** What an answer that proves nothing says all the same: that somebody is there. */
export const heardBy = (status: number): { readonly wasHeard?: true } =>
  isAnswered(status) ? { wasHeard: true } : {}
