import fs from 'node:fs'
import path from 'node:path'

import { outcomeOf } from '../../../src/providers/modulr/outcome'
import { STATUSES } from '../../../src/providers/modulr/statuses'
import { describeWithSpec, readSpecJson } from '../../helpers/specs'
import { MODULR_SPEC } from './fake-modulr'

const payment = (status: string, approvalStatus = 'NOTNEEDED', message: string | null = null) => ({
  id: 'P1',
  status,
  approvalStatus,
  externalReference: 'BW-1',
  schemeId: 'SCTP1',
  amount: '10',
  message,
  createdDate: null,
  details: {},
})

describe('a status of Modulr', () => {
  const kinds = { open: 'accepted', paid: 'settled', not_paid: 'declined', returned: 'settled' }

  it.each(Object.entries(STATUSES))(
    '%s means for the money what the table says',
    (word, { meaning, fault }) => {
      expect(outcomeOf(payment(word)).kind).toBe(fault === undefined ? kinds[meaning] : 'voided')
    },
  )

  it.each([
    ['Insufficient funds', 'insufficient_float'],
    ['The account balance is too low to pay the beneficiary', 'insufficient_float'],
    ['Payment would leave the account overdrawn', 'insufficient_float'],
    ['Account is not active', 'provider_unavailable'],
    ['Customer is blocked', 'provider_unavailable'],
    [null, 'provider_unavailable'],
  ])('that refuses a payment and says %j is no fault of the payee’s', (message, why) => {
    expect(outcomeOf(payment('ER_INVALID', 'NOTNEEDED', message))).toEqual({
      ...{ kind: 'voided', why, status: 'ER_INVALID' },
    })
  })

  it.each(['Destination account is closed', 'No valid beneficiary', 'Invalid IBAN', 'Unknown sort code'])(
    'that refuses a payment and says "%s" is the payee’s',
    (message) => {
      expect(outcomeOf(payment('ER_INVALID', 'NOTNEEDED', message))).toMatchObject({ kind: 'declined' })
    },
  )

  it('of a general failure is ours where money was missing', () => {
    const general = (message: string) => outcomeOf(payment('ER_GENERAL', 'NOTNEEDED', message))
    expect(general('Insufficient funds')).toMatchObject({ kind: 'voided', why: 'insufficient_float' })
    expect(general('Something went wrong')).toMatchObject({ kind: 'declined' })
  })

  it('that only sounds like an end is none', () => {
    expect(outcomeOf(payment('ER_EXTCONN')).kind).toBe('accepted')
  })

  it('that nobody knows is unknown, never a decline', () => {
    expect(outcomeOf(payment('ER_SOMETHING_NEW')).kind).toBe('unknown')
    expect(outcomeOf(payment('toString')).kind).toBe('unknown')
  })

  it.each(['REJECTED', 'DELETED'])('is declined once its approval is %s, unless it is paid', (approval) => {
    expect(outcomeOf(payment('SUBMITTED', approval)).kind).toBe('declined')
    expect(outcomeOf(payment('PROCESSED', approval)).kind).toBe('settled')
  })

  it('is explained in the documentation, in the same words', () => {
    const text = fs.readFileSync(path.join(__dirname, '../../../docs/providers/modulr.md'), 'utf8')
    for (const [word, { money }] of Object.entries(STATUSES)) {
      const row = text.split('\n').find((line) => line.startsWith(`| ${word} `))
      expect(row).toContain(money)
    }
  })
})

describeWithSpec(MODULR_SPEC)('the published list of statuses', () => {
  it('is the table, none more and none less', () => {
    const spec = readSpecJson(MODULR_SPEC) as {
      components: { schemas: { 'payment.PaymentResponse': { properties: { status: { enum: string[] } } } } }
    }
    const published = spec.components.schemas['payment.PaymentResponse'].properties.status.enum
    expect(Object.keys(STATUSES).sort()).toEqual([...published].sort())
  })
})
