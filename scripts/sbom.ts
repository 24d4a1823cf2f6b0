/**
 * What the package brings along, as a CycloneDX 1.5 document on stdout: `npm run sbom > sbom.json`. From the lock file alone,
 * so that two runs on one commit write the same bytes.
 */
import { toCycloneDx } from './sbom/cyclonedx'
import { dependenciesOf } from './sbom/dependencies'

const root = process.argv[2] ?? process.cwd()
process.stdout.write(`${JSON.stringify(toCycloneDx(dependenciesOf(root)), null, 2)}\n`)
