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
  versions(id: string): Promise<readonly Endpoint[]>
  /** @throws {AppError} `endpoint_refused`: nothing was saved. */
  create(wish: EndpointWish, by: By): Promise<{ endpoint: Endpoint; secret: string }>
  /** @throws {AppError} `endpoint_not_found`, `endpoint_refused`, `changed_meanwhile`: nothing was saved. */
  change(
    id: string,
    version: number,
    wish: Partial<Omit<EndpointWish, 'audience'>>,
    by: By,
  ): Promise<Endpoint>
  remove(id: string, version: number, by: By): Promise<Endpoint>
  /** Another secret from now on; the old one signs too for so long. */
  rotate(
    id: string,
    version: number,
    keepHours: number,
    by: By,
  ): Promise<{ endpoint: Endpoint; secret: string }>
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

  async function found(id: string): Promise<Endpoint> {
    const endpoint = await store.find(id)
    if (!endpoint || endpoint.isRemoved)
      throw new AppError('endpoint_not_found', 'There is no such endpoint.')
    return endpoint
  }

  async function save(version: NewEndpointVersion): Promise<Endpoint> {
    const saved = await store.save(version)
    if (!saved)
      throw new AppError(
        'changed_meanwhile',
        'Somebody has changed this endpoint meanwhile: look at it again.',
      )
    logger.warn(version.action, { endpointId: saved.id, version: saved.version, actor: saved.actor })
    return saved
  }

  return {
    canSeal: secrets.canSeal,
    list: () => viewsOf(store),
    versions: (id) => store.versions(id),
    async create(wish, by) {
      check(wish)
      if ((await store.list()).length >= ENDPOINTS_MAX)
        throw new AppError(
          'endpoint_refused',
          `There are ${ENDPOINTS_MAX} endpoints already: remove one first.`,
        )
      const id = random.newId()
      const { secret, id: secretId } = await keepSecret(id)
      const endpoint = await save({
        ...{ ...wish, ...by, id, madeFrom: 0, isRemoved: false, action: 'endpoint.created' },
        secret: { id: secretId, othersEndInMs: 0 },
      })
      return { endpoint, secret }
    },
    async change(id, version, wish, by) {
      const before = await found(id)
      const after = { ...before, ...wish }
      check(after)
      return save({ ...after, ...by, madeFrom: version, action: 'endpoint.changed', secret: null })
    },
    async remove(id, version, by) {
      const before = await found(id)
      const gone = { ...before, isOn: false, isRemoved: true }
      return save({ ...gone, ...by, madeFrom: version, action: 'endpoint.removed', secret: null })
    },
    async rotate(id, version, keepHours, by) {
      const before = await found(id)
      check(before)
      const { secret, id: secretId } = await keepSecret(id)
      const endpoint = await save({
        ...{ ...before, ...by, madeFrom: version, action: 'endpoint.secret_changed' },
        secret: { id: secretId, othersEndInMs: keepHours * 3_600_000 },
      })
      return { endpoint, secret }
    },
    ...createTrials(deps, found),
  }
}

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
