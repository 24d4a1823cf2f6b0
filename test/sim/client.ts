import { AppError } from '../../src/errors'
import type { StoredBankAccount } from '../../src/ports/exchange'
import type { Created, CreateRequest } from '../../src/services/intake/create'
import type { World } from './history'

/** What a person wants: the same request however often it is sent. */
export interface Wish {
  readonly number: number
  readonly userId: number
  readonly currency: string
  readonly amount: string
  readonly iban: string
  readonly accountHash: string
  /** Without one, a request that gets no answer is not sent again. */
  readonly key: string | null
  /** The id of the burn that the exchange's own form makes of it; null for one that is asked of us. */
  readonly formId: string | null
}

const ANSWER_WITHIN_MS = 30_000
/** More answers than these are worth no more to the check. */
const ATTEMPTS_MAX = 60

/** A web client: sends a request until it is answered, to whichever process listens, and remembers what it heard. */
export class Client {
  private readonly answers: string[] = []
  private attempts = 0
  private refused = false
  private othersChecked = false

  constructor(
    private readonly world: World,
    private readonly wish: Wish,
  ) {}

  /** As the person sees it in the list, also when no answer ever came. */
  get withdrawalId(): string | null {
    const { accountHash, formId } = this.wish
    if (formId !== null) return formId
    for (const row of this.world.store.tables.rows.values())
      if (row.destinationHash === accountHash) return row.id
    return this.answers[0] ?? null
  }

  start(): void {
    if (this.wish.formId === null) this.send()
    else this.fillInForm(this.wish.formId)
  }

  /** As it is stored on its user at the exchange. */
  accountOf(userId: number): StoredBankAccount[] {
    const { iban, number, formId } = this.wish
    if (formId === null || this.wish.userId !== userId) return []
    const destination = { method: 'BANK', iban } as const
    return [{ id: `account-${number}`, verified: true, type: null, destination }]
  }

  private fillInForm(id: string): void {
    const { wallet, knobs, feeOf } = this.world
    if (wallet.burnsFor(id).length > 0) return
    const { userId, currency, amount, iban, number } = this.wish
    const fee = feeOf.call(this.world, amount)
    const form = { address: `account-${number}`, description: `withdrawal to ${iban}`, fee }
    wallet.placeByForm({ id, userId, currency, amount }, form, knobs.fees.networkFees === 'charged')
  }

  cancel(): void {
    const id = this.withdrawalId
    if (id === null) return
    // Too late, or a process that died: what became of it is for the books to say.
    this.world
      .anyProcess()
      ?.cancel(this.wish.userId, id)
      .catch(() => {})
  }

  /** I14: however often it was sent, it is one withdrawal. */
  checkAnswers(): void {
    const { accountHash, key } = this.wish
    const { checks, store } = this.world
    const different = new Set(this.answers)
    const [id = ''] = different
    checks.idempotent(key === null || different.size <= 1, id, `answered with ${different.size} withdrawals`)
    const rows = [...store.tables.rows.values()].filter(
      ({ destinationHash }) => destinationHash === accountHash,
    )
    checks.idempotent(key === null || rows.length <= 1, id, `${rows.length} withdrawals for one request`)
  }

  private request(more: Partial<CreateRequest> = {}): CreateRequest {
    const { userId, currency, amount, iban, key } = this.wish
    const choice = { kind: 'given', destination: { method: 'BANK', iban } } as const
    return { userId, currency, amount, choice, otpCode: null, idempotencyKey: key, ...more }
  }

  private send(): void {
    const { timeline } = this.world
    if (this.attempts++ >= ATTEMPTS_MAX) return
    const booted = this.world.anyProcess()
    if (!booted) return this.sendAgain()
    let isOver = false
    const once = (then: () => void) => {
      if (isOver) return
      isOver = true
      stopWaiting()
      then()
    }
    const stopWaiting = timeline.after(ANSWER_WITHIN_MS, null, 'client gives up', () =>
      once(() => this.sendAgain()),
    )
    booted.create(this.request()).then(
      (created) => once(() => this.hear(created)),
      (error: unknown) => once(() => this.hearRefusal(error)),
    )
  }

  private hear({ withdrawal }: Created): void {
    const { world, wish } = this
    this.answers.push(withdrawal.id)
    const acknowledged = { ...wish, withdrawalId: withdrawal.id }
    world.acknowledged.push(acknowledged)
    world.checks.answered(acknowledged)
    if (wish.key === null || this.othersChecked) return
    this.othersChecked = true
    this.tryOtherBody(withdrawal.id)
  }

  private hearRefusal(error: unknown): void {
    const isFinal = error instanceof AppError && error.status < 500 && error.code !== 'idempotency_key_in_use'
    if (isFinal) this.refused = true
    else this.sendAgain()
  }

  private sendAgain(): void {
    if (this.wish.key === null || this.refused || this.answers.length > 0) return
    this.world.timeline.after(this.world.life.between(500, 10_000), null, 'request again', () => this.send())
  }

  /** I14: the same key for another request is refused, and nothing is stored for it. */
  private tryOtherBody(id: string): void {
    const before = this.world.store.tables.rows.size
    this.world
      .anyProcess()
      ?.create(this.request({ amount: '0.05' }))
      .then(
        () => this.world.checks.idempotent(false, id, 'another request with the same key was accepted'),
        (error: unknown) => {
          const code = error instanceof AppError ? error.code : null
          const mayBe = [
            'idempotency_key_reused',
            'idempotency_key_in_use',
            'create_failed',
            'exchange_unavailable',
            'user_lookup_failed',
          ]
          this.world.checks.idempotent(
            code !== null && mayBe.includes(code),
            id,
            `another request with the same key was answered ${code} (${before} rows)`,
          )
        },
      )
  }
}
