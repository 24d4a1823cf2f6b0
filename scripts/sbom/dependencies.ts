import fs from 'node:fs'
import path from 'node:path'

export interface Dependency {
  readonly name: string
  readonly version: string
  /** As npm checks it: `sha512-...`. */
  readonly integrity: string
  readonly license: string
  readonly hasInstallScript: boolean
  /** Whether package.json names it. */
  readonly isDirect: boolean
}

export interface Project {
  readonly name: string
  readonly version: string
  readonly dependencies: readonly Dependency[]
}

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
}

/** What `npm install --omit=dev` of this project installs, from its lock file. */
export function dependenciesOf(root: string): Project {
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly packages: Readonly<Record<string, Locked>>
  }
  const direct = Object.keys(lock.packages['']?.dependencies ?? {})
  const dependencies = Object.entries(lock.packages)
    .filter(([place, { dev }]) => place !== '' && dev !== true)
    .map(([place, locked]): Dependency => {
      const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return {
        name,
        version: locked.version ?? '',
        integrity: locked.integrity ?? '',
        license: locked.license ?? 'unknown',
        hasInstallScript: locked.hasInstallScript === true,
        isDirect: direct.includes(name) && place === `node_modules/${name}`,
      }
    })
  return { name: lock.name, version: lock.version, dependencies }
}
