/** The error a kit's network client throws when the network answered with an error (request-promise's shape). */
export class StatusCodeError extends Error {
  override readonly name = 'StatusCodeError'
  readonly error: { readonly message: string }

  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(`${statusCode} - ${JSON.stringify({ message })}`)
    this.error = { message }
  }
}
