import fs from 'node:fs'
import path from 'node:path'

import palette from '../../web/shared/palette.json'

/** Goal: a colour that is changed is changed everywhere. Method: what the pages' styles write themselves. */
const WEB = path.join(__dirname, '../../web')
const styles = fs
  .readdirSync(WEB, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.css'))
  .map((file) => [file, fs.readFileSync(path.join(WEB, file), 'utf8')] as const)

describe('The colours of the pages', () => {
  it('are the same names by day and by night', () => {
    expect(Object.keys(palette.dark).sort()).toEqual(Object.keys(palette.light).sort())
  })

  it.each(styles)('stand in the palette, and not in %s too', (_file, css) => {
    const known = [...Object.values(palette.light), ...Object.values(palette.dark)]
    const written = known.filter(
      (value) => value.startsWith('#') && value !== '#ffffff' && css.includes(value),
    )
    expect(written).toEqual([])
  })
})
