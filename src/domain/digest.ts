import crypto from 'node:crypto'

/** In hex. In one call where the runtime has it (Node 20.12), which makes no object for the while. */
export const sha256: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => crypto.createHash('sha256').update(text).digest('hex')
