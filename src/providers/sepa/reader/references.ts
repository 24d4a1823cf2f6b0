import { isDuplicateReason } from '../reasons'
import { all, type Node, textAt } from './xml-tree'

/** Codes, the bank's own ones included, short and without anything that is no code. */
export const reasonsAt = (node: Node, name: string): readonly string[] =>
  all(node, name)
    .flatMap((information) => [textAt(information, 'Rsn', 'Cd'), textAt(information, 'Rsn', 'Prtry')])
    .filter((reason) => reason !== null)
    .map(codeOf)
    .filter((reason) => reason !== '')

/** Of what a bank has already. NARR stands for "read the words", and many banks have no code for it at all. */
const REPETITION =
  /dupli[ckq]|dublette|doppel|doubl(?:e|on)|dubbel|dobbel|already (?:been )?(?:exist|known|processed|received|submitted|used)|not unique/i

/** A repetition that is told in words gets the code for it: only codes are kept, since words may name people. */
export function statusReasonsAt(node: Node): readonly string[] {
  const reasons = reasonsAt(node, 'StsRsnInf')
  const words = all(node, 'StsRsnInf').flatMap((information) => [
    textAt(information, 'Rsn', 'Prtry') ?? '',
    ...all(information, 'AddtlInf').map(({ text }) => text),
  ])
  const isToldInWords = !isDuplicateReason(reasons) && words.some((text) => REPETITION.test(text))
  return isToldInWords ? [...reasons, 'DUPL'] : reasons
}

export const codeOf = (text: string): string => text.replace(/[^A-Za-z0-9_./-]/g, '').slice(0, 35)

/** NOTPROVIDED stands in for a missing reference, so it must never match anything. */
export const idsOf = (...ids: readonly (string | null)[]): readonly string[] => [
  ...new Set(ids.filter((id): id is string => id !== null && !/^NOT ?PROVIDED$/i.test(id))),
]

/** What stands where a bank has no reference of its own, which so is no name for any booking. */
export const bankReferenceOf = (text: string | null): string | null =>
  text === null || /^(NON ?REF|NOT ?PROVIDED|NONE|0+)$/i.test(text) ? null : text
