import React, { useContext, useState } from 'react'

import { ClientContext } from '../shared/client-context'
import { Card, saveBlob } from '../shared/ui'
import { ReasonDialog } from './reason-dialog'

type Format = 'html' | 'json'

/** All there is about one withdrawal, as a file for whoever has no desk. */
export function EvidenceCard({ id }: { id: string }) {
  const client = useContext(ClientContext)
  const [taking, setTaking] = useState<Format | null>(null)
  const take = async (format: Format, reason: string) => {
    const query = new URLSearchParams({ reason, format }).toString()
    const { blob, name } = await client.download(
      `/admin/withdrawals/${encodeURIComponent(id)}/evidence?${query}`,
    )
    saveBlob(blob, name ?? `evidence-${id}.${format}`)
  }
  return (
    <Card title="Evidence" note="For an auditor, or a dispute. Accounts are masked.">
      <ul className="actions">
        <li>
          <button type="button" onClick={() => setTaking('html')}>
            Take it as a page to print
          </button>
        </li>
        <li>
          <button type="button" onClick={() => setTaking('json')}>
            Take it as JSON
          </button>
        </li>
      </ul>
      {taking !== null && (
        <ReasonDialog
          title="Take the evidence"
          verb="Take it"
          leave="Leave it"
          send={(reason) => take(taking, reason)}
          onClose={() => setTaking(null)}
          onDone={() => setTaking(null)}
        >
          <p>
            The journal with its hashes worked out anew, what the exchange and the provider say now, files and
            decisions. That you took it is on record.
          </p>
        </ReasonDialog>
      )}
    </Card>
  )
}
