import type { PolicyVersion } from '../../../src/db/store'
import { emptyPolicy } from '../../../src/domain/policy'
import { writtenPolicy } from '../../../src/domain/policy-given'
import { createPolicyBook } from '../../../src/services/policy/book'

const settings = {
  users: { blocked: 'refuse', flagged: 'review', unverified: 'pay' },
  secondPersonAbove: {},
} as const

const versionOf = (version: number): PolicyVersion => ({
  version,
  content: writtenPolicy({ ...emptyPolicy(settings), coolingOffHours: version }),
  ...{ restores: null, actor: 'operator:1', reason: 'a test', at: new Date(0) },
})

/** A database whose answers wait until they are let go; each is what was stored when it was asked. */
function slowStore() {
  const stored = { version: 1 }
  const answers: (() => void)[] = []
  return {
    stored,
    answers,
    latestPolicy: () => {
      const seen = versionOf(stored.version)
      return new Promise<PolicyVersion>((resolve) => answers.push(() => resolve(seen)))
    },
  }
}

describe('The policy that is in force', () => {
  it('is what was stored before it was asked for anew, whoever was asking already', async () => {
    const store = slowStore()
    const clock = { monotonicMs: () => 0 }
    const fixed = { users: [], secondPersonAbove: false }
    const book = createPolicyBook({ store, clock, settings, fixed })

    const before = book.current()
    store.stored.version = 2
    const after = book.latest()
    const meanwhile = book.latest()
    store.answers.shift()?.()
    expect((await before).version).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    for (const answer of store.answers.splice(0)) answer()

    expect(await after).toMatchObject({ version: 2, policy: { coolingOffHours: 2 } })
    expect((await meanwhile).version).toBe(2)
    expect((await book.current()).version).toBe(2)
  })
})
