import { render } from 'preact'
import React from 'react'

import { Desk } from './desk'

const place = document.getElementById('desk')
if (place) render(<Desk />, place)
