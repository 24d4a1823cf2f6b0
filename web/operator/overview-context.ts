import { createContext } from 'react'

import type { Data } from '../shared/data'
import type { Overview } from './types'

/** The first screen's answer, which other pages need parts of: it is asked for once for all of them. */
export const OverviewContext = createContext<Data<Overview>>({
  ...{ value: null, error: null, isLoading: true, isSlow: false, at: null },
  reload: () => {},
})
