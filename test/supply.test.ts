import fs from 'node:fs'
import path from 'node:path'

import { toCycloneDx } from '../scripts/sbom/cyclonedx'
import { dependenciesOf } from '../scripts/sbom/dependencies'

/** Goal: what the package brings into somebody's exchange is known, chosen and harmless to install. Method: the lock file. */
const ROOT = path.join(__dirname, '..')
const { dependencies } = dependenciesOf(ROOT)
/** They ask for nothing but their own text; another one is a decision of a person, here. */
const LICENSES = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'Python-2.0',
  'BlueOak-1.0.0',
  'Unlicense',
]

describe('What is installed with the package', () => {
  it.each(dependencies.map((each) => [`${each.name}@${each.version}`, each] as const))(
    '%s runs nothing when it is installed, is pinned by its hash, and may be used',
    (_name, { hasInstallScript, integrity, license }) => {
      expect(hasInstallScript).toBe(false)
      expect(integrity).toMatch(/^sha512-/)
      const allowed = license
        .replace(/[()]/g, '')
        .split(/ or /i)
        .some((each) => LICENSES.includes(each))
      expect([license, allowed]).toEqual([license, true])
    },
  )

  it('is named in package.json by one exact version each', () => {
    const { dependencies: named } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    for (const version of Object.values(named)) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('is justified on its page, each that we chose and none that is gone', () => {
    const page = fs.readFileSync(path.join(ROOT, 'docs/dependencies.md'), 'utf8')
    const chosen = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => String(name))
    const direct = dependencies.filter(({ isDirect }) => isDirect).map(({ name }) => name)

    expect(chosen.sort()).toEqual(direct.sort())
    expect(page).toContain(`**${dependencies.length} packages**`)
  })

  it('is listed for machines, each once with its hash, and the same twice', () => {
    const bom = toCycloneDx(dependenciesOf(ROOT))

    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' })
    expect(new Set(bom.components.map(({ purl }) => purl)).size).toBe(bom.components.length)
    for (const { hashes, purl } of bom.components) {
      expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d/)
      expect(hashes?.[0]?.content).toMatch(/^[0-9a-f]{128}$/)
    }
    expect(toCycloneDx(dependenciesOf(ROOT))).toEqual(bom)
  })
})
