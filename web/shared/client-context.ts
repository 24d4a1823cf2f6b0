import { createContext } from 'react'

import { type Client, createClient } from './client'

export const ClientContext = createContext<Client>(createClient({ base: '', token: '' }))
