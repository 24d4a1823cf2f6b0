import { Buffer } from 'node:buffer'

import type { Endpoint, EndpointStanding, EndpointStore, NewEndpointVersion } from '../../db/endpoints'
import type { GivenSettings } from '../../db/settings-versions'
import { NOTICE_KINDS } from '../../domain/notices'
import { type Audience, AUDIENCES, isMail, TEST_EVENT, WITHDRAWAL_EVENTS } from '../../domain/outgoing'
import { AppError } from '../../errors'
import type { Clock, Randomness } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { Messenger } from '../../ports/messenger'
import { problemIn, type Recipient, type Recipients, type SendMessage, wasTaken } from './deliver'

/** What an audience can be told of, by name. */
export const kindsFor = (audience: Audience): readonly string[] =>
  audience === 'systems' ? Object.keys(WITHDRAWAL_EVENTS) : NOTICE_KINDS

export interface EndpointWish {
  readonly audience: Audience
  readonly name: string
  readonly url: string
  readonly kinds: readonly string[]
  readonly isOn: boolean
}

/** Who wants it, and why. */
export interface By {
  readonly actor: string
  readonly reason: string
}

/** A version that is to be saved, and what it takes the place of. */
export interface EndpointDraft {
  readonly version: Omit<NewEndpointVersion, keyof By>
  readonly was: Pick<Endpoint, 'name' | 'url'> | null
  /** How long the old secret signs beside a new one; null where there is none. */
  readonly keepHours: number | null
  /** In clear, where it makes one: to be shown once. */
  readonly secret: string | null
}

export interface EndpointView extends Endpoint {
  readonly standing: EndpointStanding | null
  /** How many secrets sign now: two while one takes the other's place. */
  readonly secrets: readonly { readonly madeAt: Date; readonly endsAt: Date | null }[]
}

export interface Tried {
  readonly ok: boolean
  readonly message: string
}

/** Addresses that are told, as operators keep them. A secret is answered once, when it is made, and never again. */
export interface Endpoints {
  /** False without a key: then no secret can be kept, and nobody is told. */
  readonly canSeal: boolean
  list(): Promise<readonly EndpointView[]>
  /** Of one that was removed, too. @throws {AppError} `endpoint_not_found`. */
  versions(id: string): Promise<readonly Endpoint[]>
  /** Each: what would be saved, checked, and nothing of it counts yet. @throws {AppError} `endpoint_refused`. */
  create(wish: EndpointWish): Promise<EndpointDraft>
  /** @throws {AppError} `endpoint_not_found`, `endpoint_refused`, `changed_meanwhile`. */
  change(id: string, version: number, wish: Partial<Omit<EndpointWish, 'audience'>>): Promise<EndpointDraft>
  remove(id: string, version: number): Promise<EndpointDraft>
  /** Another secret from then on; the old one signs too for so long. */
  rotate(id: string, version: number, keepHours: number): Promise<EndpointDraft>
  /** @throws {AppError} `endpoint_refused`, `changed_meanwhile`: nothing was saved. */
  save(draft: Omit<EndpointDraft, 'secret'>, by: By): Promise<Endpoint>
  /** Sends a message that means nothing to one that is saved, signed as all others. */
  test(id: string): Promise<Tried>
  /** The same to an address that nobody has saved yet, signed with a secret that nobody knows. */
  tryUrl(url: string): Promise<Tried>
}

export interface EndpointDeps {
  readonly store: EndpointStore
  readonly secrets: {
    readonly canSeal: boolean
    keep(setting: string, text: string): Promise<string>
    open(given: GivenSettings): Promise<{ values: Readonly<Record<string, unknown>> }>
  }
  readonly messenger: Pick<Messenger, 'refuses'>
  readonly send: SendMessage
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Randomness, 'newId' | 'bytes'>
  readonly logger: Logger
}

const SECRET_BYTES = 32
const ENDPOINTS_MAX = 20

/** What its secret is called among those of the settings; a seal opens under its own name only. */
const settingOf = (endpointId: string): string => `endpoint:${endpointId}`

/** The secrets of endpoints in clear, those that cannot be opened left out. */
export const createRecipients =
  ({ store, secrets }: Pick<EndpointDeps, 'store' | 'secrets'>): Recipients =>
  async (endpoints) => {
    const kept = await store.secrets(endpoints.map(({ id }) => id))
    const opened = new Map<string, Recipient>()
    for (const { id, url, audience } of endpoints) {
      const name = settingOf(id)
      const own = kept.filter(({ endpointId }) => endpointId === id)
      const texts = await Promise.all(
        own.map(async (secret) => (await secrets.open({ [name]: { secret: secret.id } })).values[name]),
      )
      opened.set(id, { url, audience, secrets: texts.filter((text) => typeof text === 'string') })
    }
    return opened
  }

