import { csvTarget } from './csv'
import { jsonTarget } from './json'
import type { Target } from './target'
import { xmlTarget } from './xml'

/** @param root Of the repository: where the good documents are. */
export const targets = (root: string): readonly Target[] => [xmlTarget(root), csvTarget(), jsonTarget(root)]
