import type {
  GivenSettings,
  NewSettingsVersion,
  SettingsStore,
  SettingsVersion,
} from '../../db/settings-versions'
import type { Approval } from '../../db/store'
import { AppError } from '../../errors'
import type { Carrier } from '../operate/approvals'
import { type PayerDeps, stillWith } from './payers'
import type { SettingSecrets } from './secrets'

export interface CarrierDeps extends PayerDeps {
  readonly store: PayerDeps['store'] & Pick<SettingsStore, 'find'>
  readonly secrets: Pick<SettingSecrets, 'open'>
  readonly compose: (values: Readonly<Record<string, unknown>>) => { readonly problems: readonly string[] }
}

/** Settings that another operator has confirmed: what was against them then may be so by now. */
export const createCarrier = (
  { store, view, secrets, compose }: CarrierDeps,
  save: (version: NewSettingsVersion) => Promise<SettingsVersion>,
): Carrier => ({
  async carryOut(approval, { actor }) {
    const { given, changed, undoneTo } = contentOf(approval)
    const { values, lost } = await secrets.open(given)
    const before = (await store.find(approval.subjectVersion))?.given ?? {}
    const between = await stillWith({ store, view }, before, given)
    const problems = [
      ...lost,
      ...compose(values).problems,
      ...between.slice(0, 1).map(({ message }) => message),
    ]
    if (problems.length > 0)
      throw new AppError('action_not_possible', `These settings cannot work any more: ${problems.join('; ')}`)
    const reason = `${approval.reason} (proposed by ${approval.askedBy})`
    await save({ madeFrom: approval.subjectVersion, given, changed, undoneTo, actor, reason })
  },
})

interface Content {
  readonly given: GivenSettings
  readonly changed: readonly string[]
  readonly undoneTo: number | null
}
const contentOf = ({ content }: Approval): Content => content as unknown as Content
