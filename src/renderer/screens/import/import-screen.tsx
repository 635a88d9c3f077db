import { useState } from 'react'
import type { AccountItem, ImportBatch } from '../../../shared/import-views.ts'
import type { AppInfo } from '../../../shared/views.ts'
import { useRoute } from '../../data/hooks.ts'
import { usePathIds } from '../../navigation/paths.ts'
import { NotFoundScreen } from '../../parts/screen/not-found-screen.tsx'
import { ArchiveImport } from './archive-import.tsx'
import { Done } from './done.tsx'
import { FolderScreen } from './folder-screen.tsx'
import { TableImport } from './table-import.tsx'
import { TakeIn } from './take-in.tsx'
import { useTakeAnywhere, useUpload } from './use-given.ts'

/** Imports a history or folders of results. With the number of an import in the address, reads its table again. */
export function ImportScreen() {
  const [id] = usePathIds()
  if (id === undefined) return <BringScreen />
  if (id === foldersId) return <FoldersScreen />
  const batch = Number(id)
  return Number.isSafeInteger(batch) && batch > 0 ? <ReadAgainScreen key={id} batch={batch} /> : <NotFoundScreen />
}

/** The last part of `foldersPath`. */
const foldersId = 'folders'

function FoldersScreen() {
  const account = useUsualAccount()
  return account === undefined ? null : <FolderScreen account={account} />
}

/** See `usualAccount`; undefined until the accounts are known. */
function useUsualAccount(): string | null | undefined {
  const { data: accounts } = useRoute('accounts.list', {})
  const { data: info } = useRoute('app.info', {})
  return accounts && info && usualAccount(accounts, info)
}

function BringScreen() {
  const [upload, give, forget] = useUpload()
  const [done, setDone] = useState<ImportBatch | null>(null)
  const { data: accounts } = useRoute('accounts.list', {})
  const { data: info } = useRoute('app.info', {})
  const isOver = useTakeAnywhere((given) => {
    setDone(null)
    give(given)
  })
  const startAgain = () => {
    setDone(null)
    forget()
  }
  if (done) return <Done batch={done} onChange={setDone} onMore={startAgain} />
  if (!upload || upload.sent < 1 || !accounts || !info) return <TakeIn upload={upload} isOver={isOver} onGive={give} />
  if (upload.isArchive)
    return <ArchiveImport key={upload.id} upload={upload.id} name={upload.name} onCancel={startAgain} />
  return (
    <TableImport
      key={upload.id}
      source={{ upload: upload.id, name: upload.name }}
      accounts={accounts}
      account={usualAccount(accounts, info)}
      onApplied={setDone}
      onCancel={startAgain}
    />
  )
}

function ReadAgainScreen({ batch }: { batch: number }) {
  const [done, setDone] = useState<ImportBatch | null>(null)
  if (done) return <Done batch={done} onChange={setDone} />
  return <TableImport source={{ batch }} accounts={[]} account={null} onApplied={setDone} />
}

/** Imports join an account of imports, else the account of the service, but never the sample account. Null for a new one. */
function usualAccount(accounts: readonly AccountItem[], { sandbox }: AppInfo): string | null {
  const usual = accounts.find(({ isImported }) => isImported) ?? (sandbox ? undefined : accounts[0])
  return usual?.id ?? null
}
