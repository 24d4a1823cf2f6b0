import React, { useContext, useState } from 'react'

import { type ApiError, asApiError } from '../shared/client'
import { ClientContext } from '../shared/client-context'
import { ErrorNote, saveBlob } from '../shared/ui'

/** @param path Of the file; @param name Where the server gives it none. */
export function CsvButton({ path, name: ours }: { path: string; name: string }) {
  const client = useContext(ClientContext)
  const [isLoading, setLoading] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const download = () => {
    setLoading(true)
    setError(null)
    client
      .download(path)
      .then(({ blob, name }) => saveBlob(blob, name ?? ours))
      .catch((thrown: unknown) => setError(asApiError(thrown)))
      .finally(() => setLoading(false))
  }
  return (
    <React.Fragment>
      {error && <ErrorNote error={error} />}
      <button type="button" onClick={download} disabled={isLoading}>
        {isLoading ? 'Downloading …' : 'Download as CSV'}
      </button>
    </React.Fragment>
  )
}
