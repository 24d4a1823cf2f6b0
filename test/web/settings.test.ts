import { PROVIDERS } from '../../src/providers/registry'
import { deskSettings } from '../../src/settings/desk'
import { complaintOf, isTakenAway, labelOf, titleOf } from '../../web/operator/setting-check'
import type { SettingView } from '../../web/operator/settings-types'

/** Goal: what a person types is checked before it is sent, and never refused where the server would take it. */
const settings = deskSettings(PROVIDERS)
const shapeOf = ({ setting }: (typeof settings)[number]): Pick<SettingView, 'shape'> => {
  const { shape } = setting
  if (shape === undefined) return {}
  return { shape: shape.kind === 'text' ? { ...shape, must_be: shape.mustBe } : shape }
}
const TYPED = [
  '0',
  '5',
  '90',
  ' 30 ',
  '-1',
  '1.5',
  'batch',
  'deducted',
  'sandbox, sepa',
  'nobody',
  '0 3 * * *',
  'a b',
]

describe('a setting in the desk', () => {
  it.each(settings.map((known) => [known.name, known] as const))(
    '%s is refused while it is typed only where the server refuses it too',
    (_name, known) => {
      for (const typed of TYPED) {
        if (complaintOf(shapeOf(known), typed) === null) continue
        expect([typed, 'mustBe' in known.setting.read(typed.trim())]).toEqual([typed, true])
      }
      expect(complaintOf(shapeOf(known), '')).toBeNull()
    },
  )

  it('says what a value has to be, of the kinds that a page can know', () => {
    const find = (name: string) => {
      const known = settings.find((setting) => setting.name === name)
      if (!known) throw new Error(`There is no ${name}.`)
      return shapeOf(known)
    }
    expect(complaintOf(find('quietSeconds'), 'soon')).toBe('A whole number from 1 to 3600.')
    expect(complaintOf(find('feeMode'), 'free')).toBe('One of on_top, deducted.')
    expect(complaintOf(find('providers'), 'sandbox, gone')).toMatch(/^A list of sandbox, /)
    expect(complaintOf(find('sepa_cutOff'), '25:00')).toMatch(/^It must be a time/)
    expect(complaintOf(find('schedule'), 'at noon')).toMatch(/^A cron expression/)
  })

  it('is known to be taken away where a secret was typed and wiped out again', () => {
    expect(isTakenAway({ secret: true, set: true }, ' ')).toBe(true)
    expect(isTakenAway({ secret: true, set: true }, 'new')).toBe(false)
    expect(isTakenAway({ secret: true, set: false }, '')).toBe(false)
    expect(isTakenAway({ set: true }, '')).toBe(false)
  })

  it('has a name that a person reads', () => {
    expect(titleOf('maxOpenWithdrawals', undefined)).toBe('Max open withdrawals')
    expect(titleOf('paypal_clientId', 'paypal')).toBe('Client id')
    expect(labelOf(titleOf('workerPollMs', undefined), 'ms')).toBe('Worker poll (ms)')
    expect(labelOf(titleOf('createsPerMinute', undefined), 'a minute')).toBe('Creates (a minute)')
    expect(labelOf(titleOf('mode', undefined), undefined)).toBe('Mode')
  })
})
