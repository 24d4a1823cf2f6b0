import { Buffer } from 'node:buffer'

import type { Dependency, Project } from './dependencies'

const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`

function componentOf({ name, version, integrity, license }: Dependency) {
  const [algorithm, digest = ''] = integrity.split('-')
  const purl = purlOf(name, version)
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: [/ (OR|AND) /.test(license) ? { expression: license } : { license: { id: license } }],
    ...(algorithm === 'sha512' && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }],
    }),
  }
}

/** Without a time and a serial number, which are all that two runs would differ in. */
export const toCycloneDx = ({ name, version, dependencies }: Project) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: {
    component: {
      type: 'library',
      'bom-ref': purlOf(name, version),
      name,
      version,
      purl: purlOf(name, version),
    },
  },
  components: [...new Map(dependencies.map((each) => [`${each.name}@${each.version}`, each])).values()].map(
    componentOf,
  ),
})