export function createEndpoints(deps: EndpointDeps): Endpoints {
  const { store, secrets, random, logger } = deps
  const check = createCheck(deps)

  async function keepSecret(endpointId: string) {
    const secret = `whsec_${Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')}`
    return { secret, id: await secrets.keep(settingOf(endpointId), secret) }
  }

  async function found(id: string, version?: number): Promise<Endpoint> {
    const endpoint = await store.find(id)
    if (!endpoint || endpoint.isRemoved) throw noEndpoint()
    if (version !== undefined && version !== endpoint.version) throw changed()
    return endpoint
  }

  async function checkRoom(): Promise<void> {
    if ((await store.list()).length >= ENDPOINTS_MAX)
      throw new AppError(
        'endpoint_refused',
        `There are ${ENDPOINTS_MAX} endpoints already: remove one first.`,
      )
  }

  const draftOf = (
    before: Endpoint | null,
    { id, audience, name, url, kinds, isOn, isRemoved, madeFrom, action, secret }: EndpointDraft['version'],
  ): Omit<EndpointDraft, 'secret' | 'keepHours'> => ({
    version: { id, audience, name, url, kinds, isOn, isRemoved, madeFrom, action, secret },
    was: before && { name: before.name, url: before.url },
  })

  return {
    canSeal: secrets.canSeal,
    list: () => viewsOf(store),
    async versions(id) {
      const all = await store.versions(id)
      if (all.length === 0) throw noEndpoint()
      return all
    },
    async create(wish) {
      check(wish)
      await checkRoom()
      const id = random.newId()
      const { secret, id: secretId } = await keepSecret(id)
      const made = { madeFrom: 0, isRemoved: false, action: 'endpoint.created' }
      const version = { ...wish, ...made, id, secret: { id: secretId, othersEndInMs: 0 } }
      return { ...draftOf(null, version), keepHours: null, secret }
    },
    async change(id, version, wish) {
      const before = await found(id, version)
      const after = { ...before, ...wish }
      check(after)
      const made = { madeFrom: version, action: 'endpoint.changed', secret: null }
      return { ...draftOf(before, { ...after, ...made }), keepHours: null, secret: null }
    },
    async remove(id, version) {
      const before = await found(id, version)
      const made = { madeFrom: version, action: 'endpoint.removed', secret: null }
      const gone = { ...before, isOn: false, isRemoved: true, ...made }
      return { ...draftOf(before, gone), keepHours: null, secret: null }
    },
    async rotate(id, version, keepHours) {
      const before = await found(id, version)
      check(before)
      const { secret, id: secretId } = await keepSecret(id)
      const made = { madeFrom: version, action: 'endpoint.secret_changed' }
      const kept = { id: secretId, othersEndInMs: keepHours * 3_600_000 }
      return { ...draftOf(before, { ...before, ...made, secret: kept }), keepHours, secret }
    },
    async save({ version }, by) {
      if (!version.isRemoved) check(version)
      if (version.madeFrom === 0) await checkRoom()
      const saved = await store.save({ ...version, ...by })
      if (!saved) throw changed()
      logger.warn(version.action, { endpointId: saved.id, version: saved.version, actor: saved.actor })
      return saved
    },
    ...createTrials(deps, found),
  }
}

const noEndpoint = () => new AppError('endpoint_not_found', 'There is no such endpoint.')
const changed = () =>
  new AppError('changed_meanwhile', 'Somebody has changed this endpoint meanwhile: look at it again.')

/** Says to a person whether a message arrives. */
function createTrials(
  deps: EndpointDeps,
  found: (id: string) => Promise<Endpoint>,
): Pick<Endpoints, 'test' | 'tryUrl'> {
  const { random, clock, messenger, send } = deps
  const recipients = createRecipients(deps)
  async function ask(recipient: Parameters<SendMessage>[0]): Promise<Tried> {
    const reached = await send(recipient, testMessage(random.newId(), clock.now()))
    const arrived = isMail(recipient.url)
      ? 'The exchange’s mail has taken it: look whether it arrives.'
      : 'messages arrive there.'
    return wasTaken(reached)
      ? { ok: true, message: `It answered ${reached.status}: ${arrived}` }
      : { ok: false, message: `Nothing arrived: ${problemIn(reached)}.` }
  }
  return {
    async test(id) {
      const endpoint = await found(id)
      return ask((await recipients([endpoint])).get(id) ?? { url: endpoint.url, secrets: [] })
    },
    async tryUrl(url) {
      refuseUrl(messenger, url)
      return ask({ url, secrets: [Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')] })
    },
  }
}

async function viewsOf(store: EndpointStore): Promise<readonly EndpointView[]> {
  const [endpoints, standing] = await Promise.all([store.list(), store.standing()])
  const kept = await store.secrets(endpoints.map(({ id }) => id))
  return endpoints.map((endpoint) => ({
    ...endpoint,
    standing: standing.find(({ endpointId }) => endpointId === endpoint.id) ?? null,
    secrets: kept.filter(({ endpointId }) => endpointId === endpoint.id),
  }))
}

const testMessage = (id: string, now: Date) => ({
  eventId: `test_${id}`,
  payload: JSON.stringify({ type: TEST_EVENT, timestamp: now.toISOString(), data: {} }),
})

function refuseUrl(messenger: Pick<Messenger, 'refuses'>, url: string): void {
  const problem = messenger.refuses(url)
  if (problem !== null) throw new AppError('endpoint_refused', `url ${problem}.`)
}

/** @throws {AppError} `endpoint_refused`. */
const createCheck =
  ({ messenger, secrets }: Pick<EndpointDeps, 'messenger' | 'secrets'>) =>
  ({ audience, url, kinds }: Pick<EndpointWish, 'audience' | 'url' | 'kinds'>): void => {
    if (!secrets.canSeal)
      throw new AppError(
        'endpoint_refused',
        'Messages are signed with a secret, which cannot be kept without encryptionKeys: set them first.',
      )
    refuseUrl(messenger, url)
    if (audience !== 'operators' && isMail(url))
      throw new AppError('endpoint_refused', 'Mail is for operators: a system needs what it can verify.')
    const known = AUDIENCES.includes(audience) ? kindsFor(audience) : []
    const unknown = kinds.find((kind) => !known.includes(kind))
    if (unknown !== undefined)
      throw new AppError('endpoint_refused', `${unknown} is nothing that ${audience} can be told of.`)
  }
