/** Thrown for a document that is not read at all; the message is for the operator. */
export class UnreadableReportError extends Error {
  override readonly name = 'UnreadableReportError'
}
