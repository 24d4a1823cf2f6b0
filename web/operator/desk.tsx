import React, { useEffect, useMemo, useState } from 'react'

import { createClient } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { type Data, useData } from '../shared/data'
import { countText, type Zone } from '../shared/format'
import { addressOf } from '../shared/place'
import { Link, Router, usePlace } from '../shared/router'
import { findSession, forgetSession, narrowConnections, ownsSession, type Session } from '../shared/session'
import { PageHead, Time, ZoneContext } from '../shared/ui'
import { OverviewContext } from './overview-context'
import { AuditPage } from './pages/audit'
import { BatchesPage, BatchPage } from './pages/batches'
import { BooksPage } from './pages/books'
import { ControlPage } from './pages/control'
import { DifferencesPage } from './pages/differences'
import { FilesPage } from './pages/files'
import { FloatPage } from './pages/float'
import { NoticesPage } from './pages/notices'
import { NowPage } from './pages/now'
import { PolicyPage } from './pages/policy'
import { SettingsPage } from './pages/settings'
import { WithdrawalPage } from './pages/withdrawal'
import { WithdrawalsPage } from './pages/withdrawals'
import { SignIn } from './sign-in'
import type { Overview } from './types'
import { actorText } from './words'

export function Desk() {
  const [session, setSession] = useState<Session | null>(findSession)
  const [isMasked, setMasked] = useState(false)
  const client = useMemo(
    () => createClient({ ...(session ?? { base: '', token: '' }), onMasked: () => setMasked(true) }),
    [session],
  )
  useEffect(() => {
    if (session) narrowConnections(session)
  }, [session])
  if (!session) return <SignIn onSignedIn={setSession} />
  const leave = () => {
    forgetSession()
    // What was fetched for one person is not left to the next.
    window.location.reload()
  }
  return (
    <ClientContext.Provider value={client}>
      <Router>
        <Frame onLeave={ownsSession() ? leave : null} isMasked={isMasked} onRead={() => setMasked(false)} />
      </Router>
    </ClientContext.Provider>
  )
}

/** The kit lets one person ask for one thing eight times in two minutes. */
const EVERY_MS = 30_000

const PAGES: readonly (readonly [path: string, title: string])[] = [
  ['', 'Now'],
  ['withdrawals', 'Withdrawals'],
  ['batches', 'Batches'],
  ['float', 'Float'],
  ['differences', 'Differences'],
  ['books', 'Books'],
  ['files', 'Bank files'],
  ['policy', 'Policy'],
  ['notices', 'Notices'],
  ['audit', 'Audit'],
  ['control', 'Control'],
  ['settings', 'Settings'],
]

interface FrameProps {
  readonly onLeave: (() => void) | null
  readonly isMasked: boolean
  readonly onRead: () => void
}

function Frame({ onLeave, isMasked, onRead }: FrameProps) {
  const overview = useData<Overview>('/admin/overview', EVERY_MS)
  const [zone, setZone] = useState<Zone>('local')
  const status = overview.error?.status
  if (overview.value === null && (status === 401 || status === 403))
    return <Refused message={overview.error?.message ?? ''} onLeave={onLeave} />
  return (
    <ZoneContext.Provider value={zone}>
      <OverviewContext.Provider value={overview}>
        <a className="skip" href="#main" onClick={skip}>
          Skip to the page
        </a>
        <TopBar overview={overview} zone={zone} setZone={setZone} onLeave={onLeave} />
        <main id="main">
          <div role="status">
            {overview.value?.stopped && <Stopped {...overview.value.stopped} />}
            {isMasked && <Masked onRead={onRead} />}
          </div>
          <Page />
        </main>
      </OverviewContext.Provider>
    </ZoneContext.Provider>
  )
}

