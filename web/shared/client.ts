import { BankWithdrawalError, errorOf, parsed } from '../../src/client/errors'
import { type Ask, createAsk, inPage } from './ask'

export { type ApiError, asApiError } from './ask'

export interface Client extends Ask {
  /** A file as it is; `onProgress` gets what part of it has left. */
  upload<Result>(path: string, file: Blob, onProgress: (part: number) => void): Promise<Result>
}

export function createClient(session: Parameters<typeof createAsk>[0]): Client {
  const { base, token } = session
  return {
    ...createAsk(session),
    // `fetch` does not tell how much of a body has left.
    upload: <Result>(path: string, file: Blob, onProgress: (part: number) => void) =>
      new Promise<Result>((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open('POST', `${base}${path}`)
        request.setRequestHeader('Authorization', `Bearer ${token}`)
        request.setRequestHeader('Content-Type', 'application/octet-stream')
        request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total)
        request.onerror = () => reject(inPage(new BankWithdrawalError('no_answer', 0, '')))
        request.onload = () => {
          const { status, responseText: text } = request
          const after = request.getResponseHeader('Retry-After')
          const answer = new Response(text, {
            status,
            headers: after === null ? {} : { 'Retry-After': after },
          })
          if (answer.ok) parsed(answer, 'json').then((body) => resolve(body as Result), reject)
          else reject(inPage(errorOf(answer, text)))
        }
        request.send(file)
      }),
  }
}
