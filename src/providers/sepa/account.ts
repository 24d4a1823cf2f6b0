import { isValidBIC, isValidIBAN } from 'ibantools'

/**
 * Countries whose IBANs a SEPA credit transfer reaches (European Payments Council, EPC409-09). Own list: libraries and
 * registries lag behind AL, MD, ME, MK and RS. Territories without an IBAN code of their own use FR, FI or GB.
 */
const SEPA_COUNTRIES = new Set(
  (
    'AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO ' +
    'RS SE SI SK SM VA'
  ).split(' '),
)

/** Of these, the ones in the European Economic Area. Gibraltar, the Channel Islands and Man left it with GB. */
const EEA_COUNTRIES = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
)

/**
 * To and from such an account the scheme asks for the BIC of the payee's bank and the payer's address (SEPA Credit
 * Transfer rulebook, AT-C002 and AT-P005).
 */
export const isOutsideEea = (iban: string): boolean => !EEA_COUNTRIES.has(iban.slice(0, 2))

export type IbanProblem = 'not_an_iban' | 'outside_sepa'

export function ibanProblem(iban: string): IbanProblem | null {
  if (!isValidIBAN(iban)) return 'not_an_iban'
  return SEPA_COUNTRIES.has(iban.slice(0, 2)) ? null : 'outside_sepa'
}

/** The schema of pain.001.001.03 knows fewer; one such in a file, and a bank refuses the whole of it. */
const BIC_IN_VERSION_03 = /^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]/

export const isBic = (bic: string, version: '03' | '09' = '09'): boolean =>
  isValidBIC(bic) && bic === bic.toUpperCase() && (version !== '03' || BIC_IN_VERSION_03.test(bic))