/** On every page but the one that has the switch: a schedule, or a provider that works, lets one expect what is not so. */
function Stopped({ by, since }: NonNullable<Overview['stopped']>) {
  const [current] = usePlace().path
  if (current === 'control') return null
  return (
    <div className="notice bad">
      <p>
        Everything is stopped
        {since !== undefined && (
          <React.Fragment>
            {' '}
            since <Time at={since} />
          </React.Fragment>
        )}{' '}
        by {actorText(by)}: no payout begins and nothing new is accepted, whatever is said below of when it
        leaves. <Link to={addressOf(['control'])}>The switch</Link>
      </p>
    </div>
  )
}

const Masked = ({ onRead }: { onRead: () => void }) => (
  <div className="notice">
    <p>
      It was done. Your words named the payee or their account: in their place <code>[payee]</code> is kept,
      for what is stored for good must not say whom a withdrawal paid.
    </p>
    <button type="button" onClick={onRead}>
      I have read it
    </button>
  </div>
)

const skip = (event: React.MouseEvent): void => {
  event.preventDefault()
  document.querySelector<HTMLElement>('main h1')?.focus()
}

function Page() {
  const [name = '', id] = usePlace().path
  switch (name) {
    case '':
      return <NowPage />
    case 'withdrawals':
      return id === undefined ? <WithdrawalsPage /> : <WithdrawalPage key={id} id={id} />
    case 'batches':
      return id === undefined ? <BatchesPage /> : <BatchPage key={id} id={id} />
    case 'differences':
      return <DifferencesPage />
    case 'books':
      return <BooksPage />
    case 'float':
      return <FloatPage />
    case 'files':
      return <FilesPage />
    case 'policy':
      return <PolicyPage />
    case 'notices':
      return <NoticesPage />
    case 'audit':
      return <AuditPage />
    case 'control':
      return <ControlPage />
    case 'settings':
      return <SettingsPage />
    default:
      return <PageHead title="There is no such page" />
  }
}

interface TopBarProps {
  readonly overview: Data<Overview>
  readonly zone: Zone
  readonly setZone: (zone: Zone) => void
  readonly onLeave: (() => void) | null
}

function TopBar({ overview, zone, setZone, onLeave }: TopBarProps) {
  const [current = ''] = usePlace().path
  const [isOpen, setOpen] = useState(false)
  useEffect(() => setOpen(false), [current])
  const count = overview.value?.questions.count ?? 0
  return (
    <header className="bar">
      <div className="brand">
        <span className="mark" aria-hidden="true" />
        Withdrawals
      </div>
      <button
        type="button"
        className="menu"
        aria-expanded={isOpen}
        aria-controls="nav"
        onClick={() => setOpen(!isOpen)}
      >
        Menu
      </button>
      <nav id="nav" aria-label="Pages" className={isOpen ? 'open' : ''}>
        {PAGES.map(([path, title]) => (
          <Link key={path} to={addressOf(path === '' ? [] : [path])} isCurrent={current === path}>
            {title}
            {path === '' && count > 0 && (
              <span className="count">
                {countText(count)}
                <span className="hidden"> questions</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      <div className="bar-end">
        {overview.value && !overview.value.you.may_act && <span className="badge">You may look</span>}
        <button type="button" className="quiet" onClick={() => setZone(zone === 'utc' ? 'local' : 'utc')}>
          Times: {zone === 'utc' ? 'UTC' : 'local'}
        </button>
        {onLeave && (
          <button type="button" className="quiet" onClick={onLeave}>
            Sign out
          </button>
        )}
      </div>
    </header>
  )
}

function Refused({ message, onLeave }: { message: string; onLeave: (() => void) | null }) {
  return (
    <main className="gate">
      <h1>This page is for operators</h1>
      <p>{message}</p>
      <p className="note">
        {onLeave
          ? 'The token is over, or its role is not among those that operate withdrawals here.'
          : 'Sign in to the panel again, or ask for a role that operates withdrawals.'}
      </p>
      {onLeave && (
        <button type="button" className="primary" onClick={onLeave}>
          Sign in with another token
        </button>
      )}
    </main>
  )
}
