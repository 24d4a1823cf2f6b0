import type { RequestHandler } from 'express'

/**
 * Begins nothing for an operator who is not there any more. What one says of the bank's books is true of the moment of the
 * look: a process that was stopped for minutes finds the request when it wakes, and the payout may have been made
 * meanwhile. Behind the request it finds that the desk, which waits for half a minute, has hung up.
 */
export const stillAsked: RequestHandler = (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  // The runtime reads on only between two turns: it may have the request already, and not yet its end.
  setImmediate(() => {
    if (!req.socket.destroyed && !res.closed && !res.destroyed) next()
  })
}
