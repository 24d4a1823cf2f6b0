import { PROVIDERS } from '../../src/providers/registry'
import { type GroupedSettings, inGroup, SETTING_GROUPS } from '../../src/settings/groups'
import { SETTINGS } from '../../src/settings/plugin'
import { serverSettings } from '../../src/settings/server'
import { integer } from '../../src/settings/setting'

describe('a setting', () => {
  const all: GroupedSettings = { ...serverSettings(PROVIDERS), ...SETTINGS }

  it.each(Object.entries(all))('%s is in a group that its page has', (_name, { group }) => {
    expect(Object.keys(SETTING_GROUPS)).toContain(group)
  })

  it('that is in no group does not compile', () => {
    const setting = integer('Loose.', 1, 0, 2)
    // @ts-expect-error: a table to be shown takes no setting without a group.
    const table: GroupedSettings = { setting }
    expect(table.setting).not.toHaveProperty('group')
  })

  it('keeps what it was when it is put into a group', () => {
    const setting = integer('In ms.', 1, 0, 2)
    expect(inGroup('timing', { setting }).setting).toEqual({ ...setting, group: 'timing' })
  })
})
