import type { BankDestination } from '../../domain/destination'
import { toFixedDecimals } from '../../domain/money'
import type { PayoutItem } from '../../ports/payment-provider'
import { isOutsideEea } from './account'
import { bankText } from './charset'
import { centsOf, hasPayerAddress, NAME_LENGTH_MAX, payeeName } from './check'
import type { SepaSettings } from './settings'
import { element, type Xml, xmlFile } from './xml'

const REMITTANCE_LENGTH_MAX = 140

/** What of a file is not in its payments. Fixed once, so that the file stays the same byte for byte. */
export interface FilePlan {
  readonly messageId: string
  readonly createdAt: Date
  readonly executionDate: string
}

export const paymentIdOf = (messageId: string): string => `${messageId}-P1`

/**
 * A pain.001 file with one payment information block: every payment of an order has the same day, debtor account and
 * service. Element order is the schema's. The items must have passed `payoutProblems`.
 */
export function paymentFile(items: readonly PayoutItem[], plan: FilePlan, settings: SepaSettings): Buffer {
  const counts = () => [element('NbOfTxs', String(items.length)), element('CtrlSum', totalOf(items))]
  const initiator = settings.initiatingParty || settings.debtorName
  const header = element('GrpHdr', [
    element('MsgId', plan.messageId),
    element('CreDtTm', `${plan.createdAt.toISOString().slice(0, 19)}Z`),
    ...counts(),
    element('InitgPty', [named(initiator, settings)]),
  ])
  const payments = element('PmtInf', [
    element('PmtInfId', paymentIdOf(plan.messageId)),
    element('PmtMtd', 'TRF'),
    element('BtchBookg', String(settings.batchBooking && !settings.instant)),
    ...counts(),
    element('PmtTpInf', [
      element('SvcLvl', [element('Cd', 'SEPA')]),
      settings.instant ? element('LclInstrm', [element('Cd', 'INST')]) : null,
    ]),
    settings.version === '03'
      ? element('ReqdExctnDt', plan.executionDate)
      : element('ReqdExctnDt', [element('Dt', plan.executionDate)]),
    element('Dbtr', [named(settings.debtorName, settings), payerAddress(items, settings)]),
    element('DbtrAcct', [iban(settings.debtorIban), element('Ccy', 'EUR')]),
    element('DbtrAgt', [settings.debtorBic ? agent(settings.debtorBic, settings) : unknownAgent()]),
    element('ChrgBr', 'SLEV'),
    ...items.map((item) => transfer(item, settings)),
  ])
  const namespace = `urn:iso:std:iso:20022:tech:xsd:pain.001.001.${settings.version}`
  return xmlFile(element('Document', [element('CstmrCdtTrfInitn', [header, payments])], { xmlns: namespace }))
}

/** Exact: in cents, never a float. */
export function totalOf(items: readonly Pick<PayoutItem, 'amount'>[]): string {
  const cents = items.reduce((total, { amount }) => total + (centsOf(amount) ?? 0n), 0n)
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
}

function transfer(item: PayoutItem, settings: SepaSettings): Xml {
  const destination = item.destination as BankDestination
  const remittance = bankText(item.statementText, REMITTANCE_LENGTH_MAX, settings.charset, '.')
  return element('CdtTrfTxInf', [
    element('PmtId', [element('InstrId', item.endToEndId), element('EndToEndId', item.endToEndId)]),
    element('Amt', [element('InstdAmt', toFixedDecimals(item.amount, 2), { Ccy: 'EUR' })]),
    destination.swift === undefined ? null : element('CdtrAgt', [agent(destination.swift, settings)]),
    element('Cdtr', [
      element('Nm', payeeName(destination, settings.charset) ?? ''),
      payeeAddress(destination, settings),
    ]),
    element('CdtrAcct', [iban(destination.iban)]),
    remittance ? element('RmtInf', [element('Ustrd', remittance)]) : null,
  ])
}

const named = (name: string, { charset }: SepaSettings): Xml =>
  element('Nm', bankText(name, NAME_LENGTH_MAX, charset, '.') ?? '')
const iban = (account: string): Xml => element('Id', [element('IBAN', account)])
const agent = (bic: string, { version }: SepaSettings): Xml =>
  element('FinInstnId', [element(version === '03' ? 'BIC' : 'BICFI', bic)])
const unknownAgent = (): Xml => element('FinInstnId', [element('Othr', [element('Id', 'NOTPROVIDED')])])

interface Address {
  readonly street?: string | undefined
  readonly building?: string | undefined
  readonly postcode?: string | undefined
  readonly town?: string | undefined
  readonly country?: string | undefined
}

const payeeAddress = ({ details = {} }: BankDestination, settings: SepaSettings): Xml | null =>
  settings.address && settings.version !== '03' ? address(details, settings) : null

/** Only where the scheme asks for it: what nobody needs to know is not told. */
function payerAddress(items: readonly PayoutItem[], settings: SepaSettings): Xml | null {
  const isAcrossTheBorder = [settings.debtorIban, ...items.map(ibanOf)].some(isOutsideEea)
  if (!isAcrossTheBorder || !hasPayerAddress(settings)) return null
  const { debtorStreet: street, debtorPostcode: postcode, debtorTown: town, debtorCountry } = settings
  return address({ street, postcode, town, country: debtorCountry }, settings)
}

const ibanOf = ({ destination }: PayoutItem): string => (destination as BankDestination).iban

/**
 * Banks refuse unstructured addresses since 15 November 2026, and a structured one needs town and country. Version 03
 * has no structured address in the SEPA subset, so there it is left out.
 */
function address(given: Address, settings: SepaSettings): Xml | null {
  const country = (given.country ?? '').toUpperCase()
  const part = (name: string, text: string | undefined, lengthMax: number): Xml | null => {
    const written = bankText(text ?? '', lengthMax, settings.charset, null)
    return written ? element(name, written) : null
  }
  const town = part('TwnNm', given.town, 35)
  if (town === null || !/^[A-Z]{2}$/.test(country)) return null
  return element('PstlAdr', [
    part('StrtNm', given.street, 70),
    part('BldgNb', given.building, 16),
    part('PstCd', given.postcode, 16),
    town,
    element('Ctry', country),
  ])
}
