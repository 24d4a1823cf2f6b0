import { ConfigError } from '../../errors'
import {
  flag,
  inDesk,
  integer,
  oneOf,
  readSettings,
  type Setting,
  text,
  type Values,
} from '../../settings/setting'
import { ibanProblem, isBic, isOutsideEea } from './account'
import { bankText } from './charset'

const compact = (given: unknown): string =>
  typeof given === 'string' ? given.replace(/\s/g, '').toUpperCase() : ''

const debtorIban: Setting<string> = {
  doc: 'IBAN of the account that pays. Required.',
  fallback: '',
  namesPayer: true,
  read: (given) =>
    ibanProblem(compact(given)) === null
      ? { value: compact(given) }
      : { mustBe: 'the IBAN of an account in a SEPA country' },
}

const debtorBic: Setting<string> = {
  doc: 'BIC of the bank that pays; empty where the bank takes files without.',
  fallback: '',
  read: (given) => (isBic(compact(given)) ? { value: compact(given) } : { mustBe: 'a BIC' }),
}

const partyName = (doc: string): Setting<string> => ({
  doc,
  fallback: '',
  read: (given) =>
    typeof given === 'string' && /\p{L}/u.test(bankText(given, 70, 'sepa-latin', null) ?? '')
      ? { value: given }
      : { mustBe: 'a name that can be written in Latin letters' },
})

const addressPart = (doc: string, lengthMax: number): Setting<string> => ({
  doc,
  fallback: '',
  read: (given) => {
    const isWritable =
      typeof given === 'string' && given.length <= lengthMax && bankText(given, lengthMax, 'sepa-latin', null)
    return isWritable
      ? { value: given }
      : { mustBe: `at most ${lengthMax} characters that can be written in Latin letters` }
  },
})

const country: Setting<string> = {
  doc: 'Country of that address, as its two letters.',
  fallback: '',
  read: (given) =>
    /^[A-Z]{2}$/.test(compact(given))
      ? { value: compact(given) }
      : { mustBe: 'the two letters of a country' },
}

/** Every setting of the provider. In the environment SEPA_ stands in front: SEPA_DEBTOR_IBAN. */
export const SEPA_SETTINGS = inDesk({
  debtorName: partyName('Name of the account holder who pays, as the bank has it. Required.'),
  debtorIban,
  debtorBic,
  initiatingParty: partyName('Who hands the file in, where that is not the account holder.'),
  debtorStreet: addressPart('Street and number of the account holder, where an address is sent.', 70),
  debtorPostcode: addressPart('Postcode of that address.', 16),
  debtorTown: addressPart(
    'Town of the account holder. With the country it is what payments to and from countries outside the EEA (GB, CH, MC, SM and others) need.',
    35,
  ),
  debtorCountry: country,
  version: oneOf('Version of the pain.001.001 message; 03 only for a bank that still asks for it.', '09', [
    '09',
    '03',
  ]),
  instant: flag('Whether the files ask for SEPA Instant payments (some banks take none in files).', false),
  batchBooking: flag(
    'Whether the bank books a file as one debit; false for one debit per payment, which proves each of them. Instant payments are always booked alone.',
    true,
  ),
  charset: oneOf(
    'Letters in the file: `sepa-latin` is what every bank takes, `utf8` keeps names as they are.',
    'sepa-latin',
    ['sepa-latin', 'utf8'],
  ),
  cutOff: text(
    'Time of day in Brussels after which a file is for the next business day.',
    '14:00',
    /^([01]\d|2[0-3]):[0-5]\d$/,
    'a time such as 14:00',
  ),
  leadDays: integer('Business days the bank wants a file ahead of its execution.', 0, 0, 10),
  address: flag('Whether a structured address is sent where town and country are known (version 09).', false),
  maxItems: integer('Most payments in one file.', 5_000, 1, 10_000),
  handOver: oneOf(
    'How files leave: `download` from the operator’s pages, or into a `folder` that a bank client watches.',
    'download',
    ['download', 'folder'],
  ),
  folder: text('Absolute path of that folder.', '', /^(\/|[A-Za-z]:\\).{0,1000}$/, 'an absolute path'),
  settleOn: oneOf(
    'What proves a payment: `booking` on a statement; `accc` also the status “credited”; `acsc` also “settled on our side”.',
    'booking',
    ['booking', 'accc', 'acsc'],
  ),
  answerDays: integer(
    'Days within which the bank’s reports tell what became of a payment. After that a person is asked whether the file ever reached the bank. Holidays count.',
    7,
    1,
    60,
  ),
  reportMbMax: integer('Largest report that is read, in MB.', 20, 1, 200),
  timeoutMs: integer(
    'Longest time that making a file may take, in ms. A third of the lease at most.',
    20_000,
    1_000,
    120_000,
  ),
})

export type SepaSettings = Values<typeof SEPA_SETTINGS>

/** @throws {ConfigError} Lists every problem at once, without values. */
export function readSepaSettings(
  given: Readonly<Record<string, unknown>>,
  nameOf: (setting: string) => string = (name) => name,
): SepaSettings {
  const { values, problems } = readSettings(SEPA_SETTINGS, given, nameOf)
  for (const name of ['debtorName', 'debtorIban'] as const)
    if (values[name] === '') problems.push(`${nameOf(name)} is required`)
  if (values.handOver === 'folder' && values.folder === '')
    problems.push(`${nameOf('folder')} is required where ${nameOf('handOver')} is folder`)
  if (values.handOver === 'download' && values.folder)
    problems.push(`${nameOf('folder')} is only used where ${nameOf('handOver')} is folder`)
  // Of values that are right by themselves.
  if (problems.length === 0) problems.push(...borderProblems(values, nameOf))
  if (problems.length > 0) throw new ConfigError(problems)
  return values
}

/** What a payer outside the European Economic Area has to tell with every payment. */
function borderProblems(
  { debtorIban, debtorBic, debtorTown, debtorCountry, version }: SepaSettings,
  nameOf: (setting: string) => string,
): string[] {
  const place = `${nameOf('debtorTown')} and ${nameOf('debtorCountry')}`
  const outside = `where ${nameOf('debtorIban')} is outside the EEA`
  const problems: string[] = []
  if (debtorBic !== '' && !isBic(debtorBic, version))
    problems.push(`${nameOf('debtorBic')} must be one that files of version ${version} can hold`)
  if ((debtorTown === '') !== (debtorCountry === '')) problems.push(`${place} are only used together`)
  if (debtorIban === '' || !isOutsideEea(debtorIban)) return problems
  if (debtorBic === '') problems.push(`${nameOf('debtorBic')} is required ${outside}`)
  if (debtorTown === '' && debtorCountry === '') problems.push(`${place} are required ${outside}`)
  if (version === '03') problems.push(`${nameOf('version')} must be 09 ${outside}`)
  return problems
}
