/** What providers share, also for those that live outside this repository. */

export { guardedSend } from './guarded-send'
export {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  InvalidRequestError,
  NoAnswerError,
  UnreadableAnswerError,
} from './http-client'
export { amountProblems } from './item-checks'
export { createSendLog, type Sending, type SendLog } from './send-log'
export { verifyWebhook } from './standard-webhooks'
