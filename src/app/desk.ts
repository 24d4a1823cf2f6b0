import { othersNeeded } from '../domain/approvals'
import { approvalRulesOf, approversOf } from '../domain/policy'
import { createTakeEvidence, type TakeEvidence } from '../services/books/evidence'
import { createTakeInLost, type TakeInLost } from '../services/books/take-in'
import { createEndpointDecisions, type EndpointDecisions } from '../services/events/endpoint-decisions'
import { createOperate, type Operate } from '../services/operate/actions'
import { type Approvals, createApprovals } from '../services/operate/approvals'
import { createCarriers, createDecisions, type Decisions } from '../services/operate/decisions'
import { createFileExchange, type FileExchange } from '../services/operate/files'
import { createFloatDesk, type FloatDesk } from '../services/operate/float'
import { createRefuseOwnFile } from '../services/operate/own-files'
import { createProve } from '../services/operate/proofs'
import { createProviderControl, type ProviderControl } from '../services/operate/providers'
import { createStopSwitch, type StopSwitch } from '../services/operate/stop'
import { createTakeIn } from '../services/operate/take-in'
import { createPolicies, type Policies } from '../services/policy/change'
import { createReportSeal } from '../services/report-seal'
import type { SettingsDesk } from '../services/settings/settings'
import type { Pays } from '../settings/providers'
import type { Telling } from './outbox'
import { createSettingsDeskOf, type SettingsPart } from './settings-part'
import { forServices, type Wired } from './wired'

/** Everything that operators decide with. */
export interface Desk {
  readonly operate: Operate
  readonly providers: ProviderControl
  readonly stop: StopSwitch
  readonly approvals: Approvals
  readonly decisions: Decisions
  readonly files: FileExchange
  readonly policies: Policies
  readonly settings: SettingsDesk
  readonly endpointDecisions: EndpointDecisions
  readonly floats: FloatDesk
  readonly takeInLost: TakeInLost
  readonly takeEvidence: TakeEvidence
  /** What operators are told at every look at the health: in words, empty where nothing is to be said. */
  readonly concerns: () => Promise<readonly string[]>
}

export function createDesk(
  wired: Wired,
  part: SettingsPart,
  { endpoints }: Pick<Telling, 'endpoints'>,
): Desk {
  const { config, engine, plans, providers: directory, logger, random, store, book } = wired
  // What operators say is held against what steps ask others.
  const asking = { ...engine.stepDeps, ...forServices(wired) }
  const operate = createOperate({ ...asking, prove: createProve(asking) })
  const { silentForMs } = engine
  const providers = createProviderControl({ store, providers: directory, plans, silentForMs, logger })
  const stop = createStopSwitch({ store, logger })
  const rules = async () => {
    const { policy } = await book.current()
    return {
      ...approvalRulesOf(policy, config.operators),
      approversOf: (about: { currency: string; amount: string }) => approversOf(policy, about),
    }
  }
  const policies = createPolicies({ ...config, store, book, clock: wired.clock, logger })
  const takeIn = createTakeIn({
    ...asking,
    seal: createReportSeal(config.encryptionKeys, random),
    rules,
    approvals: () => approvals,
  })
  const { handIn, read: readReport, carrier } = takeIn
  const files = createFileExchange({ ...asking, takeIn: { handIn, readReport } })
  const settings = createSettingsDeskOf(wired, part, () => approvals)
  const endpointDecisions = createEndpointDecisions({
    endpoints,
    approvals: () => approvals,
    others: async () => othersNeeded(await rules()),
  })
  const refuseOwnFile = createRefuseOwnFile({ files, store, vault: wired.vault })
  const carriers = createCarriers({
    ...{ store, operate, providers, stop, files, refuseOwnFile, policies, takingIn: carrier },
    settings: settings.carrier,
    endpoints: endpointDecisions.carrier,
  })
  const approvals = createApprovals({ store, logger, carriers })
  return {
    ...{ operate, providers, stop, approvals, files, policies, settings, endpointDecisions },
    floats: createFloatDesk({
      ...{ store: wired.floats, providers: directory, exchange: asking.exchange, plans, logger },
      entered: engine.stepDeps.float.refresh,
    }),
    takeInLost: createTakeInLost(asking),
    takeEvidence: createTakeEvidence(asking),
    decisions: createDecisions({
      operate,
      providers,
      stop,
      files,
      refuseOwnFile,
      policies,
      approvals,
      rules,
    }),
    async concerns() {
      const { isStopped, actor, underWay } = await store.readStop()
      return [
        ...(isStopped ? [`everything is stopped by ${actor}; ${underWay} payouts were under way`] : []),
        ...(config.encryptionKeys.length === 0 ? [withoutKeys(part.nameOf)] : []),
        ...(config.operators === 'single' ? [SINGLE] : []),
        ...(directory.all.length === 0 ? [NOBODY_PAYS] : []),
        // The standalone server's exchange is itself a sandbox.
        ...(part.fixedIn === 'environment' ? [] : playing(part.applied().parts.pays)),
        ...part.applied().problems,
      ]
    },
  }
}

const NOBODY_PAYS = 'no provider is switched on: nobody can withdraw (providers, in the settings)'

/** It looks as if it worked. */
const playing = (pays: Readonly<Record<string, Pays>>): readonly string[] =>
  Object.keys(pays)
    .filter((name) => pays[name] === 'play_money')
    .map(
      (name) => `${name} pays nobody: withdrawals are settled and users' balances taken, and no money leaves`,
    )

/** As with one operator alone: it works, and whoever installed it does not see what it lacks. */
export const withoutKeys = (nameOf: (name: string) => string): string =>
  `${nameOf('encryptionKeys')} is not set: account data is stored readable, and whoever can write to the database ` +
  `can change who is paid how much without anybody noticing. Make keys with: npm run keys`

/** Said at every start, and to operators at every look at the health. */
export const SINGLE =
  'one operator alone can approve, resolve and credit any amount: nobody has to confirm it (operators is single)'
