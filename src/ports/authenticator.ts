/** Who makes a request, as the exchange says. */
export interface Identity {
  readonly userId: number
  readonly scopes: readonly string[]
  /** Another person acting in the owner's account. */
  readonly isSharedAccount: boolean
}

export interface Authenticator {
  /**
   * @param request The host's request object, as its own middleware would get it.
   * @param scopes Any one of them is enough.
   * @throws {AppError} `unauthorized`, `forbidden`, or `not_ready` when the exchange does not answer.
   */
  authenticate(request: object, scopes: readonly string[]): Promise<Identity>
}
